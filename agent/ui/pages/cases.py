"""The case that waits or was decided last, whose turn it is, and the change window."""

import time

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from agent.ui.jobs import Job, Known, Outcome
from agent.ui.jobs.license import Check, Withdraw
from agent.ui.pages.page import About, Page
from agent.ui.parts import Card, CodeField, Facts, Mark, Sentence, button, card_of, line_of
from agent.ui.views.cases import Cases, OpenWindow, cases_of
from agent.ui.views.overview import Button
from agent.ui.wording import Act, Place, WindowTexts
from protocol.values import Timestamp

_AT_ONCE: dict[Act, Job] = {Act.CHECK: Check(), Act.WITHDRAW: Withdraw()}


class CasesPage(Page):
    """What the vendor decides."""

    place = Place.CASES

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._known = Known()
        self._shown: Cases | None = None

    def show_known(self, known: Known) -> None:
        """Lay it out anew, if anything reads differently."""
        self._known = known
        found = cases_of(known, self.texts, Timestamp(int(time.time())))
        if found == self._shown:
            return
        self._shown = found
        with self.laid_anew():
            self._lay_out(found)

    def entered(self, _about: About = None, /) -> None:
        """Have the first button under the keyboard, and the time that is left be this moment's."""
        self.show_known(self._known)
        if self.first is not None:
            self.first.setFocus()

    def heard(self, _outcome: Outcome, /) -> None:
        """Have the keyboard where it was: the button that was pressed may be gone."""
        self.entered()

    def _lay_out(self, found: Cases) -> None:
        texts = self.texts
        self.column.addWidget(Sentence(texts.gettext("Cases"), texts, "title"))
        self.column.addWidget(self._standing(found))
        if found.facts:
            self.column.addWidget(self._case(found))
        if found.message:
            heading = texts.gettext("The vendor says")
            self.column.addWidget(card_of(heading, texts, Sentence(found.message, texts)))
        if found.window is not None:
            self.column.addWidget(self._window(found.window))
        self.column.addWidget(self._speaking(found))
        self.column.addStretch(1)

    def _standing(self, found: Cases) -> Card:
        texts = self.texts
        card = Card("", texts)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(Mark(found.tone))
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(Sentence(found.headline, texts, "headline", found.tone))
        said.addWidget(Sentence(found.beside, texts, "faint"))
        line.addLayout(said, 1)
        card.inside.addLayout(line)
        card.inside.addWidget(Sentence(found.turn, texts, "heading" if found.why else ""))
        for advice in found.advice:
            card.inside.addWidget(Sentence(advice, texts))
        buttons = [self._button(each) for each in found.buttons]
        self.first = buttons[0] if buttons else None
        if buttons:
            card.inside.addLayout(line_of(*buttons))
        return card

    def _button(self, wish: Button) -> QPushButton:
        return button(wish.text, lambda: self._press(wish.act), "next" if wish.is_next else "")

    def _press(self, act: Act) -> None:
        if act in _AT_ONCE:
            self.asked.emit(_AT_ONCE[act])
        else:
            self.go(Place.REACTIVATE)

    def _case(self, found: Cases) -> Card:
        texts = self.texts
        heading = texts.gettext("The case") if found.why else texts.gettext("In progress")
        reasons = (Sentence(why, texts) for why in found.why)
        return card_of(heading, texts, Facts(found.facts, texts), *reasons)

    def _window(self, found: OpenWindow) -> Card:
        texts = self.texts
        said = (Sentence(line, texts) for line in (*found.said, found.left))
        return card_of(texts.gettext("Change window"), texts, *said, Facts(found.facts, texts))

    def _speaking(self, found: Cases) -> Card:
        codes = () if found.code is None else (CodeField(found.code, self.texts),)
        return card_of("", self.texts, *codes, Sentence(found.speak, self.texts))
