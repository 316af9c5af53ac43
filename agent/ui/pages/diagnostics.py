"""Everything examined, as it is found; and the bundle for support, read before it is saved."""

import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QVBoxLayout

from agent.ui.fields import Choosing, PathField, labelled
from agent.ui.jobs import Job, Known, Outcome, Word
from agent.ui.jobs.shelves import FindShelves, Saved, Shelves
from agent.ui.jobs.support import Examination, Examine, SaveBundle
from agent.ui.pages.page import About, Page
from agent.ui.pages.shelves import ShelfChoice
from agent.ui.parts import Card, Sentence, button, emptied, line_of
from agent.ui.views.support import examined_of
from agent.ui.views.tones import Tone
from agent.ui.wording import Place, WindowTexts

_PREVIEW_PIXELS = 220


class DiagnosticsPage(Page):
    """Begins at once: whoever comes here wants it."""

    place = Place.DIAGNOSTICS

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._examination = Examination()
        self._summary = Sentence("", texts, "heading")
        self._found = QVBoxLayout()
        self._again = button(texts.gettext("Examine again"), self._examine)
        self._which = QComboBox()
        self._text = _preview()
        self._file = PathField(
            texts.gettext("File for support"), texts, Choosing.SAVE, pattern="*.zip"
        )
        self._shelves = ShelfChoice(texts)
        self._save = button(texts.gettext("Save"), self._pressed, "next")
        self._said = Sentence("", texts)
        self._bundle = Card(texts.gettext("For support: read it, then save it"), texts)
        self._lay_out()
        self._which.currentIndexChanged.connect(self._show_file)
        self._shelves.chosen.connect(self._choose)
        self._file.changed.connect(self._judge)

    def show_known(self, known: Known) -> None:
        """Nothing here depends on it: everything is looked at anew."""

    def entered(self, _about: About, /) -> None:
        """Examine at once."""
        self._said.say("")
        self._show(Examination())
        self._examine()

    def renewed(self, job: Job) -> Job | None:
        """Ask for the same, with what is typed by now."""
        if not isinstance(job, SaveBundle):
            return job
        if (wish := self._wish()) is None:
            self._file.setFocus()
        return wish

    def found(self, word: Word, /) -> None:
        """Show what was found so far, and the volumes."""
        if isinstance(word, Examination):
            self._show(word)
        elif isinstance(word, Shelves):
            self._shelves.show_shelves(word.shelves)

    def heard(self, outcome: Outcome, /) -> None:
        """Show all of it, or say where it was saved."""
        word = outcome.word
        if isinstance(word, Examination):
            was_pressed = self._again.hasFocus()
            self._show(word)
            self._again.setFocus()
            if not was_pressed:
                self.begin_at_top()
            self.asked.emit(FindShelves())
        elif isinstance(word, Saved):
            said = self.texts.gettext("Written to {path}", path=word.path)
            nobody = self.texts.gettext("It was sent to nobody: hand it to support yourself.")
            self._said.say(f"{said}. {nobody}", Tone.GOOD)

    def _lay_out(self) -> None:
        texts = self.texts
        self.column.addWidget(Sentence(texts.gettext("Diagnostics"), texts, "title"))
        card = Card(texts.gettext("What was found"), texts)
        card.inside.addWidget(self._summary)
        card.inside.addLayout(self._found)
        back = button(texts.gettext("Back"), lambda: self.go(Place.SUPPORT))
        card.inside.addLayout(line_of(self._again, back))
        self.column.addWidget(card)
        inside = self._bundle.inside
        said = texts.gettext(
            "No license key, no code and no whole serial number is in it. It is sent to nobody."
        )
        inside.addWidget(Sentence(said, texts))
        inside.addWidget(labelled(texts.gettext("Text in the file"), self._which, texts))
        inside.addWidget(self._which)
        self._text.setAccessibleName(texts.gettext("What stands in it"))
        for widget in (self._text, self._file, self._shelves):
            inside.addWidget(widget)
        inside.addLayout(line_of(self._save))
        inside.addWidget(self._said)
        self.column.addWidget(self._bundle)
        self.column.addStretch(1)

    def _show(self, examination: Examination) -> None:
        self._examination = examination
        emptied(self._found)
        found = examined_of(examination, self.texts)
        self._summary.say(found.summary, found.tone)
        for row in found.rows:
            self._found.addWidget(Sentence(row.text, self.texts, "", row.tone))
            if row.advice:
                self._found.addWidget(Sentence(row.advice, self.texts, "faint"))
        self._which.clear()
        self._which.addItems([file.name for file in examination.files])
        self._bundle.setVisible(bool(examination.files))
        self._judge()

    def _show_file(self, place: int) -> None:
        files = self._examination.files
        self._text.setPlainText(files[place].text if 0 <= place < len(files) else "")

    def _choose(self, shelf: Path) -> None:
        self._file.set_path(shelf / time.strftime("faragostar-man-%Y%m%d-%H%M.zip"))

    def _judge(self) -> None:
        self._save.setEnabled(self._file.path is not None and bool(self._examination.files))

    def _examine(self) -> None:
        self.asked.emit(Examine())

    def _pressed(self) -> None:
        if (wish := self._wish()) is not None:
            self.asked.emit(wish)

    def _wish(self) -> SaveBundle | None:
        path, files = self._file.path, self._examination.files
        return SaveBundle(path, files) if path is not None and files else None


def _preview() -> QPlainTextEdit:
    """Make a text that can be read and copied; files for support run from left to right."""
    text = QPlainTextEdit()
    text.setReadOnly(True)
    text.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    text.setTabChangesFocus(True)
    text.setMinimumHeight(_PREVIEW_PIXELS)
    return text
