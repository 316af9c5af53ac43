"""What a part of a Windows machine is called: its processor, its hypervisor, its boot disk."""

import pytest
from msgspec.structs import replace

from agent.fingerprint import UnknownReason
from agent.hardware.windows.answers import Question
from agent.hardware.windows.probe import WindowsProbe
from protocol.values import MachineClass
from protocol.weights import ComponentId
from tests import windows_machines
from tests.readings import reason, values
from tests.windows_machines import (
    DELL_WITH_A_TEAM,
    HYPER_V_2022,
    HYPER_V_ROOT,
    NO_HYPERVISOR,
    VMWARE_2019,
    VMWARE_GUEST,
    WindowsMachine,
)
from tests.windows_structures import EUI, NAA, Disk, Hypervisor, Identifier


class TestProcessorAndHypervisor:
    """The same words as on Linux, and who is a guest."""

    @pytest.mark.parametrize(
        ("vendor", "identifier", "value"),
        [
            (
                "AuthenticAMD",
                "AMD64 Family 25 Model 17 Stepping 1",
                "AUTHENTICAMD 25 17 1 SOCKETS 2",
            ),
            (
                "GenuineIntel",
                "Intel64 Family 6 Model 85 Stepping 7",
                "GENUINEINTEL 6 85 7 SOCKETS 2",
            ),
        ],
    )
    def test_its_words_are_those_of_linux(self, vendor: str, identifier: str, value: str) -> None:
        machine = replace(DELL_WITH_A_TEAM, vendor=vendor, identifier=identifier)
        assert values(machine.read(), ComponentId.CPU) == (value,)

    def test_one_that_is_described_in_other_words_is_unknown(self) -> None:
        machine = replace(DELL_WITH_A_TEAM, identifier="ARMv8 (64-bit) Family 8 Model D0C")
        assert reason(machine.read(), ComponentId.CPU) is UnknownReason.DAMAGED

    @pytest.mark.parametrize(
        ("hypervisor", "machine_class"),
        [
            (NO_HYPERVISOR, MachineClass.BARE),
            (HYPER_V_ROOT, MachineClass.BARE),
            (HYPER_V_ROOT._replace(features=(0, 1 << 12)), MachineClass.BARE),
            (HYPER_V_ROOT._replace(features=(0, 1)), MachineClass.BARE),
            (Hypervisor(bytes(12)), MachineClass.BARE),
            # Its kernel knows of a hypervisor and was told nothing more: no reason to think it one.
            (HYPER_V_ROOT._replace(features=(0, 0)), MachineClass.BARE),
            (VMWARE_GUEST, MachineClass.VM),
            (Hypervisor(b"KVMKVMKVM\0\0\0", b"\1\0\0\1"), MachineClass.VM),
        ],
    )
    def test_a_guest_under_its_hosts_names_is_a_virtual_machine_all_the_same(
        self, hypervisor: Hypervisor, machine_class: MachineClass
    ) -> None:
        machine = replace(DELL_WITH_A_TEAM, hypervisor=hypervisor)
        assert machine.read().machine_class is machine_class


@pytest.mark.parametrize("machine", [VMWARE_2019, HYPER_V_2022], ids=["vmware", "hyper-v"])
def test_a_virtual_machine_is_known_by_its_maker_where_the_kernel_will_not_say(
    machine: WindowsMachine,
) -> None:
    silent = windows_machines.without(machine.answers(), Question.HYPERVISOR, 87)
    assert WindowsProbe(silent).read().machine_class is MachineClass.VM


def ata_hex(serial: str) -> str:
    """Twenty bytes in swapped pairs, written as digits: what some drivers hand out."""
    raw = serial.rjust(20).encode()
    return bytes(raw[place ^ 1] for place in range(len(raw))).hex()


class TestBootDisk:
    """Which of the names that a disk has is its own."""

    @staticmethod
    def disk(*found: Identifier, serial: str = "") -> tuple[str, ...] | UnknownReason | None:
        disk = Disk("Samsung", "SSD 980", serial, found or None)
        inventory = replace(DELL_WITH_A_TEAM, disks=(disk,)).read()
        return values(inventory, ComponentId.BOOT_DISK) or reason(inventory, ComponentId.BOOT_DISK)

    def test_the_longest_worldwide_name_wins_in_any_order(self) -> None:
        short = Identifier(EUI, bytes.fromhex("f025385b71b03f9e"))
        long = Identifier(EUI, bytes.fromhex("3634463052802316002538430000004f"))
        assert (
            self.disk(short, long) == self.disk(long, short) == (f"EUI.{long.value.hex()}".upper(),)
        )

    def test_naa_goes_before_eui_however_long(self) -> None:
        registered = Identifier(NAA, bytes.fromhex("5002538500000001"))
        long = Identifier(EUI, bytes.fromhex("3634463052802316002538430000004f"))
        assert self.disk(long, registered) == ("NAA.5002538500000001",)

    def test_a_name_that_was_never_set_hides_none_that_was(self) -> None:
        unset = Identifier(EUI, bytes(16))
        own = Identifier(EUI, bytes.fromhex("0025385b71b03f9e"))
        assert self.disk(unset, own) == ("EUI.0025385B71B03F9E",)

    @pytest.mark.parametrize(
        "name",
        [
            Identifier(NAA, bytes.fromhex("3000000012345678")),  # locally assigned
            Identifier(NAA, bytes.fromhex("5002538500000001"), association=1),  # a port's
            Identifier(EUI, b"0025385b71b03f9e", code_set=2),  # text
            Identifier(EUI, bytes(8)),  # never set
            Identifier(1, b"ATA     SSD 980"),  # T10: maker and model
        ],
    )
    def test_a_name_that_is_not_the_disks_own_gives_way_to_the_serial(
        self, name: Identifier
    ) -> None:
        assert self.disk(name, serial="S64DNX0RB12345K") == ("S64DNX0RB12345K",)

    @pytest.mark.parametrize(
        ("serial", "value"),
        [
            ("0025_385B_71B0_3F9E.", "0025_385B_71B0_3F9E"),  # NVMe, as Windows writes it
            ("      WD-WX11D1234567", "WD-WX11D1234567"),
            (ata_hex("WD-WX11D1234567"), "WD-WX11D1234567"),
        ],
    )
    def test_a_serial_has_one_spelling(self, serial: str, value: str) -> None:
        assert self.disk(serial=serial) == (value,)

    @pytest.mark.parametrize("serial", ["QM00001", "00000000", "QEMU HARDDISK"])
    def test_a_serial_by_position_is_none(self, serial: str) -> None:
        assert self.disk(serial=serial) is UnknownReason.PLACEHOLDER

    def test_a_disk_that_says_nothing_of_itself_is_absent(self) -> None:
        assert self.disk() is UnknownReason.ABSENT

    def test_a_mirror_has_the_names_of_both_disks(self) -> None:
        disks = (Disk(serial="S64DNX0RB12345K"), Disk(serial="S64DNX0RB12346L"))
        inventory = replace(DELL_WITH_A_TEAM, disks=disks).read()
        assert values(inventory, ComponentId.BOOT_DISK) == ("S64DNX0RB12345K", "S64DNX0RB12346L")
        half = replace(DELL_WITH_A_TEAM, disks=(disks[0], Disk(serial="")))
        assert reason(half.read(), ComponentId.BOOT_DISK) is UnknownReason.ABSENT
