"""A recorded machine with stand-ins for all that identifies it; the parts stay what they are.

Each file that the probe reads is treated by its name; a name that is not known here is treated as
if all of it identified the machine. Makers, models, sizes and releases stay, or the recording would
explain nothing. Pure.
"""

from collections.abc import Callable, Mapping
from functools import partial

from msgspec.structs import replace

from agent.hardware.anonymous_table import other_table
from agent.hardware.answers import RecordedAnswers, RootMount
from agent.hardware.pseudonyms import Pseudonyms
from agent.hardware.recording import Recording
from agent.hardware.vital_product import designators, unit_serial
from agent.hardware.windows.answers import RecordedWindows

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
_MAPPER = "/dev/mapper/"


def anonymous(recording: Recording, key: bytes) -> Recording:
    """The same machine under other numbers; `key` decides which, so recordings can be compared."""
    names = Pseudonyms(key)
    if isinstance(recording.answers, RecordedWindows):
        # Loaded here alone: it brings the layouts of Windows with it.
        from agent.hardware.windows.anonymous import other_answers

        return recording._replace(answers=other_answers(names, recording.answers))
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
        "DMI": other_table,
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
    if not mark:
        return names.disk(name)
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
