"""The raw SMBIOS table (DMTF DSP0134), read the same way on every platform.

Takes the table in every form that `entry_point` knows and returns the kinds of structures that
identify hardware. The bytes come from firmware or from a recording, so nothing in them is trusted:
a length that points outside ends the reading, and what was read before it stands. Deliberately
absent: placeholders (`normalisation`), fields that nothing asks for, and looking for the next
structure behind a broken one, which would make parts come and go.
"""

from collections.abc import Container
from typing import NamedTuple

from agent.hardware.entry_point import locate

_HEADER_BYTES = 4
_KINDS = frozenset({0, 1, 2, 3, 4, 17})
_END_OF_TABLE = 127
_UUID = slice(0x08, 0x18)
# Until then the whole UUID was written as it reads; firmware from 2006 on swaps three fields.
_UUID_SWAPPED_SINCE = (2, 6)
_SOCKET_POPULATED = 0x40
_HOSTING_BOARD = 0x01
_SIZE_UNKNOWN = 0xFFFF
_SIZE_ELSEWHERE = 0x7FFF
_SIZE_IN_KIB = 0x8000
# Real tables have some tens of kilobytes and some hundred structures: what goes beyond these bounds
# is no table, or an endless loop at work.
_MOST_BYTES = 1024 * 1024
_MOST_STRUCTURES = 16_384
_MOST_STRINGS = 255  # a field of one byte says which


class Bios(NamedTuple):
    """Type 0."""

    vendor: str
    version: str
    released: str


class System(NamedTuple):
    """Type 1; `uuid` in the order in which it is written, empty where the table has none."""

    manufacturer: str
    product: str
    serial: str
    uuid: bytes


class Board(NamedTuple):
    """Type 2; the hosting board carries the processors, others are risers and mezzanines."""

    manufacturer: str
    product: str
    serial: str
    hosting: bool


class Chassis(NamedTuple):
    """Type 3."""

    manufacturer: str
    serial: str
    asset_tag: str


class Processor(NamedTuple):
    """Type 4: one socket, perhaps empty."""

    socket: str
    manufacturer: str
    version: str
    populated: bool


class MemoryModule(NamedTuple):
    """Type 17: one slot; `mebibytes` is 0 where it is empty and None where firmware won't say."""

    slot: str
    manufacturer: str
    serial: str
    part: str
    mebibytes: int | None


class Table(NamedTuple):
    """What one table says. `complete` is False when it broke off before its end."""

    bios: Bios | None
    system: System | None
    boards: tuple[Board, ...]
    chassis: Chassis | None
    processors: tuple[Processor, ...]
    memory: tuple[MemoryModule, ...]
    complete: bool


class Structure(NamedTuple):
    """One structure: its formatted bytes, and the strings that its fields number from 1."""

    formatted: bytes
    strings: list[bytes]

    @property
    def kind(self) -> int:
        """The type that DSP0134 gives it."""
        return self.formatted[0]

    def number(self, offset: int, size: int = 1) -> int:
        """A little-endian field; 0 where this version has no such field."""
        raw = self.formatted[offset : offset + size]
        return int.from_bytes(raw, "little") if len(raw) == size else 0

    def text(self, offset: int) -> str:
        """The string that a field points to; empty where it points to none."""
        try:
            number = self.formatted[offset]
            # As sysfs is read: with and without rights, a broken string is the same broken string.
            return self.strings[number - 1].decode("utf-8", "replace") if number else ""
        except IndexError:  # this version has no such field, or there is no such string
            return ""


class Reading(NamedTuple):
    """Structures in their order; `complete` is False when they broke off before their end."""

    structures: list[Structure]
    version: tuple[int, int] | None
    complete: bool


def parse(raw: bytes) -> Table:
    """Read a table in any form; whatever the bytes are, this returns."""
    structures, version, complete = read_structures(raw, _KINDS)
    found: dict[int, list[Structure]] = {kind: [] for kind in _KINDS}
    for structure in structures:
        found[structure.kind].append(structure)
    is_swapped = version is None or version >= _UUID_SWAPPED_SINCE
    return Table(
        bios=next(map(_bios, found[0]), None),
        system=next((_system(system, uuid_is_swapped=is_swapped) for system in found[1]), None),
        boards=tuple(map(_board, found[2])),
        chassis=next(map(_chassis, found[3]), None),
        processors=tuple(map(_processor, found[4])),
        memory=tuple(map(_memory_module, found[17])),
        complete=complete,
    )


def read_structures(raw: bytes, kinds: Container[int]) -> Reading:
    """The structures of these kinds, up to the table's end marker or to where it breaks off."""
    table, version, is_cut = locate(raw)
    structures: list[Structure] = []
    start, last = 0, min(len(table), _MOST_BYTES) - _HEADER_BYTES
    for _ in range(_MOST_STRUCTURES):
        if start > last or table[start + 1] < _HEADER_BYTES:
            break
        kind, body = table[start], start + table[start + 1]
        if kind == _END_OF_TABLE:  # Linux cuts what follows, even the NULs that end the marker
            return Reading(structures, version, complete=True)
        end = table.find(b"\0\0", body)
        if end < 0:
            break
        if kind in kinds:
            strings = table[body:end].split(b"\0", _MOST_STRINGS)
            structures.append(Structure(table[start:body], strings))
        start = end + 2
    # Tables from before version 2.2 end without a marker, and Linux gives no length with them.
    ended = 0 < start == len(table) and not is_cut
    return Reading(structures, version, complete=ended)


def _bios(found: Structure) -> Bios:
    return Bios(found.text(0x04), found.text(0x05), found.text(0x08))


def _system(found: Structure, *, uuid_is_swapped: bool) -> System:
    uuid = found.formatted[_UUID]
    if uuid_is_swapped:
        uuid = uuid[3::-1] + uuid[5:3:-1] + uuid[7:5:-1] + uuid[8:]
    return System(
        manufacturer=found.text(0x04),
        product=found.text(0x05),
        serial=found.text(0x07),
        uuid=uuid if len(uuid) == _UUID.stop - _UUID.start else b"",
    )


def _board(found: Structure) -> Board:
    return Board(
        manufacturer=found.text(0x04),
        product=found.text(0x05),
        serial=found.text(0x07),
        hosting=bool(found.number(0x09) & _HOSTING_BOARD),
    )


def _chassis(found: Structure) -> Chassis:
    return Chassis(found.text(0x04), found.text(0x07), found.text(0x08))


def _processor(found: Structure) -> Processor:
    return Processor(
        found.text(0x04),
        found.text(0x07),
        found.text(0x10),
        bool(found.number(0x18) & _SOCKET_POPULATED),
    )


def _memory_module(found: Structure) -> MemoryModule:
    return MemoryModule(
        found.text(0x10),
        found.text(0x17),
        found.text(0x18),
        found.text(0x1A),
        _mebibytes(found),
    )


def _mebibytes(found: Structure) -> int | None:
    size = found.number(0x0C, size=2)
    if size == _SIZE_UNKNOWN:
        return None
    if size == _SIZE_ELSEWHERE:  # 32 GiB and more do not fit into the word
        return found.number(0x1C, size=4) & 0x7FFF_FFFF
    if size & _SIZE_IN_KIB:
        return (size & ~_SIZE_IN_KIB) // 1024
    return size
