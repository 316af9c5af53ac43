"""One kept document: what it says, whose signature it bears; saved, verified again, printed."""

from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout

from agent.ui.fields import Choosing, PathField
from agent.ui.jobs import Job, Outcome
from agent.ui.jobs.kept import DocumentOpened, OpenDocument, SaveDocument
from agent.ui.jobs.printed import SavePrinted
from agent.ui.jobs.shelves import Saved
from agent.ui.pages.page import About, Page
from agent.ui.parts import Card, Facts, Sentence, button, card_of, emptied, line_of
from agent.ui.printing import pdf_of, print_document
from agent.ui.views.documents import DocumentPage as Shown
from agent.ui.views.documents import document_of
from agent.ui.views.tones import Tone
from agent.ui.wording import Place, WindowTexts


class DocumentPage(Page):
    """A license document, a receipt or a change window, in words."""

    place = Place.DOCUMENT

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._opened: DocumentOpened | None = None
        self._shown: Shown | None = None
        self._title = Sentence("", texts, "title")
        self._verified = Sentence("", texts, "heading")
        self._advice = Sentence("", texts)
        self._facts = QVBoxLayout()
        self._folder = PathField(texts.gettext("Folder to save into"), texts, Choosing.FOLDER)
        self._saved = Sentence("", texts)
        self._verify = button(texts.gettext("Verify signature"), self._asked_to_verify)
        self._copy = button(texts.gettext("Save copy"), self._asked_to_copy)
        self._pdf = button(texts.gettext("Save as PDF"), self._asked_for_pdf)
        self._print = button(texts.gettext("Print…"), self._asked_to_print)
        self._lay_out()
        self._folder.changed.connect(self._judge)

    def entered(self, about: About = None, /) -> None:
        """Show the document that was opened."""
        self._saved.say("")
        if isinstance(about, DocumentOpened):
            self._show(about)
        self._judge()
        self._verify.setFocus()

    def kept(self, _about: About, /) -> About:
        """The document, as it was verified last."""
        return self._opened

    def renewed(self, job: Job) -> Job | None:
        """Ask for the same, with what is typed by now."""
        match job:
            case SaveDocument():
                wish: Job | None = self._copy_wish()
            case SavePrinted():
                wish = self._pdf_wish()
            case _:
                return job
        if wish is None:
            self._folder.setFocus()
        return wish

    def heard(self, outcome: Outcome, /) -> None:
        """Say what the signature is worth now, or where a copy was written."""
        pressed = self._pdf if isinstance(outcome.job, SavePrinted) else self._copy
        if isinstance(outcome.job, OpenDocument):
            pressed = self._verify
        pressed.setFocus()
        if isinstance(outcome.word, DocumentOpened):
            self._show(outcome.word)
        if isinstance(outcome.word, Saved):
            said = self.texts.gettext("Written to {path}", path=outcome.word.path)
            self._saved.say(said, Tone.GOOD)

    def _lay_out(self) -> None:
        texts = self.texts
        self.column.addWidget(self._title)
        said = Card("", texts)
        said.inside.addWidget(self._verified)
        said.inside.addWidget(self._advice)
        said.inside.addLayout(line_of(self._verify))
        said.inside.addLayout(self._facts)
        self.column.addWidget(said)
        heading = texts.gettext("Keep it elsewhere too")
        buttons = (self._copy, self._pdf, self._print)
        self.column.addWidget(card_of(heading, texts, self._folder, self._saved, buttons=buttons))
        back = button(texts.gettext("Back"), lambda: self.go(Place.HISTORY))
        self.column.addLayout(line_of(back))
        self.column.addStretch(1)

    def _show(self, opened: DocumentOpened) -> None:
        texts = self.texts
        self._opened = opened
        shown = self._shown = document_of(opened.found, opened.verified_at, texts)
        self._title.say(shown.title)
        self._verified.say(shown.verified, shown.tone)
        self._advice.say(shown.advice)
        self._advice.setVisible(bool(shown.advice))
        emptied(self._facts)
        self._facts.addWidget(Facts(shown.facts, texts))

    def _judge(self) -> None:
        can_be_saved = self._shown is not None and self._folder.path is not None
        self._copy.setEnabled(can_be_saved)
        self._pdf.setEnabled(can_be_saved)

    def _asked_to_verify(self) -> None:
        if self._opened is not None:
            self.asked.emit(OpenDocument(self._opened.found.paper.digest))

    def _asked_to_copy(self) -> None:
        if (wish := self._copy_wish()) is not None:
            self._saved.say("")
            self.asked.emit(wish)

    def _asked_for_pdf(self) -> None:
        if (wish := self._pdf_wish()) is not None:
            self._saved.say("")
            self.asked.emit(wish)

    def _copy_wish(self) -> SaveDocument | None:
        file = self._file(".jws")
        if self._opened is None or file is None:
            return None
        return SaveDocument(self._opened.found.paper.digest, file)

    def _pdf_wish(self) -> SavePrinted | None:
        file = self._file(".pdf")
        if self._shown is None or file is None:
            return None
        return SavePrinted(file, pdf_of(self._shown.html, self.texts, self._shown.title))

    def _asked_to_print(self) -> None:
        if self._shown is not None:
            print_document(self._shown.html, self.texts, self)

    def _file(self, suffix: str) -> Path | None:
        folder = self._folder.path
        if self._shown is None or folder is None:
            return None
        return folder / f"{self._shown.file_name}{suffix}"
