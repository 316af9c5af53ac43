"""The line on a terminal that says how far a long command has come."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO, TypeVar

from server_stub.commands.shown import Call
from server_stub.progress import SILENT, Progress, Step

T = TypeVar("T")

_EVERY_SECONDS = 1.0
_ERASED = "\r\x1b[K"


class TerminalProgress(Progress):
    """One line, written over every second."""

    def __init__(self, call: Call, terminal: TextIO, now: Callable[[], float]) -> None:
        """`now` counts seconds from anywhere."""
        self._call = call
        self._terminal = terminal
        self._now = now
        self._counts = Counter[Step]()

    def over(self, step: Step, things: Iterable[T]) -> Iterator[T]:
        """Pass everything on, and say now and then how much it was."""
        count = self._counts[step]
        said = self._say(step, count)
        for count, thing in enumerate(things, count + 1):  # noqa: B020 (it goes on counting)
            yield thing
            self._counts[step] = count
            if self._now() >= said + _EVERY_SECONDS:
                said = self._say(step, count)

    def end(self) -> None:
        """Leave nothing on the terminal."""
        self._write(_ERASED)

    def _say(self, step: Step, count: int) -> float:
        self._write(_ERASED + self._call.say(f"progress.{step}", count=count))
        return self._now()

    def _write(self, text: str) -> None:
        self._terminal.write(text)
        self._terminal.flush()


@contextmanager
def waited_for(call: Call) -> Iterator[Progress]:
    """Who waits at a terminal is told; a script or a log is not."""
    if call.as_json or not sys.stderr.isatty():
        yield SILENT
        return
    progress = TerminalProgress(call, sys.stderr, time.monotonic)
    try:
        yield progress
    finally:
        progress.end()
