"""Declare a change: what, from when until when, why, and whom to ask.

Both moments are typed, from left to right, and what was understood stands below them at once: over
remote desktop a pasted line is quicker than a calendar, and no calendar of Qt is Jalali throughout.
"""

import time

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from agent.ui.fields import labelled, latin_line, saved_as
from agent.ui.flow import Flow
from agent.ui.jobs import Job, Known, Outcome
from agent.ui.jobs.notices import Declare, DeclareByFile
from agent.ui.jobs.planning import Planned
from agent.ui.pages.changing import ChangeBoxes
from agent.ui.pages.page import About, Page
from agent.ui.parts import Card, Sentence, button, card_of
from agent.ui.views.notices import Period, judged, periods
from agent.ui.wording import Place, WindowTexts

_LONGEST_REASON, _LONGEST_CONTACT = 2000, 200


class NoticePage(Page):
    """The declaration; nothing leaves before the button is pressed."""

    place = Place.NOTICE

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._from = Place.OVERVIEW
        self._boxes = ChangeBoxes(texts)
        self._begins, self._ends = latin_line(), latin_line()
        self._on_begins = Sentence("", texts, "faint")
        self._on_ends = Sentence("", texts, "faint")
        self._reason, self._contact = QLineEdit(), QLineEdit()
        self._missing = Sentence("", texts, "faint")
        self._act = button(texts.gettext("Declare it to the vendor"), self._pressed, "next")
        self._letter = button(texts.gettext("Letter to the vendor…"), self._to_paper)
        self._by_file = button(texts.gettext("Save as a file…"), self._to_file)
        self._lay_out()
        self._boxes.changed.connect(self._judge)
        for field in (self._begins, self._ends, self._reason, self._contact):
            field.textChanged.connect(self._judge)
        self._judge()

    def show_known(self, known: Known) -> None:
        """What is declared is typed here; nothing of it is known."""

    def entered(self, about: About) -> None:
        """Take over what was planned, or what was typed before the letter was looked at."""
        if isinstance(about, Planned):
            self._boxes.tick(about.changes)
            self._from = Place.PLAN
        elif isinstance(about, Declare):
            self._fill(about)
        else:
            self._from = Place.OVERVIEW
        if self._boxes.ticked:
            self._begins.setFocus()
        else:
            self._boxes.begin()

    def kept(self, _about: About, /) -> Planned | None:
        """The way back."""
        return Planned(self._boxes.ticked) if self._from is Place.PLAN else None

    def renewed(self, job: Job) -> Job | None:
        """Ask for the same, with what is typed by now."""
        if not isinstance(job, Declare | DeclareByFile):
            return job
        if not self._act.isEnabled():
            self._begins.setFocus()
            return None
        return self._wish() if isinstance(job, Declare) else DeclareByFile(job.path, self._wish())

    def heard(self, outcome: Outcome, /) -> None:
        """Go home with the granted window; what was refused stays, to be mended."""
        if outcome.trouble is None:
            with QSignalBlocker(self._boxes):
                self._boxes.tick(())
            for field in (self._begins, self._ends, self._reason):
                field.clear()
            self.go(Place.OVERVIEW)

    def _lay_out(self) -> None:
        texts = self.texts
        self.column.addWidget(Sentence(texts.gettext("Declare a change"), texts, "title"))
        said = texts.gettext(
            "A change that the vendor knows of beforehand costs nothing and needs no decision: the "
            "license goes on inside its change window."
        )
        self.column.addWidget(Sentence(said, texts))
        self.column.addWidget(card_of(texts.gettext("What will change?"), texts, self._boxes))
        self.column.addWidget(self._when())
        who = Card("", texts)
        for name, field, longest in (
            (texts.gettext("Why the change is made"), self._reason, _LONGEST_REASON),
            (
                texts.gettext("Whom the vendor may ask: name and phone"),
                self._contact,
                _LONGEST_CONTACT,
            ),
        ):
            field.setMaxLength(longest)
            who.inside.addWidget(labelled(name, field, texts))
            who.inside.addWidget(field)
        who.inside.addWidget(self._missing)
        back = button(texts.gettext("Back"), self._back)
        who.inside.addWidget(Flow(self._act, self._letter, self._by_file, back))
        self.column.addWidget(who)
        self.column.addStretch(1)

    def _when(self) -> Card:
        texts = self.texts
        card = Card(texts.gettext("When? At most 14 days, in the time of this server"), texts)
        offers = [self._offer(period) for period in periods(int(time.time()), texts)]
        card.inside.addWidget(Flow(*offers))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        for place, (name, field, said) in enumerate(
            (
                (texts.gettext("From"), self._begins, self._on_begins),
                (texts.gettext("Until"), self._ends, self._on_ends),
            )
        ):
            column = QVBoxLayout()
            column.setSpacing(6)
            for widget in (labelled(name, field, texts), field, said):
                column.addWidget(widget)
            column.addStretch(1)
            grid.addLayout(column, 0, place)
            grid.setColumnStretch(place, 1)
        card.inside.addLayout(grid)
        return card

    def _offer(self, period: Period) -> QWidget:
        def take() -> None:
            self._begins.setText(period.begins)
            self._ends.setText(period.ends)
            self._reason.setFocus()

        return button(period.name, take)

    def _fill(self, wish: Declare) -> None:
        self._boxes.tick(wish.changes)
        for field, text in (
            (self._begins, wish.begins),
            (self._ends, wish.ends),
            (self._reason, wish.reason),
            (self._contact, wish.contact),
        ):
            field.setText(text)

    def _wish(self) -> Declare:
        return Declare(
            self._boxes.ticked,
            self._begins.text(),
            self._ends.text(),
            self._reason.text(),
            self._contact.text(),
        )

    def _judge(self) -> None:
        found = judged(self._wish(), int(time.time()), self.texts)
        self._on_begins.say(found.begins[1], found.begins[0])
        self._on_ends.say(found.ends[1], found.ends[0])
        self._missing.say(found.missing)
        self._missing.setVisible(bool(found.missing))
        for made in (self._act, self._letter, self._by_file):
            made.setEnabled(found.is_whole)

    def _back(self) -> None:
        self.go(self._from, Planned(self._boxes.ticked) if self._from is Place.PLAN else None)

    def _pressed(self) -> None:
        self.asked.emit(self._wish())

    def _to_paper(self) -> None:
        self.go(Place.PRINTED, self._wish())

    def _to_file(self) -> None:
        title = self.texts.gettext("Save as a file…").rstrip("…")
        if (path := saved_as(self, title, "notice.jws", "*.jws")) is not None:
            self.asked.emit(DeclareByFile(path, self._wish()))
