"""What every page is: it is shown what is known, and asks for jobs and places."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from agent.presentation import Failure
from agent.ui.jobs import Job, Known, Outcome, Word
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

    def go(self, place: Place, about: About = None) -> None:
        """Have another page shown; `about` is what it goes on with."""
        self.went.emit(place, about)

    def ask_for_rights(self) -> None:
        """Have this window opened as administrator."""
        from agent.ui.jobs.rights import OpenElevated

        self.asked.emit(OpenElevated())

    def show_known(self, known: Known) -> None:
        """Show what is known now."""

    def tell(self, failure: Failure | None, taking: Taking = Taking.AGAIN) -> None:
        """Show what went wrong, and what of it takes the keyboard; None: it is over."""
        if failure is None:
            self._trouble.hide()
        else:
            self._trouble.tell(failure, taking)
            self.verticalScrollBar().setValue(0)

    def entered(self, about: About) -> None:
        """Begin anew: the page was gone to, to go on with `about` if that is given."""

    def left(self) -> None:
        """Forget what nobody else may read; not told of while somebody reads the guide."""

    def kept(self, about: About) -> About:
        """What this page goes on with in another language; `about`: what it began with."""
        return about

    def renewed(self, job: Job) -> Job | None:
        """What "try again" asks for: the same, with what stands in the fields by now.

        None: nothing, before these are whole; then what is wanting has the keyboard.
        """
        return job

    def found(self, word: Word, /) -> None:
        """Hear what a job found so far, or a look around: it may have been another page's."""

    def heard(self, outcome: Outcome, /) -> None:
        """Hear what became of a job that this page asked for."""
