"""A card for each thing that the vendor offers, while it does."""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agent.ui.pages.web import WebPage
from agent.ui.parts import Card, Sentence, button, card_of, emptied, explained
from agent.ui.views.offers import Offers
from agent.ui.wording import WindowTexts


class Offered(QWidget):
    """The cards below each other; nothing, and no room for it, while nothing is offered."""

    was_challenged = Signal()

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__()
        self._texts = texts
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)
        self.hide()

    def show_offers(self, offers: Offers) -> None:
        """Lay them out anew."""
        emptied(self._column)
        cards = tuple(self._cards(offers))
        for card in cards:
            self._column.addWidget(card)
        self.setVisible(bool(cards))

    def _cards(self, offers: Offers) -> Iterator[Card]:
        if offers.challenge:
            yield self._challenge()
        if offers.tickets:
            yield _tickets(offers.tickets, self._texts)

    def _challenge(self) -> Card:
        texts = self._texts
        said = texts.gettext(
            "Support may read you a challenge code. The answer proves where the license of this "
            "server stands, and moves nothing."
        )
        answer = button(texts.gettext("Answer a challenge code…"), self.was_challenged.emit)
        explained(answer, answer.text(), texts)
        heading = texts.gettext("When support asks for proof")
        return card_of(heading, texts, Sentence(said, texts), buttons=(answer,))


def _tickets(page: str, texts: WindowTexts) -> Card:
    said = texts.gettext(
        "Ask in writing, at any hour; the answer comes in writing too, with a number to cite."
    )
    copy = button(
        texts.gettext("Copy the address"), lambda: QGuiApplication.clipboard().setText(page)
    )
    write = WebPage(page, texts, copy, words=texts.gettext("Write a ticket"))
    address = Sentence(texts.latin(page), texts)
    return card_of(texts.gettext("Tickets"), texts, Sentence(said, texts), address, write)
