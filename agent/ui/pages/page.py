"""What every page is: it is shown what is known, and asks for jobs and places."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from agent.presentation import Failure
from agent.ui.jobs import Job, Known, Look, Outcome, Word
from agent.ui.jobs.license import LookAgain
from agent.ui.pages.memory import Entries, Memory, enter_again, entries_of
from agent.ui.parts import emptied
from agent.ui.sight import Sight
from agent.ui.trouble import Taking, TroublePanel
from agent.ui.wording import Place, WindowTexts

_WIDEST = 860

# What a step of a wizard hands to the next one: a job that is to be confirmed, or what one said.
About = Job | Word | None


class Page(QScrollArea):
    """Base of the pages: one column that scrolls, no wider than can be read."""

    asked = Signal(object)
    asked_again = Signal()
    asked_by_hand = Signal()
    was_let_go = Signal()
    went = Signal(object, object)
    spoke = Signal(object)
    place: Place

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__()
        self.texts = texts
        self._failure: Failure | None = None
        self._lived: list[Outcome] = []
        self._wanted: list[Job] = []
        self.asked.connect(self._want)
        self._is_left = True
        # Where whoever comes to this page begins.
        self.first: QWidget | None = None
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setObjectName("page")
        inside.setMaximumWidth(_WIDEST)
        # Its height follows from its width; the least height of its sentences is that of narrow
        # ones, and would make every page scroll.
        inside.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(24, 20, 24, 24)
        whole.setSpacing(14)
        # Above the page and with it: on a small screen both must be reached by scrolling.
        self._trouble = TroublePanel(
            texts, self.asked_again.emit, self.asked_by_hand.emit, self.ask_for_rights
        )
        self._trouble.closed.connect(self.was_let_go)
        whole.addWidget(self._trouble)
        self.column = QVBoxLayout()
        self.column.setSpacing(14)
        whole.addLayout(self.column, 1)
        self.setWidget(inside)
        self.sight = Sight(self)

    def go(self, place: Place, about: About = None) -> None:
        """Have another page shown; `about` is what it goes on with."""
        self.went.emit(place, about)

    def ask_for_rights(self) -> None:
        """Have this window opened as administrator."""
        from agent.ui.jobs.rights import OpenElevated

        self.asked.emit(OpenElevated())

    def show_known(self, known: Known) -> None:
        """Show what is known now."""

    @contextmanager
    def laid_anew(self) -> Iterator[None]:
        """Empty the column, to be filled; if it had the keyboard, the new `first` gets it."""
        focused = self.window().focusWidget()
        had_keyboard = self.isAncestorOf(focused) and not self._trouble.isAncestorOf(focused)
        emptied(self.column)
        yield
        if had_keyboard and self.first is not None:
            self.sight.hand_on(self.first)

    def tell(self, failure: Failure | None, taking: Taking = Taking.AGAIN) -> None:
        """Show what went wrong, and what of it takes the keyboard; None: it is over."""
        self._failure = failure
        if failure is None:
            self._trouble.hide()
        else:
            self._trouble.tell(failure, taking)
            self.verticalScrollBar().setValue(0)

    def enter(self, about: About) -> None:
        """Go to this page anew; what was heard before is over."""
        self._is_left = False
        self._lived.clear()
        self._wanted.clear()
        self.entered(about)
        self.sight.begin()

    def leave(self) -> None:
        """Go on from this page."""
        self._is_left = True
        self._lived.clear()
        self._wanted.clear()
        self.left()

    def live(self, outcome: Outcome) -> None:
        """Hear what became of a job, and keep it for another language.

        What another page had looked for, or this one before it was left, may be a secret.
        """
        if isinstance(outcome.job, Look) and not self.wants(outcome.job):
            return
        if outcome.trouble is None and not self._is_left:
            self._keep(outcome)
        self._hear(outcome)

    def forget(self, job: Job) -> None:
        """Neither hear of a look any more nor carry into another language what came of it."""
        self._wanted = [wanted for wanted in self._wanted if wanted != job]
        self._lived = [outcome for outcome in self._lived if outcome.job != job]

    def wants(self, job: Job) -> bool:
        """Whether this page asked that to be looked for, since it was entered."""
        return job in self._wanted

    def memory(self, about: About) -> Memory:
        """Return all that somebody entered and read here; `about`: what it began with."""
        failure = None if self._trouble.isHidden() else self._failure
        lived, wanted = tuple(self._lived), tuple(self._wanted)
        return Memory(self.kept(about), lived, self.entries(), failure, wanted)

    def recall(self, memory: Memory, known: Known | None) -> None:
        """Be what this page was in another language; nothing is asked, and nobody goes anywhere."""
        with QSignalBlocker(self):
            self.enter(memory.about)
            self._wanted.extend(memory.wanted)
            self.sight.go_on()
            for outcome in memory.lived:
                self.relived(outcome)
                self._lived.append(outcome)
            if known is not None:
                self.show_known(known)
            enter_again(self, memory.entries)
            if memory.failure is not None:
                self.tell(memory.failure, Taking.NOTHING)

    @Slot(object)
    def _want(self, job: Job) -> None:
        if isinstance(job, Look) and job not in self._wanted:
            self._wanted.append(job)

    def _keep(self, outcome: Outcome) -> None:
        if not isinstance(outcome.job, Look):
            # What was asked may hold a passphrase; what came of it does not.
            self._lived.append(outcome._replace(job=LookAgain()))
        elif outcome.word is not None:
            self._lived = [lived for lived in self._lived if lived.job != outcome.job]
            self._lived.append(outcome)

    def _hear(self, outcome: Outcome) -> None:
        if not isinstance(outcome.job, Look):
            self.heard(outcome)
        elif outcome.word is not None:
            self.found(outcome.word)

    def entered(self, about: About) -> None:
        """Begin anew: the page was gone to, to go on with `about` if that is given."""

    def left(self) -> None:
        """Forget what nobody else may read; not told of while somebody reads the guide."""

    def kept(self, about: About) -> About:
        """What this page goes on with in another language; `about`: what it began with."""
        return about

    def entries(self) -> Entries:
        """What was entered here, and may be carried into another language."""
        return entries_of(self)

    def relived(self, outcome: Outcome, /) -> None:
        """Show anew what came of a job that was heard in another language."""
        if not isinstance(outcome.job, Look):
            self.show_known(outcome.known)
        self._hear(outcome)

    def renewed(self, job: Job) -> Job | None:
        """What "try again" asks for: the same, with what stands in the fields by now.

        None: nothing, before these are whole; then what is wanting has the keyboard.
        """
        return job

    def found(self, word: Word, /) -> None:
        """Hear what a job found so far, or a look around; the former may be another page's."""

    def heard(self, outcome: Outcome, /) -> None:
        """Hear what became of a job that this page asked for."""
