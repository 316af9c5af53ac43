"""SMBIOS tables built byte by byte, as firmware would lay them out (DMTF DSP0134, version 3.3)."""

import struct
from typing import NamedTuple

END_OF_TABLE = 127


class Board(NamedTuple):
    manufacturer: str = "Dell Inc."
    product: str = "02C2CP"
    serial: str = ".7F3KQZ2.CNFCP0012A34BC."
    hosting: bool = True


class Module(NamedTuple):
    serial: str
    part: str = "M393A4K40DB3-CWE"
    mebibytes: int = 32768


def structure(kind: int, formatted: bytes, *strings: str) -> bytes:
    """One structure: header, formatted bytes, strings. An empty string has no number of its own."""
    text = b"".join((string or " ").encode() + b"\0" for string in strings)
    header = struct.pack("<BBH", kind, 4 + len(formatted), 0x1000 + kind)
    return header + formatted + (text or b"\0") + b"\0"


def memory_device(module: Module, slot: int) -> bytes:
    """Type 17: one slot, perhaps empty."""
    size = min(module.mebibytes, 0x7FFF)
    formatted = struct.pack(
        "<HHHHHBBBBBHHBBBBBI",
        *(0x1000, 0xFFFE, 72, 64, size, 9, 0, 1, 0, 26, 128, 3200, 2, 3, 0, 4, 2),
        module.mebibytes if size == 0x7FFF else 0,
    )
    return structure(17, formatted, f"A{slot + 1}", "Samsung", module.serial, module.part)


def behind_entry_point_2(table: bytes, version: tuple[int, int] = (2, 8)) -> bytes:
    """A file as `dmidecode --dump-bin` writes it of a machine with a 32-bit entry point."""
    located = struct.pack("<5sBHIHB", b"_DMI_", 0, len(table), 32, table.count(b"\0\0"), 0x28)
    entry = struct.pack("<4sBBBBHB5x", b"_SM_", 0, 31, *version, 256, 0)
    return _summed(entry + _summed(located, 5), 4).ljust(32, b"\0") + table


def behind_entry_point_3(
    table: bytes, version: tuple[int, int] = (3, 3), address: int = 32, most: int | None = None
) -> bytes:
    """The same with a 64-bit entry point, which tells the most that the table may have."""
    size = len(table) if most is None else most
    entry = struct.pack("<5sBBBBBBBIQ", b"_SM3_", 0, 24, *version, 0, 1, 0, size, address)
    return _summed(entry, 5).ljust(32 if address == 32 else 24, b"\0") + table


def as_windows_answers(table: bytes, version: tuple[int, int] = (3, 3)) -> bytes:
    """What GetSystemFirmwareTable gives for `RSMB`."""
    return struct.pack("<BBBBI", 0, *version, 0, len(table)) + table


def with_right_sums(raw: bytes) -> bytes:
    """The same bytes with the sums of their entry point put right, if they begin with one."""
    if raw.startswith(b"_SM3_") and len(raw) >= 24:
        return _summed(raw[: raw[6]], 5) + raw[raw[6] :] if raw[6] > 5 else raw
    if raw.startswith(b"_SM_") and len(raw) >= 31:
        raw = raw[:16] + _summed(raw[16:31], 5) + raw[31:]
        return _summed(raw[: raw[5]], 4) + raw[raw[5] :] if raw[5] > 4 else raw
    return raw


def _summed(entry: bytes, place: int) -> bytes:
    """The entry with the byte at this place making the sum of all of them nothing."""
    others = sum(entry) - entry[place]
    return entry[:place] + bytes([-others % 256]) + entry[place + 1 :]
