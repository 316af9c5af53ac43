"""One thread for everything that may wait: disk, hardware, network.

Only jobs go in and frozen values come out, by signals. The thread also looks, every moment or so,
whether another process changed what is shown.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from agent.ui.jobs import Job, Look, Outcome, Phase
from agent.ui.patience import Patience

if TYPE_CHECKING:
    from agent.ui.desk import Desk

WATCH_MILLISECONDS = 1500
_END_MILLISECONDS = 10_000


class Worker(QObject):
    """Carries jobs to the desk and outcomes back."""

    began = Signal(object)
    reached = Signal(object)
    ended = Signal(object)
    _asked = Signal(object, str)

    def __init__(
        self, desk_of: "Callable[[Patience], Desk]", watch: int = WATCH_MILLISECONDS
    ) -> None:
        super().__init__()
        self.is_busy = False
        self._patience = Patience(lambda: self.reached.emit(Phase.ASKING))
        self._thread = QThread()
        self._bench = _Bench(lambda: desk_of(self._patience), watch)
        self._bench.moveToThread(self._thread)
        self._asked.connect(self._bench.do)
        self._bench.ended.connect(self._tell)
        self._thread.started.connect(self._bench.begin)
        # In its own thread, and its timer with it: Qt stops no timer from another one.
        self._thread.finished.connect(self._bench.deleteLater)

    def start(self) -> None:
        """Begin, and look for the first time."""
        self._thread.start()

    def ask(self, job: Job, language: str) -> None:
        """Have a job done; one at a time, in the order they were asked."""
        self.is_busy = True
        self._patience.begin()
        self.began.emit(job)
        self._asked.emit(job, language)

    def stop_waiting(self) -> None:
        """Leave the answer that is waited for unheard; what was written down stays."""
        self._patience.stop()

    def end(self) -> None:
        """End the thread; a step that is being written is finished first."""
        self._patience.stop()
        self._thread.quit()
        self._thread.wait(_END_MILLISECONDS)

    @Slot(object)
    def _tell(self, outcome: Outcome) -> None:
        if not isinstance(outcome.job, Look):
            self.is_busy = False
        self.ended.emit(outcome)


class _Bench(QObject):
    """The half that lives in the thread."""

    ended = Signal(object)

    def __init__(self, desk_of: "Callable[[], Desk]", watch: int) -> None:
        super().__init__()
        self._desk_of = desk_of
        self._watch = watch
        self._desk: Desk | None = None

    @Slot()
    def begin(self) -> None:
        """Look, and go on looking whenever something changed."""
        timer = QTimer(self)
        timer.timeout.connect(self._look_if_changed)
        timer.start(self._watch)
        self._do(Look(), "en")

    @Slot(object, str)
    def do(self, job: Job, language: str) -> None:
        """Do a job that was asked."""
        self._do(job, language)

    @Slot()
    def _look_if_changed(self) -> None:
        if self._opened().is_behind():
            self._do(Look(), "en")

    def _do(self, job: Job, language: str) -> None:
        self.ended.emit(self._opened().do(job, language))

    def _opened(self) -> "Desk":
        if self._desk is None:
            self._desk = self._desk_of()
        return self._desk
