"""Activate a license with its key."""

from agent.ui.jobs import Job, Known, Outcome
from agent.ui.jobs.license import Activate
from agent.ui.jobs.recovery import Errand
from agent.ui.pages.keys import KeyForm
from agent.ui.pages.page import About, Page
from agent.ui.parts import Sentence, button, card_of, explained
from agent.ui.wording import Place, WindowTexts


class ActivatePage(Page):
    """Type or paste the license key; what is mistyped is said before anything leaves."""

    place = Place.ACTIVATE

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._keys = KeyForm(texts)
        self._act = button(texts.gettext("Activate"), self._pressed, "next")
        self._lay_out()
        self._keys.changed.connect(self._judge)
        self._keys.finished.connect(self._act.click)
        self._judge()

    def show_known(self, known: Known) -> None:
        """The key is typed here; nothing of it is known."""

    def left(self) -> None:
        """Leave no key behind."""
        self._keys.clear()

    def entered(self, _about: About = None, /) -> None:
        """Have the key's field under the keyboard, with nothing that stood there before."""
        self._keys.clear()
        self._keys.setFocus()

    def renewed(self, job: Job) -> Job | None:
        """Ask for the same, with what is typed by now."""
        if not isinstance(job, Activate):
            return job
        if self._keys.wish is None:
            self._keys.setFocus()
        return self._keys.wish

    def heard(self, outcome: Outcome, /) -> None:
        """Go home with the news; a key that was refused stays, to be mended."""
        if outcome.trouble is None:
            self._keys.clear()
            self.go(Place.OVERVIEW)

    def _lay_out(self) -> None:
        texts = self.texts
        self.column.addWidget(Sentence(texts.gettext("Activate a license"), texts, "title"))
        said = texts.gettext(
            "The license is bound to this server. The license key stands in the customer portal; "
            "it does not leave this server."
        )
        back = button(texts.gettext("Back"), lambda: self.go(Place.OVERVIEW))
        file = button(
            texts.gettext("I have a recovery file…"),
            lambda: self.go(Place.LOAD_RECOVERY, Errand(self.place)),
        )
        explained(file, file.text(), texts)
        buttons = (self._act, back, file)
        self.column.addWidget(
            card_of("", texts, Sentence(said, texts), self._keys, buttons=buttons)
        )
        self.column.addStretch(1)

    def _judge(self) -> None:
        self._act.setEnabled(self._keys.wish is not None)

    def _pressed(self) -> None:
        if (wish := self._keys.wish) is not None:
            self.asked.emit(wish)
