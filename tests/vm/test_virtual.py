"""A virtual machine: what its hypervisor may do to it, and what its copies are."""

import pytest
from msgspec.structs import replace

from tests.vm.hardware import GUEST, SERVER, Card, Hardware
from tests.vm.site import DONE, STOPPED, Site

COPY = replace(
    GUEST,
    uuid="c0a81b7e-1111-4222-8333-0e3d6f7b8c9d",
    disk_serial="appserver-copy-02",
    cards=(Card("52:54:00:65:43:21", 0x5),),
)


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(GUEST, id="reboot"),
        pytest.param(
            replace(GUEST, processor="Haswell-noTSX", bios="rel-1.17.0-1", mebibytes=1024),
            id="moved to another host with more memory",
        ),
        pytest.param(
            replace(GUEST, uuid="7e2b1c8f-d452-114c-9a0e-3d6f7b8c9d01"),
            id="byte order of the UUID",
        ),
        pytest.param(
            replace(
                GUEST,
                data_disks=("appserver-data-01",),
                cards=(*GUEST.cards, Card("52:54:00:aa:bb:cc", 0x4)),
            ),
            id="data disk and extra card",
        ),
    ],
)
def test_what_a_hypervisor_may_do_is_nothing(now: Hardware, guest: Site) -> None:
    for said in guest.look(now):
        assert (said.exit, said.view["standing"], said.verdict) == (DONE, "active", "match")
        assert said.parts("removed") == set()


@pytest.mark.parametrize(
    ("now", "part"),
    [
        pytest.param(replace(GUEST, cards=COPY.cards), "nic", id="card"),
        pytest.param(replace(GUEST, disk_serial=COPY.disk_serial), "boot_disk", id="boot disk"),
        pytest.param(replace(GUEST, chipset="q35"), "platform", id="chipset"),
    ],
)
def test_one_swapped_part_is_named_and_tolerated(now: Hardware, part: str, guest: Site) -> None:
    for said in guest.look(now):
        assert (said.exit, said.verdict) == (DONE, "tolerated")
        assert said.parts("changed") == {part}


@pytest.mark.parametrize("place", [COPY, SERVER], ids=["another guest", "a bare server"])
def test_a_copy_of_the_image_is_another_machine(place: Hardware, guest: Site) -> None:
    for said in guest.look(place):
        assert (said.exit, said.verdict) == (STOPPED, "different")
        assert said.view["usable"] is False
        assert {"system_uuid", "boot_disk", "nic"} <= said.parts("changed")
    for said in guest.look(GUEST):
        assert (said.exit, said.view["standing"]) == (DONE, "active")
