"""Give the license back: why, and the review that must be confirmed by hand.

Nothing is given back before the end of the license key was typed and the box was ticked; no button
is pressed by Enter from elsewhere. The last step does not end before its papers are off this disk,
or somebody said why they are not.
"""

from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
)

from agent.typed import CONFIRMED_BY, is_end_of
from agent.ui.jobs import Job, Known, Outcome
from agent.ui.jobs.by_hand import GivenOut, ReleaseByHand
from agent.ui.jobs.checks import Prepared
from agent.ui.jobs.license import Release
from agent.ui.pages.codes import copied
from agent.ui.pages.memory import Entries
from agent.ui.pages.page import About, Page
from agent.ui.parts import Card, Facts, Sentence, button, emptied, line_of
from agent.ui.views.releasing import open_line, warnings_of, what_is_given_back
from agent.ui.views.tones import Tone
from agent.ui.wording import REASONS, Place, WindowTexts
from protocol.values import ReleaseReason

_GIVEN_BACK = ("releasing", "released")


class ReleasePage(Page):
    """Why: the first step; it changes nothing."""

    place = Place.RELEASE

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self.column.addWidget(Sentence(texts.gettext("Give the license back"), texts, "title"))
        card = Card(texts.gettext("1 of 5: What is going to change?"), texts)
        self._begun: Release | None = None
        self._reasons = QButtonGroup(self)
        for place, (reason, words) in enumerate(REASONS.items()):
            choice = QRadioButton(texts.gettext(words))
            choice.setAccessibleName(choice.text())
            choice.setProperty("reason", reason)
            self._reasons.addButton(choice, place)
            card.inside.addWidget(choice)
        self._reasons.buttons()[0].setChecked(True)
        label = Sentence(texts.gettext("A word to the vendor (may stay empty)"), texts)
        self._note = QLineEdit()
        self._note.setMaxLength(200)
        self._note.setAccessibleName(texts.gettext("A word to the vendor"))
        label.setBuddy(self._note)
        card.inside.addWidget(label)
        card.inside.addWidget(self._note)
        go_on = button(
            texts.gettext("Continue"), lambda: self.go(Place.CHECKS, self._wish()), "next"
        )
        back = button(texts.gettext("Back"), lambda: self.go(Place.OVERVIEW))
        card.inside.addLayout(line_of(go_on, back))
        self.column.addWidget(card)
        self.column.addStretch(1)

    def show_known(self, known: Known) -> None:
        """Nothing here depends on it."""

    def entered(self, about: About = None, /) -> None:
        """Have the reasons under the keyboard; what a plan or a later step knows is chosen."""
        self._begun = about if isinstance(about, Release) else None
        if self._begun is not None:
            reason = self._begun.reason.value
            self._reasons.button(list(REASONS).index(reason)).setChecked(True)
            self._note.setText(self._begun.note or "")
        self._chosen().setFocus()

    def _wish(self) -> Release:
        reason = ReleaseReason(str(self._chosen().property("reason")))
        note = self._note.text().strip() or None
        if self._begun is not None:  # by hand it stays by hand
            return structs.replace(self._begun, reason=reason, note=note)
        return Release(reason, note)

    def _chosen(self) -> QAbstractButton:
        chosen = self._reasons.checkedButton()
        return self._reasons.buttons()[0] if chosen is None else chosen


class ConfirmReleasePage(Page):
    """Review and confirm: the only step that cannot be undone."""

    place = Place.CONFIRM_RELEASE

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._wish = Release(ReleaseReason.HARDWARE, None)
        self._open: tuple[str, ...] = ()
        self._key_end = ""
        self._left_open = Sentence("", texts, "", Tone.WARNING)
        self.column.addWidget(Sentence(texts.gettext("Give the license back"), texts, "title"))
        self._warned = Card("", texts, "trouble")
        self.column.addWidget(self._warned)
        card = Card(texts.gettext("3 of 5: Review and confirm"), texts)
        self._review = QVBoxLayout()
        self._review.setSpacing(card.inside.spacing())
        card.inside.addLayout(self._review)
        card.inside.addWidget(self._left_open)
        self._typed = QLineEdit()
        self._typed.setMaxLength(CONFIRMED_BY)
        self._typed.setFixedWidth(120)
        self._typed.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._wrong = Sentence("", texts, "faint")
        self._has_read = QCheckBox(texts.gettext("I have read this: the software stops here now"))
        self._act = button(
            texts.gettext("Give the license back now"), self._pressed, "irreversible"
        )
        self._lay_out(card)
        self._typed.textChanged.connect(self._judge)
        self._has_read.toggled.connect(self._judge)

    def show_known(self, known: Known) -> None:
        """Know the key's end, and show what must be known first."""
        self._key_end = known.key_end
        warnings = warnings_of(known, self.texts)
        emptied(self._warned.inside)
        for warning in warnings:
            self._warned.inside.addWidget(Sentence(warning, self.texts, "", Tone.STOPPED))
        self._warned.setVisible(bool(warnings))
        self._judge()

    def entered(self, about: About) -> None:
        """Begin with nothing confirmed."""
        if isinstance(about, Prepared):
            self._wish, self._open = about.release, about.left_open
        self._left_open.say(open_line(self._open, self.texts))
        self._left_open.setVisible(bool(self._open))
        emptied(self._review)
        self._review.addWidget(Facts(what_is_given_back(self._wish, self.texts), self.texts))
        for said in _review(self.texts, by_hand=isinstance(self._wish, ReleaseByHand)):
            self._review.addWidget(Sentence(f"• {said}", self.texts))
        self._typed.clear()
        self._has_read.setChecked(False)
        self._typed.setFocus()

    def kept(self, _about: About, /) -> Prepared:
        """What is to be confirmed; that it is confirmed is never carried anywhere."""
        return Prepared(self._wish, self._open)

    def entries(self) -> Entries:
        """Nothing: in another language it is read, and confirmed, anew."""
        return Entries()

    def renewed(self, job: Job) -> Job | None:
        """Give back only what is confirmed at this moment."""
        if not isinstance(job, Release):
            return job
        if self._act.isEnabled():
            return self._wish
        self._typed.setFocus()
        return None

    def heard(self, outcome: Outcome, /) -> None:
        """Go on to the papers as soon as the license is given back, whatever else was said.

        What is carried by hand comes to them when its receipt was taken in.
        """
        view = outcome.known.view
        if isinstance(outcome.word, GivenOut):
            copied(outcome.word)
            self.go(Place.EXCHANGE, outcome.word)
        elif view is not None and view.standing.value in _GIVEN_BACK:
            self.go(Place.KEEP_PAPERS)

    def _lay_out(self, card: Card) -> None:
        texts = self.texts
        asked = texts.gettext(
            "To confirm, type the last {count:number} characters of the license key",
            count=CONFIRMED_BY,
        )
        label = Sentence(asked, texts, "heading")
        label.setBuddy(self._typed)
        self._typed.setAccessibleName(asked)
        self._has_read.setAccessibleName(self._has_read.text())
        card.inside.addWidget(label)
        card.inside.addLayout(line_of(self._typed))
        card.inside.addWidget(self._wrong)
        card.inside.addWidget(self._has_read)
        back = button(texts.gettext("Back"), lambda: self.go(Place.CHECKS, self.kept(None)))
        card.inside.addLayout(line_of(back, self._act))
        self.column.addWidget(card)
        self.column.addStretch(1)

    def _judge(self) -> None:
        typed = self._typed.text()
        is_right = bool(self._key_end) and is_end_of(self._key_end, typed)
        said = ""
        if len(typed) == CONFIRMED_BY and not is_right:
            said = self.texts.gettext("This is not the end of this license's key")
        self._wrong.say(said, Tone.WARNING)
        self._act.setEnabled(is_right and self._has_read.isChecked())

    def _pressed(self) -> None:
        self.asked.emit(self._wish)


def _review(texts: WindowTexts, *, by_hand: bool) -> tuple[str, ...]:
    stops = texts.gettext("The software stops on this server as soon as you confirm.")
    if by_hand:
        return (
            stops,
            texts.gettext(
                "The license document is destroyed here, and the proof of that is given out for "
                "you to carry to the vendor. It is kept here too, and can be given out again."
            ),
            texts.gettext(
                "The receipt comes with the vendor's answer. When that was taken in here, you are "
                "given a reactivation code to keep, and may activate again at any time."
            ),
        )
    return (
        stops,
        texts.gettext(
            "The license document is destroyed here, and the proof of that is sent to the vendor. "
            "If the network fails now, the proof is kept and sent later."
        ),
        texts.gettext(
            "After the change you activate again here, alone, without the vendor; the next step "
            "gives you the receipt and a reactivation code to keep."
        ),
    )
