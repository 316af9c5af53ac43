"""The whole probe over each kind of machine that is met in the field."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from agent.fingerprint import UnknownReason
from agent.hardware.linux import LinuxProbe
from protocol.values import MachineClass
from protocol.verdicts import OsVerdict, Verdict
from protocol.weights import ComponentId
from tests.machine_folders import put
from tests.readings import changed_parts, judged, reason, values
from tests.recorded_roots import ROOTS


class Expected(NamedTuple):
    """What the probe must find."""

    machine_class: MachineClass
    disks: tuple[str, ...]
    cards: tuple[str, ...]
    release: str
    patch: str
    unknown: frozenset[str] = frozenset()


BARE, VM = MachineClass.BARE, MachineClass.VM
TWO_CARDS = ("b0:7b:25:aa:10:01", "b0:7b:25:aa:10:02")
NO_BOARD = frozenset({"board", "memory", "system_serial"})
EXPECTED = {
    "rhel, lvm on nvme": Expected(
        BARE, ("EUI.36434230528023160025384500000001",), TWO_CARDS, "rhel 9", "9.3"
    ),
    "vmware": Expected(
        VM,
        ("NAA.6000C29FB2A1C3D45E6F708192A3B4C5",),
        ("00:50:56:9a:12:34", "00:50:56:9a:12:35"),
        "sles 15",
        "15.5",
        frozenset({"board", "memory"}),
    ),
    "hyper-v": Expected(
        VM,
        ("NAA.60022480E1A2B3C4D5E6F708192A3B4C",),
        ("00:0d:3a:12:34:56",),
        "ubuntu 22.04",
        "22.04.3",
        frozenset({"memory"}),
    ),
    "kvm, virtio": Expected(
        VM, ("APPSERVER-ROOT-01",), ("52:54:00:12:34:56",), "debian 12", "12.5", NO_BOARD
    ),
    "container": Expected(
        VM,
        (),
        (),
        "alpine 3.19",
        "3.19.1",
        NO_BOARD | {"system_uuid", "platform", "boot_disk", "nic"},
    ),
    "bond, vlan, vf and usb": Expected(
        BARE, ("EUI.36434230528023160025384500000001",), TWO_CARDS, "debian 12", "12.5"
    ),
    "md mirror": Expected(
        BARE,
        ("V1K2A3BC", "V1K2A3BD"),
        TWO_CARDS,
        "debian 12",
        "12.5",
        frozenset({"system_serial"}),
    ),
    "dm-crypt": Expected(BARE, ("S640NX0T000001",), TWO_CARDS, "debian 12", "12.5"),
    "multipath": Expected(
        BARE, ("NAA.60060160A6B0123456789ABCDEF01234",), TWO_CARDS, "debian 12", "12.5"
    ),
    "btrfs": Expected(
        BARE,
        ("NAA.55CD2E4150A1B2C3", "NAA.55CD2E4150A1B2C4"),
        TWO_CARDS,
        "opensuse-tumbleweed",
        "20240105",
        frozenset({"memory"}),
    ),
}


def test_each_kind_is_expected() -> None:
    assert EXPECTED.keys() == ROOTS.keys()


@pytest.fixture(params=ROOTS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def folder(kind: str, tmp_path: Path) -> Path:
    return ROOTS[kind].write(tmp_path / "machine")


def test_each_kind_of_machine_is_read_whole(kind: str, folder: Path) -> None:
    inventory, expected = LinuxProbe(folder).read(), EXPECTED[kind]
    assert inventory.machine_class is expected.machine_class
    assert values(inventory, ComponentId.BOOT_DISK) == expected.disks
    assert values(inventory, ComponentId.NIC) == expected.cards
    assert (inventory.os.release, inventory.os.patch) == (expected.release, expected.patch)
    unknown = {component.id.value for component in inventory.components if not component.known}
    assert unknown == expected.unknown


def test_a_container_says_why_it_knows_so_little(tmp_path: Path) -> None:
    inventory = LinuxProbe(ROOTS["container"].write(tmp_path)).read()
    for part in ("system_uuid", "boot_disk", "nic"):
        assert reason(inventory, ComponentId(part)) is UnknownReason.ABSENT
    disk = inventory.component(ComponentId.BOOT_DISK)
    assert disk is not None
    assert disk.source == "overlay"
    assert judged(inventory, inventory).verdict is Verdict.INSUFFICIENT


def test_the_same_machine_is_a_match_or_was_never_identifiable(folder: Path) -> None:
    inventory = LinuxProbe(folder).read()
    verdict = judged(inventory, LinuxProbe(folder).read()).verdict
    assert verdict in {Verdict.MATCH, Verdict.INSUFFICIENT}


def test_two_kinds_are_never_taken_for_each_other(tmp_path: Path) -> None:
    read = {kind: LinuxProbe(root.write(tmp_path / kind)).read() for kind, root in ROOTS.items()}
    virtual = [kind for kind in ROOTS if EXPECTED[kind].machine_class is VM]
    for one in virtual:
        for other in virtual:
            if one != other:
                verdict = judged(read[one], read[other]).verdict
                assert verdict not in {Verdict.MATCH, Verdict.TOLERATED}


SOURCES = (
    "sys/firmware/dmi/tables/DMI",
    "sys/class/dmi",
    "sys/class/net",
    "sys/class/block",
    "sys/dev/block",
    "sys/fs/btrfs",
    "proc/cpuinfo",
    "etc/machine-id",
    "etc/debian_version",
    "usr/lib/os-release",
    ".faragostar/probe.json",
)


@pytest.mark.parametrize("source", SOURCES)
def test_no_kind_changes_when_one_source_fails(source: str, folder: Path) -> None:
    before = LinuxProbe(folder).read()
    path = folder / source
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    after = judged(before, LinuxProbe(folder).read())
    assert changed_parts(after) == set()
    assert after.verdict in {Verdict.MATCH, Verdict.DEGRADED, Verdict.INSUFFICIENT}
    assert after.os in {OsVerdict.SAME, OsVerdict.UNKNOWN}


def test_a_lost_path_to_the_disk_is_no_change(tmp_path: Path) -> None:
    folder = ROOTS["multipath"].write(tmp_path)
    before = LinuxProbe(folder).read()
    (folder / "sys/devices/virtual/block/dm-0/slaves/sdc").unlink()
    assert judged(before, LinuxProbe(folder).read()).verdict is Verdict.MATCH


def test_a_mirror_that_names_its_other_disk_is_no_change(tmp_path: Path) -> None:
    folder = ROOTS["btrfs"].write(tmp_path)
    before = LinuxProbe(folder).read()
    answers = folder / ".faragostar/probe.json"
    answers.write_text(answers.read_text().replace("/dev/sda2", "/dev/sdb2"))
    assert judged(before, LinuxProbe(folder).read()).verdict is Verdict.MATCH


def test_a_card_that_joins_a_bond_is_no_change(tmp_path: Path) -> None:
    """Even where the driver does not tell: the bond itself remembers what its member was."""
    folder = ROOTS["bond, vlan, vf and usb"].write(tmp_path)
    before = LinuxProbe(folder).read()
    answers = folder / ".faragostar/probe.json"
    answers.write_text(answers.read_text().replace("permanent_addresses", "was"))
    answers.write_text('{"root": {"device": "253:7", "source": "/dev/mapper/rhel-root"}}')
    assert LinuxProbe(folder).read().component(ComponentId.NIC) != before.component(ComponentId.NIC)
    put(folder, "sys/class/net/eno2/bonding_slave/perm_hwaddr", "b0:7b:25:aa:10:02\n")
    assert judged(before, LinuxProbe(folder).read()).verdict is Verdict.MATCH
