"""Values of a recorded Windows' registry under other numbers and names. Pure.

What is known to tell a release, a maker or a model stays; every other name, value and number is
taken for this machine's own.
"""

import re

from agent.hardware.pseudonyms import Pseudonyms
from agent.hardware.windows.answers import Failure

_Value = str | int | Failure
_DEVICE = "PnPInstanceID"
_FOLDER = "SystemRoot"
# Nothing in these says which machine it is.
_PLAIN = frozenset({
    "CurrentBuildNumber", "EditionID", "Identifier", "InstallationType", "ProcessorNameString",
    "VendorIdentifier",
})  # fmt: skip
_COUNTED = frozenset({"CurrentMajorVersionNumber", "CurrentMinorVersionNumber", "UBR"})
# Keys that Windows makes on every machine; the class of all network devices is one.
_KEYS = _PLAIN | _COUNTED | frozenset({
    "0", "CentralProcessor", "Connection", "Control", "Cryptography", "CurrentControlSet",
    "CurrentVersion", "DESCRIPTION", "HARDWARE", "Hostname", "MachineGuid", "Microsoft", "Network",
    "Parameters", "SOFTWARE", "SYSTEM", "Services", "System", "Tcpip", "Windows NT",
    "{4D36E972-E325-11CE-BFC1-08002BE10318}", _DEVICE, _FOLDER,
})  # fmt: skip
_WINDOWS_FOLDER = re.compile(r"(?P<drive>[A-Za-z]:\\)(?P<rest>.*)", re.DOTALL)
_USUAL_FOLDERS = frozenset({"windows", "winnt"})
# A device by its bus and model; the part behind them tells one card of a model from another.
_MODEL = re.compile(
    r"PCI\\VEN_[0-9A-F]{4}(?:&(?:DEV|SUBSYS|REV|CC)_[0-9A-F]{2,8})*"
    r"|USB\\VID_[0-9A-F]{4}(?:&(?:PID|MI|REV)_[0-9A-F]{2,4})*"
    r"|VMBUS\\\{F8615163-DF3E-46C5-913F-F2D2F965ED0E\}|COMPOSITEBUS\\MS_IMPLAT_MP|ROOT\\VMS_MP",
    re.IGNORECASE,
)
_BUSES = frozenset({"BTH", "COMPOSITEBUS", "PCI", "ROOT", "SWD", "USB", "VMBUS"})
_DEVICE_PARTS = 2


def other_value(names: Pseudonyms, key: str, value: _Value) -> tuple[str, _Value]:
    """One value and the key that it stands under."""
    name = key.rpartition("\\")[2]
    return other_key(names, key), _other(names, name, value)


def other_key(names: Pseudonyms, key: str) -> str:
    """An interface's own GUID becomes that which its row has; what nobody knows is hidden."""
    return "\\".join(part if part in _KEYS else names.name(part) for part in key.split("\\"))


def _other(names: Pseudonyms, name: str, value: _Value) -> _Value:
    if isinstance(value, Failure):
        return value
    if isinstance(value, int):
        return value if name in _COUNTED else 0
    if name in _PLAIN:
        return value
    if name == _DEVICE:
        return _device(names, value)
    if name == _FOLDER:
        return _folder(names, value)
    return names.name(value) if name == "Hostname" else names.form(value)


def _device(names: Pseudonyms, device: str) -> str:
    bus, *model = device.split("\\")[:_DEVICE_PARTS]
    known = "\\".join((bus, *model))
    if _MODEL.fullmatch(known):
        return known
    bus = bus if bus.upper() in _BUSES else names.name(bus)
    return "\\".join((bus, *map(names.name, model)))


def _folder(names: Pseudonyms, folder: str) -> str:
    """Only the drive is asked for; where it lies on the drive somebody chose."""
    found = _WINDOWS_FOLDER.fullmatch(folder)
    if found is None:
        return names.name(folder)
    rest = found["rest"]
    is_usual = rest.lower() in _USUAL_FOLDERS
    return found["drive"] + (rest if is_usual else names.name(rest))
