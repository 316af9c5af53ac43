"""The last step of a release: receipt and codes, off this disk before it ends."""

from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from agent.ui.fields import Choosing, PathField
from agent.ui.jobs import Job, Known, Outcome, Word
from agent.ui.jobs.license import Check
from agent.ui.jobs.papers import KeepPapers, LeavePapers
from agent.ui.jobs.recovery import Errand
from agent.ui.jobs.shelves import FindShelves, Saved, Shelves
from agent.ui.pages.page import About, Page
from agent.ui.pages.shelves import ShelfChoice
from agent.ui.pages.steps import StepList
from agent.ui.parts import Card, CodeField, Sentence, button, emptied, explained, line_of
from agent.ui.views.overview import overview_of
from agent.ui.views.releasing import progress_of
from agent.ui.views.tones import Tone
from agent.ui.wording import Place, WindowTexts
from protocol.values import Standing

_SHORTEST_REASON, _LONGEST_REASON = 3, 200


class KeepPapersPage(Page):
    """Save what brings the license back, where the change cannot reach it."""

    place = Place.KEEP_PAPERS

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._now: Standing | None = None
        self._safe_in: Standing | None = None
        self._standing = Card(texts.gettext("4 of 5: Given back"), texts)
        self._steps = StepList(texts)
        self._again = button(texts.gettext("Send again"), lambda: self.asked.emit(Check()))
        self._by_hand = button(
            texts.gettext("Do it by file…"), lambda: self.go(Place.EXCHANGE, Check())
        )
        self._codes = QVBoxLayout()
        self._shelves = ShelfChoice(texts)
        self._headline = Sentence("", texts, "headline")
        self._saved = Sentence("", texts)
        self._folder = PathField(
            texts.gettext("Folder on a memory stick or a network drive"), texts, Choosing.FOLDER
        )
        self._why = QLineEdit()
        self._why.setMaxLength(_LONGEST_REASON)
        self._finish = button(texts.gettext("Finish"), self._leave, "next")
        self._lay_out()
        self._folder.changed.connect(self._judge)
        self._shelves.chosen.connect(lambda shelf: self._folder.set_path(shelf / "faragostar-man"))
        self._why.textChanged.connect(self._judge)
        self._judge()

    def show_known(self, known: Known) -> None:
        """Show that it was given back, how far that is, and the code that another server needs."""
        shown = overview_of(known, self.texts)
        self._headline.say(shown.headline, shown.tone)
        self._steps.show_steps(progress_of(known, self.texts))
        view = known.view
        self._now = None if view is None else view.standing
        waits = self._now is Standing.RELEASING
        for way in (self._again, self._by_hand):
            way.setVisible(waits)
        emptied(self._codes)
        for remark in shown.remarks:
            self._codes.addWidget(Sentence(f"• {remark}", self.texts))
        for code in shown.codes:
            self._codes.addWidget(CodeField(code, self.texts))
        if self._safe_in is Standing.RELEASING and self._now is Standing.RELEASED:
            said = self.texts.gettext("The receipt has come since then: save it too.")
            self._saved.say(said, Tone.WARNING)
        self._judge()

    def entered(self, _about: About = None, /) -> None:
        """Have the folder's field under the keyboard; saved papers need no second saving."""
        self._safe_in = None
        self._saved.say("")
        self._why.clear()
        self._judge()
        self._folder.setFocus()
        self.asked.emit(FindShelves())

    def found(self, word: Word, /) -> None:
        """Offer the volumes that outlast this server's disks."""
        if isinstance(word, Shelves):
            self._shelves.show_shelves(word.shelves)

    def renewed(self, job: Job) -> Job | None:
        """Ask for the same, with what is typed by now."""
        if isinstance(job, LeavePapers):
            return self._leaving()
        if not isinstance(job, KeepPapers):
            return job
        if (folder := self._folder.path) is None:
            self._folder.setFocus()
            return None
        return KeepPapers(folder)

    def heard(self, outcome: Outcome, /) -> None:
        """Say where the papers lie, and whether that is safe from the change.

        A reason why they are nowhere else ends the release when it is written down, not before.
        """
        if isinstance(outcome.job, LeavePapers) and outcome.trouble is None and self.isVisible():
            self.go(Place.OVERVIEW)
        kept = outcome.word
        if not isinstance(kept, Saved):
            return
        place = self.texts.gettext("Written to {path}", path=kept.path)
        if kept.off_this_disk:
            self._safe_in = self._now
            self._saved.say(place, Tone.GOOD)
        else:
            warning = self.texts.gettext(
                "This is the disk that the license was on: if it is exchanged or the system is "
                "installed anew, these papers go with it. Save them elsewhere too."
            )
            self._saved.say(f"{place}. {warning}", Tone.WARNING)
        self._judge()

    def _lay_out(self) -> None:
        texts = self.texts
        self.column.addWidget(Sentence(texts.gettext("Give the license back"), texts, "title"))
        self._standing.inside.addWidget(self._headline)
        self._standing.inside.addWidget(self._steps)
        self._standing.inside.addLayout(line_of(self._again, self._by_hand))
        self._standing.inside.addLayout(self._codes)
        self.column.addWidget(self._standing)
        card = Card(texts.gettext("5 of 5: Save receipt and codes off this disk"), texts)
        self._save = button(texts.gettext("Save"), self._pressed)
        why = Sentence(texts.gettext("Or say why they cannot be saved off this disk"), texts)
        why.setBuddy(self._why)
        self._why.setAccessibleName(texts.gettext("Why they cannot be saved off this disk"))
        card.inside.addWidget(self._folder)
        card.inside.addWidget(self._shelves)
        card.inside.addLayout(line_of(self._save))
        for widget in (self._saved, why, self._why):
            card.inside.addWidget(widget)
        recovery = button(
            texts.gettext("Save the recovery file…"),
            lambda: self.go(Place.SAVE_RECOVERY, Errand(self.place)),
        )
        explained(recovery, recovery.text(), texts)
        card.inside.addLayout(line_of(self._finish, recovery))
        self.column.addWidget(card)
        self.column.addStretch(1)

    def _judge(self) -> None:
        self._save.setEnabled(self._folder.path is not None)
        has_reason = len(self._why.text().strip()) >= _SHORTEST_REASON
        self._finish.setEnabled(self._is_safe or has_reason)

    @property
    def _is_safe(self) -> bool:
        return self._safe_in is not None and self._safe_in is self._now

    def _leave(self) -> None:
        if self._is_safe:
            self.go(Place.OVERVIEW)
        elif (wish := self._leaving()) is not None:
            self.asked.emit(wish)

    def _leaving(self) -> LeavePapers | None:
        reason = self._why.text().strip()
        if len(reason) >= _SHORTEST_REASON:
            return LeavePapers(reason)
        self._why.setFocus()
        return None

    def _pressed(self) -> None:
        if (folder := self._folder.path) is not None:
            self.asked.emit(KeepPapers(folder))
