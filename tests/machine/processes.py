"""One run of the agent's program: a thread that waits wherever the network keeps it.

Several runs of one machine may wait at once, as a window, a command and the timer do. Only one
thread of the world runs at a time, and each stops at the network alone, so a walk repeats exactly.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from agent.license_store import SqliteStore
from agent.ports import Transaction
from agent.publication import PublicFolder
from protocol.trust import RootSignatures


class Killed(BaseException):
    """The process is gone, wherever it was; nothing after this line ran."""


class Life:
    """Counts what a process makes durable, and ends at one of these points.

    `dies_at` counts from 1; 0 lives on. Before and after every commit, every removal and every
    writing of the public copies is a point.
    """

    def __init__(self, dies_at: int = 0) -> None:
        self._dies_at = dies_at
        self.points = 0

    def point(self) -> None:
        self.points += 1
        if self.points == self._dies_at:
            raise Killed


class MortalStore(SqliteStore):
    """The real store; its process may die before or after each commit."""

    def __init__(self, path: Path, life: Life) -> None:
        # Nobody may hold the store while he waits for the network: then nobody ever waits for it.
        super().__init__(path, busy_seconds=0.0)
        self._life = life

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:  # type: ignore[override]  # the port's own type
        with super().transaction() as tx:
            yield tx
            self._life.point()
        self._life.point()


class MortalFolder(PublicFolder):
    """The real public folder; its process may die before or after each change of it."""

    def __init__(self, folder: Path, life: Life) -> None:
        super().__init__(folder)
        self._life = life

    def publish(
        self, roots: tuple[RootSignatures, ...], license_document: bytes, permit: bytes
    ) -> None:
        self._life.point()
        super().publish(roots, license_document, permit)
        self._life.point()

    def withdraw(self) -> None:
        self._life.point()
        super().withdraw()
        self._life.point()


class Process:
    """Runs an act until it ends or waits for the network.

    `waits_with`: the request that it has sent and waits for; None when it has ended, and then
    `failure` says how.
    """

    def __init__(self, act: Callable[["Process"], object]) -> None:
        self._act = act
        self._to_process: SimpleQueue[bytes | BaseException] = SimpleQueue()
        self._from_process: SimpleQueue[bytes | None] = SimpleQueue()
        self.waits_with: bytes | None = None
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._wait()

    def send(self, request: bytes) -> bytes:
        """`ports.SigningServer`, as the act sees it."""
        self._from_process.put(request)
        answer = self._to_process.get()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def resume(self, answer: bytes | BaseException) -> None:
        """Let it go on with an answer, or with what the network says instead."""
        self._to_process.put(answer)
        self._wait()

    def kill(self) -> None:
        while self.waits_with is not None:
            self.resume(Killed())

    def _wait(self) -> None:
        self.waits_with = self._from_process.get()
        if self.waits_with is None:
            self._thread.join()

    def _run(self) -> None:
        try:
            self._act(self)
        except BaseException as failure:  # noqa: BLE001 - it is carried to whoever started this
            self.failure = failure
        self._from_process.put(None)
