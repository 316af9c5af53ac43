"""A recorded Windows under other numbers; makes, models, sizes and releases stay. Pure.

Structures are laid out anew with what the probe reads of them: names that people gave, counters and
the rest of a driver's answer are not kept. A damaged answer stays damaged, and empty.
"""

import re
from collections.abc import Callable, Mapping

from agent.fingerprint import UnknownReason
from agent.hardware.anonymous_table import other_table
from agent.hardware.pseudonyms import Pseudonyms
from agent.hardware.windows.anonymous_values import other_value
from agent.hardware.windows.answers import Failure, Question, RecordedAnswers, RecordedWindows
from agent.hardware.windows.disks import BINARY, SCHEMES, descriptor_of, extents_of, names_of
from agent.hardware.windows.layouts import (
    Address,
    DeviceDescriptor,
    DiskExtent,
    ExtentsHeader,
    Guid,
    HypervisorDetails,
    IdentifierHeader,
    IdentifiersHeader,
    InterfaceRow,
    InterfacesHeader,
    MemoryStatus,
    laid_out,
    size_of,
)
from agent.hardware.windows.network import MAC_BYTES, rows_of
from agent.hardware.windows.processor import records_of

_KINDS = {scheme: kind for kind, scheme in SCHEMES.items()}
_FORMAT_DIGITS = 2  # of a name: which format it has, and the first of its maker's
# What it is asked about: a volume by its drive, a disk by its number.
_SUBJECT = re.compile(r"[A-Z]:|\d{1,5}|")
_COUNTER_BYTES = 8
# Where Linux' own storage server stands behind a disk, its model is what its owner calls it.
_NAMED_BY_OWNER = "LIO-ORG"
# An administrator of the host may make a guest's hypervisor say anything; these are what they say.
_HYPERVISORS = frozenset({
    b"Microsoft Hv", b"VMwareVMware", b"KVMKVMKVM\0\0\0", b"Linux KVM Hv", b"XenVMMXenVMM",
    b"VBoxVBoxVBox", b"TCGTCGTCGTCG", b"bhyve bhyve ", b" prl hyperv ", b" lrpepyh  vr",
    b"ACRNACRNACRN",
})  # fmt: skip
_ANY_HYPERVISOR = b"?" * 12
_BROKEN_OFF = b"\0"


def other_answers(names: Pseudonyms, recorded: RecordedWindows) -> RecordedWindows:
    """The same machine's answers, by the stand-ins of `names`."""
    answers = recorded.windows or RecordedAnswers()
    bytes_of = {
        asked: _other_bytes(names, question, raw)
        for asked, raw in answers.bytes_of.items()
        if (question := _question(asked))
    }
    values_of = dict(other_value(names, *item) for item in answers.values_of.items())
    return RecordedWindows(windows=RecordedAnswers(bytes_of=bytes_of, values_of=values_of))


def _question(asked: str) -> Question | None:
    """What was asked; None for what nobody asks, so that its answer is not kept."""
    kind, _, subject = asked.partition(" ")
    known = {question.value: question for question in Question}
    return known.get(kind) if _SUBJECT.fullmatch(subject) else None


def _other_bytes(names: Pseudonyms, question: Question, raw: bytes | Failure) -> bytes | Failure:
    if isinstance(raw, Failure):
        return raw
    # Without a rule there is no answer: a question that is added must be given one.
    rules: Mapping[Question, Callable[[Pseudonyms, bytes], bytes]] = {
        Question.FIRMWARE: other_table,
        Question.VOLUME: _extents,
        Question.DISK: _descriptor,
        Question.DISK_IDENTIFIERS: _identifiers,
        Question.INTERFACES: _interfaces,
        Question.PACKAGES: _packages,
        Question.HYPERVISOR: _hypervisor,
        Question.MEMORY: _memory,
        Question.UPTIME: _counter,
        Question.BOOTS: _counter,
    }
    return rules[question](names, raw)


def _extents(_names: Pseudonyms, raw: bytes) -> bytes:
    disks = extents_of(raw)
    if isinstance(disks, UnknownReason):
        return b""
    parts = (bytes(DiskExtent(disk=disk)) for disk in disks)
    return b"".join((bytes(ExtentsHeader(count=len(disks))), *parts))


def _packages(_names: Pseudonyms, raw: bytes) -> bytes:
    records = records_of(raw)
    if isinstance(records, UnknownReason):
        return _BROKEN_OFF
    return b"".join(bytes(record)[: record.size].ljust(record.size, b"\0") for record in records)


def _hypervisor(_names: Pseudonyms, raw: bytes) -> bytes:
    found = laid_out(HypervisorDetails, raw)
    if found is None:
        return b""
    said = bytes(found.vendor)[4:]
    name = said if said in _HYPERVISORS or not any(said) else _ANY_HYPERVISOR
    return bytes(
        HypervisorDetails(
            vendor=type(found.vendor).from_buffer_copy(bytes(found.vendor)[:4] + name),
            interface=type(found.interface)(found.interface[0]),
            features=type(found.features)(*found.features[:2]),
        )
    )


def _memory(_names: Pseudonyms, raw: bytes) -> bytes:
    found = laid_out(MemoryStatus, raw)
    if found is None:
        return b""
    return bytes(MemoryStatus(length=size_of(MemoryStatus), total_physical=found.total_physical))


def _counter(_names: Pseudonyms, raw: bytes) -> bytes:
    return raw if len(raw) <= _COUNTER_BYTES else b""


def _descriptor(names: Pseudonyms, raw: bytes) -> bytes:
    found = descriptor_of(raw)
    if found is None:
        return b""
    made = DeviceDescriptor(version=size_of(DeviceDescriptor))
    strings = b""
    is_owners = found.vendor.upper() == _NAMED_BY_OWNER
    product = names.name(found.product) if is_owners else found.product
    texts = (found.vendor, product, names.disk(found.serial))
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
        number = digits[:_FORMAT_DIGITS] + names.number(digits[_FORMAT_DIGITS:])
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
