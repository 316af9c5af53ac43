"""A recorded machine with stand-ins for all that identifies it; the parts stay what they are.

Each file that the probe reads is treated by its name; a name that is not known here is treated as
if all of it identified the machine. Makers, models, sizes and releases stay, or the recording would
explain nothing. Pure.
"""

from collections.abc import Callable, Mapping
from functools import partial

from msgspec.structs import replace

from agent.hardware.answers import RecordedAnswers, RootMount
from agent.hardware.pseudonyms import Pseudonyms
from agent.hardware.recording import Recording
from agent.hardware.smbios import Structure, read_structures
from agent.hardware.vital_product import designators, unit_serial

# Nothing in these says which machine it is; a UUID or an address in them is replaced nevertheless.
_PLAIN = frozenset({
    "addr_assign_type", "address", "bios_date", "bios_vendor", "bios_version", "board_name",
    "board_vendor", "capabilities", "centos-release", "chassis_vendor", "compatible",
    "debian_version", "features", "meminfo", "model", "os-release", "osrelease", "partition",
    "perm_hwaddr", "phys_port_name", "product_name", "product_uuid", "sys_vendor", "type", "uuid",
    "vm,uuid",
})  # fmt: skip
_DISK_NAMES = frozenset({"serial", "cid"})
_PROCESSOR_FIELDS = frozenset({
    "processor", "vendor_id", "cpu family", "model", "model name", "stepping", "physical id",
    "flags", "CPU implementer", "CPU architecture", "CPU part", "CPU revision",
})  # fmt: skip
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
_MAPPER = "/dev/mapper/"


def anonymous(recording: Recording, key: bytes) -> Recording:
    """The same machine under other numbers; `key` decides which, so recordings can be compared."""
    names = Pseudonyms(key)
    path = names.within
    return Recording(
        files={path(file): _content(names, file, raw) for file, raw in recording.files.items()},
        folders=frozenset(map(path, recording.folders)),
        links={path(link): path(target) for link, target in recording.links.items()},
        answers=_answers(names, recording.answers),
    )


def _answers(names: Pseudonyms, answers: RecordedAnswers) -> RecordedAnswers:
    root = answers.root
    return replace(
        answers,
        root=root and RootMount(device=root.device, source=_source(names, root.source)),
        permanent_addresses={
            names.within(card): names.within(address)
            for card, address in answers.permanent_addresses.items()
        },
        refused={names.within(path): reason for path, reason in answers.refused.items()},
    )


def _source(names: Pseudonyms, source: str) -> str:
    """A device keeps its name; a volume, a pool or another server's export has one of its own."""
    if source.startswith(_MAPPER):
        return _MAPPER + names.text(source.removeprefix(_MAPPER))
    is_named = "/" in source and not source.startswith("/dev/")
    return names.text(source) if is_named else names.within(source)


def _content(names: Pseudonyms, path: str, raw: bytes) -> bytes:
    name = path.rpartition("/")[2]
    in_bytes: Mapping[str, Callable[[Pseudonyms, bytes], bytes]] = {
        "DMI": _table,
        "vpd_pg80": _serial_page,
        "vpd_pg83": _name_page,
    }
    if name in in_bytes:
        return in_bytes[name](names, raw)
    text = raw.decode("utf-8", "replace")
    return "".join(map(partial(_line, names, path), text.splitlines(keepends=True))).encode()


def _line(names: Pseudonyms, path: str, line: str) -> str:
    folder, _, name = path.rpartition("/")
    end = line[len(line.rstrip("\0 \t\r\n")) :]
    text = line.removesuffix(end)
    if name == "cpuinfo":
        return line if not text or text.partition(":")[0].strip() in _PROCESSOR_FIELDS else ""
    if name == "uuid" and folder.endswith("/dm"):
        return _mapper_uuid(names, text) + end
    if name in _PLAIN:
        return names.within(text) + end
    if name == "wwid":
        return _worldwide_name(names, text) + end
    return (names.disk(text) if name in _DISK_NAMES else names.text(text)) + end


def _mapper_uuid(names: Pseudonyms, uuid: str) -> str:
    """What kind of layer it is stays: the probe asks for that alone."""
    kind, mark, rest = uuid.partition("-")
    return f"{kind}{mark}{names.text(rest)}"


def _worldwide_name(names: Pseudonyms, name: str) -> str:
    """The scheme stays, and of T10's names all but the serial."""
    scheme, mark, number = name.partition(".")
    kept, space, serial = number.rpartition(" ")
    made = names.disk(serial) if space else names.text(number)
    return f"{scheme}{mark}{kept}{space}{made}"


def _serial_page(names: Pseudonyms, page: bytes) -> bytes:
    serial = names.disk(unit_serial(page)).encode("ascii", "replace")
    return b"\0\x80" + len(serial).to_bytes(2, "big") + serial


def _name_page(names: Pseudonyms, page: bytes) -> bytes:
    """The names that are read, and no other; each as its `wwid` would be replaced."""
    made: list[bytes] = []
    for found in designators(page):
        number = names.text(page[found.start : found.end].hex())
        made.append(bytes((1, found.kind, 0, found.end - found.start)) + bytes.fromhex(number))
    body = b"".join(made)
    return b"\0\x83" + len(body).to_bytes(2, "big") + body


def _table(names: Pseudonyms, raw: bytes) -> bytes:
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
