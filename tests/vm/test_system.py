"""The system on the server changes, and its hardware does not.

A new release, a point release and a kernel are told the system by editing what it says of itself;
nothing is installed. What software makes of the network is made for real.
"""

import pytest

from tests.vm.hardware import SERVER
from tests.vm.machine import agent, as_clerk
from tests.vm.site import DONE, DRIFTED, Site

# A bond gives its address to both cards; what stands on it is made of it.
SOFTWARE_CARDS = (
    "modprobe -a bonding bridge 8021q dummy veth macvlan wireguard tun",
    "ip link add bond0 type bond",
    "for card in $(ls /sys/class/net | grep ^en); do ip link set $card master bond0; done",
    "ip link add link bond0 name vlan7 type vlan id 7",
    "ip link add link bond0 name macvlan0 type macvlan",
    "ip link add br0 type bridge",
    "ip link set vlan7 master br0",
    "ip link add dummy7 type dummy",
    "ip link add veth0 type veth peer name veth1",
    "ip link add wg0 type wireguard",
    "ip tuntap add dev tun0 mode tun",
    "ip tuntap add dev tap0 mode tap",
    "ip -br link",
)
KERNEL = (
    "echo 6.1.0-99-cloud-amd64 >/run/osrelease",
    "mount --bind /run/osrelease /proc/sys/kernel/osrelease",
)
POINT_RELEASE = (*KERNEL, "echo 12.99 >/etc/debian_version")
NEXT_RELEASE = (
    "sed -i 's/12/13/; s/bookworm/trixie/' /usr/lib/os-release",
    "echo 13.1 >/etc/debian_version",
)
INSTALLED_ANEW = ("echo 0123456789abcdef0123456789abcdef >/etc/machine-id",)
OTHER_NAME = (
    "hostname accounting-02; hostname >/etc/hostname",
    "echo LANG=fa_IR.UTF-8 >/etc/default/locale; useradd auditor",
    "ln -sf /usr/share/zoneinfo/Asia/Tehran /etc/localtime",
)


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(SOFTWARE_CARDS, id="bond, bridge, VLAN, VPN and containers' cards"),
        pytest.param(OTHER_NAME, id="name, language, time zone and users"),
    ],
)
def test_what_is_no_hardware_is_no_change(before: tuple[str, ...], server: Site) -> None:
    for said in server.look(SERVER, *before):
        assert (said.exit, said.verdict) == (DONE, "match")
        assert said.parts("added", "removed", "changed", "unknown") == set()
        assert said.view["os"]["verdict"] == "same"


@pytest.mark.parametrize(
    ("before", "verdict", "exit_code"),
    [
        pytest.param(KERNEL, "same", DONE, id="kernel"),
        pytest.param(POINT_RELEASE, "patch", DONE, id="point release and kernel"),
        pytest.param(NEXT_RELEASE, "upgrade", DRIFTED, id="next release"),
        pytest.param(INSTALLED_ANEW, "reinstall", DRIFTED, id="installed anew"),
    ],
)
def test_the_system_has_an_axis_of_its_own(
    before: tuple[str, ...], verdict: str, exit_code: int, server: Site
) -> None:
    for said in server.look(SERVER, *before):
        assert (said.exit, said.verdict) == (exit_code, "match")
        assert said.view["os"]["verdict"] == verdict
        assert said.view["usable"] is True


def test_a_user_without_rights_is_told_the_same_and_hides_nothing(server: Site) -> None:
    visit = server.machine.boot(
        SERVER,
        as_clerk(agent("status")),
        as_clerk(agent("fingerprint")),
        agent("fingerprint"),
        agent("status"),
    )
    status, poor, rich, last = visit.said
    assert (status.exit, status.view["standing"]) == (DONE, "active")
    seen = {part["id"]: part["reason"] for part in poor.view["components"] if not part["known"]}
    assert seen == dict.fromkeys(("system_uuid", "board", "system_serial", "memory"), "denied")
    assert (poor.view["os"], poor.view["virtual"]) == (rich.view["os"], rich.view["virtual"])
    assert (last.exit, last.verdict) == (DONE, "match")
