"""Choose how often the signing server is asked."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from agent.ui.fields import labelled
from agent.ui.parts import Sentence, line_of
from agent.ui.views.settings import interval_choices
from agent.ui.wording import WindowTexts

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent


class IntervalField(QWidget):
    """One choice; what was set by a command and is none of the usual ones is shown as it is."""

    changed = Signal()

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__()
        self._texts = texts
        self._choice = _Steady()
        self._offer("")
        self._choice.currentIndexChanged.connect(self.changed)
        self.setFocusProxy(self._choice)
        label = labelled(texts.gettext("Ask the signing server"), self._choice, texts)
        label.setWordWrap(False)
        said = Sentence(
            texts.gettext(
                "Whatever is chosen: this server is looked at every hour, and where something is "
                "pending or has changed, the signing server is asked at once."
            ),
            texts,
            "faint",
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(line_of(label, self._choice))
        column.addWidget(said)

    @property
    def value(self) -> str:
        """What is chosen, as `config set` takes it."""
        return str(self._choice.currentData())

    def fill(self, value: str) -> None:
        """Choose it; an open list is left alone while nothing else is set."""
        if value != self.value:
            self._offer(value)
            self.changed.emit()

    def _offer(self, value: str) -> None:
        self._choice.blockSignals(True)  # noqa: FBT003 - Qt's value
        self._choice.clear()
        for choice in interval_choices(value, self._texts):
            self._choice.addItem(choice.name, choice.value)
        self._choice.setCurrentIndex(self._choice.findData(value))
        self._choice.blockSignals(False)  # noqa: FBT003 - Qt's value


class _Steady(QComboBox):
    """Who scrolls the page over it changes nothing."""

    def wheelEvent(self, event: "QWheelEvent") -> None:  # noqa: N802 - Qt's name
        """Leave it to the page."""
        event.ignore()
