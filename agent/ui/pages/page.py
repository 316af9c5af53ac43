"""What every page is: it is shown what is known, and asks for jobs and places."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from agent.ui.jobs import Known, Outcome
from agent.ui.wording import Place, WindowTexts

_WIDEST = 860


class Page(QScrollArea):
    """Base of the pages: one column that scrolls, no wider than can be read."""

    asked = Signal(object)
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
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(24, 20, 24, 24)
        self.column.setSpacing(14)
        self.setWidget(inside)

    def show_known(self, known: Known) -> None:
        """Show what is known now."""
        raise NotImplementedError

    def entered(self) -> None:
        """Begin anew: the page was gone to."""

    def heard(self, outcome: Outcome) -> None:
        """Hear what became of a job that this page asked for."""
