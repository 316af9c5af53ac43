"""The event table on recorded Windows machines: a part is swapped, and the probe asks again."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from agent.fingerprint import take_tags
from protocol.values import MachineClass
from protocol.verdicts import OsVerdict, Verdict
from protocol.weights import DEFAULT_POLICY, ComponentId, enrolment_coverage
from tests import machines, windows_machines
from tests.readings import SALT, changed_parts, judged, values
from tests.windows_machines import (
    DELL_WITH_A_TEAM,
    HYPER_V_2022,
    HYPER_V_ROOT,
    SWITCH,
    TEAM,
    VMWARE_2019,
    WindowsMachine,
)
from tests.windows_structures import NAA, Adapter, Disk, Identifier


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
