"""This server, part by part, and what happened on it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from agent.ui.jobs import Known
from agent.ui.pages.page import Page
from agent.ui.parts import Card, Facts, Sentence, emptied
from agent.ui.views.history import history_of
from agent.ui.views.server import Comparison, comparison_of
from agent.ui.wording import Place, WindowTexts


class ServerPage(Page):
    """What the license was bound to, beside what is here now."""

    place = Place.SERVER

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._shown: Comparison | None = None

    def show_known(self, known: Known) -> None:
        """Lay the comparison out."""
        found = comparison_of(known, self.texts)
        if found == self._shown:
            return
        self._shown = found
        emptied(self.column)
        self.column.addWidget(Sentence(self.texts.gettext("This server"), self.texts, "title"))
        card = Card("", self.texts)
        card.inside.addWidget(Sentence(found.verdict, self.texts, "heading", found.tone))
        if found.room:
            card.inside.addWidget(Sentence(found.room, self.texts))
        if found.rows:
            card.inside.addWidget(_grid(found, self.texts))
        self.column.addWidget(card)
        self.column.addStretch(1)


class HistoryPage(Page):
    """What happened, the newest first."""

    place = Place.HISTORY

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._shown: tuple[tuple[str, str], ...] | None = None

    def show_known(self, known: Known) -> None:
        """Lay the history out."""
        rows = history_of(known, self.texts)
        if rows == self._shown:
            return
        self._shown = rows
        emptied(self.column)
        self.column.addWidget(Sentence(self.texts.gettext("History"), self.texts, "title"))
        card = Card("", self.texts)
        if rows:
            card.inside.addWidget(Facts(rows, self.texts))
        else:
            nothing = self.texts.gettext("Nothing has happened here yet.")
            card.inside.addWidget(Sentence(nothing, self.texts))
        self.column.addWidget(card)
        self.column.addStretch(1)


def _grid(found: Comparison, texts: WindowTexts) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(6)
    for column, name in enumerate(found.header):
        grid.addWidget(Sentence(name, texts, "faint"), 0, column)
        grid.setColumnStretch(column, 1)
    top = Qt.AlignmentFlag.AlignTop
    for place, row in enumerate(found.rows, start=1):
        for column, value in enumerate(row.values):
            kind = "heading" if column == 0 else ""
            tone = row.tone if column == len(row.values) - 1 else None
            grid.addWidget(Sentence(value, texts, kind, tone), place, column, top)
    return made
