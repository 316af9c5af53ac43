"""The processor's make and number of sockets, in the words of /proc/cpuinfo.

And whether a hypervisor stands beneath the system: the same registers that Linux reads, as the
kernel of Windows hands them out.
"""

import re

from agent.fingerprint import Component, UnknownReason, known, unknown
from agent.hardware.normalisation import clean
from agent.hardware.windows.answers import Failure, Question, WindowsAnswers, text_of
from agent.hardware.windows.layouts import HypervisorDetails, RelationHeader, laid_out
from protocol.weights import ComponentId

_KEY = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
_SOURCE = rf"HKLM\{_KEY}"
_IDENTIFIER = re.compile(r"\bFamily (\d+) Model (\d+) Stepping (\d+)\b")
_PACKAGE = 3  # winnt.h: RelationProcessorPackage
_MICROSOFT_INTERFACE = int.from_bytes(b"Hv#1", "little")
# Only the system that the hypervisor was started by may make others, or manage the processors.
_ROOT_PRIVILEGES = 1 << 0 | 1 << 12


def processor(answers: WindowsAnswers) -> Component:
    """Vendor, family, model, stepping and sockets of the first processor."""
    vendor = text_of(answers, _KEY, "VendorIdentifier")
    identifier = text_of(answers, _KEY, "Identifier")
    sockets = _sockets(answers.ask(Question.PACKAGES))
    for reading in (vendor, identifier, sockets):
        if isinstance(reading, UnknownReason):
            return unknown(ComponentId.CPU, _SOURCE, reading)
    numbers = _IDENTIFIER.search(str(identifier))
    if numbers is None:
        return unknown(ComponentId.CPU, _SOURCE, UnknownReason.DAMAGED)
    value = clean(f"{vendor} {' '.join(numbers.groups())} sockets {sockets}")
    label = text_of(answers, _KEY, "ProcessorNameString")
    return known(ComponentId.CPU, _SOURCE, [value], label=label if isinstance(label, str) else "")


def is_a_guest(answers: WindowsAnswers) -> bool | None:
    """Whether a hypervisor runs this system among others; None where the kernel won't say.

    With Hyper-V's role, or with security by virtualisation, Windows on the bare machine runs upon a
    hypervisor too, as its root: that is no virtual machine.
    """
    raw = answers.ask(Question.HYPERVISOR)
    details = None if isinstance(raw, Failure) else laid_out(HypervisorDetails, raw)
    if details is None:
        return None
    if not any(details.vendor[1:]):
        return False
    if details.interface[0] != _MICROSOFT_INTERFACE:
        return True
    low, high = details.features[:2]
    # A hypervisor that allows its guest nothing at all is one that was not asked.
    return not high & _ROOT_PRIVILEGES if low or high else None


def _sockets(raw: bytes | Failure) -> int | UnknownReason:
    """How many packages there are."""
    records = raw.reason if isinstance(raw, Failure) else records_of(raw)
    if isinstance(records, UnknownReason):
        return records
    count = sum(record.relationship == _PACKAGE for record in records)
    return count or UnknownReason.ABSENT


def records_of(raw: bytes) -> list[RelationHeader] | UnknownReason:
    """One record for each package, of a length that follows its processors."""
    records: list[RelationHeader] = []
    start = 0
    while start < len(raw):
        record = laid_out(RelationHeader, raw, start)
        if record is None or not record.size or start + record.size > len(raw):
            return UnknownReason.DAMAGED
        records.append(record)
        start += record.size
    return records
