"""The vendor's phone and portal, and the way to the diagnostics."""

import time
from itertools import pairwise

from PySide6.QtWidgets import QPushButton

from agent.ui.jobs import Known
from agent.ui.jobs.recovery import Errand
from agent.ui.pages.offers import Offered
from agent.ui.pages.page import About, Page
from agent.ui.pages.web import WebPage
from agent.ui.parts import Card, CodeField, Facts, Sentence, button, card_of, emptied
from agent.ui.views.offers import Offers, offers_of
from agent.ui.views.support import PORTAL_ADDRESS, Support, support_of
from agent.ui.wording import Place, WindowTexts
from protocol.values import Timestamp


class SupportPage(Page):
    """Whom to call, with what at hand."""

    place = Place.SUPPORT

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._known = Known()
        self._shown: Support | None = None
        self._offers = Offers()
        self._phone = Card("", texts)
        self._offered = Offered(texts)
        self._offered.was_challenged.connect(lambda: self.go(Place.CHALLENGE))
        self._portal = Card("", texts)
        self._diagnostics = button(
            texts.gettext("Diagnostics…"), lambda: self.go(Place.DIAGNOSTICS)
        )
        self.column.addWidget(Sentence(texts.gettext("Support"), texts, "title"))
        self.column.addWidget(self._phone)
        self.column.addWidget(self._offered)
        for card in (self._portal, self._examination(), self._recovery()):
            self.column.addWidget(card)
        self.column.addStretch(1)

    def show_known(self, known: Known) -> None:
        """Show it as of this moment."""
        self._known = known
        self._show()

    def entered(self, _about: About, /) -> None:
        """Ask the clock again, and have the first button under the keyboard."""
        self._show()
        self._diagnostics.setFocus()

    def _show(self) -> None:
        """Lay out anew only what reads differently: the keyboard stays on what does not."""
        shown = support_of(self._known, Timestamp(int(time.time())), self.texts)
        offers = offers_of(self._known)
        if shown != self._shown:
            self._shown = shown
            self._show_support(shown)
        if offers != self._offers:
            self._offers = offers
            self._offered.show_offers(offers)
        self._order()

    def _show_support(self, shown: Support) -> None:
        texts = self.texts
        emptied(self._phone.inside)
        self._phone.inside.addWidget(Sentence(shown.opening, texts, "heading", shown.tone))
        self._phone.inside.addWidget(Facts(shown.hours, texts))
        for code in shown.codes:
            self._phone.inside.addWidget(CodeField(code, texts))
        emptied(self._portal.inside)
        self._portal.inside.addWidget(CodeField(shown.portal, texts))
        self._portal.inside.addWidget(WebPage(PORTAL_ADDRESS, texts))

    def _order(self) -> None:
        """Have the Tab key go down the page: what was laid out anew would come last."""
        for above, below in pairwise(self.findChildren(QPushButton)):
            self.setTabOrder(above, below)

    def _recovery(self) -> Card:
        texts = self.texts
        said = texts.gettext(
            "It makes this server known again after a new operating system: save it before, off "
            "this disk, and load it afterwards."
        )
        errand = Errand(self.place)
        save = button(
            texts.gettext("Save the recovery file…"), lambda: self.go(Place.SAVE_RECOVERY, errand)
        )
        load = button(
            texts.gettext("Load a recovery file…"), lambda: self.go(Place.LOAD_RECOVERY, errand)
        )
        heading = texts.gettext("Recovery file")
        return card_of(heading, texts, Sentence(said, texts), buttons=(save, load))

    def _examination(self) -> Card:
        texts = self.texts
        said = texts.gettext(
            "Everything that the license depends on is examined, and what was found is put "
            "together for support. You read it before it is saved; nothing is sent by itself."
        )
        heading = texts.gettext("When something does not work")
        return card_of(heading, texts, Sentence(said, texts), buttons=(self._diagnostics,))
