"""Answer a challenge code that support reads over the phone."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from agent.ui.fields import labelled, latin_line
from agent.ui.jobs import Job, Known, Outcome
from agent.ui.jobs.support import ChallengeAnswered, Respond
from agent.ui.pages.page import About, Page
from agent.ui.parts import Card, CodeField, Sentence, button, card_of, emptied
from agent.ui.views.support import answer_of
from agent.ui.views.tones import Tone
from agent.ui.views.typed import are_digits_of, remark_on_challenge
from agent.ui.wording import Place, WindowTexts

_PLACEHOLDER = "00000-00000"


class ChallengePage(Page):
    """Type the digits, read the answer out."""

    place = Place.CHALLENGE

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._code = latin_line(_PLACEHOLDER, "licensekey")
        self._code.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
        self._on_code = Sentence("", texts, "faint")
        self._act = button(texts.gettext("Show the answer"), self._pressed, "next")
        self._answered = ""
        self._result = Card("", texts)
        self._shown = QVBoxLayout()
        self._result.inside.addLayout(self._shown)
        self._lay_out()
        self._code.textChanged.connect(self._judge)
        self._code.returnPressed.connect(self._act.click)
        self._judge()

    def show_known(self, known: Known) -> None:
        """Nothing here depends on it: an answer is of the moment in which it was asked for."""

    def entered(self, _about: About, /) -> None:
        """Have the field under the keyboard, with nothing of an earlier call."""
        self._forget()
        self._code.setFocus()

    def left(self) -> None:
        """Leave no answer behind: by the next call the machine may stand elsewhere."""
        self._forget()

    def renewed(self, job: Job) -> Job | None:
        """Ask for the same, with what is typed by now."""
        if not isinstance(job, Respond):
            return job
        if (wish := self._wish()) is None:
            self._code.setFocus()
        return wish

    def heard(self, outcome: Outcome, /) -> None:
        """Show the answer, as long as its code stands there."""
        word = outcome.word
        if not isinstance(word, ChallengeAnswered):
            return
        self._answered = word.code
        emptied(self._shown)
        self._shown.addWidget(CodeField(answer_of(word, self.texts), self.texts))
        self._judge()
        self.sight.reveal(self._result)

    def _lay_out(self) -> None:
        texts = self.texts
        said = texts.gettext(
            "Type the ten digits that support reads out. The answer proves which license this is, "
            "where it stands and whether this server has changed; it moves nothing, and nothing is "
            "sent."
        )
        self.column.addWidget(Sentence(texts.gettext("Answer a challenge code"), texts, "title"))
        label = labelled(texts.gettext("Challenge code"), self._code, texts)
        inside = (Sentence(said, texts), label, self._code, self._on_code)
        back = button(texts.gettext("Back"), lambda: self.go(Place.SUPPORT))
        self.column.addWidget(card_of("", texts, *inside, buttons=(self._act, back)))
        self.column.addWidget(self._result)
        self.column.addStretch(1)

    def _forget(self) -> None:
        self._answered = ""
        emptied(self._shown)
        self._code.clear()

    def _wish(self) -> Respond | None:
        typed = self._code.text()
        tone, _ = remark_on_challenge(typed, self.texts)
        return Respond(typed) if tone is Tone.GOOD else None

    def _judge(self) -> None:
        """An answer stands beside the code that it answers, or not at all."""
        tone, said = remark_on_challenge(self._code.text(), self.texts)
        self._on_code.say(said, tone)
        self._act.setEnabled(self._wish() is not None)
        self._result.setVisible(are_digits_of(self._answered, self._code.text()))

    def _pressed(self) -> None:
        if (wish := self._wish()) is not None:
            self.asked.emit(wish)
