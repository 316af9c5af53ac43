"""The first page: the standing in a sentence, what to do now, the license, its codes."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from agent.announcing import Told
from agent.ui.flow import Flow
from agent.ui.jobs import Job, Known, Outcome
from agent.ui.jobs.announcing import Dismiss
from agent.ui.jobs.license import Check, LookAgain, Withdraw
from agent.ui.jobs.recovery import Errand
from agent.ui.pages.announcing import Banner
from agent.ui.pages.page import About, Page
from agent.ui.parts import (
    Card,
    CodeField,
    Facts,
    Mark,
    Sentence,
    button,
    card_of,
    explained,
)
from agent.ui.views.announcing import banners_of
from agent.ui.views.overview import Button, Overview, overview_of
from agent.ui.wording import Act, Place, WindowTexts

_AT_ONCE: dict[Act, Job] = {Act.CHECK: Check(), Act.WITHDRAW: Withdraw()}
_ELSEWHERE = {
    Act.ACTIVATE: Place.ACTIVATE,
    Act.REACTIVATE: Place.REACTIVATE,
    Act.RELEASE: Place.RELEASE,
    Act.NOTICE: Place.NOTICE,
}


class OverviewPage(Page):
    """Where the license stands."""

    place = Place.OVERVIEW

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._shown: tuple[Overview, tuple[Told, ...]] | None = None

    def show_known(self, known: Known) -> None:
        """Lay it out anew, if anything reads differently."""
        overview, banners = overview_of(known, self.texts), banners_of(known, self.texts)
        if (overview, banners) == self._shown:
            return
        self._shown = overview, banners
        with self.laid_anew():
            self._lay_out(overview, banners)

    def entered(self, _about: About = None, /) -> None:
        """Have the first button under the keyboard."""
        if self.first is not None:
            self.first.setFocus()

    def heard(self, _outcome: Outcome, /) -> None:
        """Have the keyboard where it was: the button that was pressed may be gone."""
        self.entered()

    def _lay_out(self, overview: Overview, banners: tuple[Told, ...]) -> None:
        self.column.addWidget(self._standing(overview))
        for told in banners:
            self.column.addWidget(self._banner(told))
        if overview.codes:
            self.column.addWidget(self._codes(overview))
        if overview.waiting:
            self.column.addWidget(self._facts(self.texts.gettext("In progress"), overview.waiting))
        if overview.license:
            self.column.addWidget(self._facts(self.texts.gettext("License"), overview.license))
        self.column.addStretch(1)

    def _standing(self, overview: Overview) -> Card:
        card = Card("", self.texts)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(Mark(overview.tone))
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(Sentence(overview.headline, self.texts, "headline", overview.tone))
        said.addWidget(Sentence(overview.beside, self.texts, "faint"))
        line.addLayout(said, 1)
        card.inside.addLayout(line)
        for remark in overview.remarks:
            card.inside.addWidget(Sentence(f"• {remark}", self.texts))
        for advice in overview.advice:
            card.inside.addWidget(Sentence(advice, self.texts))
        buttons = self._buttons(overview)
        self.first = buttons[0] if buttons else None
        if buttons:
            card.inside.addWidget(Flow(*buttons))
        return card

    def _buttons(self, overview: Overview) -> list[QPushButton]:
        buttons = [self._button(each) for each in overview.buttons]
        if overview.needs_rights:
            words = self.texts.gettext("Open as administrator…")
            buttons.append(button(words, self.ask_for_rights, "next"))
        if overview.may_look_again:
            words = self.texts.gettext("Look again")
            buttons.append(button(words, lambda: self.asked.emit(LookAgain())))
        if overview.has_papers:
            keep = self.texts.gettext("Save receipt and codes…")
            made = button(keep, lambda: self.go(Place.KEEP_PAPERS))
            buttons.append(explained(made, keep, self.texts))
        if overview.has_other_way:
            words = self.texts.gettext("Do it by file…")
            buttons.append(button(words, lambda: self.go(Place.EXCHANGE, Check())))
        if overview.advises_recovery:
            save = self.texts.gettext("Save the recovery file…")
            made = button(save, lambda: self.go(Place.SAVE_RECOVERY, Errand(self.place)))
            buttons.append(explained(made, save, self.texts))
        return buttons

    def _banner(self, told: Told) -> Banner:
        return Banner(told, self.texts, lambda: self.asked.emit(Dismiss(told.key)))

    def _button(self, wish: Button) -> QPushButton:
        kind = "next" if wish.is_next else ""
        return button(wish.text, lambda: self._press(wish.act), kind)

    def _press(self, act: Act) -> None:
        if act in _AT_ONCE:
            self.asked.emit(_AT_ONCE[act])
        else:
            self.go(_ELSEWHERE[act])

    def _codes(self, overview: Overview) -> Card:
        return card_of("", self.texts, *(CodeField(code, self.texts) for code in overview.codes))

    def _facts(self, heading: str, rows: tuple[tuple[str, str], ...]) -> Card:
        return card_of(heading, self.texts, Facts(rows, self.texts))
