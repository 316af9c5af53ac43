"""Windows' structures built byte by byte, as its kernel would lay them out.

The bytes are packed by the offsets of the Windows SDK and not by `agent.hardware.windows.layouts`,
which is under test.
"""

import struct
from typing import NamedTuple
from uuid import UUID

ETHERNET, LOOPBACK = 6, 24
HARDWARE, FILTER = 0x05, 0x02  # the first has a connector too
NAA, EUI, T10_VENDOR = 3, 2, 1
BINARY, ASCII = 1, 2
LOGICAL_UNIT, PORT = 0, 1


class Adapter(NamedTuple):
    """One row of GetIfTable2; without a device it is one that software made."""

    guid: str
    device: str | None
    permanent: str
    in_use: str = ""
    type: int = ETHERNET
    flags: int = HARDWARE
    alias: str = "Ethernet"


class Identifier(NamedTuple):
    """One of page 0x83."""

    kind: int
    value: bytes
    code_set: int = BINARY
    association: int = LOGICAL_UNIT


class Disk(NamedTuple):
    """One physical disk; without identifiers its driver knows no page 0x83."""

    vendor: str = ""
    product: str = ""
    serial: str = ""
    identifiers: tuple[Identifier, ...] | None = None


class Hypervisor(NamedTuple):
    """What the processor says of it."""

    vendor: bytes = b""
    interface: bytes = b""
    features: tuple[int, int] = (0, 0)


def firmware_table(table: bytes) -> bytes:
    """RawSMBIOSData: calling method, version 3.3, revision, length, table."""
    return struct.pack("<BBBBI", 0, 3, 3, 0, len(table)) + table


def extents(*disks: int) -> bytes:
    """VOLUME_DISK_EXTENTS: a count, four bytes of padding, 24 bytes for each extent."""
    parts = (struct.pack("<I4xQQ", disk, 0x1000_0000, 0x10_0000_0000) for disk in disks)
    return struct.pack("<I4x", len(disks)) + b"".join(parts)


def descriptor(disk: Disk) -> bytes:
    """STORAGE_DEVICE_DESCRIPTOR: 36 bytes, then the strings that four of them point to."""
    offsets: list[int] = []
    strings = b""
    for text in (disk.vendor, disk.product, "1.0", disk.serial):
        offsets.append(36 + len(strings) if text else 0)
        strings += text.encode("latin-1") + b"\0" if text else b""
    size = 36 + len(strings)
    return struct.pack("<IIBBBBIIIIII", 40, size, 0, 0, 0, 1, *offsets, 10, 0) + strings


def identifiers(*found: Identifier) -> bytes:
    """STORAGE_DEVICE_ID_DESCRIPTOR: each identifier is aligned to four bytes."""
    parts: list[bytes] = []
    for place, one in enumerate(found):
        padded = one.value + bytes(-len(one.value) % 4)
        following = 16 + len(padded) if place + 1 < len(found) else 0
        sizes = (len(one.value), following)
        parts.append(struct.pack("<IIHHI", one.code_set, one.kind, *sizes, one.association))
        parts.append(padded)
    body = b"".join(parts)
    return struct.pack("<III", 13, 12 + len(body), len(found)) + body


def interface_row(adapter: Adapter, index: int = 1) -> bytes:
    """MIB_IF_ROW2: 1352 bytes."""
    row = bytearray(1352)
    permanent = bytes.fromhex(adapter.permanent.replace(":", ""))
    in_use = bytes.fromhex(adapter.in_use.replace(":", "")) or permanent
    struct.pack_into("<QI", row, 0, index << 24, index)
    row[12:28] = UUID(adapter.guid).bytes_le
    for offset, text in ((28, adapter.alias), (542, f"{adapter.alias} Adapter")):
        wide = text.encode("utf-16-le")
        row[offset : offset + len(wide)] = wide
    struct.pack_into("<I", row, 1056, len(in_use))
    row[1060 : 1060 + len(in_use)] = in_use
    row[1092 : 1092 + len(permanent)] = permanent
    struct.pack_into("<II", row, 1124, 1500, adapter.type)
    struct.pack_into("<B", row, 1152, adapter.flags)
    struct.pack_into("<QQQ", row, 1192, 10**9, 10**9, 123_456_789)
    return bytes(row)


def interface_table(*rows: bytes) -> bytes:
    """MIB_IF_TABLE2: a count, four bytes of padding, the rows."""
    return struct.pack("<I4x", len(rows)) + b"".join(rows)


def packages(count: int) -> bytes:
    """One SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX of one group for each package."""
    record = struct.pack("<IIBB20xHQHHHH", 3, 48, 0, 0, 1, 0xFF, 0, 0, 0, 0)
    return record * count


def hypervisor_details(found: Hypervisor) -> bytes:
    """Seven leaves of four registers: vendor, interface, version, features and three more."""
    leaves = [bytes(16)] * 7
    if found.vendor:
        leaves[0] = struct.pack("<I12s", 0x4000_0006, found.vendor)
        leaves[1] = struct.pack("<4s12x", found.interface)
        leaves[3] = struct.pack("<II8x", *found.features)
    return b"".join(leaves)
