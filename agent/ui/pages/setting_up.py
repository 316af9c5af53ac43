"""First run: language, server and trust root; tried before they are saved, then on to the key."""

from agent.ui.fields import Choosing, PathField
from agent.ui.jobs import Job, Known, Outcome, Word
from agent.ui.jobs.settings import Examined, SetUp, TrySetUp, Typed
from agent.ui.pages.page import About, Page
from agent.ui.pages.speaking import Speaking
from agent.ui.pages.way import Found, WayForm
from agent.ui.parts import Sentence, button, card_of
from agent.ui.views.findings import found_rows
from agent.ui.views.settings import changes_of, first_run_of
from agent.ui.wording import Place, WindowTexts


class FirstRunPage(Page):
    """Set this program up; whoever has done so goes on to the license key."""

    place = Place.FIRST_RUN

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._speaking = Speaking(texts)
        self._speaking.spoke.connect(self.spoke)
        self._said = Sentence("", texts)
        self._way = WayForm(texts)
        self._root = PathField(
            texts.gettext("File with the trust root"), texts, Choosing.OPEN, pattern="JWS (*.jws)"
        )
        self._found = Found(texts)
        self._save = button(texts.gettext("Save and continue"), self._saved, "next")
        self._test = button(texts.gettext("Test the connection"), self._tried)
        self._pressed = self._test
        self._lay_out()

    def show_known(self, known: Known) -> None:
        """Ask for what no package brings."""
        shown = first_run_of(known, self.texts)
        self._said.say(shown.said)
        self._way.ask_server(asked=shown.asks_server)
        self._root.setVisible(shown.asks_root)

    def entered(self, _about: About = None, /) -> None:
        """Have the first field under the keyboard."""
        self._way.setFocus()

    def renewed(self, job: Job) -> Job:
        """Ask for the same, with what is typed by now."""
        if isinstance(job, SetUp | TrySetUp):
            return type(job)(changes_of(self._way.typed, Typed()), self._root.path)
        return job

    def found(self, word: Word, /) -> None:
        """Show what was found so far."""
        if isinstance(word, Examined):
            self._found.show_rows(found_rows(word.findings, self.texts))

    def heard(self, outcome: Outcome, /) -> None:
        """Show all that was found; whoever saved has gone on, and the keyboard with them."""
        if isinstance(outcome.word, Examined):
            self.found(outcome.word)
        if not self.isVisible():
            return
        well = isinstance(outcome.word, Examined) and self._found.is_well
        (self._save if well else self._pressed).setFocus()
        if isinstance(outcome.word, Examined):
            self.sight.reveal(self._found)

    def _lay_out(self) -> None:
        texts = self.texts
        self.column.addWidget(Sentence(texts.gettext("Set this program up"), texts, "title"))
        nothing = texts.gettext("This program is not set up yet")
        self.column.addWidget(Sentence(nothing, texts, "faint"))
        self.column.addWidget(card_of("", texts, self._speaking))
        way = (self._said, self._way, self._root)
        buttons = (self._save, self._test)
        card = card_of(texts.gettext("Signing server"), texts, *way, buttons=buttons)
        card.inside.addWidget(
            Sentence(
                texts.gettext(
                    "The test saves nothing. Without a connection you can save as well: requests "
                    "and answers then go by file."
                ),
                texts,
                "faint",
            )
        )
        self.column.addWidget(card)
        self.column.addWidget(self._found)
        self.column.addStretch(1)

    def _tried(self) -> None:
        self._pressed = self._test
        self._found.show_rows(())
        self.asked.emit(TrySetUp(changes_of(self._way.typed, Typed()), self._root.path))

    def _saved(self) -> None:
        self._pressed = self._save
        self.asked.emit(SetUp(changes_of(self._way.typed, Typed()), self._root.path))
