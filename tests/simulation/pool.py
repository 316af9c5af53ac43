"""The machines that are compared: real tables, and fleets made here, each filled up in three ways.

A table tells UUID, serial, boards, memory and platform, and nothing of disk, cards, processor and
installation. What it does not tell is filled in, and every figure says how.
"""

from collections.abc import Iterator
from enum import Enum
from hashlib import sha256
from typing import NamedTuple

from msgspec.structs import replace

from agent.fingerprint import Component, Inventory, OsIdentity, UnknownReason, known
from agent.hardware import smbios
from agent.hardware.firmware import firmware_components, names_a_virtual_machine
from protocol.values import MachineClass
from protocol.weights import ComponentId
from tests.machines import BARE_SERVER, VIRTUAL_MACHINE, Machine, smbios_table
from tests.smbios_oracles.parts import REAL
from tests.smbios_tables import Board, Module

FLEET = 40


class Filling(Enum):
    """What is known of a machine beside its table."""

    NOTHING = "nothing else known"
    DIFFERENT = "all known, all different"
    TWINS = "all known, the same processor"


class Subject(NamedTuple):
    name: str
    table: bytes
    is_real: bool


def subjects() -> list[Subject]:
    """Every real table there is, and two fleets of one model with neighbouring serials."""
    real = [
        Subject(path.stem, path.read_bytes(), is_real=True)
        for path in sorted(REAL.glob("*"))
        if path.suffix in {".dmi", ".bin", ".dat"}
    ]
    return [*real, *_fleet("server", BARE_SERVER), *_fleet("guest", VIRTUAL_MACHINE)]


def inventory_of(subject: Subject, filling: Filling) -> Inventory:
    """One machine, as far as its table and the filling tell."""
    table = smbios.parse(subject.table)
    is_virtual = names_a_virtual_machine(table)
    found = firmware_components(table, "table", UnknownReason.ABSENT)
    return Inventory(
        machine_class=MachineClass.VM if is_virtual else MachineClass.BARE,
        components=(*found, *_filled(subject.name, filling)),
        os=OsIdentity(product="debian", major="12", patch="12.5", instance=_hex(subject.name)),
    )


def exchange(inventory: Inventory, *parts: Component) -> Inventory:
    """The machine with these parts in the place of its own."""
    others = {part.id: part for part in parts}
    return replace(
        inventory,
        components=tuple(others.get(part.id, part) for part in inventory.components),
    )


def _filled(name: str, filling: Filling) -> Iterator[Component]:
    if filling is Filling.NOTHING:
        return
    yield disk(name)
    yield cards(name)
    yield processor("any" if filling is Filling.TWINS else name)
    yield known(ComponentId.OS_INSTANCE, "generated", [_hex(name)])


def disk(name: str) -> Component:
    return known(ComponentId.BOOT_DISK, "generated", [f"EUI.{_hex(f'disk {name}')[:16].upper()}"])


def cards(name: str) -> Component:
    addresses = (f"b0:7b:25:{bytes.fromhex(_hex(f'{name} {port}'))[:3].hex(':')}" for port in "12")
    return known(ComponentId.NIC, "generated", addresses)


def processor(name: str) -> Component:
    return known(ComponentId.CPU, "generated", [f"GENUINEINTEL 6 {_hex(name)[:4]} SOCKETS 2"])


def _fleet(name: str, machine: Machine) -> Iterator[Subject]:
    """Bought on one day: one model, serials that differ in their last digits."""
    for number in range(FLEET):
        serial = f"{7000000 + number}"
        made = replace(
            machine,
            serial=serial if machine.serial else "",
            uuid=f"4c4c4544-0046-3310-804b-{_hex(name)[:4]}{number:08x}",
            boards=tuple(Board(serial=f".{serial}.CNFCP00{number:06}.") for _ in machine.boards),
            memory=tuple(Module(f"S0A{number:04}{slot}") for slot in range(2)),
        )
        yield Subject(f"{name} {number}", smbios_table(made), is_real=False)


def _hex(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
