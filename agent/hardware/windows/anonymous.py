"""A recorded Windows under other numbers; makes, models, sizes and releases stay. Pure.

Structures are laid out anew with what the probe reads of them: names that people gave, counters and
the rest of a driver's answer are not kept. A damaged answer stays damaged, and empty.
"""

from collections.abc import Callable, Mapping

from agent.fingerprint import UnknownReason
from agent.hardware.anonymous_table import other_table
from agent.hardware.pseudonyms import Pseudonyms
from agent.hardware.windows.answers import Failure, Question, RecordedAnswers, RecordedWindows
from agent.hardware.windows.disks import BINARY, SCHEMES, descriptor_of, names_of
from agent.hardware.windows.layouts import (
    Address,
    DeviceDescriptor,
    Guid,
    IdentifierHeader,
    IdentifiersHeader,
    InterfaceRow,
    InterfacesHeader,
    size_of,
)
from agent.hardware.windows.network import MAC_BYTES, rows_of

_DEVICE = "PnPInstanceID"
# Nothing in these says which machine it is. A name that is not known here is treated as if it did.
_PLAIN = frozenset({
    "CurrentBuildNumber", "CurrentMajorVersionNumber", "CurrentMinorVersionNumber", "EditionID",
    "Identifier", "InstallationType", "ProcessorNameString", "SystemRoot", "UBR",
    "VendorIdentifier",
})  # fmt: skip
_KINDS = {scheme: kind for kind, scheme in SCHEMES.items()}
_FORMAT_DIGITS = 2  # of a name: which format it has, and the first of its maker's
_DEVICE_PARTS = 2  # bus and model; the third tells one card of a model from another


def other_answers(names: Pseudonyms, recorded: RecordedWindows) -> RecordedWindows:
    """The same machine's answers, by the stand-ins of `names`."""
    answers = recorded.windows or RecordedAnswers()
    bytes_of = {asked: _other_bytes(names, asked, raw) for asked, raw in answers.bytes_of.items()}
    values_of = dict(_other_value(names, *item) for item in answers.values_of.items())
    return RecordedWindows(windows=RecordedAnswers(bytes_of=bytes_of, values_of=values_of))


def _other_bytes(names: Pseudonyms, asked: str, raw: bytes | Failure) -> bytes | Failure:
    if isinstance(raw, Failure):
        return raw
    in_structures: Mapping[str, Callable[[Pseudonyms, bytes], bytes]] = {
        Question.FIRMWARE: other_table,
        Question.DISK: _descriptor,
        Question.DISK_IDENTIFIERS: _identifiers,
        Question.INTERFACES: _interfaces,
    }
    other = in_structures.get(asked.partition(" ")[0])
    return other(names, raw) if other else raw


def _other_value(
    names: Pseudonyms, key: str, value: str | int | Failure
) -> tuple[str, str | int | Failure]:
    name = key.rpartition("\\")[2]
    if name == _DEVICE:
        key = _other_connection(names, key)
        value = "\\".join(value.split("\\")[:_DEVICE_PARTS]) if isinstance(value, str) else value
    elif isinstance(value, str) and name not in _PLAIN:
        value = names.text(value)
    return key, value


def _other_connection(names: Pseudonyms, key: str) -> str:
    """The interface's own GUID, and not that of the class of all network devices."""
    *above, guid, connection, name = key.split("\\")
    return "\\".join([*above, names.within(guid), connection, name])


def _descriptor(names: Pseudonyms, raw: bytes) -> bytes:
    found = descriptor_of(raw)
    if found is None:
        return b""
    made = DeviceDescriptor(version=size_of(DeviceDescriptor))
    strings = b""
    texts = (found.vendor, found.product, names.disk(found.serial))
    for field, text in zip(("vendor", "product", "serial"), texts, strict=True):
        if text:
            setattr(made, field, size_of(DeviceDescriptor) + len(strings))
            strings += text.encode("latin-1", "replace") + b"\0"
    return bytes(made) + strings


def _identifiers(names: Pseudonyms, raw: bytes) -> bytes:
    found = names_of(raw)
    if found is None:
        return b""
    made = bytes(IdentifiersHeader(count=len(found)))
    for name in found:
        scheme, _, digits = name.partition(".")
        number = digits[:_FORMAT_DIGITS] + names.text(digits[_FORMAT_DIGITS:])
        value = bytes.fromhex(number)
        header = IdentifierHeader(
            code_set=BINARY,
            kind=_KINDS[scheme],
            size=len(value),
            next=size_of(IdentifierHeader) + len(value),
        )
        made += bytes(header) + value
    return made


def _interfaces(names: Pseudonyms, raw: bytes) -> bytes:
    rows = rows_of(raw)
    if isinstance(rows, UnknownReason):
        return b""
    made = [bytes(InterfacesHeader(count=len(rows)))]
    for row in rows:
        address = bytes(row.permanent_address)[: min(row.address_length, MAC_BYTES)]
        other = names.address(address) if address else address
        made.append(
            bytes(
                InterfaceRow(
                    guid=Guid(*names.uuid(bytes(row.guid))),
                    address_length=row.address_length,
                    permanent_address=Address(*other),
                    type=row.type,
                    flags=row.flags,
                )
            )
        )
    return b"".join(made)
