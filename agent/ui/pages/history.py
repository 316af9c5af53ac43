"""What happened on this server, the newest first, and the documents that are kept of it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut

from agent.ports import HistoryEntry, StoredPaper
from agent.ui.jobs import Job, Known, Outcome
from agent.ui.jobs.kept import DocumentOpened, OpenDocument
from agent.ui.pages.page import About, Page
from agent.ui.parts import Card, Sentence, button, card_of, line_of
from agent.ui.tables import Table
from agent.ui.views.history import history_of, papers_of
from agent.ui.wording import Place, WindowTexts


class HistoryPage(Page):
    """What happened, and its documents."""

    place = Place.HISTORY

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._history: tuple[HistoryEntry, ...] | None = None
        self._papers: tuple[StoredPaper, ...] | None = None
        self._happened, self._kept = Table(), Table()
        self._nothing = Sentence(texts.gettext("Nothing has happened here yet."), texts)
        self._open = button(texts.gettext("Open"), self._pressed)
        self._documents = Card(texts.gettext("Documents"), texts)
        self._lay_out()

    def show_known(self, known: Known) -> None:
        """Lay out what is new."""
        if known.history != self._history:
            self._history = known.history
            self._happened.lay(history_of(known.history, self.texts))
            self._happened.setVisible(bool(known.history))
            self._nothing.setVisible(not known.history)
        if known.papers != self._papers:
            self._papers = known.papers
            self._kept.lay(papers_of(known.papers, self.texts))
            self._documents.setVisible(bool(known.papers))
            if known.papers and self._kept.chosen is None:
                self._kept.choose(0)

    def entered(self, _about: About = None, /) -> None:
        """Have the newest entry under the keyboard."""
        self._happened.setFocus()

    def renewed(self, job: Job) -> Job | None:
        """Open what is chosen by now."""
        return self._wish() if isinstance(job, OpenDocument) else job

    def heard(self, outcome: Outcome, /) -> None:
        """Show the document that was opened, to whoever still waits for it here."""
        if isinstance(outcome.word, DocumentOpened) and self.isVisible():
            self.go(Place.DOCUMENT, outcome.word)

    def _lay_out(self) -> None:
        texts = self.texts
        self.column.addWidget(Sentence(texts.gettext("History"), texts, "title"))
        self.column.addWidget(card_of("", texts, self._nothing, self._happened))
        said = texts.gettext(
            "Signed by the vendor and kept here for ever. A document can be opened, verified, "
            "saved and printed."
        )
        self._documents.inside.addWidget(Sentence(said, texts))
        self._documents.inside.addWidget(self._kept)
        self._documents.inside.addLayout(line_of(self._open))
        self.column.addWidget(self._documents)
        self.column.addStretch(1)
        self._kept.doubleClicked.connect(lambda _index: self._pressed())
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            within = Qt.ShortcutContext.WidgetShortcut
            QShortcut(key, self._kept, context=within).activated.connect(self._pressed)

    def _pressed(self) -> None:
        if (wish := self._wish()) is not None:
            self.asked.emit(wish)

    def _wish(self) -> OpenDocument | None:
        row = self._kept.chosen
        if row is None or not self._papers:
            return None
        # The newest stands first.
        return OpenDocument(self._papers[-1 - row].digest)
