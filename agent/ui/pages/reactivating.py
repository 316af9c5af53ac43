"""Activate again: what makes this server known, what changed, one button, and what came of it.

All of it stands on one page: whoever knows what to do presses the button that has the focus.
"""

from PySide6.QtWidgets import QVBoxLayout

from agent.ui.jobs import Known, Outcome
from agent.ui.jobs.license import Reactivate
from agent.ui.jobs.recovery import Errand
from agent.ui.pages.page import About, Page
from agent.ui.pages.steps import StepList
from agent.ui.parts import Card, Facts, Sentence, button, card_of, emptied, explained, line_of
from agent.ui.views.overview import overview_of
from agent.ui.views.reactivating import changes_of
from agent.ui.wording import Place, WindowTexts


class ReactivatePage(Page):
    """Take the license again."""

    place = Place.REACTIVATE

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._changes = StepList(texts)
        self._act = button(
            texts.gettext("Activate again on this server"),
            lambda: self.asked.emit(Reactivate()),
            "next",
        )
        self._finish = button(texts.gettext("Finish"), lambda: self.go(Place.OVERVIEW), "next")
        self._before = (self._known_by(), self._then_and_now(), self._activation())
        self._result = Card(texts.gettext("4 of 4: What came of it"), texts)
        self._said = QVBoxLayout()
        self._said.setSpacing(10)
        self._result.inside.addLayout(self._said)
        self._result.inside.addLayout(line_of(self._finish))
        self.column.addWidget(Sentence(texts.gettext("Activate again"), texts, "title"))
        for card in (*self._before, self._result):
            self.column.addWidget(card)
        self.column.addStretch(1)
        self._show_result(is_done=False)

    def show_known(self, known: Known) -> None:
        """Show what is different; what came of an activation stays until somebody leaves."""
        self._changes.show_steps(changes_of(known, self.texts))

    def entered(self, _about: About, /) -> None:
        """Have the button under the keyboard."""
        self._show_result(is_done=False)
        self._act.setFocus()

    def heard(self, outcome: Outcome, /) -> None:
        """Show what came of it."""
        if outcome.trouble is not None:
            return
        shown = overview_of(outcome.known, self.texts)
        emptied(self._said)
        headline = Sentence(shown.headline, self.texts, "headline", shown.tone)
        self._said.addWidget(headline)
        self._said.addWidget(Sentence(shown.beside, self.texts, "faint"))
        for remark in (*shown.remarks, *shown.advice):
            self._said.addWidget(Sentence(f"• {remark}", self.texts))
        if shown.license:
            self._said.addWidget(Facts(shown.license, self.texts))
        self._show_result(is_done=True)
        self._finish.setFocus()

    def _known_by(self) -> Card:
        texts = self.texts
        said = texts.gettext(
            "This server keeps its own key, and the vendor knows it. Was the operating system "
            "installed anew, or is this another server? Then choose what you kept."
        )
        file = button(
            texts.gettext("I have a recovery file…"),
            lambda: self.go(Place.LOAD_RECOVERY, Errand(self.place)),
        )
        explained(file, file.text(), texts)
        code = button(
            texts.gettext("I have the reactivation code…"), lambda: self.go(Place.ACTIVATE)
        )
        heading = texts.gettext("1 of 4: What makes this server known")
        return card_of(heading, texts, Sentence(said, texts), buttons=(file, code))

    def _then_and_now(self) -> Card:
        heading = self.texts.gettext("2 of 4: The server then and now")
        return card_of(heading, self.texts, self._changes)

    def _activation(self) -> Card:
        texts = self.texts
        said = texts.gettext(
            "The signing server binds the license to this server as it is now. If it was given "
            "back before the change, this needs nobody's permission; if not, the vendor decides."
        )
        back = button(texts.gettext("Back"), lambda: self.go(Place.OVERVIEW))
        heading = texts.gettext("3 of 4: Activate")
        return card_of(heading, texts, Sentence(said, texts), buttons=(self._act, back))

    def _show_result(self, *, is_done: bool) -> None:
        for card in self._before:
            card.setVisible(not is_done)
        self._result.setVisible(is_done)
