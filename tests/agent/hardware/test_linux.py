"""The event table on recorded machines: a part is swapped in the folder, and the probe looks again.

Then each source failing, each other place a value may come from, and this very machine.
"""

from collections.abc import Callable
from pathlib import Path

import machineid
import pytest
from msgspec.structs import replace

from agent.fingerprint import UnknownReason, take_tags
from agent.hardware.linux import LinuxProbe
from protocol.values import MachineClass
from protocol.verdicts import OsVerdict, Verdict
from protocol.weights import DEFAULT_POLICY, ComponentId, enrolment_coverage
from tests import machines
from tests.machine_folders import Card, Disk
from tests.machines import BARE_SERVER, VIRTUAL_MACHINE, Machine
from tests.readings import SALT, changed_parts, judged, read, reason, values
from tests.smbios_tables import Board, Module

TABLE = "sys/firmware/dmi/tables/DMI"


def test_a_bare_server_is_known_whole(tmp_path: Path) -> None:
    inventory = read(BARE_SERVER, tmp_path)
    assert inventory.machine_class is MachineClass.BARE
    assert all(component.known for component in inventory.components)
    assert tuple(component.id for component in inventory.components) == tuple(ComponentId)
    assert enrolment_coverage(take_tags(inventory, SALT), DEFAULT_POLICY) == 1000
    assert values(inventory, ComponentId.NIC) == ("b0:7b:25:aa:10:01", "b0:7b:25:aa:10:02")
    assert values(inventory, ComponentId.SYSTEM_SERIAL) == ("7F3KQZ2",)
    assert {detail.id.value: detail.text for detail in inventory.details} == {
        "chassis_serial": "7F3KQZ2",
        "bios_version": "DELL INC. 1.6.5",
        "kernel": "6.1.0-18-amd64",
        "hostname": "app01",
        "memory_size": "64000 MiB",
    }


def test_a_virtual_machine_is_known_by_what_its_hypervisor_gave_it(tmp_path: Path) -> None:
    inventory = read(VIRTUAL_MACHINE, tmp_path)
    assert inventory.machine_class is MachineClass.VM
    assert enrolment_coverage(take_tags(inventory, SALT), DEFAULT_POLICY) == 1000
    assert values(inventory, ComponentId.BOOT_DISK) == ("APPSERVER-ROOT-01",)
    assert reason(inventory, ComponentId.BOARD) is UnknownReason.ABSENT


def with_docker_and_vpn(machine: Machine) -> Machine:
    software = (
        Card("tun0", "de:ad:be:ef:00:01", None),
        Card("br-4f2a", "02:42:de:ad:00:01", None, assigned="3"),
    )
    return replace(machine, cards=(*software, *machine.cards[::-1]))


def with_usb(machine: Machine) -> Machine:
    usb = Card("usb0", "00:e0:4c:68:00:01", "pci0000:00/0000:00:14.0/usb2/2-1")
    return replace(machine, cards=(*machine.cards, usb))


def with_virtual_functions(machine: Machine) -> Machine:
    function = Card("eno1v0", "3e:11:22:33:44:55", "pci0000:00/0000:00:1f.9", virtual_function=True)
    return replace(machine, cards=(*machine.cards, function))


def in_a_bond(machine: Machine) -> Machine:
    """Both cards wear the first one's address; their permanent ones are asked of the driver."""
    first, second = machine.cards[:2]
    enslaved = second._replace(address=first.address, assigned="3", permanent=second.address)
    bond = Card("bond0", first.address, None, assigned="2")
    return replace(machine, cards=(first, enslaved, bond))


HARMLESS: dict[str, Callable[[Machine], Machine]] = {
    "reboot": machines.rebooted,
    "docker and vpn": with_docker_and_vpn,
    "usb adapter": with_usb,
    "virtual functions": with_virtual_functions,
    "bond": in_a_bond,
    "extra card": machines.with_extra_card,
    "hostname": lambda machine: replace(machine, hostname="renamed"),
    "bios update": lambda machine: replace(machine, bios="2.1.0"),
    "byte order flip": lambda machine: replace(machine, uuid_swapped=False),
    "extra memory": lambda machine: replace(
        machine, memory=(*machine.memory, Module("EXTRA-0001"))
    ),
    "riser": lambda machine: replace(
        machine, boards=(*machine.boards, Board(serial="R1", hosting=False))
    ),
    "kernel without permanent addresses": lambda machine: replace(
        machine, cards=tuple(card._replace(permanent="00:00:00:00:00:00") for card in machine.cards)
    ),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_is_no_change_of_the_hardware_stays_a_match(
    change: Callable[[Machine], Machine], tmp_path: Path
) -> None:
    comparison = judged(read(BARE_SERVER, tmp_path), read(change(BARE_SERVER), tmp_path))
    assert comparison.verdict is Verdict.MATCH
    assert comparison.os is OsVerdict.SAME
    assert changed_parts(comparison) == set()


@pytest.mark.parametrize(
    ("change", "part", "verdict"),
    [
        (machines.with_other_board, "board", Verdict.CHANGED),
        (machines.with_other_cards, "nic", Verdict.TOLERATED),
        (machines.with_other_disk, "boot_disk", Verdict.TOLERATED),
        (machines.with_other_cpu, "cpu", Verdict.TOLERATED),
        (machines.with_other_memory, "memory", Verdict.TOLERATED),
    ],
)
def test_a_swapped_part_is_named(
    change: Callable[[Machine], Machine], part: str, verdict: Verdict, tmp_path: Path
) -> None:
    comparison = judged(read(BARE_SERVER, tmp_path), read(change(BARE_SERVER), tmp_path))
    assert changed_parts(comparison) == {part}
    assert comparison.verdict is verdict


def test_a_clone_of_a_virtual_machine_is_another_machine(tmp_path: Path) -> None:
    clone = machines.cloned(VIRTUAL_MACHINE)
    comparison = judged(read(VIRTUAL_MACHINE, tmp_path), read(clone, tmp_path))
    assert comparison.verdict is Verdict.DIFFERENT


def test_a_server_moved_into_a_virtual_machine_is_another_machine(tmp_path: Path) -> None:
    guest = replace(
        VIRTUAL_MACHINE,
        machine_id=BARE_SERVER.machine_id,
        disks=(Disk("sda", {"device/wwid": "t10.ATA     QEMU HARDDISK   QM00001"}),),
    )
    comparison = judged(read(BARE_SERVER, tmp_path), read(guest, tmp_path))
    assert comparison.verdict in {Verdict.CHANGED, Verdict.DIFFERENT}
    assert comparison.os is OsVerdict.SAME


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (machines.with_patched_os, OsVerdict.PATCH),
        (machines.with_upgraded_os, OsVerdict.UPGRADE),
        (machines.with_reinstalled_os, OsVerdict.REINSTALL),
    ],
)
def test_a_change_of_the_system_is_none_of_the_hardware(
    change: Callable[[Machine], Machine], verdict: OsVerdict, tmp_path: Path
) -> None:
    comparison = judged(read(BARE_SERVER, tmp_path), read(change(BARE_SERVER), tmp_path))
    assert comparison.os is verdict
    assert comparison.verdict is Verdict.MATCH


SOURCES = [
    TABLE,
    "sys/class/dmi/id",
    "sys/class/net",
    "sys/dev/block/253:0",
    "proc/cpuinfo",
    "etc/machine-id",
    "usr/lib/os-release",
    ".faragostar/probe.json",
]


@pytest.mark.parametrize("machine", [BARE_SERVER, VIRTUAL_MACHINE])
@pytest.mark.parametrize("source", SOURCES)
def test_one_source_that_fails_is_never_a_change(
    source: str, machine: Machine, tmp_path: Path
) -> None:
    before = read(machine, tmp_path)
    path = tmp_path / source
    path.rename(tmp_path / "gone")
    comparison = judged(before, LinuxProbe(tmp_path).read())
    assert comparison.verdict in {Verdict.MATCH, Verdict.DEGRADED}
    assert changed_parts(comparison) == set()
    assert comparison.os in {OsVerdict.SAME, OsVerdict.UNKNOWN}


def test_nothing_readable_at_all_is_degraded(tmp_path: Path) -> None:
    before = read(BARE_SERVER, tmp_path / "machine")
    after = LinuxProbe(tmp_path / "nowhere").read()
    assert {component.reason for component in after.components} == {UnknownReason.ABSENT}
    comparison = judged(before, after)
    assert (comparison.verdict, comparison.os) == (Verdict.DEGRADED, OsVerdict.UNKNOWN)


class TestThisMachine:
    """The running system, whatever it is: read without an exception, and the same twice."""

    def test_it_reads_the_same_twice(self) -> None:
        first, second = LinuxProbe().read(), LinuxProbe().read()
        assert first == second
        assert judged(first, second).verdict in {Verdict.MATCH, Verdict.INSUFFICIENT}

    def test_what_is_unknown_has_a_reason_and_what_is_known_has_none(self) -> None:
        for component in LinuxProbe().read().components:
            assert component.known is (component.reason is None)
            assert component.source.startswith("/")

    def test_its_clock_and_tag_are_read(self) -> None:
        probe = LinuxProbe()
        assert (probe.uptime_seconds() or 0) > 0
        assert len(probe.boot_id() or "") == 36

    @pytest.mark.skipif(
        not Path("/etc/machine-id").exists(), reason="this system has no machine-id"
    )
    def test_its_tag_is_the_one_that_the_library_computes(self) -> None:
        assert LinuxProbe().machine_tag() == machineid.hashed_id("faragostar-man")

    @pytest.mark.skipif(
        "hypervisor" not in Path("/proc/cpuinfo").read_text(encoding="utf-8"),
        reason="this machine is not virtual",
    )
    def test_a_virtual_machine_says_so_without_a_table(self) -> None:
        assert LinuxProbe().read().machine_class is MachineClass.VM
