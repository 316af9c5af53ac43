"""Settings: the way to the signing server, how the window speaks, what this program is."""

from msgspec.structs import replace

from agent.ui.jobs import Job, Known, Outcome, Word
from agent.ui.jobs.settings import ChangeSettings, Examined, ExamineServer, SettingsSaved, Typed
from agent.ui.pages.interval import IntervalField
from agent.ui.pages.page import About, Page
from agent.ui.pages.speaking import Speaking
from agent.ui.pages.way import Found, WayForm
from agent.ui.parts import Sentence, button, card_of, line_of
from agent.ui.views.findings import found_rows
from agent.ui.views.settings import changes_of, typed_of, why_closed
from agent.ui.views.tones import Tone
from agent.ui.wording import Place, WindowTexts


class SettingsPage(Page):
    """What an administrator may change later; the window's language is everybody's own."""

    place = Place.SETTINGS

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._shown = Typed()
        self._closed = Sentence("", texts)
        self._way = WayForm(texts)
        self._interval = IntervalField(texts)
        self._saved = Sentence("", texts)
        self._found = Found(texts)
        self._save = button(texts.gettext("Save"), self._pressed, "next")
        self._test = button(texts.gettext("Test the connection"), self._tried)
        self._set_up = button(
            texts.gettext("Set this program up…"), lambda: self.go(Place.FIRST_RUN), "next"
        )
        self._speaking = Speaking(texts)
        self._speaking.spoke.connect(self.spoke)
        for field in (self._way, self._interval):
            field.changed.connect(self._judge)
        self._lay_out()
        self._judge()

    def show_known(self, known: Known) -> None:
        """Show what is set, unless somebody is typing something else."""
        closed = why_closed(known, self.texts)
        self._closed.say(closed)
        self._closed.setVisible(bool(closed))
        for widget in (self._way, self._interval, self._save, self._test):
            widget.setVisible(not closed)
        self._set_up.setVisible(not known.is_set_up)
        fresh = typed_of(known)
        is_untouched = self._typed == self._shown
        self._shown = fresh
        if is_untouched:
            self._fill()
        self._judge()

    def left(self) -> None:
        """Leave nothing behind that was typed and not saved: a password may be in it."""
        self._fill()

    def entered(self, _about: About = None, /) -> None:
        """Have the first field under the keyboard, and what is set in all of them."""
        self._saved.hide()
        self._fill()
        self._found.show_rows(())
        (self._way if self._way.isVisibleTo(self) else self._speaking).setFocus()

    def renewed(self, job: Job) -> Job:
        """Ask for the same, with what is typed by now."""
        if isinstance(job, ChangeSettings | ExamineServer):
            return type(job)(changes_of(self._typed, self._shown))
        return job

    def found(self, word: Word, /) -> None:
        """Show what was found so far."""
        if isinstance(word, Examined):
            self._found.show_rows(found_rows(word.findings, self.texts))

    def heard(self, outcome: Outcome, /) -> None:
        """Say that it is saved, or what was found."""
        if isinstance(outcome.word, SettingsSaved):
            # As it is shown: a password that was typed goes out of sight.
            self._fill()
            self._saved.say(self.texts.gettext("Saved"), Tone.GOOD)
            self._saved.show()
        elif isinstance(outcome.word, Examined):
            self.found(outcome.word)
        was_refused = isinstance(outcome.word, Examined) and not self._found.is_well
        can_be_saved = self._save.isEnabled() and not was_refused
        (self._save if can_be_saved else self._test).setFocus()
        if isinstance(outcome.word, Examined):
            self.sight.reveal(self._found)

    def _lay_out(self) -> None:
        texts = self.texts
        self.column.addWidget(Sentence(texts.gettext("Settings"), texts, "title"))
        way = (self._closed, self._way, self._interval, self._saved)
        buttons = (self._save, self._test, self._set_up)
        self.column.addWidget(
            card_of(texts.gettext("Signing server"), texts, *way, buttons=buttons)
        )
        self.column.addWidget(self._found)
        remembered = Sentence(
            texts.gettext("Remembered for you alone, on this server."), texts, "faint"
        )
        self.column.addWidget(
            card_of(texts.gettext("This window"), texts, self._speaking, remembered)
        )
        about = button(
            texts.gettext("About this program and its licences…"), lambda: self.go(Place.ABOUT)
        )
        self.column.addLayout(line_of(about))
        self.column.addStretch(1)

    @property
    def _typed(self) -> Typed:
        return replace(self._way.typed, check_interval=self._interval.value)

    def _fill(self) -> None:
        self._way.fill(self._shown)
        self._interval.fill(self._shown.check_interval)

    def _judge(self) -> None:
        self._save.setEnabled(self._typed != self._shown)
        if self._save.isEnabled():
            self._saved.hide()

    def _tried(self) -> None:
        self._found.show_rows(())
        self.asked.emit(ExamineServer(changes_of(self._typed, self._shown)))

    def _pressed(self) -> None:
        self.asked.emit(ChangeSettings(changes_of(self._typed, self._shown)))
