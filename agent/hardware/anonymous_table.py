"""An SMBIOS table under other numbers: what the probe reads of it, and nothing else. Pure."""

from collections.abc import Mapping

from agent.hardware.pseudonyms import Pseudonyms
from agent.hardware.smbios import Structure, read_structures

# Where structures name makers, models and slots, and where numbers of this machine's own (DMTF
# DSP0134, 7). A string that stands for both is replaced.
_PUBLIC_STRINGS: Mapping[int, tuple[int, ...]] = {
    0: (0x04, 0x05, 0x08),
    1: (0x04, 0x05, 0x06, 0x19, 0x1A),
    2: (0x04, 0x05, 0x06),
    3: (0x04, 0x06),
    4: (0x04, 0x07, 0x10, 0x22),
    17: (0x10, 0x11, 0x17, 0x1A),
}
_PRIVATE_STRINGS: Mapping[int, tuple[int, ...]] = {
    0: (),
    1: (0x07,),
    2: (0x07, 0x08),
    3: (0x07, 0x08),
    4: (0x20, 0x21),
    17: (0x18, 0x19),
}
_SYSTEM, _UUID = 1, slice(0x08, 0x18)
_END = b"\x7f\x04\xfe\xff\0\0"
_BROKEN_OFF = b"\x01\0\0"


def other_table(names: Pseudonyms, raw: bytes) -> bytes:
    """The structures that are read; nothing else of the table is kept."""
    reading = read_structures(raw, _PUBLIC_STRINGS)
    structures = [_structure(names, structure) for structure in reading.structures]
    return b"".join([*structures, _END if reading.complete else _BROKEN_OFF])


def _structure(names: Pseudonyms, found: Structure) -> bytes:
    formatted = found.formatted
    if found.kind == _SYSTEM and len(formatted[_UUID]) == _UUID.stop - _UUID.start:
        uuid = names.uuid(formatted[_UUID])
        formatted = formatted[: _UUID.start] + uuid + formatted[_UUID.stop :]
    # A string that no known field points to may say anything; an empty one would end the structure.
    strings = ["?"] * (len(found.strings) if any(found.strings) else 0)
    for field in _PUBLIC_STRINGS[found.kind]:
        _put(strings, found.number(field), found.text(field))
    for field in _PRIVATE_STRINGS[found.kind]:
        _put(strings, found.number(field), names.text(found.text(field)))
    return formatted + "\0".join(strings).encode() + b"\0\0"


def _put(strings: list[str], number: int, text: str) -> None:
    if text and 0 < number <= len(strings):
        strings[number - 1] = text
