"""The second step of a release: what should be seen to before it; nothing here holds one up."""

from PySide6.QtWidgets import QCheckBox

from agent.ui.jobs import Known, Word
from agent.ui.jobs.checks import FindWay, Prepared, WayFound
from agent.ui.jobs.license import Release
from agent.ui.jobs.recovery import Errand
from agent.ui.pages.page import About, Page
from agent.ui.pages.steps import StepList
from agent.ui.parts import Card, Sentence, button, explained, line_of
from agent.ui.views.releasing import OPEN, checks_of
from agent.ui.wording import Place, WindowTexts
from protocol.values import ReleaseReason


class ChecksPage(Page):
    """What this program sees by itself, and what only a person knows."""

    place = Place.CHECKS

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._wish = Release(ReleaseReason.HARDWARE, None)
        self._known = Known()
        self._way = WayFound()
        self._seen = StepList(texts)
        self._asked = tuple(QCheckBox(texts.gettext(words)) for words in OPEN.values())
        self._continue = button(texts.gettext("Continue"), self._go_on, "next")
        self._lay_out()

    def show_known(self, known: Known) -> None:
        """Know whether a recovery file was saved."""
        self._known = known
        self._show()

    def entered(self, about: About, /) -> None:
        """Look for the server at once; whoever knows all this may go on meanwhile."""
        if isinstance(about, Release):
            self._wish = about
            self._tick_but(tuple(OPEN))
        elif isinstance(about, Prepared):
            self._wish = about.release
            self._tick_but(about.left_open)
        self._way = WayFound()
        self._show()
        self._continue.setFocus()
        self.asked.emit(FindWay())

    def kept(self, _about: About, /) -> Prepared:
        """The release that is under way, and what is ticked for it."""
        asked = zip(OPEN, self._asked, strict=True)
        return Prepared(self._wish, tuple(name for name, box in asked if not box.isChecked()))

    def found(self, word: Word, /) -> None:
        """Show what was found so far."""
        if isinstance(word, WayFound):
            self._way = word
            self._show()

    def _lay_out(self) -> None:
        texts = self.texts
        self.column.addWidget(Sentence(texts.gettext("Give the license back"), texts, "title"))
        card = Card(texts.gettext("2 of 5: Before you go on"), texts)
        card.inside.addWidget(self._seen)
        recovery = button(
            texts.gettext("Save the recovery file…"),
            lambda: self.go(Place.SAVE_RECOVERY, Errand(self.place, self.kept(None))),
        )
        explained(recovery, recovery.text(), texts)
        card.inside.addLayout(line_of(recovery))
        card.inside.addWidget(Sentence(texts.gettext("What only you know"), texts, "heading"))
        for box in self._asked:
            box.setAccessibleName(box.text())
            card.inside.addWidget(box)
        back = button(texts.gettext("Back"), lambda: self.go(Place.RELEASE, self._wish))
        card.inside.addLayout(line_of(self._continue, back))
        self.column.addWidget(card)
        self.column.addStretch(1)

    def _show(self) -> None:
        self._seen.show_steps(checks_of(self._known, self._way, self.texts))

    def _go_on(self) -> None:
        self.go(Place.CONFIRM_RELEASE, self.kept(None))

    def _tick_but(self, left_open: tuple[str, ...]) -> None:
        for name, box in zip(OPEN, self._asked, strict=True):
            box.setChecked(name not in left_open)
