"""The recovery file: saved off this disk, and loaded on a server that was installed anew."""

import time
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QLineEdit

from agent.ui.fields import Choosing, PathField, labelled
from agent.ui.jobs import Job, Known, Outcome, Word
from agent.ui.jobs.recovery import Errand, LoadRecovery, SaveRecovery
from agent.ui.jobs.shelves import FindShelves, Saved, Shelves
from agent.ui.pages.page import About, Page
from agent.ui.pages.shelves import ShelfChoice
from agent.ui.parts import Card, Sentence, button, card_of, line_of
from agent.ui.views.recovery import remark_on_passphrase, said_of
from agent.ui.views.tones import Tone
from agent.ui.wording import Place, WindowTexts

_PATTERN = "*.recovery"


class SaveRecoveryPage(Page):
    """Where, and under which passphrase."""

    place = Place.SAVE_RECOVERY

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._errand = Errand(Place.OVERVIEW)
        self._file = PathField(
            texts.gettext("Recovery file"), texts, Choosing.SAVE, pattern=_PATTERN
        )
        self._shelves = ShelfChoice(texts)
        self._first, self._second = _secret(), _secret()
        self._eye = _eye(texts, self._first, self._second)
        self._remark = Sentence("", texts, "faint")
        self._said = Sentence("", texts)
        self._save = button(texts.gettext("Save the recovery file"), self._pressed, "next")
        self._back = button(
            texts.gettext("Back"), lambda: self.go(self._errand.back, self._errand.about)
        )
        self._lay_out()
        self._shelves.chosen.connect(self._choose)
        self._file.changed.connect(self._judge)
        for field in (self._first, self._second):
            field.textChanged.connect(self._judge)
        self._judge()

    def show_known(self, known: Known) -> None:
        """Nothing here depends on it."""

    def left(self) -> None:
        """Leave no passphrase behind."""
        self._first.clear()
        self._second.clear()
        self._eye.setChecked(False)

    def entered(self, about: About, /) -> None:
        """Begin with nothing typed, and look where a file would be safe."""
        if isinstance(about, Errand):
            self._errand = about
        self.left()
        self._said.say("")
        self._file.setFocus()
        self.asked.emit(FindShelves())

    def found(self, word: Word, /) -> None:
        """Offer the volumes."""
        if isinstance(word, Shelves):
            self._shelves.show_shelves(word.shelves)

    def renewed(self, job: Job) -> Job | None:
        """Ask for the same, with what is typed by now."""
        if not isinstance(job, SaveRecovery):
            return job
        if (wish := self._wish()) is None:
            self._first.setFocus()
        return wish

    def heard(self, outcome: Outcome, /) -> None:
        """Say where it lies, and whether that is safe from the change."""
        saved = outcome.word
        if not isinstance(saved, Saved):
            return
        self._first.clear()
        self._second.clear()
        self._said.say(*said_of(saved, self.texts))
        self._back.setFocus()

    def _lay_out(self) -> None:
        texts = self.texts
        self.column.addWidget(Sentence(texts.gettext("Save the recovery file"), texts, "title"))
        card = Card("", texts)
        why = texts.gettext(
            "An operating system installed anew, or an exchanged disk, takes with it what makes "
            "this server known to the vendor. The recovery file brings it back; without it, the "
            "vendor may have to decide first."
        )
        card.inside.addWidget(Sentence(why, texts))
        card.inside.addWidget(self._file)
        card.inside.addWidget(self._shelves)
        for name, field in (
            (texts.gettext("Passphrase"), self._first),
            (texts.gettext("The same passphrase again"), self._second),
        ):
            card.inside.addWidget(labelled(name, field, texts))
            card.inside.addWidget(field)
        card.inside.addWidget(self._remark)
        card.inside.addWidget(self._eye)
        card.inside.addLayout(line_of(self._save, self._back))
        card.inside.addWidget(self._said)
        self.column.addWidget(card)
        self.column.addStretch(1)

    def _choose(self, shelf: Path) -> None:
        self._file.set_path(shelf / time.strftime("faragostar-man-%Y%m%d-%H%M.recovery"))
        self._first.setFocus()

    def _judge(self) -> None:
        tone, said = remark_on_passphrase(self._first.text(), self._second.text(), self.texts)
        self._remark.say(said, tone)
        self._save.setEnabled(tone is Tone.GOOD and self._file.path is not None)

    def _pressed(self) -> None:
        if (wish := self._wish()) is not None:
            self.asked.emit(wish)

    def _wish(self) -> SaveRecovery | None:
        path = self._file.path
        if path is None or not self._save.isEnabled():
            return None
        return SaveRecovery(path, self._first.text(), self._second.text())


class LoadRecoveryPage(Page):
    """Which file, and its passphrase."""

    place = Place.LOAD_RECOVERY

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._errand = Errand(Place.OVERVIEW)
        self._file = PathField(
            texts.gettext("Recovery file"), texts, Choosing.OPEN, pattern=f"{_PATTERN};;*"
        )
        self._secret = _secret()
        self._eye = _eye(texts, self._secret)
        self._load = button(texts.gettext("Load the recovery file"), self._pressed, "next")
        self._lay_out()
        self._file.changed.connect(self._judge)
        self._secret.textChanged.connect(self._judge)
        self._secret.returnPressed.connect(self._load.click)
        self._judge()

    def show_known(self, known: Known) -> None:
        """Nothing here depends on it."""

    def left(self) -> None:
        """Leave no passphrase behind."""
        self._secret.clear()
        self._eye.setChecked(False)

    def entered(self, about: About, /) -> None:
        """Have the file's field under the keyboard."""
        if isinstance(about, Errand):
            self._errand = about
        self.left()
        self._file.setFocus()

    def renewed(self, job: Job) -> Job | None:
        """Ask for the same, with what is typed by now."""
        if not isinstance(job, LoadRecovery):
            return job
        if (wish := self._wish()) is None:
            self._secret.setFocus()
        return wish

    def heard(self, outcome: Outcome, /) -> None:
        """Go on with the license; a wrong passphrase is typed once more."""
        self._secret.clear()
        view = outcome.known.view
        if outcome.trouble is not None or view is None:
            return
        self.go(Place.REACTIVATE if "reactivate" in view.actions else Place.OVERVIEW)

    def _lay_out(self) -> None:
        texts = self.texts
        self.column.addWidget(Sentence(texts.gettext("Load a recovery file"), texts, "title"))
        why = texts.gettext(
            "After the operating system was installed anew, the recovery file makes this server "
            "the vendor's known device again. It changes nothing of the license; the next step "
            "takes it."
        )
        label = labelled(texts.gettext("Passphrase of the recovery file"), self._secret, texts)
        back = button(texts.gettext("Back"), lambda: self.go(self._errand.back, self._errand.about))
        fields = (self._file, label, self._secret, self._eye)
        card = card_of("", texts, Sentence(why, texts), *fields, buttons=(self._load, back))
        self.column.addWidget(card)
        self.column.addStretch(1)

    def _judge(self) -> None:
        self._load.setEnabled(self._file.path is not None and bool(self._secret.text()))

    def _pressed(self) -> None:
        if (wish := self._wish()) is not None:
            self.asked.emit(wish)

    def _wish(self) -> LoadRecovery | None:
        path, secret = self._file.path, self._secret.text()
        return LoadRecovery(path, secret) if path is not None and secret else None


def _secret() -> QLineEdit:
    """Make a field that hides what is typed; a passphrase may be of any script."""
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field


def _eye(texts: WindowTexts, *fields: QLineEdit) -> QCheckBox:
    """Let somebody who sits alone see what they type."""
    box = QCheckBox(texts.gettext("Show what is typed"))
    box.setAccessibleName(box.text())
    hidden, shown = QLineEdit.EchoMode.Password, QLineEdit.EchoMode.Normal
    for field in fields:
        box.toggled.connect(lambda ticked, f=field: f.setEchoMode(shown if ticked else hidden))
    return box
