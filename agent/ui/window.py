"""The main window: a sidebar, one page at a time, a failure above it, work in progress below it.

Holds what is known and passes it on; every decision is the view's, every act the worker's.
"""

from PySide6.QtCore import Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from agent.ui.jobs import Job, Known, Look, Outcome, Phase
from agent.ui.language import speak
from agent.ui.pages.directory import page_of
from agent.ui.pages.page import About, Page
from agent.ui.sidebar import Sidebar
from agent.ui.wording import Place, WindowTexts
from agent.ui.worker import Worker
from agent.ui.working import Working

_SIZE = (1024, 640)
_SMALLEST = (720, 400)


class MainWindow(QMainWindow):
    """The window of one home."""

    def __init__(self, worker: Worker, language: str) -> None:
        super().__init__()
        self._worker = worker
        self._known: Known | None = None
        self._job: Job = Look()
        self.resize(*_SIZE)
        self.setMinimumSize(*_SMALLEST)
        self._build(language, Place.OVERVIEW, None)
        worker.began.connect(self._begin)
        worker.reached.connect(self._reach)
        worker.ended.connect(self._end)

    @property
    def page(self) -> Page:
        """The page that is seen."""
        return self._page(self._place)

    def go(self, place: Place, about: About = None) -> None:
        """Show a page; a failure that was told stays behind."""
        self._place, self._about = place, about
        self.page.tell(None)
        self._stack.setCurrentWidget(self.page)
        self._sidebar.show_place(place)
        self.page.entered(about)

    def ask(self, job: Job) -> None:
        """Have a job done, unless one is being done."""
        if not self._worker.is_busy:
            self._worker.ask(job, self._texts.language)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Leave at once; the step that is being written is finished behind the scenes."""
        self.hide()
        self._worker.end()
        event.accept()

    def _build(self, language: str, place: Place, about: About) -> None:
        """Make everything in a language; nothing that is known is lost."""
        texts = self._texts = WindowTexts(language)
        speak(QApplication.instance(), language)
        self.setWindowTitle(texts.gettext("Faragostar Man"))
        self._sidebar = Sidebar(texts)
        self._working = Working(texts, self._worker.stop_waiting)
        self._stack = QStackedWidget()
        self._pages: dict[Place, Page] = {}
        self._sidebar.went.connect(self.go)
        self._sidebar.spoke.connect(self._speak)
        self._lay_out()
        if self._known is None:
            self._working.tell(Phase.LOOKING)
        self.go(place, about)

    def _page(self, place: Place) -> Page:
        """Return a page, made when it is gone to for the first time."""
        if place not in self._pages:
            page = self._pages[place] = page_of(place, self._texts)
            page.asked.connect(self.ask)
            page.asked_again.connect(self._ask_again)
            page.went.connect(self.go)
            self._stack.addWidget(page)
            if self._known is not None:
                page.show_known(self._known)
        return self._pages[place]

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self._working)
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self._sidebar)
        line.addLayout(column, 1)
        self.setCentralWidget(whole)

    @Slot(str)
    def _speak(self, language: str) -> None:
        if not self._worker.is_busy:
            self._build(language, self._place, self._about)

    @Slot()
    def _ask_again(self) -> None:
        self.ask(self._job)

    @Slot(object)
    def _begin(self, job: Job) -> None:
        self._job = job
        self.page.tell(None)
        self._stack.setEnabled(False)
        self._working.tell(Phase.LOOKING)

    @Slot(object)
    def _reach(self, phase: Phase) -> None:
        self._working.tell(phase)

    @Slot(object)
    def _end(self, outcome: Outcome) -> None:
        self._show(outcome.known)
        if isinstance(outcome.job, Look):
            if not self._worker.is_busy:
                self._working.hide()
            return
        self._working.hide()
        self._stack.setEnabled(True)
        self.page.heard(outcome)
        if outcome.trouble is not None:
            self.page.tell(outcome.trouble)

    def _show(self, known: Known) -> None:
        is_first = self._known is None
        self._known = known
        for page in self._pages.values():
            page.show_known(known)
        if is_first:
            self.page.entered(self._about)
