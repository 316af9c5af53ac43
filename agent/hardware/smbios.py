"""The raw SMBIOS table (DMTF DSP0134), read the same way on every platform.

Takes the structures without their entry point and returns the five kinds that identify hardware.
The bytes come from firmware or from a recording, so nothing in them is trusted: a length that
points outside ends the reading, and what was read before it stands. Deliberately absent: the
table's version (the formatted length of each structure says which fields it has), placeholders
(`normalisation`) and the byte order of the UUID, which firmware gets wrong.
"""

from typing import NamedTuple

_HEADER_BYTES = 4
_KINDS = (0, 1, 2, 3, 4, 17)
_END_OF_TABLE = 127
_UUID = slice(0x08, 0x18)
_SOCKET_POPULATED = 0x40
_HOSTING_BOARD = 0x01
_SIZE_UNKNOWN = 0xFFFF
_SIZE_ELSEWHERE = 0x7FFF
_SIZE_IN_KIB = 0x8000
# A table is at most some tens of kilobytes; more structures than this are an endless loop at work.
_MOST_STRUCTURES = 16_384


class Bios(NamedTuple):
    """Type 0."""

    vendor: str
    version: str
    released: str


class System(NamedTuple):
    """Type 1; `uuid` as it lies in the table, empty where the table is too old to have one."""

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


class _Structure(NamedTuple):
    """One structure: its formatted bytes and the strings behind them, still undecoded."""

    formatted: bytes
    strings: list[bytes]

    def byte(self, offset: int) -> int:
        """A field of one byte; 0 where this version has no such field."""
        return self.formatted[offset] if offset < len(self.formatted) else 0

    def word(self, offset: int, size: int = 2) -> int:
        """A little-endian field; 0 where this version has no such field."""
        raw = self.formatted[offset : offset + size]
        return int.from_bytes(raw, "little") if len(raw) == size else 0

    def text(self, offset: int) -> str:
        """The string that a field points to; empty where it points to none."""
        number = self.byte(offset)
        if not 0 < number <= len(self.strings):
            return ""
        # Latin-1 takes every byte, so a broken string stays the same broken string each time.
        return self.strings[number - 1].decode("latin-1")


def parse(raw: bytes) -> Table:
    """Read a table; whatever the bytes are, this returns."""
    structures, complete = _structures(raw)
    return Table(
        bios=next((_bios(found) for found in structures[0]), None),
        system=next((_system(found) for found in structures[1]), None),
        boards=tuple(_board(found) for found in structures[2]),
        chassis=next((_chassis(found) for found in structures[3]), None),
        processors=tuple(_processor(found) for found in structures[4]),
        memory=tuple(_memory_module(found) for found in structures[17]),
        complete=complete,
    )


def _structures(raw: bytes) -> tuple[dict[int, list[_Structure]], bool]:
    """The structures we read, by kind, and whether the table ended where one may end."""
    found: dict[int, list[_Structure]] = {kind: [] for kind in _KINDS}
    start = 0
    for _ in range(_MOST_STRUCTURES):
        if start == len(raw):
            return found, start > 0
        body = start + raw[start + 1] if start + _HEADER_BYTES <= len(raw) else start
        end = raw.find(b"\0\0", body)
        if body < start + _HEADER_BYTES or end < 0:
            return found, False
        kind = raw[start]
        if kind == _END_OF_TABLE:
            return found, True
        if kind in found:
            found[kind].append(_Structure(raw[start:body], raw[body:end].split(b"\0")))
        start = end + 2
    return found, False


def _bios(found: _Structure) -> Bios:
    return Bios(found.text(0x04), found.text(0x05), found.text(0x08))


def _system(found: _Structure) -> System:
    uuid = found.formatted[_UUID]
    return System(
        manufacturer=found.text(0x04),
        product=found.text(0x05),
        serial=found.text(0x07),
        uuid=uuid if len(uuid) == _UUID.stop - _UUID.start else b"",
    )


def _board(found: _Structure) -> Board:
    return Board(
        manufacturer=found.text(0x04),
        product=found.text(0x05),
        serial=found.text(0x07),
        hosting=bool(found.byte(0x09) & _HOSTING_BOARD),
    )


def _chassis(found: _Structure) -> Chassis:
    return Chassis(found.text(0x04), found.text(0x07), found.text(0x08))


def _processor(found: _Structure) -> Processor:
    return Processor(
        socket=found.text(0x04),
        manufacturer=found.text(0x07),
        version=found.text(0x10),
        populated=bool(found.byte(0x18) & _SOCKET_POPULATED),
    )


def _memory_module(found: _Structure) -> MemoryModule:
    return MemoryModule(
        slot=found.text(0x10),
        manufacturer=found.text(0x17),
        serial=found.text(0x18),
        part=found.text(0x1A),
        mebibytes=_mebibytes(found),
    )


def _mebibytes(found: _Structure) -> int | None:
    size = found.word(0x0C)
    if size == _SIZE_UNKNOWN:
        return None
    if size == _SIZE_ELSEWHERE:  # 32 GiB and more do not fit into the word
        return found.word(0x1C, size=4) & 0x7FFF_FFFF
    if size & _SIZE_IN_KIB:
        return (size & ~_SIZE_IN_KIB) // 1024
    return size
