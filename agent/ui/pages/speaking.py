"""Choose how the window speaks: its language and, in Persian, its digits."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from agent.texts import Digits
from agent.ui.pages.memory import SHOWN_ONLY
from agent.ui.parts import Sentence, line_of
from agent.ui.wording import Manner, WindowTexts

# Each language in its own word: who cannot read this window's finds theirs.
_LANGUAGES = (("fa", "فارسی"), ("en", "English"))


class Speaking(QWidget):
    """Takes effect at once, and is remembered for this user."""

    spoke = Signal(object)

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__()
        self._texts = texts
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        manner = texts.manner
        self._add(
            texts.gettext("Language"),
            [(word, manner._replace(language=language)) for language, word in _LANGUAGES],
            "language",  # a word of the other language
        )
        if texts.is_persian:
            names = {
                Digits.PERSIAN: texts.gettext("Persian digits: {digits:words}", digits="۱۲۳"),
                Digits.LATIN: texts.gettext("Latin digits: {digits}", digits="123"),
            }
            self._add(
                texts.gettext("Digits"),
                [(name, manner._replace(digits=digits)) for digits, name in names.items()],
            )

    def _add(self, title: str, choices: Sequence[tuple[str, Manner]], kind: str = "") -> None:
        group = QButtonGroup(self)
        made = []
        for name, manner in choices:
            radio = QRadioButton(name)
            radio.setObjectName(kind)
            radio.setProperty(SHOWN_ONLY, True)  # noqa: FBT003 - Qt's value
            radio.setAccessibleName(f"{title}: {name}")
            radio.setChecked(manner == self._texts.manner)
            group.addButton(radio)
            made.append(radio)
            radio.toggled.connect(partial(self._choose, manner))
        if self.focusProxy() is None:
            self.setFocusProxy(next(radio for radio in made if radio.isChecked()))
        label = Sentence(title, self._texts, "faint")
        label.setWordWrap(False)
        self._column.addLayout(line_of(label, *made))

    def _choose(self, manner: Manner, is_chosen: bool) -> None:  # noqa: FBT001 - Qt's signal
        if is_chosen:
            self.spoke.emit(manner)
