"""Where the SMBIOS table lies in the bytes that were handed over, and which version wrote it. Pure.

It comes in four forms: the structures alone (Linux), behind the eight bytes of Windows' answer for
`RSMB`, or behind an entry point of version 2 (`_SM_`) or 3 (`_SM3_`), as `dmidecode --dump-bin`
writes files. A table begins with a structure, and no structure looks like one of the other three:
the form is never guessed. An entry point whose sums are wrong has no table (DMTF DSP0134, 5.2).
"""

from typing import NamedTuple

_TWO = b"_SM_"
_TWO_BYTES = range(0x1E, 0x21)  # version 2.1 counted one byte less than it wrote
_TWO_TABLE = slice(0x10, 0x1F)
_TWO_TABLE_ANCHOR = b"_DMI_"
_THREE = b"_SM3_"
_THREE_BYTES = range(0x18, 0x21)
_WINDOWS_BYTES = 8
_WINDOWS_MAJORS = (2, 3)  # as a structure's length they would be too short to be one
# What some firmware calls version 2.3.
_MISNAMED = {(2, 31): (2, 3), (2, 33): (2, 3)}


class LocatedTable(NamedTuple):
    """The structures, the version where it is told, and whether bytes are missing at the end."""

    structures: bytes
    version: tuple[int, int] | None
    is_cut: bool


def locate(raw: bytes) -> LocatedTable:
    """Leave away what stands before the structures; whatever the bytes are, this returns."""
    if raw.startswith(_THREE):
        return _behind_three(raw)
    if raw.startswith(_TWO):
        return _behind_two(raw)
    if len(raw) >= _WINDOWS_BYTES and raw[1] in _WINDOWS_MAJORS:
        return _exactly(raw, _version(raw[1:3]), _WINDOWS_BYTES, _number(raw[4:8]))
    return LocatedTable(raw, None, is_cut=False)


def _behind_three(raw: bytes) -> LocatedTable:
    size = raw[6] if len(raw) >= _THREE_BYTES.start else 0
    if size not in _THREE_BYTES or not _is_zero_sum(raw[:size]):
        return _NOTHING
    # It tells the most that the table may have: the kernel cuts off what is not used.
    start, most = _place(raw, _number(raw[0x10:0x18]), size), _number(raw[0x0C:0x10])
    return LocatedTable(raw[start : start + most], _version(raw[7:9]), is_cut=False)


def _behind_two(raw: bytes) -> LocatedTable:
    size = raw[5] if len(raw) >= _TWO_TABLE.stop else 0
    part = raw[_TWO_TABLE]
    if size not in _TWO_BYTES or not _is_zero_sum(raw[:size]):
        return _NOTHING
    if not part.startswith(_TWO_TABLE_ANCHOR) or not _is_zero_sum(part):
        return _NOTHING
    start = _place(raw, _number(raw[0x18:0x1C]), _TWO_TABLE.stop)
    return _exactly(raw, _version(raw[6:8]), start, _number(raw[0x16:0x18]))


_NOTHING = LocatedTable(b"", None, is_cut=True)


def _is_zero_sum(part: bytes) -> bool:
    return sum(part) % 256 == 0


def _place(raw: bytes, address: int, entry_bytes: int) -> int:
    """Where the entry point says; in memory's own addresses that is far outside of a file."""
    return address if entry_bytes <= address < len(raw) else entry_bytes


def _exactly(raw: bytes, version: tuple[int, int], start: int, size: int) -> LocatedTable:
    return LocatedTable(raw[start : start + size], version, is_cut=start + size > len(raw))


def _version(pair: bytes) -> tuple[int, int]:
    told = (pair[0], pair[1])
    return _MISNAMED.get(told, told)


def _number(field: bytes) -> int:
    return int.from_bytes(field, "little")
