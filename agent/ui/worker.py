"""One thread for everything that may wait: disk, hardware, network.

Only jobs go in and frozen values come out, by signals. The thread also looks, every moment or so,
whether another process changed what is shown.
"""

from collections import deque
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from agent.ui.wording import Manner, Phase

if TYPE_CHECKING:
    from agent.ui.desk import Desk
    from agent.ui.jobs import Job, Outcome
    from agent.ui.patience import Patience

WATCH_MILLISECONDS = 1500
_ANY = Manner("en")  # whoever only looks says nothing


class _Asked(NamedTuple):
    """A job, and how whoever asked for it is spoken to."""

    job: "Job"
    manner: Manner


class Worker(QObject):
    """Carries jobs to the desk, one at a time, and outcomes back."""

    began = Signal(object)
    reached = Signal(object)
    said = Signal(object)
    ended = Signal(object)
    _asked = Signal(object, object)
    _left = Signal()

    def __init__(
        self, desk_of: "Callable[[Patience], Desk]", watch: int = WATCH_MILLISECONDS
    ) -> None:
        super().__init__()
        self.is_busy = False
        self._doing: _Asked | None = None
        self._is_given_up = False
        self._is_stopped = False
        self._jobs: deque[_Asked] = deque()
        self._writes: deque[_Asked] = deque()
        self._looks: dict[type[Job], _Asked] = {}
        self._thread = QThread()
        self._bench = _Bench(lambda: desk_of(self._patience), watch)
        self._bench.moveToThread(self._thread)
        self._asked.connect(self._bench.do)
        self._left.connect(self._bench.leave)
        self._bench.ended.connect(self._tell)
        self._bench.said.connect(self.said)
        self._thread.started.connect(self._bench.begin)
        # In its own thread, and its timer with it: Qt stops no timer from another one.
        self._thread.finished.connect(self._bench.deleteLater)

    @cached_property
    def _patience(self) -> "Patience":
        # Loaded after the first picture: what it knows of the agent is nothing that this shows.
        from agent.ui.patience import Patience

        return Patience(
            lambda: self.reached.emit(Phase.ASKING), lambda: self.reached.emit(Phase.GATHERING)
        )

    def start(self) -> None:
        """Begin, and look for the first time."""
        # Made before a second thread wants it: who stops must stop the one that is waited with.
        self._patience.begin()
        self._thread.start()

    def ask(self, job: "Job", manner: Manner) -> None:
        """Have a job done; in the order they were asked, and before whatever is only looked for.

        A look waits for what a person asked, is given up for it and begun anew afterwards; one
        that waits makes way for a newer one of its kind. What is written down does neither.
        """
        from agent.ui.jobs import Look, Write

        asked = _Asked(job, manner)
        if isinstance(job, Write):
            self._writes.append(asked)
        elif isinstance(job, Look):
            # What is looked for already, and not given up, answers whoever asks once more.
            if asked != self._doing or self._is_given_up:
                self._looks[type(job)] = asked
        else:
            self._give_up_looking()
            self.is_busy = True
            self._jobs.append(asked)
            self.began.emit(job)
        self._go_on()

    def stop_waiting(self) -> None:
        """Leave the answer that is waited for unheard; what was written down stays.

        A job that waits for a look to end is stopped as soon as it begins.
        """
        self._is_stopped = bool(self._jobs) and self._is_looking
        self._patience.stop()

    def end(self) -> None:
        """End the thread; a step that is being written is finished first, however long it takes.

        So is what was only to be written down; whatever else waits is left out.
        """
        self._bench.is_left = True
        self._patience.stop()
        while self._writes:
            self._asked.emit(*self._writes.popleft())
        self._left.emit()
        self._thread.wait()  # Qt aborts the process of a thread that is left running

    @property
    def _is_looking(self) -> bool:
        from agent.ui.jobs import Look

        return self._doing is not None and isinstance(self._doing.job, Look)

    def _give_up_looking(self) -> None:
        from agent.ui.jobs import Write

        if self._doing is None or not self._is_looking or isinstance(self._doing.job, Write):
            return
        self._looks.setdefault(type(self._doing.job), self._doing)
        self._is_given_up = True
        self._patience.stop()

    def _go_on(self) -> None:
        if self._doing is not None or (asked := self._next()) is None:
            return
        self._doing, self._is_given_up = asked, False
        self._patience.begin()
        if self._is_stopped and not self._is_looking:
            self._is_stopped = False
            self._patience.stop()
        self._asked.emit(*asked)

    def _next(self) -> _Asked | None:
        """What is written down is short; what a person asked goes before whatever is looked for."""
        if waiting := self._writes or self._jobs:
            return waiting.popleft()
        kind = next(iter(self._looks), None)
        return None if kind is None else self._looks.pop(kind)

    @Slot(object)
    def _tell(self, outcome: "Outcome") -> None:
        if self._doing is None or outcome.job is not self._doing.job:
            self.ended.emit(outcome)  # the bench looked by itself
            return
        self._doing, self.is_busy = None, bool(self._jobs)
        if not self._is_given_up:  # what was left in the middle says too little
            self.ended.emit(outcome)
        self._go_on()


class _Bench(QObject):
    """The half that lives in the thread."""

    said = Signal(object)
    ended = Signal(object)

    def __init__(self, desk_of: "Callable[[], Desk]", watch: int) -> None:
        super().__init__()
        self.is_left = False
        self._desk_of = desk_of
        self._watch = watch
        self._desk: Desk | None = None

    @Slot()
    def begin(self) -> None:
        """Look, and go on looking whenever something changed."""
        timer = QTimer(self)
        timer.timeout.connect(self._look_if_changed)
        timer.start(self._watch)
        self._look()

    @Slot(object, object)
    def do(self, job: "Job", manner: Manner) -> None:
        """Do a job that was asked; when everybody has gone, nothing is looked for any more."""
        from agent.ui.jobs import Look, Write

        if not self.is_left or isinstance(job, Write) or not isinstance(job, Look):
            self._do(job, manner)

    @Slot()
    def leave(self) -> None:
        """End this thread, when all is done that was asked before."""
        self.thread().quit()

    @Slot()
    def _look_if_changed(self) -> None:
        if not self.is_left and self._desk is not None and self._desk.is_behind():
            self._look()

    def _look(self) -> None:
        from agent.ui.jobs import Look

        self._do(Look(), _ANY)

    def _do(self, job: "Job", manner: Manner) -> None:
        self.ended.emit(self._outcome(job, manner))

    def _outcome(self, job: "Job", manner: Manner) -> "Outcome":
        try:
            return self._opened().do(job, manner, self.said.emit)
        except Exception as error:  # noqa: BLE001 - a job without an end would hold the window for ever
            from agent.presentation import Remaining
            from agent.ui.jobs import Known, Outcome, unforeseen

            trouble = unforeseen(error, Remaining())
            return Outcome(job, Known(trouble=trouble), trouble)

    def _opened(self) -> "Desk":
        if self._desk is None:
            self._desk = self._desk_of()
        return self._desk
