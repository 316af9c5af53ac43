"""By file: the same three steps as over the network, carried by hand."""

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agent.ui.jobs import Job, Known, Outcome
from agent.ui.jobs.by_hand import As, GivenOut, GiveOut, Incomplete, Midway, TakeIn
from agent.ui.jobs.license import Release
from agent.ui.pages.answering import Answering
from agent.ui.pages.asking import Asking
from agent.ui.pages.codes import CodesPanel, copied
from agent.ui.pages.page import About, Page
from agent.ui.parts import Card, CodeField, Sentence, card_of, emptied
from agent.ui.views.by_hand import Exchange, doors_of, exchange_of, said_of_answer
from agent.ui.wording import Place, WindowTexts
from protocol.values import Standing
from protocol.views import StatusView


class ExchangePage(Page):
    """Request, way, answer; opens on what waits for its answer."""

    place = Place.EXCHANGE

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._shown: Exchange | None = None
        self._given: GivenOut | None = None
        self._standing = Card("", texts)
        self._asking = Asking(texts)
        self._way = _way(texts)
        self._answering = Answering(texts)
        self._codes = CodesPanel(texts)
        self._steps = QWidget()
        self._lay_out()
        self._asking.give_out.connect(self.asked)
        self._asking.confirm.connect(lambda wish: self.go(Place.RELEASE, wish))
        self._asking.declare.connect(lambda: self.go(Place.NOTICE))
        self._answering.brought.connect(self.asked)
        self._codes.done.connect(self._show_steps)

    def show_known(self, known: Known) -> None:
        """Show what is on its way, and what can be asked."""
        shown = exchange_of(known, self.texts)
        if shown == self._shown:
            return
        self._shown = shown
        emptied(self._standing.inside)
        headline = Sentence(shown.headline, self.texts, "heading", shown.tone)
        self._standing.inside.addWidget(headline)
        for said in (*(f"• {line}" for line in shown.waiting), *shown.advice):
            self._standing.inside.addWidget(Sentence(said, self.texts))
        self._asking.show_offers(shown)
        self._asking.setVisible(bool(shown.offers))
        for step in (self._way, self._answering):
            step.setVisible(shown.may_take_in)

    def entered(self, about: About, /) -> None:
        """Begin with a wish that was had elsewhere, or with what was given out for it."""
        self._show_steps()
        self._asking.tell(None)
        self._answering.begin()
        if isinstance(about, GivenOut):
            self._tell(about)
            return
        self._given = None
        if isinstance(about, Midway):
            self._go_on(about)
            return
        self._asking.choose(about.wish if isinstance(about, GiveOut) else about)
        self._asking.focus()

    def left(self) -> None:
        """Leave no key behind."""
        self._asking.forget_keys()

    def kept(self, _about: About, /) -> Midway:
        """What was asked and given out, and the parts of its answer that are here."""
        wish, answering = self._asking.wish, self._answering
        release = wish if isinstance(wish, Release) else None
        part = None if self._codes.isHidden() else self._codes.place
        return Midway(release, self._given, part, answering.there, answering.taken)

    def relived(self, outcome: Outcome, /) -> None:
        """All of it is kept."""

    def renewed(self, job: Job) -> Job | None:
        """Ask for the same, with what is typed by now."""
        if isinstance(job, TakeIn):
            return self._answering.renewed(job)
        if not isinstance(job, GiveOut):
            return job
        renewed = self._asking.renewed(job)
        if renewed is None:
            self._asking.focus()
        return renewed

    def heard(self, outcome: Outcome, /) -> None:
        """Show a request that was given out; go home with the news of an answer."""
        if isinstance(outcome.word, GivenOut):
            copied(outcome.word)
            self._tell(outcome.word)
        elif isinstance(outcome.word, Incomplete):
            self._answering.keep(outcome.word)
            self._see_answering()
        elif isinstance(outcome.job, TakeIn) and outcome.trouble is None:
            self._take_in(outcome.known.view)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Let a code grow with the window."""
        super().resizeEvent(event)
        self._fit()

    def _lay_out(self) -> None:
        texts = self.texts
        column = QVBoxLayout(self._steps)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(Sentence(texts.gettext("By file, without a network"), texts, "title"))
        said = texts.gettext(
            "The same steps as over the network: a request goes out, the vendor answers it, the "
            "answer comes back. Both ways may be mixed."
        )
        column.addWidget(Sentence(said, texts))
        for card in (self._standing, self._asking, self._way, self._answering):
            column.addWidget(card)
        column.addStretch(1)
        self.column.addWidget(self._steps)
        self.column.addWidget(self._codes)
        self.column.addStretch(1)
        self._codes.hide()

    def _show_steps(self) -> None:
        self._codes.hide()
        self._steps.show()
        self._asking.focus()

    def _tell(self, given: GivenOut) -> None:
        self._given = given
        self._asking.tell(given)
        if given.way is As.CODES:
            self._show_codes(given)
        else:
            self._asking.focus()

    def _show_codes(self, given: GivenOut, part: int = 0) -> None:
        self._steps.hide()
        self._codes.show_codes(given, part)
        self._codes.show()
        self._fit()
        self._codes.focus()
        self.verticalScrollBar().setValue(0)

    def _go_on(self, midway: Midway) -> None:
        """Be as far as somebody was in another language."""
        self._asking.choose(midway.release)
        self._given = midway.given
        self._asking.tell(midway.given)
        self._answering.tell(midway.taken)
        if midway.there is not None:
            self._answering.keep(midway.there)
        if midway.given is not None and midway.part is not None:
            self._show_codes(midway.given, midway.part)

    def _take_in(self, view: StatusView | None) -> None:
        said = said_of_answer(view, self.texts) if view is not None else ""
        self._answering.tell(view if said else None)
        if said:
            self._see_answering()
        elif view is not None and view.standing is Standing.RELEASED:
            self.go(Place.KEEP_PAPERS)
        else:
            self.go(Place.OVERVIEW)

    def _see_answering(self) -> None:
        self._answering.focus()
        # When everything above it has its new height.
        QTimer.singleShot(0, self, self._scroll_to_answering)

    def _scroll_to_answering(self) -> None:
        if (inside := self.widget()) is not None:
            top = self._answering.mapTo(inside, QPoint(0, 0)).y()
            self.verticalScrollBar().setValue(top - self.column.spacing())

    def _fit(self) -> None:
        inside, seen = self.widget(), self.viewport().size()
        if inside is not None:
            seen.setWidth(min(seen.width(), inside.maximumWidth()) - 48)
            seen.setHeight(seen.height() - 44)
            self._codes.fit(seen)


def _way(texts: WindowTexts) -> Card:
    heading = texts.gettext("Step {number:number}: To the vendor and back", number=2)
    return card_of(heading, texts, *(CodeField(door, texts) for door in doors_of(texts)))
