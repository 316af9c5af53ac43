"""An SMBIOS table under other numbers: what the probe reads of it, and nothing else. Pure."""

from collections.abc import Mapping

from agent.hardware.pseudonyms import Pseudonyms
from agent.hardware.smbios import Structure, read_structures

# Where structures name makers, models and slots, where numbers of this machine's own, and what else
# is read of them (DMTF DSP0134, 7). A string that stands for both is replaced.
_PUBLIC_STRINGS: Mapping[int, tuple[int, ...]] = {
    0: (0x04, 0x05, 0x08),
    1: (0x04, 0x05),
    2: (0x04, 0x05),
    3: (0x04,),
    4: (0x04, 0x07, 0x10),
    17: (0x10, 0x17, 0x1A),
}
_PRIVATE_STRINGS: Mapping[int, tuple[int, ...]] = {
    0: (),
    1: (0x07,),
    2: (0x07,),
    3: (0x07, 0x08),
    4: (),
    17: (0x18,),
}
_NUMBERS: Mapping[int, tuple[slice, ...]] = {
    0: (),
    1: (slice(0x08, 0x18),),
    2: (slice(0x09, 0x0A),),
    3: (),
    4: (slice(0x18, 0x19),),
    17: (slice(0x0C, 0x0E), slice(0x1C, 0x20)),
}
_HEADER = slice(0x00, 0x04)
_SYSTEM, _UUID = 1, slice(0x08, 0x18)
_END = b"\x7f\x04\xfe\xff\0\0"
_BROKEN_OFF = b"\x01\0\0"


def other_table(names: Pseudonyms, raw: bytes) -> bytes:
    """The structures that are read; nothing else of the table is kept."""
    reading = read_structures(raw, _PUBLIC_STRINGS)
    structures = [_structure(names, structure) for structure in reading.structures]
    return b"".join([*structures, _END if reading.complete else _BROKEN_OFF])


def _structure(names: Pseudonyms, found: Structure) -> bytes:
    formatted = _read_fields(found)
    if found.kind == _SYSTEM and len(formatted[_UUID]) == _UUID.stop - _UUID.start:
        formatted[_UUID] = names.uuid(bytes(formatted[_UUID]))
    # A string that no known field points to may say anything; an empty one would end the structure.
    strings = ["?"] * (len(found.strings) if any(found.strings) else 0)
    for field in _PUBLIC_STRINGS[found.kind]:
        _put(strings, found.number(field), found.text(field))
    for field in _PRIVATE_STRINGS[found.kind]:
        _put(strings, found.number(field), names.text(found.text(field)))
    return bytes(formatted) + "\0".join(strings).encode() + b"\0\0"


def _read_fields(found: Structure) -> bytearray:
    """The structure's fields as far as they are read; makers put bytes of their own behind them."""
    made = bytearray(len(found.formatted))
    strings = (*_PUBLIC_STRINGS[found.kind], *_PRIVATE_STRINGS[found.kind])
    fields = (slice(field, field + 1) for field in strings)
    for field in (_HEADER, *_NUMBERS[found.kind], *fields):
        made[field] = found.formatted[field]
    return made


def _put(strings: list[str], number: int, text: str) -> None:
    if text and 0 < number <= len(strings):
        strings[number - 1] = text
