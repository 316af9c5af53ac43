"""The main window: a sidebar, one page at a time, a failure above it, work in progress below it.

Holds what is known and passes it on; every decision is the view's, every act the worker's. The
frame is painted before anything is loaded that it does not show: pages, jobs, the agent.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QMainWindow

from agent.ui.language import speak
from agent.ui.sidebar import Sidebar
from agent.ui.stack import Stack, framed
from agent.ui.wording import Manner, Phase, Place, WindowTexts
from agent.ui.worker import Worker
from agent.ui.working import Working

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent

    from agent.ui.jobs import Job, Known, Outcome, Word
    from agent.ui.pages.memory import Memory
    from agent.ui.pages.page import About, Page

_SIZE = (1024, 640)
_SMALLEST = (720, 400)


class MainWindow(QMainWindow):
    """The window of one home; `painted` is told once, when its frame can be seen."""

    painted = Signal()

    def __init__(self, worker: Worker, manner: Manner) -> None:
        super().__init__()
        self._worker = worker
        self._is_painted = False
        self._known: Known | None = None
        self._job: Job | None = None
        self._begun_with: About = None
        self.resize(*_SIZE)
        self.setMinimumSize(*_SMALLEST)
        self._place = Place.OVERVIEW
        self._about: About = None
        self._build(manner, {})
        worker.began.connect(self._begin)
        worker.reached.connect(self._reach)
        worker.said.connect(self._say)
        worker.ended.connect(self._end)

    @property
    def page(self) -> "Page":
        """The page that is seen."""
        return self._stack.page(self._place)

    def go(self, place: Place, about: "About" = None) -> None:
        """Show a page; a failure that was told stays behind.

        Who was only reading the guide finds the page as it was left.
        """
        from agent.ui.jobs.guide import Consulted

        was_read = isinstance(about, Consulted) and place is not Place.GUIDE
        if isinstance(about, Consulted) and was_read:
            about = about.about
        reads = place is Place.GUIDE or was_read
        if not reads:
            self._job = None
            self._stack.leave(self._way_on(place))
        self._place, self._about = self._way_on(place), about
        is_as_left = was_read and self._place is place and self._stack.knows(place)
        page = self._see()
        if not is_as_left:
            page.tell(None)
            page.enter(about)

    def _see(self) -> "Page":
        self._sidebar.show_place(self._place)
        return self._stack.see(self._place, self._known)

    @Slot()
    def consult(self) -> None:
        """Open the guide where it speaks of this page."""
        if self._place is not Place.GUIDE:
            from agent.ui.jobs.guide import Consulted

            self.go(Place.GUIDE, Consulted(self._place, self.page.kept(self._about)))

    def ask(self, job: "Job") -> None:
        """Have a job done, unless one is being done; to look is never too much."""
        from agent.ui.jobs import Look

        if isinstance(job, Look) or not self._worker.is_busy:
            self._worker.ask(job, self._texts.manner)

    def paintEvent(self, event: "QPaintEvent") -> None:  # noqa: N802 - Qt's name
        """Load the rest when the frame is there, and not before."""
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self._go_on)

    def event(self, event: "QEvent") -> bool:
        """Look again when somebody comes back: hardware changes without a word."""
        if event.type() is QEvent.Type.WindowActivate and self._known is not None:
            from agent.ui.jobs import Look

            self.ask(Look())
        return super().event(event)

    def keyPressEvent(self, event: "QKeyEvent") -> None:  # noqa: N802 - Qt's name
        """Explain what is seen, at the key that every system has for that."""
        from PySide6.QtGui import QKeySequence

        if event.matches(QKeySequence.StandardKey.HelpContents):
            self.consult()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: "QCloseEvent") -> None:  # noqa: N802 - Qt's name
        """Leave at once; the step that is being written is finished behind the scenes."""
        self.hide()
        self._worker.end()
        event.accept()

    def _go_on(self) -> None:
        self.painted.emit()
        if not self._stack.knows(self._place):
            self.go(self._place, self._about)

    def _build(self, manner: Manner, memories: "Mapping[Place, Memory]") -> None:
        """Make everything in a language; nothing that is known, entered or read is lost."""
        texts = self._texts = WindowTexts(*manner)
        speak(QApplication.instance(), manner.language)
        self.setWindowTitle(texts.gettext("Faragostar Man"))
        self._sidebar = Sidebar(texts)
        self._working = Working(texts, self._worker.stop_waiting)
        self._stack = Stack(texts, self._made, memories)
        self._sidebar.went.connect(self.go)
        self._sidebar.consulted.connect(self.consult)
        self._sidebar.spoke.connect(self._speak)
        self.setCentralWidget(framed(self._sidebar, self._stack, self._working))
        if self._known is None:
            self._working.tell(Phase.LOOKING)
        self._sidebar.show_place(self._place)

    def _made(self, page: "Page") -> None:
        page.asked.connect(self.ask)
        page.asked_again.connect(self._ask_again)
        page.asked_by_hand.connect(self._go_by_hand)
        page.was_let_go.connect(self._let_go)
        page.went.connect(self.go)
        page.spoke.connect(self._speak)
        if self._known is not None:
            page.show_known(self._known)

    def _way_on(self, place: Place) -> Place:
        if self._known is None:
            return place
        # The first picture does not wait for it.
        from agent.ui.views.settings import way_on

        return way_on(self._known, place)

    @Slot(object)
    def _speak(self, manner: Manner) -> None:
        """Speak otherwise from now on, and remember it; whatever was entered and read stays."""
        if not self._worker.is_busy:
            from agent.ui.jobs.guide import Consulted
            from agent.ui.jobs.manner import Remember

            self._about = self.page.kept(self._about)
            self._build(manner, self._stack.memories(self._place, self._about))
            if isinstance(self._about, Consulted):
                # At once: what was entered there is forgotten as soon as somebody goes elsewhere.
                self._stack.see(self._about.place, self._known)
            self._see()
            self._worker.ask(Remember(manner), manner)

    @Slot()
    def _ask_again(self) -> None:
        from agent.ui.jobs.license import Release

        if self._job is None:
            return
        if isinstance(self._job, Release) and self._place is not Place.CONFIRM_RELEASE:
            # Not from here: it is confirmed anew, where it says what it does.
            self.go(Place.CONFIRM_RELEASE, self._begun_with)
        elif (renewed := self.page.renewed(self._job)) is not None:
            self.page.asked.emit(renewed)

    @Slot()
    def _let_go(self) -> None:
        """Forget what failed: neither a license key nor a passphrase outlasts what told of it."""
        self._job = None

    @Slot()
    def _go_by_hand(self) -> None:
        """Carry what could not be asked over the network."""
        self.go(Place.EXCHANGE, self._job)

    @Slot(object)
    def _begin(self, job: "Job") -> None:
        from agent.ui.jobs.license import Release
        from agent.ui.jobs.rights import OpenElevated
        from agent.ui.pages.memory import spot_of

        # Its page hears what became of it, wherever the person has gone by then.
        self._job, self._asker = None, self.page
        self._spot = spot_of(self.page)
        is_release = isinstance(job, Release)
        self._begun_with = self.page.kept(self._about) if is_release else None
        self.page.tell(None)
        self._stack.setEnabled(False)
        self._working.tell(Phase.RIGHTS if isinstance(job, OpenElevated) else Phase.LOOKING)

    @Slot(object)
    def _reach(self, phase: Phase) -> None:
        if self._worker.is_busy:  # nobody is told of what is only looked for
            self._working.tell(phase)

    @Slot(object)
    def _say(self, word: "Word") -> None:
        for page in self._stack.read(self._place, self._about):
            page.found(word)

    @Slot(object)
    def _end(self, outcome: "Outcome") -> None:
        from agent.ui.jobs import Look
        from agent.ui.jobs.license import Release
        from agent.ui.jobs.rights import Reopened
        from agent.ui.pages.memory import focus_again, spot_of

        if isinstance(outcome.word, Reopened):
            self.close()
            return
        is_look = isinstance(outcome.job, Look)
        # Before anything is shown: a page that is gone to takes the keyboard.
        if not is_look:
            self._stack.setEnabled(True)
            if self._asker is self.page and spot_of(self) is None:
                focus_again(self.page, self._spot)
        self._show(outcome.known)
        if is_look:
            if not self._worker.is_busy:
                self._working.hide()
            self._hear_look(outcome)
            return
        from agent.ui.trouble import Taking

        self._working.hide()
        self._asker.live(outcome)
        if outcome.trouble is not None:
            self._job = outcome.job
            is_release = isinstance(outcome.job, Release)
            self.page.tell(outcome.trouble, Taking.CLOSE if is_release else Taking.AGAIN)

    def _hear_look(self, outcome: "Outcome") -> None:
        from agent.ui.trouble import Taking

        asker = self._stack.live(outcome, self._place, self._about)
        if outcome.trouble is None and outcome.job == self._job:
            asker.tell(None)  # it was tried again
        elif outcome.trouble is not None and not self._worker.is_busy:
            self._job = outcome.job
            asker.tell(outcome.trouble, Taking.NOTHING)

    def _show(self, known: "Known") -> None:
        if known == self._known:
            return  # nothing reads differently
        is_first = self._known is None
        if not is_first and _standing_of(known) != _standing_of(self._known):
            self.page.tell(None)  # a failure speaks of the license as it was then
        self._known = known
        self._stack.show_known(known)
        if self._way_on(self._place) is not self._place:
            self.go(self._place)
        elif is_first:
            self.page.enter(self._about)


def _standing_of(known: "Known | None") -> tuple[object, ...]:
    view = None if known is None else known.view
    return (None, None) if view is None else (view.standing, view.usable)
