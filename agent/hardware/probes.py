"""Which probe reads which machine: this one by its platform, a recorded one by what it recorded."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from agent.fingerprint import UnknownReason
from agent.hardware.answers import RECORDED_ANSWERS
from agent.hardware.tree import MachineTree

if TYPE_CHECKING:
    from agent.hardware.recording import Recording
    from agent.hardware.windows.answers import WindowsAnswers
    from agent.ports import HardwareProbe

_LIVE = Path("/")


def this_machine() -> "HardwareProbe":
    """The probe of the running system."""
    return _probe(_live_answers(), _LIVE)


def recorded_machine(folder: Path) -> "HardwareProbe":
    """The probe of a recorded machine, of either platform, on whichever this is."""
    return _probe(_recorded_answers(folder), folder)


def recording_of(folder: Path | None = None) -> "Recording":
    """Read this machine, or one that was recorded, and keep whatever was looked at."""
    from agent.hardware.recording import Recording, record

    answers = _recorded_answers(folder) if folder else _live_answers()
    if answers is None:
        return record(folder or _LIVE).recording
    from agent.hardware.windows.answers import RecordedWindows, Recorder
    from agent.hardware.windows.probe import WindowsProbe

    recorder = Recorder(answers)
    WindowsProbe(recorder).read()
    told = RecordedWindows(windows=recorder.recorded)
    return Recording(files={}, folders=frozenset(), links={}, answers=told)


def _probe(answers: "WindowsAnswers | None", root: Path) -> "HardwareProbe":
    if answers is None:
        from agent.hardware.linux import LinuxProbe

        return LinuxProbe(root)
    from agent.hardware.windows.probe import WindowsProbe

    return WindowsProbe(answers)


def _live_answers() -> "WindowsAnswers | None":
    answers: WindowsAnswers | None = None
    if sys.platform == "win32":
        from agent.hardware.windows.live import LiveAnswers

        answers = LiveAnswers()
    return answers


def _recorded_answers(folder: Path) -> "WindowsAnswers | None":
    """What a Windows machine answered; None for a folder that holds no such machine."""
    raw = MachineTree(folder).read(RECORDED_ANSWERS)
    if isinstance(raw, UnknownReason) or b'"windows"' not in raw:
        return None
    from agent.hardware.windows.answers import RecordedWindows

    try:
        return msgspec.json.decode(raw, type=RecordedWindows).windows
    except msgspec.DecodeError:
        return None
