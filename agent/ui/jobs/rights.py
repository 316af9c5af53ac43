"""The window once more, with the rights to act."""

import sys

from msgspec import Struct

from agent.ui.elevation import (
    ask_linux,
    ask_windows,
    surroundings,
    this_program,
    through_pkexec,
    window_of,
)
from agent.ui.jobs import Word, Workplace


class Reopened(Word, frozen=True):
    """An administrator's window is there: this one is in its way."""


class OpenElevated(Struct, frozen=True):
    """Open the window as administrator; the system asks whoever sits here."""

    def done(self, at: Workplace) -> Reopened | None:
        """Do it."""
        window = window_of(at.home, at.texts.language)
        if sys.platform == "win32":
            ask_windows(this_program(), window)
            return Reopened()
        else:  # noqa: RET505 - or a type checker of Windows finds it unreachable
            command = through_pkexec(surroundings(), window)
            return Reopened() if ask_linux(command, at.patient.each) else None
