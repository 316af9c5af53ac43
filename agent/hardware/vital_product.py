"""SCSI's vital product data (SPC-5, 7.7): the pages by which a disk names itself. Pure.

The bytes come from a device or from a recording: what does not add up names nothing.
"""

from typing import NamedTuple

_HEADER_BYTES = 4
_KIND = 0x0F
_ASSOCIATION = 0x30  # nought for the disk itself; others name the port or the enclosure
_EUI = 2
_NAA = 3
_SCHEMES = {_EUI: "eui", _NAA: "naa"}


class Designator(NamedTuple):
    """One name of page 0x83 and where its bytes lie."""

    kind: int
    start: int
    end: int


def unit_serial(page: bytes) -> str:
    """Page 0x80: a header of four bytes, then the serial."""
    return page[_HEADER_BYTES:].decode("ascii", "replace").strip("\0 ")


def unit_name(page: bytes) -> str | None:
    """Page 0x83: the worldwide name, spelled as the kernel spells `wwid`; None where it has none.

    NAA before EUI, and the longer before the shorter: the order in which the kernel prefers them.
    """
    found = max(
        designators(page), key=lambda name: (name.kind, name.end - name.start), default=None
    )
    if found is None:
        return None
    return f"{_SCHEMES[found.kind]}.{page[found.start : found.end].hex()}"


def designators(page: bytes) -> list[Designator]:
    """The worldwide names of the disk itself."""
    found: list[Designator] = []
    end = min(len(page), _HEADER_BYTES + int.from_bytes(page[2:_HEADER_BYTES], "big"))
    start = _HEADER_BYTES
    while start + _HEADER_BYTES < end:
        last = start + _HEADER_BYTES + page[start + 3]
        kind, association = page[start + 1] & _KIND, page[start + 1] & _ASSOCIATION
        if last > end:
            break
        if kind in _SCHEMES and not association:
            found.append(Designator(kind, start + _HEADER_BYTES, last))
        start = last
    return found
