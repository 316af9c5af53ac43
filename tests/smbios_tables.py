"""SMBIOS tables built byte by byte, as firmware would lay them out (DMTF DSP0134, version 3.3)."""

import struct
from typing import NamedTuple


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
    text = b"".join((string or " ").encode("latin-1") + b"\0" for string in strings)
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
