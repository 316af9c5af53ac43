"""What disks and the layers over them call themselves, under other numbers. Pure.

The scheme of a name stays, and of T10's names maker and model; everything else is taken for the
disk's own number, whatever its form.
"""

import re

from agent.hardware.pseudonyms import Pseudonyms
from agent.hardware.vital_product import designators, unit_serial

_SCHEMES = frozenset({"eui", "naa", "nvme", "uuid"})
_T10 = "t10"
# SAT's columns (SAT-4, 10.4): "ATA" in eight, the model in forty, the serial behind them. Other
# makers lay the part behind their name out as they like.
_MAKER_COLUMNS, _MODEL_COLUMNS = 8, 40
_SAT = "ATA".ljust(_MAKER_COLUMNS)
_GAP = "  "
_WORD = re.compile(r"\S+")
_LAYERS = re.compile(r"LVM|CRYPT|DMRAID|VERITY|INTEGRITY|mpath|part\d{1,3}")


def worldwide_name(names: Pseudonyms, name: str) -> str:
    """As `wwid` spells it. The last word stays what the same disk's serial alone would be."""
    scheme, mark, number = name.partition(".")
    if mark and scheme in _SCHEMES:
        return f"{scheme}{mark}{names.text(number)}"
    if mark and scheme == _T10:
        return f"{scheme}{mark}{_t10_number(names, number)}"
    return names.disk(name)


def _t10_number(names: Pseudonyms, number: str) -> str:
    model = ""
    if number.startswith(_SAT):
        # Without a gap or a full column nothing tells where the model ends.
        columns = number[_MAKER_COLUMNS : _MAKER_COLUMNS + _MODEL_COLUMNS]
        told, gap, _ = columns.partition(_GAP)
        is_told = gap or len(number) > _MAKER_COLUMNS + _MODEL_COLUMNS
        model = _SAT + told if is_told else _SAT
    elif number[:_MAKER_COLUMNS].endswith(" "):
        model = number[:_MAKER_COLUMNS]
    rest = number[len(model) :]
    words = [(found.start(), found.end()) for found in _WORD.finditer(rest)]
    pieces, start = [model], 0
    for first, end in words:
        other = names.disk if (first, end) == words[-1] else names.name
        pieces += [rest[start:first], other(rest[first:end])]
        start = end
    return "".join([*pieces, rest[start:]])


def layer_uuid(names: Pseudonyms, uuid: str) -> str:
    """What kind of layer it is stays: the probe asks for that alone."""
    kind, mark, rest = uuid.partition("-")
    is_known = mark and _LAYERS.fullmatch(kind)
    return f"{kind}{mark}{names.name(rest)}" if is_known else names.name(uuid)


def serial_page(names: Pseudonyms, page: bytes) -> bytes:
    """SCSI's page 0x80."""
    serial = names.disk(unit_serial(page)).encode("ascii", "replace")
    return b"\0\x80" + len(serial).to_bytes(2, "big") + serial


def name_page(names: Pseudonyms, page: bytes) -> bytes:
    """SCSI's page 0x83: the names that are read, and no other; each as its `wwid` would be."""
    made: list[bytes] = []
    for found in designators(page):
        number = names.number(page[found.start : found.end].hex())
        made.append(bytes((1, found.kind, 0, found.end - found.start)) + bytes.fromhex(number))
    body = b"".join(made)
    return b"\0\x83" + len(body).to_bytes(2, "big") + body
