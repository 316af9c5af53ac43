"""Real tables, their structures, and what is compared with an oracle: a field of one of them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from agent.hardware import smbios

REAL = Path(__file__).parents[2].parent / "shared/data/smbios"
KINDS = (0, 1, 2, 3, 4, 17)


class Part(NamedTuple):
    """One structure, and what the agent made of it."""

    structure: smbios.Structure
    value: Any


class Compared(NamedTuple):
    """One field of one structure: what the oracle tells and what we read."""

    where: str
    told: object
    read: object


Read = Callable[[Part], object]


def table_beside(oracle: Path) -> bytes:
    """The raw table that an oracle was read from, in the form in which it was dumped."""
    name = oracle.name.partition(".")[0]
    dump = oracle.with_name(f"{name}.bin")
    return (dump if dump.exists() else oracle.with_name(f"{name}.dmi")).read_bytes()


def parts_of(raw: bytes) -> dict[int, list[Part]]:
    """The structures by kind, each with its value."""
    table = smbios.parse(raw)
    values: dict[int, Sequence[Any]] = {
        0: [table.bios],
        1: [table.system],
        2: table.boards,
        3: [table.chassis],
        4: table.processors,
        17: table.memory,
    }
    structures = smbios.read_structures(raw, KINDS).structures
    return {
        kind: [
            Part(structure, value)
            for structure, value in zip(
                (found for found in structures if found.kind == kind),
                filter(None, values[kind]),
                strict=True,
            )
        ]
        for kind in KINDS
    }


def named(name: str) -> Read:
    return lambda part: getattr(part.value, name)


def text(offset: int) -> Read:
    return lambda part: part.structure.text(offset)


def number(offset: int, size: int = 1) -> Read:
    return lambda part: part.structure.number(offset, size)


def written_uuid(uuid: bytes) -> str:
    digits = uuid.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def chassis_sku(part: Part) -> str:
    """Behind the contained elements, whose number and size stand before them."""
    found = part.structure
    return found.text(0x15 + found.number(0x13) * found.number(0x14))
