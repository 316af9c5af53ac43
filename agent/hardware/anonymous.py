"""A recorded machine with stand-ins for all that identifies it; the parts stay what they are.

Each file that the probe reads is treated by its name; a name that is not known here is treated as
if all of it identified the machine. Makers, models, sizes and releases stay, or the recording would
explain nothing. Pure.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial

from msgspec.structs import replace

from agent.hardware.anonymous_disks import (
    layer_uuid,
    name_page,
    serial_page,
    worldwide_name,
)
from agent.hardware.anonymous_names import (
    other_kernel_release,
    other_name,
    other_path,
    other_source,
)
from agent.hardware.anonymous_table import other_table
from agent.hardware.answers import RecordedAnswers, RootMount
from agent.hardware.pseudonyms import Pseudonyms
from agent.hardware.recording import Recording
from agent.hardware.windows.answers import RecordedWindows

_Other = Callable[[Pseudonyms, str], str]
# Makers, models, and what the kernel counts; a UUID or an address in them is replaced nevertheless.
_PLAIN = (
    "addr_assign_type", "bios_date", "bios_vendor", "bios_version", "board_name", "board_vendor",
    "capabilities", "chassis_vendor", "compatible", "features", "model", "partition",
    "product_name", "sys_vendor", "type",
)  # fmt: skip
_FORMS = ("address", "perm_hwaddr", "product_uuid", "uuid", "vm,uuid")
# Of these the lines with a known beginning are kept, and no others.
_FIELDS: Mapping[str, frozenset[str]] = {
    "cpuinfo": frozenset({
        "", "processor", "vendor_id", "cpu family", "model", "model name", "stepping",
        "physical id", "flags", "CPU implementer", "CPU architecture", "CPU part", "CPU revision",
    }),
    "meminfo": frozenset({"MemTotal"}),
    "os-release": frozenset({
        "ID", "ID_LIKE", "PRETTY_NAME", "VARIANT_ID", "VERSION", "VERSION_ID",
    }),
}  # fmt: skip
# Who builds an image of a system titles it as he likes; the numbers in its titles are read.
_TITLES = ("PRETTY_NAME=", "VERSION=")
_NUMBERS = re.compile(r"\bSP\d+|\d+(?:\.\d+)*")
_NO_NUMBER = "-"
# A number that Linux' own storage server makes.
_NAMED_VOLUMES = b"naa.6001405"
# As drivers name a card's ports, and the slices of them.
_PORT = re.compile(r"(?:c\d{1,3})?pf?\d{1,3}(?:(?:s|vf|sf)\d{1,5})?|\d{1,3}")


def anonymous(recording: Recording, key: bytes) -> Recording:
    """The same machine under other numbers; `key` decides which, so recordings can be compared."""
    names = Pseudonyms(key)
    if isinstance(recording.answers, RecordedWindows):
        # Loaded here alone: it brings the layouts of Windows with it.
        from agent.hardware.windows.anonymous import other_answers

        return recording._replace(answers=other_answers(names, recording.answers))
    path = partial(other_path, names)
    # A file is what it was asked for, whatever the file is called in which the link ends.
    asked = {target: link for link, target in recording.links.items()}
    return Recording(
        files={
            path(file): _content(names, asked.get(file, file), raw, recording)
            for file, raw in recording.files.items()
        },
        folders=frozenset(map(path, recording.folders)),
        links={path(link): path(target) for link, target in recording.links.items()},
        answers=_answers(names, recording.answers),
    )


def _answers(names: Pseudonyms, answers: RecordedAnswers) -> RecordedAnswers:
    root = answers.root
    return replace(
        answers,
        root=root
        and RootMount(
            device=other_name(names, root.device), source=other_source(names, root.source)
        ),
        permanent_addresses={
            other_name(names, card): names.form(address)
            for card, address in answers.permanent_addresses.items()
        },
        refused={other_path(names, path): reason for path, reason in answers.refused.items()},
    )


def _content(names: Pseudonyms, path: str, raw: bytes, recording: Recording) -> bytes:
    folder, _, name = path.rpartition("/")
    in_bytes: Mapping[str, Callable[[Pseudonyms, bytes], bytes]] = {
        "DMI": other_table,
        "vpd_pg80": serial_page,
        "vpd_pg83": name_page,
    }
    if name in in_bytes:
        return in_bytes[name](names, raw)
    text = raw.decode("utf-8", "replace")
    if name == "model" and recording.files.get(f"{folder}/wwid", b"").startswith(_NAMED_VOLUMES):
        # That server's disks have for a model what their owner calls them.
        return names.name(text).encode()
    lines = text.splitlines(keepends=True)
    return "".join(_line(names, folder, name, line) for line in lines).encode()


def _line(names: Pseudonyms, folder: str, name: str, line: str) -> str:
    text = line.rstrip("\0 \t\r\n")
    end = line[len(text) :]
    fields = _FIELDS.get(name)
    if fields is None:
        return _rule(folder, name)(names, text) + end
    if re.split("[:=]", text, maxsplit=1)[0].strip() not in fields:
        return ""
    for title in _TITLES:
        if text.startswith(title):
            return f'{title}"{_numbers(text)}"{end}'
    return line


def _rule(folder: str, name: str) -> _Other:
    if folder.endswith("/dm"):
        # Volumes are what their owner calls them, and that is how the root's device is found.
        of_layer: Mapping[str, _Other] = {"uuid": layer_uuid, "name": other_name}
        return of_layer.get(name, Pseudonyms.text)
    others: Mapping[str, _Other] = {
        **dict.fromkeys(_PLAIN, Pseudonyms.within),
        **dict.fromkeys(_FORMS, Pseudonyms.form),
        **dict.fromkeys(("serial", "cid"), Pseudonyms.disk),
        **dict.fromkeys(("centos-release", "debian_version"), _release),
        "hostname": Pseudonyms.name,
        "osrelease": other_kernel_release,
        "phys_port_name": _port,
        "wwid": worldwide_name,
    }
    return others.get(name, Pseudonyms.text)


def _release(_names: Pseudonyms, text: str) -> str:
    return _numbers(text) or _NO_NUMBER


def _numbers(text: str) -> str:
    return " ".join(_NUMBERS.findall(text))


def _port(names: Pseudonyms, name: str) -> str:
    return name if _PORT.fullmatch(name) else names.name(name)
