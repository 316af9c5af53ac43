"""The event table on recorded Windows machines: a part is swapped, and the probe asks again."""

from collections.abc import Callable

import machineid
import pytest
from msgspec.structs import replace

from agent.fingerprint import UnknownReason, take_tags
from agent.hardware.windows.answers import Question
from agent.hardware.windows.probe import WindowsProbe
from protocol.values import MachineClass
from protocol.verdicts import OsVerdict, Verdict
from protocol.weights import DEFAULT_POLICY, ComponentId, enrolment_coverage
from tests import machines, windows_machines
from tests.readings import SALT, changed_parts, judged, reason, values
from tests.windows_machines import (
    DELL_WITH_A_TEAM,
    EUI,
    HYPER_V_2022,
    HYPER_V_ROOT,
    NAA,
    NO_HYPERVISOR,
    SWITCH,
    TEAM,
    VMWARE_2019,
    VMWARE_GUEST,
    Adapter,
    Disk,
    Hypervisor,
    Identifier,
    WindowsMachine,
)

ALL = {"bare": DELL_WITH_A_TEAM, "vmware": VMWARE_2019, "hyper-v": HYPER_V_2022}
every_machine = pytest.mark.parametrize("machine", ALL.values(), ids=ALL.keys())


def test_a_bare_server_is_known_whole() -> None:
    inventory = DELL_WITH_A_TEAM.read()
    assert inventory.machine_class is MachineClass.BARE
    assert all(component.known for component in inventory.components)
    assert tuple(component.id for component in inventory.components) == tuple(ComponentId)
    assert enrolment_coverage(take_tags(inventory, SALT), DEFAULT_POLICY) == 1000
    assert values(inventory, ComponentId.NIC) == ("b0:7b:25:aa:10:01", "b0:7b:25:aa:10:02")
    assert values(inventory, ComponentId.BOOT_DISK) == ("NAA.6F4EE0806B5B2A002D1A3C9F0B8E4D21",)
    assert values(inventory, ComponentId.CPU) == ("GENUINEINTEL 6 106 6 SOCKETS 2",)
    assert (inventory.os.release, inventory.os.patch) == (
        "windows 20348 Standard",
        "20348.2402",
    )
    assert {detail.id.value: detail.text for detail in inventory.details} == {
        "chassis_serial": "7F3KQZ2",
        "bios_version": "DELL INC. 1.6.5",
        "kernel": "10.0.20348",
        "hostname": "APP01",
        "memory_size": "65536 MiB",
    }


@pytest.mark.parametrize("machine", [VMWARE_2019, HYPER_V_2022], ids=["vmware", "hyper-v"])
def test_a_virtual_machine_is_known_by_what_its_hypervisor_gave_it(machine: WindowsMachine) -> None:
    inventory = machine.read()
    assert inventory.machine_class is MachineClass.VM
    assert enrolment_coverage(take_tags(inventory, SALT), DEFAULT_POLICY) == 1000


def test_a_card_of_hyper_v_hangs_on_its_bus() -> None:
    assert values(HYPER_V_2022.read(), ComponentId.NIC) == ("00:15:5d:0a:0b:0c",)


def without_software(machine: WindowsMachine) -> WindowsMachine:
    cards = tuple(one for one in machine.adapters if (one.device or "").startswith("PCI"))
    return replace(machine, adapters=cards)


def without_a_team(machine: WindowsMachine) -> WindowsMachine:
    """Each card wears its own address again."""
    cards = (one._replace(in_use="") for one in machine.adapters if one is not TEAM)
    return replace(machine, adapters=tuple(cards))


def with_hyper_v(machine: WindowsMachine) -> WindowsMachine:
    """The role is installed: the same system now runs upon a hypervisor, as its root."""
    return replace(machine, hypervisor=HYPER_V_ROOT, adapters=(*machine.adapters, SWITCH))


def with_a_virtual_function(machine: WindowsMachine) -> WindowsMachine:
    """Accelerated networking: a PCI function with the address of the adapter that it serves."""
    served = next(one for one in machine.adapters if one.device)
    device = r"PCI\VEN_15B3&DEV_1016&SUBSYS_00A1&REV_80\2&1A2B3C4D&0&0"
    function = Adapter("0b7a1c9e-4444-4a51-9d1e-5a3c1f2b0001", device, served.permanent)
    return replace(machine, adapters=(*machine.adapters, function))


def with_an_extra_card(machine: WindowsMachine) -> WindowsMachine:
    device = r"PCI\VEN_8086&DEV_1533&SUBSYS_15338086&REV_03\A0369FFFFF000001"
    extra = Adapter("0b7a1c9e-5555-4a51-9d1e-5a3c1f2b0001", device, "a0:36:9f:00:00:01")
    return replace(machine, adapters=(extra, *machine.adapters))


def firmware(
    change: Callable[[machines.Machine], machines.Machine],
) -> Callable[..., WindowsMachine]:
    return lambda machine: replace(machine, firmware=change(machine.firmware))


HARMLESS: dict[str, Callable[[WindowsMachine], WindowsMachine]] = {
    "reboot": windows_machines.rebooted,
    "other order": lambda machine: replace(machine, adapters=machine.adapters[::-1]),
    "no usb, filters and loopback": without_software,
    "team taken apart": without_a_team,
    "hyper-v role": with_hyper_v,
    "virtual function": with_a_virtual_function,
    "extra card": with_an_extra_card,
    "hostname": lambda machine: replace(machine, hostname="RENAMED"),
    "bios update": firmware(lambda machine: replace(machine, bios="2.1.0")),
    "byte order flip": firmware(lambda machine: replace(machine, uuid_swapped=False)),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_is_no_change_of_the_hardware_stays_a_match(
    change: Callable[[WindowsMachine], WindowsMachine],
) -> None:
    before, after = DELL_WITH_A_TEAM.read(), change(DELL_WITH_A_TEAM).read()
    comparison = judged(before, after)
    assert comparison.verdict is Verdict.MATCH
    assert comparison.os is OsVerdict.SAME
    assert changed_parts(comparison) == set()
    assert after.machine_class is MachineClass.BARE


def test_a_guest_that_gets_a_virtual_function_has_no_card_more() -> None:
    before, after = HYPER_V_2022.read(), with_a_virtual_function(HYPER_V_2022).read()
    assert values(after, ComponentId.NIC) == values(before, ComponentId.NIC)


def with_other_cards(machine: WindowsMachine) -> WindowsMachine:
    others = (
        one._replace(permanent=f"3c:ec:ef:00:20:0{place}")
        for place, one in enumerate(machine.adapters)
    )
    return replace(machine, adapters=tuple(others))


def with_other_disk(machine: WindowsMachine) -> WindowsMachine:
    name = Identifier(NAA, bytes.fromhex("6f4ee0806b5b2a002d1a3c9f0b8e77c1"))
    return replace(machine, disks=(Disk("DELL", "PERC H755 Front", "", (name,)),))


def with_other_processors(machine: WindowsMachine) -> WindowsMachine:
    return replace(machine, identifier="Intel64 Family 6 Model 143 Stepping 8")


def with_a_processor_less(machine: WindowsMachine) -> WindowsMachine:
    return replace(machine, sockets=1)


@pytest.mark.parametrize(
    ("change", "part", "verdict"),
    [
        (firmware(machines.with_other_board), "board", Verdict.CHANGED),
        (firmware(machines.with_other_memory), "memory", Verdict.TOLERATED),
        (with_other_cards, "nic", Verdict.TOLERATED),
        (with_other_disk, "boot_disk", Verdict.TOLERATED),
        (with_other_processors, "cpu", Verdict.TOLERATED),
        (with_a_processor_less, "cpu", Verdict.TOLERATED),
    ],
)
def test_a_swapped_part_is_named(
    change: Callable[[WindowsMachine], WindowsMachine], part: str, verdict: Verdict
) -> None:
    comparison = judged(DELL_WITH_A_TEAM.read(), change(DELL_WITH_A_TEAM).read())
    assert changed_parts(comparison) == {part}
    assert comparison.verdict is verdict


def test_a_clone_of_a_virtual_machine_is_another_machine() -> None:
    clone = firmware(machines.with_other_system)(with_other_cards(with_other_disk(VMWARE_2019)))
    assert judged(VMWARE_2019.read(), clone.read()).verdict is Verdict.DIFFERENT


def test_a_server_moved_into_a_virtual_machine_is_another_machine() -> None:
    guest = replace(HYPER_V_2022, guid=DELL_WITH_A_TEAM.guid)
    comparison = judged(DELL_WITH_A_TEAM.read(), guest.read())
    assert comparison.verdict in {Verdict.CHANGED, Verdict.DIFFERENT}
    assert comparison.os is OsVerdict.SAME


class TestOperatingSystem:
    """The axis of its own: no change of the system is one of the hardware."""

    @every_machine
    @pytest.mark.parametrize(
        ("change", "verdict"),
        [
            (windows_machines.patched, OsVerdict.PATCH),
            (windows_machines.upgraded, OsVerdict.UPGRADE),
            (windows_machines.reinstalled, OsVerdict.REINSTALL),
        ],
    )
    def test_a_change_of_the_system_is_named(
        self,
        machine: WindowsMachine,
        change: Callable[[WindowsMachine], WindowsMachine],
        verdict: OsVerdict,
    ) -> None:
        comparison = judged(machine.read(), change(machine).read())
        assert comparison.os is verdict
        if verdict is not OsVerdict.REINSTALL:  # MachineGuid weighs in a virtual machine
            assert comparison.verdict is Verdict.MATCH

    @pytest.mark.parametrize(("old", "new"), [(14393, 20348), (17763, 20348), (20348, 26100)])
    def test_an_upgrade_in_place_keeps_the_installation(self, old: int, new: int) -> None:
        before = replace(DELL_WITH_A_TEAM, build=old, revision=7428)
        comparison = judged(before.read(), replace(before, build=new, revision=2402).read())
        assert (comparison.os, comparison.verdict) == (OsVerdict.UPGRADE, Verdict.MATCH)

    def test_an_edition_is_part_of_the_release(self) -> None:
        datacenter = replace(DELL_WITH_A_TEAM, edition="ServerDatacenter")
        assert judged(DELL_WITH_A_TEAM.read(), datacenter.read()).os is OsVerdict.UPGRADE

    def test_an_evaluation_that_is_licensed_is_the_same_system(self) -> None:
        trial = replace(DELL_WITH_A_TEAM, edition="ServerStandardEval")
        assert judged(trial.read(), DELL_WITH_A_TEAM.read()).os is OsVerdict.SAME

    @pytest.mark.parametrize(
        ("edition", "installation", "release"),
        [
            ("ServerStandard", "Server", "windows 20348 Standard"),
            ("ServerDatacenter", "Server Core", "windows 20348 Datacenter Core"),
            ("Professional", "Client", "windows 20348 Professional Client"),
            ("ServerRdsh", "Client", "windows 20348 ServerRdsh Client"),
        ],
    )
    def test_a_release_says_nothing_twice(
        self, edition: str, installation: str, release: str
    ) -> None:
        machine = replace(DELL_WITH_A_TEAM, edition=edition, installation=installation)
        assert machine.read().os.release == release

    def test_a_desktop_added_to_server_core_is_another_release(self) -> None:
        core = replace(DELL_WITH_A_TEAM, installation="Server Core")
        assert judged(core.read(), DELL_WITH_A_TEAM.read()).os is OsVerdict.UPGRADE


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


def ata_hex(serial: str) -> str:
    """Twenty bytes in swapped pairs, written as digits: what some drivers hand out."""
    raw = serial.rjust(20).encode()
    return bytes(raw[place ^ 1] for place in range(len(raw))).hex()


@pytest.mark.parametrize("machine", [VMWARE_2019, HYPER_V_2022], ids=["vmware", "hyper-v"])
def test_a_virtual_machine_is_known_by_its_maker_where_the_kernel_will_not_say(
    machine: WindowsMachine,
) -> None:
    silent = windows_machines.without(machine.answers(), Question.HYPERVISOR, 87)
    assert WindowsProbe(silent).read().machine_class is MachineClass.VM


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


class TestClockAndTag:
    """What the license's running hours and its permit need."""

    PROBE = WindowsProbe(HYPER_V_2022.answers())

    def test_uptime_and_start_are_read(self) -> None:
        assert self.PROBE.uptime_seconds() == 86_400
        again = WindowsProbe(windows_machines.rebooted(HYPER_V_2022).answers())
        assert self.PROBE.boot_id() == "boot 17"
        assert again.boot_id() == "boot 18"

    def test_a_windows_that_counts_no_starts_has_no_id_for_one(self) -> None:
        assert WindowsProbe(replace(HYPER_V_2022, boots=0).answers()).boot_id() is None

    def test_its_tag_is_the_one_that_the_library_computes(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(machineid, "id", lambda: HYPER_V_2022.guid)
        assert self.PROBE.machine_tag() == machineid.hashed_id("faragostar-man")
