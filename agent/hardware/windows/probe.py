"""Reads a Windows machine from what it answers, running or recorded.

No subprocess, no WMI, no PowerShell: each of them takes seconds, can be forbidden, and says less.
An unreadable source gives an unknown component with its reason, and never an exception.
"""

import re

from agent.fingerprint import (
    Component,
    Detail,
    DetailId,
    Inventory,
    OsIdentity,
    UnknownReason,
    known,
    unknown,
)
from agent.hardware import smbios
from agent.hardware.firmware import (
    firmware_components,
    firmware_details,
    firmware_unknown,
    names_a_virtual_machine,
)
from agent.hardware.machine_tag import machine_tag
from agent.hardware.normalisation import machine_id_identity
from agent.hardware.windows.answers import Failure, Question, WindowsAnswers, text_of
from agent.hardware.windows.disks import boot_disk
from agent.hardware.windows.layouts import MemoryStatus, laid_out
from agent.hardware.windows.network import network_cards
from agent.hardware.windows.processor import is_a_guest, processor
from protocol.values import MachineClass
from protocol.weights import ComponentId

_FIRMWARE = "GetSystemFirmwareTable RSMB"
_CRYPTOGRAPHY = r"SOFTWARE\Microsoft\Cryptography"
_VERSION = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
_HOST = r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
_PRODUCT = "windows"
_EVALUATION = "Eval"
_SERVER = "Server"
_DRIVE = re.compile(r"([A-Za-z]:)\\")
_ORDER = tuple(ComponentId)


class WindowsProbe:
    """Asks the machine behind `answers`; keeps nothing between two readings."""

    def __init__(self, answers: WindowsAnswers) -> None:
        self._answers = answers

    def read(self) -> Inventory:
        """Everything that can be read now; never raises for what a machine is like."""
        answers = self._answers
        table = _table(answers)
        components = (
            *_firmware(table),
            boot_disk(answers, _system_volume(answers)),
            network_cards(answers),
            processor(answers),
            _os_instance(answers),
        )
        return Inventory(
            machine_class=_machine_class(answers, table),
            components=tuple(sorted(components, key=lambda found: _ORDER.index(found.id))),
            os=_os_identity(answers),
            details=_details(answers, table),
        )

    def uptime_seconds(self) -> int | None:
        """How long this system has been up; None where it cannot be read."""
        raw = self._answers.ask(Question.UPTIME)
        return None if isinstance(raw, Failure) else int.from_bytes(raw, "little") // 1000

    def boot_id(self) -> str | None:
        """The number of this start; None where Windows doesn't count them (before 10 and 2016).

        Not the time of the start: that moves when the clock is set, and would pass for a reboot.
        """
        raw = self._answers.ask(Question.BOOTS)
        count = 0 if isinstance(raw, Failure) else int.from_bytes(raw, "little")
        return f"boot {count}" if count else None

    def machine_tag(self) -> str:
        """The permit's machine tag (docs/protocol.md §8); empty where the machine has no id."""
        guid = text_of(self._answers, _CRYPTOGRAPHY, "MachineGuid")
        return "" if isinstance(guid, UnknownReason) else machine_tag(guid)


def _table(answers: WindowsAnswers) -> smbios.Table | UnknownReason:
    raw = answers.ask(Question.FIRMWARE)
    if isinstance(raw, Failure):
        return raw.reason
    table = smbios.parse(raw)
    return table if table.system else UnknownReason.DAMAGED


def _firmware(table: smbios.Table | UnknownReason) -> tuple[Component, ...]:
    if isinstance(table, UnknownReason):
        return firmware_unknown(_FIRMWARE, table)
    return firmware_components(table, _FIRMWARE, UnknownReason.ABSENT)


def _machine_class(answers: WindowsAnswers, table: smbios.Table | UnknownReason) -> MachineClass:
    named = isinstance(table, smbios.Table) and names_a_virtual_machine(table)
    return MachineClass.VM if named or is_a_guest(answers) else MachineClass.BARE


def _system_volume(answers: WindowsAnswers) -> str | UnknownReason:
    folder = text_of(answers, _VERSION, "SystemRoot")
    if isinstance(folder, UnknownReason):
        return folder
    drive = _DRIVE.match(folder)
    return drive[1].upper() if drive else UnknownReason.DAMAGED


def _os_instance(answers: WindowsAnswers) -> Component:
    source = rf"HKLM\{_CRYPTOGRAPHY}\MachineGuid"
    text = text_of(answers, _CRYPTOGRAPHY, "MachineGuid")
    if isinstance(text, UnknownReason):
        return unknown(ComponentId.OS_INSTANCE, source, text)
    if value := _installation(text):
        return known(ComponentId.OS_INSTANCE, source, [value])
    return unknown(ComponentId.OS_INSTANCE, source, UnknownReason.PLACEHOLDER)


def _installation(guid: str | UnknownReason) -> str | None:
    if isinstance(guid, UnknownReason):
        return None
    return machine_id_identity(guid.strip("{}").replace("-", ""))


def _os_identity(answers: WindowsAnswers) -> OsIdentity:
    """Build, edition and kind of installation are the release; all of them, or none is told.

    ProductName is left out: Windows 11 still says 10 there.
    """
    build = text_of(answers, _VERSION, "CurrentBuildNumber")
    edition = text_of(answers, _VERSION, "EditionID")
    kind = text_of(answers, _VERSION, "InstallationType")
    instance = _installation(text_of(answers, _CRYPTOGRAPHY, "MachineGuid"))
    revision = answers.registry(_VERSION, "UBR")
    patched = isinstance(build, str) and isinstance(revision, int)
    patch = f"{build}.{revision}" if patched else None
    if not (isinstance(build, str) and isinstance(edition, str) and isinstance(kind, str)):
        return OsIdentity(patch=patch, instance=instance)
    major = f"{build} {_edition(edition, kind)}"
    return OsIdentity(product=_PRODUCT, major=major, patch=patch, instance=instance)


def _edition(edition: str, kind: str) -> str:
    """`Standard`, `Standard Core`, `Professional Client`.

    An evaluation that was licensed is the same system as before.
    """
    edition = edition.removesuffix(_EVALUATION)
    if edition.startswith(_SERVER) and kind.startswith(_SERVER):
        # Said twice, it would push what differs out of sight.
        edition, kind = edition.removeprefix(_SERVER), kind.removeprefix(_SERVER)
    return f"{edition} {kind.strip()}".strip()


def _details(answers: WindowsAnswers, table: smbios.Table | UnknownReason) -> tuple[Detail, ...]:
    details: list[Detail] = []
    if isinstance(table, smbios.Table):
        details += firmware_details(table, _FIRMWARE)
    numbers = ("CurrentMajorVersionNumber", "CurrentMinorVersionNumber")
    version = [str(answers.registry(_VERSION, name)) for name in numbers]
    build = text_of(answers, _VERSION, "CurrentBuildNumber")
    if isinstance(build, str) and all(number.isdigit() for number in version):
        text = ".".join([*version, build])
        details.append(Detail(id=DetailId.KERNEL, source=rf"HKLM\{_VERSION}", text=text))
    host = text_of(answers, _HOST, "Hostname")
    if isinstance(host, str):
        details.append(Detail(id=DetailId.HOSTNAME, source=rf"HKLM\{_HOST}", text=host))
    raw = answers.ask(Question.MEMORY)
    status = None if isinstance(raw, Failure) else laid_out(MemoryStatus, raw)
    if status:
        text = f"{status.total_physical // (1024 * 1024)} MiB"
        details.append(Detail(id=DetailId.MEMORY_SIZE, source="GlobalMemoryStatusEx", text=text))
    return tuple(details)
