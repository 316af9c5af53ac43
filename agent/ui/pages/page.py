"""What every page is: it is shown what is known, and asks for jobs and places."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from agent.presentation import Failure
from agent.ui.jobs import Known, Outcome
from agent.ui.trouble import TroublePanel
from agent.ui.wording import Place, WindowTexts

_WIDEST = 860


class Page(QScrollArea):
    """Base of the pages: one column that scrolls, no wider than can be read."""

    asked = Signal(object)
    asked_again = Signal()
    went = Signal(object)
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
        self._trouble = TroublePanel(texts, self.asked_again.emit)
        whole.addWidget(self._trouble)
        self.column = QVBoxLayout()
        self.column.setSpacing(14)
        whole.addLayout(self.column, 1)
        self.setWidget(inside)

    def show_known(self, known: Known) -> None:
        """Show what is known now."""

    def tell(self, failure: Failure | None) -> None:
        """Show what went wrong; None: it is over."""
        if failure is None:
            self._trouble.hide()
        else:
            self._trouble.tell(failure)
            self.verticalScrollBar().setValue(0)

    def entered(self) -> None:
        """Begin anew: the page was gone to."""

    def heard(self, outcome: Outcome, /) -> None:
        """Hear what became of a job that this page asked for."""
