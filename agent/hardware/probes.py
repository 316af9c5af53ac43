"""Which probe reads which machine: this one by its platform, a recorded one by what it recorded."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from agent.fingerprint import UnknownReason
from agent.hardware.answers import RECORDED_ANSWERS
from agent.hardware.tree import MachineTree

if TYPE_CHECKING:
    from agent.hardware.windows.answers import RecordedAnswers
    from agent.ports import HardwareProbe


def this_machine() -> "HardwareProbe":
    """The probe of the running system."""
    if sys.platform == "win32":
        from agent.hardware.windows.live import LiveAnswers
        from agent.hardware.windows.probe import WindowsProbe

        return WindowsProbe(LiveAnswers())
    else:  # noqa: RET505 - a type checker must see which half is for which system
        from agent.hardware.linux import LinuxProbe

        return LinuxProbe()


def recorded_machine(folder: Path) -> "HardwareProbe":
    """The probe of a recorded machine, of either platform, on whichever this is."""
    answers = _answers_of_windows(folder)
    if answers is not None:
        from agent.hardware.windows.probe import WindowsProbe

        return WindowsProbe(answers)
    from agent.hardware.linux import LinuxProbe

    return LinuxProbe(folder)


def _answers_of_windows(folder: Path) -> "RecordedAnswers | None":
    """What a Windows machine answered; None for a folder that holds no such machine."""
    raw = MachineTree(folder).read(RECORDED_ANSWERS)
    if isinstance(raw, UnknownReason) or b'"windows"' not in raw:
        return None
    from agent.hardware.windows.answers import RecordedWindows

    try:
        return msgspec.json.decode(raw, type=RecordedWindows).windows
    except msgspec.DecodeError:
        return None
