"""This server, part by part, beside what it was at activation; and its report for support."""

from agent.ui.fields import Choosing, PathField
from agent.ui.jobs import Job, Known, Outcome
from agent.ui.jobs.kept import SaveReport
from agent.ui.jobs.shelves import Saved
from agent.ui.pages.page import About, Page
from agent.ui.parts import Card, Sentence, button, card_of, copier, line_of
from agent.ui.tables import Table
from agent.ui.views.server import Comparison, comparison_of
from agent.ui.views.tones import Tone
from agent.ui.wording import Place, WindowTexts

# The page scrolls; a dozen parts do not scroll within it.
_TALLEST = 4000


class ServerPage(Page):
    """What the license was bound to, beside what is here now."""

    place = Place.SERVER

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._shown: Comparison | None = None

    def show_known(self, known: Known) -> None:
        """Lay the comparison out."""
        found = comparison_of(known, self.texts)
        if found == self._shown:
            return
        self._shown = found
        with self.laid_anew():
            self._lay_out(found)

    def entered(self, _about: About = None, /) -> None:
        """Have the table under the keyboard."""
        if self.first is not None:
            self.first.setFocus()

    def _lay_out(self, found: Comparison) -> None:
        texts = self.texts
        self.column.addWidget(Sentence(texts.gettext("This server"), texts, "title"))
        card = Card("", texts)
        card.inside.addWidget(Sentence(found.verdict, texts, "heading", found.tone))
        for said in (found.system, found.room, *found.advice):
            if said:
                card.inside.addWidget(Sentence(said, texts))
        self.first = None
        if found.listing is not None:
            self.first = table = Table(_TALLEST)
            table.lay(found.listing)
            card.inside.addWidget(table)
        buttons = [copier(texts.gettext("This server, part by part"), found.copied, texts)]
        if found.may_report:
            save = texts.gettext("Save report…")
            buttons.append(button(save, lambda: self.go(Place.REPORT)))
        card.inside.addLayout(line_of(*buttons))
        self.column.addWidget(card)
        self.column.addStretch(1)


class ReportPage(Page):
    """Save the signed report where support can get it."""

    place = Place.REPORT

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._path = PathField(
            texts.gettext("File to write"), texts, Choosing.SAVE, pattern="*.jws"
        )
        self._saved = Sentence("", texts)
        self._save = button(texts.gettext("Save"), self._pressed, "next")
        self.column.addWidget(Sentence(texts.gettext("Report for support"), texts, "title"))
        said = (
            texts.gettext(
                "The report tells support what this window shows: where the license stands, what "
                "is waited for and which parts differ, signed by this server. It holds no license "
                "key, no code and no unmasked serial number, and it goes nowhere by itself."
            ),
            texts.gettext(
                "Hand it to support ({phone}) or attach it to your ticket in the portal."
            ),
        )
        fields = (*(Sentence(line, texts) for line in said), self._path, self._saved)
        back = button(texts.gettext("Back"), lambda: self.go(Place.SERVER))
        self.column.addWidget(card_of("", texts, *fields, buttons=(self._save, back)))
        self.column.addStretch(1)
        self._path.changed.connect(self._judge)
        self._judge()

    def entered(self, _about: About = None, /) -> None:
        """Have the file's name under the keyboard."""
        self._saved.say("")
        self._path.setFocus()

    def renewed(self, job: Job) -> Job | None:
        """Ask for the same, with what is typed by now."""
        if not isinstance(job, SaveReport):
            return job
        if (path := self._path.path) is None:
            self._path.setFocus()
            return None
        return SaveReport(path)

    def heard(self, outcome: Outcome, /) -> None:
        """Say where it was written."""
        self._save.setFocus()
        if isinstance(outcome.word, Saved):
            said = self.texts.gettext("Written to {path}", path=outcome.word.path)
            self._saved.say(said, Tone.GOOD)

    def _judge(self) -> None:
        self._save.setEnabled(self._path.path is not None)

    def _pressed(self) -> None:
        if (path := self._path.path) is not None:
            self._saved.say("")
            self.asked.emit(SaveReport(path))
