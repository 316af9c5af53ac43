"""The fields of a license key and its reactivation code, judged while they are typed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from agent.ui.fields import labelled, latin_line
from agent.ui.jobs.license import Activate
from agent.ui.parts import Sentence
from agent.ui.views.tones import Tone
from agent.ui.views.typed import remark_on
from agent.ui.wording import WindowTexts
from protocol.codes import LICENSE_KEY_PREFIX, REACTIVATION_PREFIX

_PLACEHOLDER = "FGM-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX"


class KeyForm(QWidget):
    """A key; and a code, where the license comes from another server."""

    changed = Signal()
    finished = Signal()

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__()
        self._texts = texts
        self._key = _code_field(_PLACEHOLDER)
        self._code = _code_field(_PLACEHOLDER.replace(LICENSE_KEY_PREFIX, REACTIVATION_PREFIX))
        self._on_key = Sentence("", texts, "faint")
        self._on_code = Sentence("", texts, "faint")
        self._has_code = QCheckBox(
            texts.gettext("From another server: I have its reactivation code")
        )
        self._code_label = labelled(texts.gettext("Reactivation code"), self._code, texts)
        self._lay_out()
        self.setFocusProxy(self._key)
        for field in (self._key, self._code):
            field.textChanged.connect(self._judge)
            field.returnPressed.connect(self.finished)
        self._has_code.toggled.connect(self._judge)
        self._judge()

    @property
    def wish(self) -> Activate | None:
        """What was typed; None until it is whole."""
        key = remark_on(LICENSE_KEY_PREFIX, self._key.text(), self._texts)
        code = remark_on(REACTIVATION_PREFIX, self._code.text(), self._texts)
        has_code = self._has_code.isChecked()
        if key[0] is not Tone.GOOD or (has_code and code[0] is not Tone.GOOD):
            return None
        return Activate(self._key.text(), self._code.text() if has_code else None)

    def fill(self, wish: Activate) -> None:
        """Write there what was typed elsewhere."""
        self._key.setText(wish.license_key)
        self._code.setText(wish.code or "")
        self._has_code.setChecked(wish.code is not None)

    def clear(self) -> None:
        """Forget what was typed."""
        self._key.clear()
        self._code.clear()

    def _lay_out(self) -> None:
        self._has_code.setAccessibleName(self._has_code.text())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in (
            labelled(self._texts.gettext("License key"), self._key, self._texts),
            self._key,
            self._on_key,
            self._has_code,
            self._code_label,
            self._code,
            self._on_code,
        ):
            column.addWidget(widget)

    def _judge(self) -> None:
        has_code = self._has_code.isChecked()
        for widget in (self._code_label, self._code, self._on_code):
            widget.setVisible(has_code)
        key = remark_on(LICENSE_KEY_PREFIX, self._key.text(), self._texts)
        code = remark_on(REACTIVATION_PREFIX, self._code.text(), self._texts)
        self._on_key.say(key[1], key[0])
        self._on_code.say(code[1], code[0])
        self.changed.emit()


def _code_field(placeholder: str) -> QLineEdit:
    field = latin_line(placeholder, "licensekey")
    field.setInputMethodHints(Qt.InputMethodHint.ImhPreferUppercase)
    return field
