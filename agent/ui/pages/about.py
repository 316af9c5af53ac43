"""What this program is, what it is built with, and under which licences."""

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QVBoxLayout

from agent.ui.jobs import Word
from agent.ui.jobs.about import About as Found
from agent.ui.jobs.about import ReadAbout
from agent.ui.pages.page import About, Page
from agent.ui.parts import Card, Facts, Sentence, button, card_of, copier, emptied, line_of
from agent.ui.views.about import part_rows, program_rows
from agent.ui.views.tones import Rows
from agent.ui.wording import Place, WindowTexts

_FOR_SUPPORT = WindowTexts("en")  # who reads it is sent it


class AboutPage(Page):
    """Versions and licences."""

    place = Place.ABOUT

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(14)
        self._back = button(texts.gettext("Back"), lambda: self.go(Place.SETTINGS))
        self.column.addWidget(Sentence(texts.gettext("About this program"), texts, "title"))
        self.column.addLayout(self._cards)
        self.column.addLayout(line_of(self._back))
        self.column.addStretch(1)

    def entered(self, _about: About = None, /) -> None:
        """Ask what is installed."""
        self.asked.emit(ReadAbout())
        self._back.setFocus()

    def found(self, word: Word, /) -> None:
        """Lay it out."""
        if not isinstance(word, Found):
            return
        texts = self.texts
        qt = qVersion() or ""
        emptied(self._cards)
        program = self._card(
            texts.gettext("Faragostar Man"),
            program_rows(word, qt, texts),
            texts.gettext("The terms of this program are those of the contract with its vendor."),
        )
        lines = "\n".join(": ".join(row) for row in program_rows(word, qt, _FOR_SUPPORT))
        program.inside.addLayout(line_of(copier(texts.gettext("About this program"), lines, texts)))
        self._card(
            texts.gettext("Built with"),
            part_rows(word, texts),
            texts.gettext(
                "Each of these is its makers' own, under the licence that is named beside it. "
                "{library} may be exchanged for another build of it.",
                library="Qt",
            ),
        )

    def _card(self, heading: str, rows: Rows, said: str) -> Card:
        said_below = Sentence(said, self.texts, "faint")
        card = card_of(heading, self.texts, Facts(rows, self.texts), said_below)
        self._cards.addWidget(card)
        return card
