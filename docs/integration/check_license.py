# ruff: noqa: INP001, T201 - an example to take from here: in no package, and it prints
"""May this application run? An example to take into an application (README.md beside it).

Reads the agent's public folder, computes this machine's tag, asks `protocol.verifier`, and keeps
two numbers for the next time. Nothing here needs rights, the network, or the agent to be running.
"""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import machineid
import msgspec

from protocol.verifier import Here, Judgement, Permission, PublicCopies, Verifier, Watch

CHECK_EVERY_SECONDS = 3600
READINGS = 3
BETWEEN_READINGS_SECONDS = 2


def machine_tag() -> str:
    """Name this machine as its agent does; empty where it has no id."""
    try:
        tag: str = machineid.hashed_id("faragostar-man")
    except machineid.MachineIdNotFound:
        return ""
    return tag


class Means(NamedTuple):
    """What the application knows this machine and its time by; tests bring their own."""

    tag: Callable[[], str] = machine_tag
    clock: Callable[[], float] = time.time
    running: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep


REAL = Means()


class LicenseCheck:
    """Asks again and again; make one when the application starts, and keep it."""

    def __init__(
        self,
        public_folder: Path,
        pinned_root: bytes,
        memory: Path,
        means: Means = REAL,
    ) -> None:
        """`memory`: a file of the application's own, where it may write.

        Raises:
            ProtocolError: the root that the application ships with is none.
        """
        self._folder = public_folder
        self._verifier = Verifier(pinned_root)
        self._memory = memory
        self._means = means
        self._looked: float | None = None

    def ask(self) -> Judgement:
        """Answer ok, warn or stop; call it at the start and then every hour.

        Between a new document and its permit there is a moment in which they do not match, so a
        stop counts only when later readings agree.
        """
        now = self._means.running()
        before = now if self._looked is None else self._looked
        elapsed = int(now - before)
        self._looked = before + elapsed  # what is less than a second counts the next time
        judgement = self._read(elapsed)
        for _ in range(READINGS - 1):
            if judgement.permission is not Permission.STOP:
                break
            self._means.pause(BETWEEN_READINGS_SECONDS)
            judgement = self._read(elapsed)
        self._remember(judgement.watch)
        return judgement

    def _read(self, elapsed: int) -> Judgement:
        copies = PublicCopies(*(self._copy(name) for name in ("roots", "license", "permit")))
        means = self._means
        here = Here(means.tag(), int(means.clock()), self._remembered(), elapsed)
        return self._verifier.judge(copies, here)

    def _copy(self, name: str) -> bytes | None:
        try:
            return (self._folder / f"{name}.jws").read_bytes()
        except OSError:
            return None

    def _remembered(self) -> Watch:
        try:
            return msgspec.json.decode(self._memory.read_bytes(), type=Watch)
        except (OSError, msgspec.DecodeError):
            return Watch()  # counted anew: what is lost here must not stop anybody

    def _remember(self, watch: Watch) -> None:
        if watch == self._remembered():
            return
        written = self._memory.with_suffix(".new")
        with suppress(OSError):  # nor must a full disk
            written.write_bytes(msgspec.json.encode(watch))
            written.replace(self._memory)


def main(public_folder: str, pinned_root: str, memory: str) -> int:
    """Print one answer with its reasons and the terms of the license; 1 when it is stop."""
    check = LicenseCheck(Path(public_folder), Path(pinned_root).read_bytes(), Path(memory))
    judgement = check.ask()
    print(judgement.permission, *judgement.reasons)
    if judgement.license is not None:
        terms = judgement.license
        print(terms.product, terms.seats, *terms.modules)
    return int(judgement.permission is Permission.STOP)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
