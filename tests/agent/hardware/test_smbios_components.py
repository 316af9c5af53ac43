"""What the agent knows of a machine by its table alone, and what becomes unknown and why."""

import pytest
from msgspec.structs import replace

from agent.fingerprint import Component, UnknownReason
from agent.hardware import smbios
from agent.hardware.firmware import (
    firmware_components,
    firmware_details,
    firmware_unknown,
    names_a_virtual_machine,
)
from protocol.weights import ComponentId
from tests import machines
from tests.smbios_oracles.parts import REAL
from tests.smbios_tables import Board, Module

needs_real_tables = pytest.mark.skipif(
    not REAL.is_dir(), reason="the real tables lie beside the repository, not in it"
)
ABSENT, DAMAGED, PLACEHOLDER = (
    UnknownReason.ABSENT,
    UnknownReason.DAMAGED,
    UnknownReason.PLACEHOLDER,
)
Known = str | int | UnknownReason
# UUID, board, system serial, and how many modules of memory, each as judged by eye. A value is the
# end of what is known.
REAL_MACHINES: dict[str, tuple[Known, Known, Known, Known]] = {
    # The UUID is a MAC behind zeros; nobody filled the system's serial.
    "ASRock-Single-Ryzen.dmi": ("d05099faa835", "209624590000277", PLACEHOLDER, 2),
    # The maker's own UUID, "Default string" on the board.
    "Beelink-EQ12.dmi": (PLACEHOLDER, PLACEHOLDER, "BN1004GH10075", 1),
    # The serial of the board begins and ends with a dot.
    "Dell-PowerEdge-R630-Dual-Xeon.dmi": (
        "b7c04f384432",
        ".790H8D2.CN7475162M0382.",
        "790H8D2",
        2,
    ),
    # A structure without a length stands before the memory.
    "HyperV.dmi": ("1a165a40c8d7", "8851-12", "8851-12", DAMAGED),
    # One of two modules has the serial 00000000.
    "Lenovo-ThinkPad-T480.bin": ("e121881d01b9", "L1HF9380025", "PC131TBF", PLACEHOLDER),
    "SuperMicro-Dual-Xeon.dmi": ("002590eb9628", "VM145S005223", "E09626824801435", 16),
    # 1234567890 everywhere but in the UUID and in the memory.
    "SuperMicro-Quad-Opteron.dmi": ("003048fec30c", PLACEHOLDER, PLACEHOLDER, 32),
    # A serial of digits alone.
    "SuperMicro-X9DBL.bin": ("0cc47a133878", "VM147S018307", "9000116105", 6),
    # To be filled, and four modules of one serial.
    "Synology-RS3614xsp.bin": (PLACEHOLDER, PLACEHOLDER, PLACEHOLDER, 1),
    # The board says "None"; the only module says nothing.
    "VMWare.bin": ("554dc5eb6ba1", PLACEHOLDER, "EB 6B A1", ABSENT),
    # Both modules have the serial 00000000.
    "windows-rsmb-laptop.dat": ("891cf96286ea", "A009250100J1939A", "023078193757", PLACEHOLDER),
}
JUDGED = (
    ComponentId.SYSTEM_UUID,
    ComponentId.BOARD,
    ComponentId.SYSTEM_SERIAL,
    ComponentId.MEMORY,
)


def components_of(raw: bytes) -> dict[ComponentId, Component]:
    found = firmware_components(smbios.parse(raw), "table", ABSENT)
    return {component.id: component for component in found}


@needs_real_tables
@pytest.mark.parametrize("name", REAL_MACHINES)
def test_a_real_machine_is_known_by_what_is_its_own(name: str) -> None:
    components = components_of((REAL / name).read_bytes())
    for component_id, expected in zip(JUDGED, REAL_MACHINES[name], strict=True):
        found = components[component_id]
        if isinstance(expected, UnknownReason):
            assert (found.values, found.reason) == ((), expected)
        elif isinstance(expected, int):
            assert len(found.values) == expected
        else:
            (value,) = found.values
            assert value.endswith(expected)


@needs_real_tables
def test_no_two_real_machines_share_a_value() -> None:
    seen: dict[str, str] = {}
    for name in REAL_MACHINES:
        components = components_of((REAL / name).read_bytes())
        for component_id in JUDGED:
            for value in components[component_id].values:
                assert seen.setdefault(value, name) == name


@needs_real_tables
@pytest.mark.parametrize("name", REAL_MACHINES)
def test_a_real_machine_says_whether_it_is_virtual(name: str) -> None:
    table = smbios.parse((REAL / name).read_bytes())
    assert names_a_virtual_machine(table) is (name in {"HyperV.dmi", "VMWare.bin"})


def test_a_table_with_nothing_in_it_gives_nothing_and_its_reason() -> None:
    components = components_of(b"")
    assert components.pop(ComponentId.MEMORY).reason is DAMAGED
    assert {component.reason for component in components.values()} == {ABSENT}
    assert list(firmware_details(smbios.parse(b""), "table")) == []
    denied = firmware_unknown("table", UnknownReason.DENIED)
    assert {component.id for component in denied} == {ComponentId.MEMORY, *components}


@pytest.mark.parametrize(
    ("serials", "reason"),
    [
        ([], ABSENT),
        (["", ""], ABSENT),
        (["S0A1B2C3", ""], PLACEHOLDER),
        (["00000000"], PLACEHOLDER),
        (["S0A1B2C3"], None),
    ],
)
def test_memory_is_known_where_every_module_has_a_serial(
    serials: list[str], reason: UnknownReason | None
) -> None:
    machine = replace(machines.BARE_SERVER, memory=tuple(map(Module, serials)))
    found = components_of(machines.smbios_table(machine))[ComponentId.MEMORY]
    assert found.reason is reason


def test_a_table_that_broke_off_says_nothing_of_memory() -> None:
    raw = machines.smbios_table(machines.BARE_SERVER)
    components = components_of(raw[: raw.index(b"A2")])
    assert components[ComponentId.MEMORY].reason is DAMAGED
    assert components[ComponentId.BOARD].known


def test_a_riser_is_no_board() -> None:
    boards = (Board(), Board(serial="RISER-0001", hosting=False), Board(serial="CN-2ND-BOARD"))
    machine = replace(machines.BARE_SERVER, boards=boards)
    found = components_of(machines.smbios_table(machine))[ComponentId.BOARD]
    assert [value.rpartition(" ")[2] for value in found.values] == [
        ".7F3KQZ2.CNFCP0012A34BC.",
        "CN-2ND-BOARD",
    ]
    # What sysfs shows is the first board, whatever it is.
    alone = machines.smbios_table(replace(machine, boards=boards[1:2]))
    assert components_of(alone)[ComponentId.BOARD].known


@pytest.mark.parametrize(
    ("manufacturer", "product", "virtual"),
    [
        ("Amazon EC2", "m5.large", True),
        ("Amazon EC2", "m5.metal", False),
        ("Alibaba Cloud", "Alibaba Cloud ECS", True),
        ("Microsoft Corporation", "Virtual Machine", True),
        ("Microsoft Corporation", "Surface Laptop 3", False),
        ("Google", "Google Compute Engine", True),
        ("innotek GmbH", "VirtualBox", True),
        ("Dell Inc.", "PowerEdge R650", False),
    ],
)
def test_maker_and_product_name_a_virtual_machine(
    manufacturer: str,
    product: str,
    virtual: bool,  # noqa: FBT001  a column of the table
) -> None:
    machine = replace(machines.BARE_SERVER, manufacturer=manufacturer, product=product)
    assert names_a_virtual_machine(smbios.parse(machines.smbios_table(machine))) is virtual
