"""The event table on recorded machines: a part is swapped in the folder, and the probe looks again.

Then each source failing, each other place a value may come from, and this very machine.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Callable
from pathlib import Path

import machineid
import pytest
from msgspec.structs import replace

from agent.fingerprint import Inventory, UnknownReason, take_tags
from agent.hardware.linux import LinuxProbe
from protocol.comparison import Comparison, OsVerdict, Verdict, compare
from protocol.values import ComponentStatus, MachineClass
from protocol.weights import DEFAULT_POLICY, ComponentId, enrolment_coverage
from tests import machines
from tests.machines import BARE_SERVER, VIRTUAL_MACHINE, Board, Card, Machine, Module, structure

SALT = bytes(range(32))
UUID_FIELD = "sys/class/dmi/id/product_uuid"
TABLE = "sys/firmware/dmi/tables/DMI"


def read(machine: Machine, folder: Path) -> Inventory:
    return LinuxProbe(machine.write(folder)).read()


def judged(before: Inventory, after: Inventory) -> Comparison:
    return compare(take_tags(before, SALT), take_tags(after, SALT), DEFAULT_POLICY)


def changed_parts(comparison: Comparison) -> set[str]:
    return {
        component.id
        for component in comparison.components
        if component.status in {ComponentStatus.CHANGED, ComponentStatus.REMOVED}
    }


def reason(inventory: Inventory, component_id: ComponentId) -> UnknownReason | None:
    found = inventory.component(component_id)
    assert found is not None
    return found.reason


def values(inventory: Inventory, component_id: ComponentId) -> tuple[str, ...]:
    found = inventory.component(component_id)
    assert found is not None
    return found.values


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
    clone = machines.with_other_disk(
        machines.with_other_cards(machines.with_other_system(VIRTUAL_MACHINE))
    )
    comparison = judged(read(VIRTUAL_MACHINE, tmp_path), read(clone, tmp_path))
    assert comparison.verdict is Verdict.DIFFERENT


def test_a_server_moved_into_a_virtual_machine_is_another_machine(tmp_path: Path) -> None:
    guest = replace(
        VIRTUAL_MACHINE,
        machine_id=BARE_SERVER.machine_id,
        disks=(machines.Disk("sda", {"device/wwid": "t10.ATA     QEMU HARDDISK   QM00001"}),),
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


class TestFirmware:
    def test_without_the_raw_table_the_fields_say_the_same(self, tmp_path: Path) -> None:
        before = read(BARE_SERVER, tmp_path)
        after = read(replace(BARE_SERVER, readable_table=False), tmp_path)
        comparison = judged(before, after)
        assert comparison.verdict is Verdict.MATCH
        assert comparison.coverage == 950
        assert reason(after, ComponentId.MEMORY) is UnknownReason.ABSENT

    def test_a_damaged_table_gives_way_to_the_fields(self, tmp_path: Path) -> None:
        before = read(BARE_SERVER, tmp_path)
        after = read(replace(BARE_SERVER, table=b"\x01\x00\x00"), tmp_path)
        assert judged(before, after).verdict is Verdict.MATCH
        assert reason(after, ComponentId.MEMORY) is UnknownReason.DAMAGED

    def test_a_table_that_breaks_off_has_no_memory_and_keeps_the_rest(self, tmp_path: Path) -> None:
        raw = machines.smbios_table(BARE_SERVER)
        before = read(BARE_SERVER, tmp_path)
        after = read(replace(BARE_SERVER, table=raw[: raw.index(b"A2")]), tmp_path)
        assert judged(before, after).verdict is Verdict.MATCH
        assert reason(after, ComponentId.MEMORY) is UnknownReason.DAMAGED

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up its rights and take them")
    def test_a_run_without_rights_is_poorer_and_never_different(self, tmp_path: Path) -> None:
        before = read(BARE_SERVER, tmp_path)
        tmp_path.chmod(0o755)
        for parent in tmp_path.parents[:2]:
            parent.chmod(0o755)
        for secret in (TABLE, UUID_FIELD, *(f"sys/class/dmi/id/{name}_serial" for name in (
            "product", "board", "chassis",
        ))):  # fmt: skip
            (tmp_path / secret).chmod(0o400)
        os.seteuid(65534)
        try:
            after = LinuxProbe(tmp_path).read()
        finally:
            os.seteuid(0)
        comparison = judged(before, after)
        assert comparison.verdict is Verdict.DEGRADED
        assert changed_parts(comparison) == set()
        for hidden in ("system_uuid", "board", "system_serial", "memory"):
            assert reason(after, ComponentId(hidden)) is UnknownReason.DENIED
        assert values(after, ComponentId.PLATFORM) == values(before, ComponentId.PLATFORM)

    def test_placeholders_are_unknown_and_a_passing_one_is_no_change(self, tmp_path: Path) -> None:
        broken = replace(
            BARE_SERVER,
            uuid="ffffffff-ffff-ffff-ffff-ffffffffffff",
            serial="To be filled by O.E.M.",
            boards=(Board(serial="Default string"),),
            product="System Product Name",
            memory=(Module("S0A1B2C3"), Module("00000000")),
        )
        before, after = read(BARE_SERVER, tmp_path), read(broken, tmp_path)
        assert judged(before, after).verdict is Verdict.DEGRADED
        assert changed_parts(judged(before, after)) == set()
        for part in ("system_uuid", "system_serial", "board", "platform", "memory"):
            assert reason(after, ComponentId(part)) is UnknownReason.PLACEHOLDER

    def test_a_riser_is_no_board(self, tmp_path: Path) -> None:
        boards = (Board(), Board(serial="SECOND-0001"), Board(serial="RISER-0001", hosting=False))
        inventory = read(replace(BARE_SERVER, boards=boards), tmp_path)
        assert values(inventory, ComponentId.BOARD) == (
            "DELL INC. 02C2CP .7F3KQZ2.CNFCP0012A34BC.",
            "DELL INC. 02C2CP SECOND-0001",
        )

    def test_empty_names_are_absent(self, tmp_path: Path) -> None:
        nameless = replace(BARE_SERVER, manufacturer="", product="", bios="", chassis_serial="")
        inventory = read(nameless, tmp_path)
        assert reason(inventory, ComponentId.PLATFORM) is UnknownReason.ABSENT
        assert {detail.id.value for detail in inventory.details} == {
            "kernel", "hostname", "memory_size",
        }  # fmt: skip

    def test_a_table_without_a_bios_has_nothing_to_show_of_it(self, tmp_path: Path) -> None:
        system = structure(1, b"\1\2\0\3" + bytes(range(16)), "Maker", "Product", "S-1234")
        inventory = read(replace(BARE_SERVER, table=system + structure(127, b"")), tmp_path)
        assert "bios_version" not in {detail.id.value for detail in inventory.details}

    def test_a_broken_uuid_field_is_unknown(self, tmp_path: Path) -> None:
        replace(BARE_SERVER, readable_table=False, uuid="4c4c4544").write(tmp_path)
        assert reason(LinuxProbe(tmp_path).read(), ComponentId.SYSTEM_UUID)
        (tmp_path / UUID_FIELD).write_text("no digits\n")
        assert reason(LinuxProbe(tmp_path).read(), ComponentId.SYSTEM_UUID)


class TestMachinesWithoutATable:
    def put(self, folder: Path, path: str, content: str) -> None:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)

    def bare_of_firmware(self, folder: Path) -> Path:
        machine = replace(VIRTUAL_MACHINE, readable_table=False).write(folder)
        (machine / "sys/class/dmi").rename(machine / "gone")
        return machine

    def test_a_xen_guest_is_known_by_what_xen_says(self, tmp_path: Path) -> None:
        folder = self.bare_of_firmware(tmp_path)
        self.put(folder, "sys/hypervisor/uuid", "8f1c2b7e-52d4-4c11-9a0e-3d6f7b8c9d01\n")
        self.put(folder, "sys/hypervisor/type", "xen\n")
        inventory = LinuxProbe(folder).read()
        assert values(inventory, ComponentId.SYSTEM_UUID) == (
            "7e2b1c8f-d452-114c-9a0e-3d6f7b8c9d01",
        )
        assert values(inventory, ComponentId.PLATFORM) == ("XEN",)
        assert inventory.machine_class is MachineClass.VM

    def test_a_device_tree_says_it_in_its_own_place(self, tmp_path: Path) -> None:
        folder = self.bare_of_firmware(tmp_path)
        tree = "proc/device-tree"
        self.put(folder, f"{tree}/vm,uuid", "8f1c2b7e-52d4-4c11-9a0e-3d6f7b8c9d01\0")
        self.put(folder, f"{tree}/hypervisor/compatible", "linux,kvm\0")
        self.put(
            folder,
            "proc/cpuinfo",
            "processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 8\n"
            "CPU variant\t: 0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n\n",
        )
        inventory = LinuxProbe(folder).read()
        assert values(inventory, ComponentId.SYSTEM_UUID)
        assert values(inventory, ComponentId.PLATFORM) == ("LINUX,KVM",)
        assert values(inventory, ComponentId.CPU) == ("0X41 8 0XD0C 1 SOCKETS 1",)
        assert inventory.machine_class is MachineClass.VM

    def test_nothing_else_is_asked_where_a_table_is_only_hidden(self, tmp_path: Path) -> None:
        machine = replace(VIRTUAL_MACHINE, uuid="00000000-0000-0000-0000-000000000000")
        machine.write(tmp_path)
        self.put(tmp_path, "sys/hypervisor/uuid", "8f1c2b7e-52d4-4c11-9a0e-3d6f7b8c9d01\n")
        inventory = LinuxProbe(tmp_path).read()
        assert reason(inventory, ComponentId.SYSTEM_UUID) is UnknownReason.PLACEHOLDER

    def test_xens_control_domain_stands_on_the_bare_machine(self, tmp_path: Path) -> None:
        replace(BARE_SERVER, hypervisor=True).write(tmp_path)
        self.put(tmp_path, "proc/xen/capabilities", "control_d\n")
        assert LinuxProbe(tmp_path).read().machine_class is MachineClass.BARE

    @pytest.mark.parametrize(
        ("maker", "product", "machine_class"),
        [
            ("QEMU", "KVM Virtual Machine", MachineClass.VM),
            ("Amazon EC2", "m6g.large", MachineClass.VM),
            ("Amazon EC2", "m6g.metal", MachineClass.BARE),
            ("Microsoft Corporation", "Virtual Machine", MachineClass.VM),
            ("Microsoft Corporation", "Surface Laptop 3", MachineClass.BARE),
            ("Google", "Google Compute Engine", MachineClass.VM),
        ],
    )
    def test_the_makers_name_tells_where_the_processor_does_not(
        self, maker: str, product: str, machine_class: MachineClass, tmp_path: Path
    ) -> None:
        machine = replace(BARE_SERVER, manufacturer=maker, product=product)
        assert read(machine, tmp_path).machine_class is machine_class


class TestSystem:
    def test_a_link_to_another_machines_file_is_not_followed(self, tmp_path: Path) -> None:
        folder = BARE_SERVER.write(tmp_path)
        (folder / "usr/lib/os-release").unlink()
        (folder / "etc/os-release").unlink()
        (folder / "etc/os-release").symlink_to("/usr/lib/os-release")
        assert LinuxProbe(folder).read().os.product is None

    def test_an_unset_machine_id_is_a_placeholder(self, tmp_path: Path) -> None:
        inventory = read(replace(BARE_SERVER, machine_id="uninitialized"), tmp_path)
        assert reason(inventory, ComponentId.OS_INSTANCE) is UnknownReason.PLACEHOLDER
        assert inventory.os.instance is None

    def test_the_grace_clock_reads_uptime_and_boot(self, tmp_path: Path) -> None:
        probe = LinuxProbe(BARE_SERVER.write(tmp_path))
        assert probe.uptime_seconds() == 86_400
        assert probe.boot_id() == BARE_SERVER.boot_id
        nowhere = LinuxProbe(tmp_path / "nowhere")
        assert (nowhere.uptime_seconds(), nowhere.boot_id()) == (None, None)
        (tmp_path / "proc/uptime").write_text("soon\n")
        assert probe.uptime_seconds() is None

    def test_the_machine_tag_follows_the_convention_of_other_languages(
        self, tmp_path: Path
    ) -> None:
        folder = BARE_SERVER.write(tmp_path)
        expected = hmac.new(
            BARE_SERVER.machine_id.encode(), b"faragostar-man", hashlib.sha256
        ).hexdigest()
        assert LinuxProbe(folder).machine_tag() == expected
        copy = folder / "var/lib/dbus/machine-id"
        copy.parent.mkdir(parents=True)
        copy.write_text("another\n")
        assert LinuxProbe(folder).machine_tag() != expected
        assert LinuxProbe(tmp_path / "nowhere").machine_tag() == ""


@pytest.mark.parametrize("junk", ["", "{", "[]", '{"root": 1}', '{"unheard_of": true}'])
def test_a_broken_recording_makes_its_answers_unknown(junk: str, tmp_path: Path) -> None:
    folder = BARE_SERVER.write(tmp_path)
    (folder / ".faragostar/probe.json").write_text(junk)
    inventory = LinuxProbe(folder).read()
    assert reason(inventory, ComponentId.BOOT_DISK) is UnknownReason.DAMAGED


def test_a_recording_without_a_mount_has_no_boot_disk(tmp_path: Path) -> None:
    folder = BARE_SERVER.write(tmp_path)
    (folder / ".faragostar/probe.json").write_text(json.dumps({"permanent_addresses": {}}))
    inventory = LinuxProbe(folder).read()
    assert reason(inventory, ComponentId.BOOT_DISK) is UnknownReason.ABSENT


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
