"""Activate, and activate again: a key, or one button after the change."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit

from agent.ui.fields import labelled, latin_line, name_by
from agent.ui.jobs import Known, Outcome
from agent.ui.jobs.license import Activate, Reactivate
from agent.ui.pages.page import About, Page
from agent.ui.parts import Card, Facts, Sentence, button, emptied, line_of
from agent.ui.views.overview import overview_of
from agent.ui.views.tones import Tone
from agent.ui.views.typed import remark_on
from agent.ui.wording import Place, WindowTexts
from protocol.codes import LICENSE_KEY_PREFIX, REACTIVATION_PREFIX

_PLACEHOLDER = "FGM-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX"


class ActivatePage(Page):
    """Type or paste the license key; what is mistyped is said before anything leaves."""

    place = Place.ACTIVATE

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._key = _code_field(_PLACEHOLDER)
        self._code = _code_field(_PLACEHOLDER.replace(LICENSE_KEY_PREFIX, REACTIVATION_PREFIX))
        self._on_key = Sentence("", texts, "faint")
        self._on_code = Sentence("", texts, "faint")
        self._has_code = QCheckBox(
            texts.gettext("The license comes from another server: I have its reactivation code")
        )
        self._act = button(texts.gettext("Activate"), self._pressed, "next")
        self._code_label = Sentence(texts.gettext("Reactivation code"), texts)
        self._lay_out()
        for field in (self._key, self._code):
            field.textChanged.connect(self._judge)
            field.returnPressed.connect(self._act.click)
        self._has_code.toggled.connect(self._judge)
        self._judge()

    def show_known(self, known: Known) -> None:
        """The key is typed here; nothing of it is known."""

    def entered(self, _about: About = None, /) -> None:
        """Have the key's field under the keyboard."""
        self._key.setFocus()

    def heard(self, outcome: Outcome, /) -> None:
        """Go home with the news; a key that was refused stays, to be mended."""
        if outcome.trouble is None:
            self._key.clear()
            self._code.clear()
            self.go(Place.OVERVIEW)

    def _lay_out(self) -> None:
        texts = self.texts
        self.column.addWidget(Sentence(texts.gettext("Activate a license"), texts, "title"))
        card = Card("", texts)
        said = texts.gettext(
            "The license is bound to this server. The license key stands in the customer portal; "
            "it does not leave this server."
        )
        card.inside.addWidget(Sentence(said, texts))
        key_label = labelled(texts.gettext("License key"), self._key, texts)
        name_by(self._code_label, self._code, texts.gettext("Reactivation code"))
        self._has_code.setAccessibleName(self._has_code.text())
        for widget in (
            key_label,
            self._key,
            self._on_key,
            self._has_code,
            self._code_label,
            self._code,
            self._on_code,
        ):
            card.inside.addWidget(widget)
        back = button(texts.gettext("Back"), lambda: self.go(Place.OVERVIEW))
        card.inside.addLayout(line_of(self._act, back))
        self.column.addWidget(card)
        self.column.addStretch(1)

    def _judge(self) -> None:
        has_code = self._has_code.isChecked()
        for widget in (self._code_label, self._code, self._on_code):
            widget.setVisible(has_code)
        key = remark_on(LICENSE_KEY_PREFIX, self._key.text(), self.texts)
        code = remark_on(REACTIVATION_PREFIX, self._code.text(), self.texts)
        self._on_key.say(key[1], key[0])
        self._on_code.say(code[1], code[0])
        whole = key[0] is Tone.GOOD and (not has_code or code[0] is Tone.GOOD)
        self._act.setEnabled(whole)

    def _pressed(self) -> None:
        code = self._code.text() if self._has_code.isChecked() else None
        self.asked.emit(Activate(self._key.text(), code))


class ReactivatePage(Page):
    """Take the license again: what stands here now, and one button."""

    place = Place.REACTIVATE

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._act = button(texts.gettext("Activate again on this server"), self._pressed, "next")
        self.column.addWidget(Sentence(texts.gettext("Activate again"), texts, "title"))
        self._card = Card("", texts)
        self._about = Card("", texts)
        said = texts.gettext(
            "The signing server binds the license to this server as it is now. If it was given "
            "back before the change, this needs nobody's permission; if not, the vendor decides."
        )
        self._card.inside.addWidget(Sentence(said, texts))
        back = button(texts.gettext("Back"), lambda: self.go(Place.OVERVIEW))
        self._card.inside.addLayout(line_of(self._act, back))
        self.column.addWidget(self._card)
        self.column.addWidget(self._about)
        self.column.addStretch(1)

    def show_known(self, known: Known) -> None:
        """Show which license, and how it stands."""
        shown = overview_of(known, self.texts)
        emptied(self._about.inside)
        self._about.inside.addWidget(Sentence(shown.headline, self.texts, "heading", shown.tone))
        for remark in shown.remarks:
            self._about.inside.addWidget(Sentence(f"• {remark}", self.texts))
        if shown.license:
            self._about.inside.addWidget(Facts(shown.license, self.texts))

    def entered(self, _about: About = None, /) -> None:
        """Have the button under the keyboard."""
        self._act.setFocus()

    def heard(self, outcome: Outcome, /) -> None:
        """Go home with the news."""
        if outcome.trouble is None:
            self.go(Place.OVERVIEW)

    def _pressed(self) -> None:
        self.asked.emit(Reactivate())


def _code_field(placeholder: str) -> QLineEdit:
    field = latin_line(placeholder, "licensekey")
    field.setInputMethodHints(Qt.InputMethodHint.ImhPreferUppercase)
    return field
