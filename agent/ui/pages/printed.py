"""Paper before a change: the page that is kept beside the server, and the letter to the vendor."""

import time

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QButtonGroup, QRadioButton

from agent.planning import Ground
from agent.ui.fields import saved_as
from agent.ui.flow import Flow
from agent.ui.jobs import Job, Known, Outcome, Word
from agent.ui.jobs.notices import Declare
from agent.ui.jobs.planning import GroundRead, Planned, ReadGround
from agent.ui.jobs.printed import ForPaper, ReadForPaper, SavePrinted
from agent.ui.jobs.shelves import Saved
from agent.ui.pages.page import About, Page
from agent.ui.parts import Card, Sentence, button
from agent.ui.printing import Sheet, pdf_of, print_document
from agent.ui.views.letters import letter_of, letter_wanted, may_declare, nothing_to_declare
from agent.ui.views.printed import Server, page_before, work_of
from agent.ui.views.tones import Tone
from agent.ui.wording import Place, WindowTexts
from protocol.windows import Change


class PrintedPage(Page):
    """See it, print it, save it; the license key is on it only after somebody asked for it."""

    place = Place.PRINTED

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._known = Known()
        self._ground: Ground | None = None
        self._planned: Planned | Declare | None = None
        self._server = Server("")
        self._html = ""
        self._page = _choice(texts.gettext("Page for the server room"))
        self._letter = _choice(texts.gettext("Letter to the vendor"))
        self._sheet = Sheet(texts, texts.gettext("The document as it will be printed"))
        self._said = Sentence("", texts)
        self._print = button(texts.gettext("Print…"), self._to_printer, "next")
        self._save = button(texts.gettext("Save as PDF…"), self._to_file)
        self._key = button(texts.gettext("Show the license key"), self._show_key)
        self._declare = button(texts.gettext("Declare a change…"), self._to_notice)
        self._lay_out()
        self._page.setChecked(True)
        self._letter.toggled.connect(self._write)

    def show_known(self, known: Known) -> None:
        """Write it anew."""
        self._known = known
        self._write()

    def entered(self, about: About) -> None:
        """Begin with the key hidden; a declaration is wanted as a letter."""
        self._planned = about if isinstance(about, (Planned, Declare)) else None
        self._server = Server(self._server.name)
        self._said.hide()
        (self._letter if isinstance(about, Declare) else self._page).setChecked(True)
        self.asked.emit(ReadGround())
        self.asked.emit(ReadForPaper(with_key=False))
        self._write()
        self._print.setFocus()

    def found(self, word: Word, /) -> None:
        """Take in what the paper is about."""
        if isinstance(word, GroundRead):
            self._ground = word.ground
        elif isinstance(word, ForPaper):
            self._server = Server(word.server, word.license_key)
        self._write()

    def renewed(self, job: Job) -> Job | None:
        """Save what is seen by now, into the file that was chosen."""
        return SavePrinted(job.path, self._pdf()) if isinstance(job, SavePrinted) else job

    def heard(self, outcome: Outcome, /) -> None:
        """Say where it was written."""
        if isinstance(outcome.word, Saved):
            said = self.texts.gettext("Written to {path}", path=outcome.word.path)
            self._said.say(said, Tone.GOOD)
            self._said.show()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Forget the key when somebody goes on; a window put aside is not gone."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._server = Server(self._server.name)
            self.forget(ReadForPaper(with_key=True))
            self._write()

    def _lay_out(self) -> None:
        texts = self.texts
        self.column.addWidget(Sentence(texts.gettext("On paper"), texts, "title"))
        card = Card("", texts)
        group = QButtonGroup(self)
        for choice in (self._page, self._letter):
            group.addButton(choice)
        card.inside.addWidget(Flow(self._page, self._letter))
        back = button(texts.gettext("Back"), self._back)
        card.inside.addWidget(Flow(self._print, self._save, self._key, self._declare, back))
        card.inside.addWidget(self._said)
        self.column.addWidget(card)
        self.column.addWidget(self._sheet)
        self.column.addStretch(1)

    def _write(self) -> None:
        license = self._known.view.license if self._known.view is not None else None
        letter = letter_wanted(self._known, self._planned)
        now = int(time.time())
        if self._page.isChecked():
            work = work_of(self._known, _changes(self._planned), self._ground)
            html = page_before(self._known, self._server, work, now, self.texts)
        elif letter is not None and license is not None:
            html = letter_of(license, letter, self._server, now)
        else:
            html = nothing_to_declare(self.texts)
        is_written = self._page.isChecked() or (letter is not None and license is not None)
        for made in (self._print, self._save):
            made.setEnabled(is_written and bool(self._known.key_end))
        self._declare.setVisible(not is_written and may_declare(self._known))
        hidden = self._server.license_key is None and bool(self._known.key_end)
        self._key.setVisible(self._page.isChecked() and hidden)
        if html != self._html:
            self._html = html
            self._sheet.lay(html)

    def _show_key(self) -> None:
        self.asked.emit(ReadForPaper(with_key=True))

    def _to_printer(self) -> None:
        print_document(self._html, self._texts_of_sheet(), self)

    def _to_file(self) -> None:
        title = self.texts.gettext("Save as PDF…").rstrip("…")
        name = f"{self._name()}.pdf"
        if (path := saved_as(self, title, name, "PDF (*.pdf)")) is not None:
            self.asked.emit(SavePrinted(path, self._pdf()))

    def _name(self) -> str:
        return (self._page if self._page.isChecked() else self._letter).text()

    def _pdf(self) -> bytes:
        return pdf_of(self._html, self._texts_of_sheet(), self._name())

    def _to_notice(self) -> None:
        self.go(Place.NOTICE, self._planned)

    def _back(self) -> None:
        match self._planned:
            case Declare():
                self.go(Place.NOTICE, self._planned)
            case _:
                self.go(Place.PLAN, self._planned)

    def _texts_of_sheet(self) -> WindowTexts:
        return self.texts if self._page.isChecked() else WindowTexts("fa")


def _choice(name: str) -> QRadioButton:
    made = QRadioButton(name)
    made.setAccessibleName(name)
    return made


def _changes(planned: Planned | Declare | None) -> tuple[Change, ...]:
    return () if planned is None else planned.changes
