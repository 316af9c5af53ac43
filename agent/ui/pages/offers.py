"""A card for each thing that the vendor offers, while it does."""

from collections.abc import Iterator

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agent.ui.pages.web import WebPage
from agent.ui.parts import Card, Sentence, button, card_of, emptied
from agent.ui.views.offers import Offers
from agent.ui.wording import WindowTexts


class Offered(QWidget):
    """The cards below each other; nothing, and no room for it, while nothing is offered."""

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
        cards = tuple(_cards(offers, self._texts))
        for card in cards:
            self._column.addWidget(card)
        self.setVisible(bool(cards))


def _cards(offers: Offers, texts: WindowTexts) -> Iterator[Card]:
    if offers.tickets:
        yield _tickets(offers.tickets, texts)


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
