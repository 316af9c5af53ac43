"""What Windows can be asked, and what it answered on a recorded machine.

Answers are as raw as Windows gives them: the bytes of its structures, the values of its registry,
and the number of the error where it refuses. What they mean is read elsewhere, so a recording shows
what the machine really said, and the door to it is two calls wide.
"""

from enum import StrEnum
from typing import Protocol

import msgspec

from agent.fingerprint import UnknownReason

# winerror.h
FILE_NOT_FOUND = 2
INVALID_DATA = 13
PROCEDURE_NOT_FOUND = 127
_ABSENT = frozenset({
    1,  # INVALID_FUNCTION: this device knows no such question
    FILE_NOT_FOUND,
    3,  # PATH_NOT_FOUND
    50,  # NOT_SUPPORTED
    87,  # INVALID_PARAMETER: this version knows no such question
    PROCEDURE_NOT_FOUND,
    1168,  # NOT_FOUND
})  # fmt: skip
_DENIED = frozenset({5, 1314})  # ACCESS_DENIED, PRIVILEGE_NOT_HELD
_DAMAGED = frozenset({INVALID_DATA, 1009, 1015, 1392})  # BADDB, REGISTRY_CORRUPT, FILE_CORRUPT


class Question(StrEnum):
    """What is answered in bytes: the call or control code, and what it hands out."""

    FIRMWARE = "firmware"
    """GetSystemFirmwareTable for `RSMB`: RawSMBIOSData."""
    VOLUME = "volume"
    """IOCTL_VOLUME_GET_VOLUME_DISK_EXTENTS of a volume like `C:`: VOLUME_DISK_EXTENTS."""
    DISK = "disk"
    """IOCTL_STORAGE_QUERY_PROPERTY of a disk's number: STORAGE_DEVICE_DESCRIPTOR."""
    DISK_IDENTIFIERS = "disk-identifiers"
    """The same for SCSI's page 0x83: STORAGE_DEVICE_ID_DESCRIPTOR."""
    INTERFACES = "interfaces"
    """GetIfTable2: MIB_IF_TABLE2."""
    PACKAGES = "packages"
    """GetLogicalProcessorInformationEx for processor packages: one record each."""
    HYPERVISOR = "hypervisor"
    """NtQuerySystemInformation, class 159: seven times four registers."""
    MEMORY = "memory"
    """GlobalMemoryStatusEx: MEMORYSTATUSEX."""
    UPTIME = "uptime"
    """GetTickCount64: milliseconds, little-endian."""
    BOOTS = "boots"
    """KUSER_SHARED_DATA.BootId: starts of this installation, little-endian; 0 where not counted."""


class Failure(msgspec.Struct, frozen=True):
    """The number of an error in place of an answer."""

    error: int

    @property
    def reason(self) -> UnknownReason:
        """What it means for a component."""
        if self.error in _ABSENT:
            return UnknownReason.ABSENT
        if self.error in _DENIED:
            return UnknownReason.DENIED
        if self.error in _DAMAGED:
            return UnknownReason.DAMAGED
        return UnknownReason.UNREADABLE


class WindowsAnswers(Protocol):
    """The two calls; neither raises."""

    def ask(self, question: Question, subject: str = "") -> bytes | Failure:
        """Ask what is answered in bytes; `subject` names the volume or disk."""
        ...

    def registry(self, key: str, name: str) -> str | int | Failure:
        """One value below HKEY_LOCAL_MACHINE, in the 64-bit view."""
        ...


class RecordedAnswers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A recorded machine's answers; what it was not asked does not exist on it.

    `bytes_of` is keyed by question and subject (`disk 0`), `values_of` by key and name.
    """

    bytes_of: dict[str, bytes | Failure] = {}
    values_of: dict[str, str | int | Failure] = {}

    def ask(self, question: Question, subject: str = "") -> bytes | Failure:
        """The answer as it was recorded."""
        return self.bytes_of.get(_asked(question, subject), Failure(FILE_NOT_FOUND))

    def registry(self, key: str, name: str) -> str | int | Failure:
        """The value as it was recorded."""
        return self.values_of.get(_named(key, name), Failure(FILE_NOT_FOUND))


class RecordedWindows(msgspec.Struct, frozen=True):
    """A recorded machine's `.faragostar/probe.json`, as far as it is one of Windows."""

    windows: RecordedAnswers | None = None

    @property
    def refused(self) -> dict[str, UnknownReason]:
        """What is there and could not be read, by the question."""
        found = self.windows or RecordedAnswers()
        answers = {**found.bytes_of, **found.values_of}
        reasons = {
            name: answer.reason for name, answer in answers.items() if isinstance(answer, Failure)
        }
        return {
            name: reason for name, reason in reasons.items() if reason is not UnknownReason.ABSENT
        }


class Recorder:
    """Hands on what is asked, and keeps what was answered."""

    def __init__(self, answers: WindowsAnswers) -> None:
        self._answers = answers
        self._bytes_of: dict[str, bytes | Failure] = {}
        self._values_of: dict[str, str | int | Failure] = {}

    @property
    def recorded(self) -> RecordedAnswers:
        """Everything that was asked so far."""
        return RecordedAnswers(bytes_of=self._bytes_of, values_of=self._values_of)

    def ask(self, question: Question, subject: str = "") -> bytes | Failure:
        """Ask, and keep the answer."""
        answer = self._answers.ask(question, subject)
        self._bytes_of[_asked(question, subject)] = answer
        return answer

    def registry(self, key: str, name: str) -> str | int | Failure:
        """Read, and keep the value."""
        value = self._answers.registry(key, name)
        self._values_of[_named(key, name)] = value
        return value


def text_of(answers: WindowsAnswers, key: str, name: str) -> str | UnknownReason:
    """A value that must be text, trimmed; an empty one says nothing, as if it weren't there."""
    value = answers.registry(key, name)
    if isinstance(value, Failure):
        return value.reason
    if isinstance(value, int):
        return UnknownReason.DAMAGED
    return value.strip("\0 \t\r\n") or UnknownReason.ABSENT


def _asked(question: Question, subject: str) -> str:
    return f"{question.value} {subject}".rstrip()


def _named(key: str, name: str) -> str:
    return f"{key}\\{name}"
