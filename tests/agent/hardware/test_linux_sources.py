"""Each other place a value may come from, and each way in which a source is broken."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent.fingerprint import UnknownReason
from agent.hardware.linux import LinuxProbe
from protocol.values import MachineClass
from protocol.verdicts import OsVerdict, Verdict
from protocol.weights import ComponentId
from tests import machines
from tests.machines import BARE_SERVER, VIRTUAL_MACHINE
from tests.readings import changed_parts, judged, read, reason, values
from tests.rights import as_nobody, needs_root
from tests.smbios_tables import Board, Module, structure

UUID_FIELD = "sys/class/dmi/id/product_uuid"
TABLE = "sys/firmware/dmi/tables/DMI"


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

    @needs_root
    def test_a_run_without_rights_is_poorer_and_never_different(self, tmp_path: Path) -> None:
        before = read(BARE_SERVER, tmp_path)
        for secret in (TABLE, UUID_FIELD, *(f"sys/class/dmi/id/{name}_serial" for name in (
            "product", "board", "chassis",
        ))):  # fmt: skip
            (tmp_path / secret).chmod(0o400)
        with as_nobody(tmp_path):
            after = LinuxProbe(tmp_path).read()
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
        ("features", "machine_class"),
        [("00000b0d", MachineClass.BARE), ("00000705", MachineClass.VM), ("?", MachineClass.VM)],
    )
    def test_xens_features_tell_where_its_roles_are_not_mounted(
        self, features: str, machine_class: MachineClass, tmp_path: Path
    ) -> None:
        replace(BARE_SERVER, hypervisor=True).write(tmp_path)
        self.put(tmp_path, "sys/hypervisor/properties/features", f"{features}\n")
        assert LinuxProbe(tmp_path).read().machine_class is machine_class

    @pytest.mark.parametrize(
        ("node", "content"),
        [
            ("hypervisor/compatible", "linux,kvm\0"),
            ("ibm,partition-name", "lpar-17\0"),
            ("fw-cfg@9020000/compatible", "qemu,fw-cfg-mmio\0"),
            ("compatible", "linux,dummy-virt\0"),
        ],
    )
    def test_a_device_tree_tells_a_virtual_machine(
        self, node: str, content: str, tmp_path: Path
    ) -> None:
        folder = self.bare_of_firmware(tmp_path)
        self.put(folder, "proc/cpuinfo", "CPU implementer : 0x41\n")
        assert LinuxProbe(folder).read().machine_class is MachineClass.BARE
        self.put(folder, f"proc/device-tree/{node}", content)
        assert LinuxProbe(folder).read().machine_class is MachineClass.VM

    def test_a_board_of_its_own_is_no_virtual_machine(self, tmp_path: Path) -> None:
        folder = self.bare_of_firmware(tmp_path)
        self.put(folder, "proc/cpuinfo", "CPU implementer : 0x41\n")
        self.put(folder, "proc/device-tree/compatible", "raspberrypi,4-model-b\0brcm,bcm2711\0")
        assert LinuxProbe(folder).read().machine_class is MachineClass.BARE

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

    def test_a_kernel_update_is_no_patch_of_the_system(self, tmp_path: Path) -> None:
        before = read(BARE_SERVER, tmp_path)
        after = read(replace(BARE_SERVER, kernel="6.1.0-22-amd64"), tmp_path)
        assert judged(before, after).os is OsVerdict.SAME
        assert [detail.text for detail in after.details if detail.id == "kernel"] == [
            "6.1.0-22-amd64"
        ]

    @pytest.mark.parametrize("gone", ["etc/debian_version", "usr/lib/os-release"])
    def test_a_release_file_that_fails_is_no_patch(self, gone: str, tmp_path: Path) -> None:
        before = read(BARE_SERVER, tmp_path)
        (tmp_path / gone).unlink()
        assert judged(before, LinuxProbe(tmp_path).read()).os in {
            OsVerdict.SAME, OsVerdict.UNKNOWN,
        }  # fmt: skip

    def test_ubuntu_tells_its_own_point_release_and_not_debians(self, tmp_path: Path) -> None:
        release = 'ID=ubuntu\nVERSION_ID="22.04"\nVERSION="22.04.3 LTS"\n'
        machine = replace(BARE_SERVER, os_release=release, debian_version="bookworm/sid")
        assert read(machine, tmp_path).os.patch == "22.04.3"

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
