"""Boxes for what can be changed: the plan and the declaration tick the same ones."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from agent.ui.parts import Sentence
from agent.ui.views.planning import HARDWARE, SYSTEM, change_name
from agent.ui.wording import WindowTexts
from protocol.windows import Change


class ChangeBoxes(QWidget):
    """A box for every change, in two columns."""

    changed = Signal()

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__()
        self._boxes: dict[Change, QCheckBox] = {}
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(24)
        for heading, changes in (
            (texts.gettext("Hardware"), HARDWARE),
            (texts.gettext("Operating system and server"), SYSTEM),
        ):
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(Sentence(heading, texts, "faint"))
            for change in changes:
                column.addWidget(self._box(change, texts))
            column.addStretch(1)
            line.addLayout(column, 1)

    @property
    def ticked(self) -> tuple[Change, ...]:
        """What is ticked, in the order of the list."""
        return tuple(change for change, box in self._boxes.items() if box.isChecked())

    def tick(self, changes: tuple[Change, ...]) -> None:
        """Tick these and no others."""
        for change, box in self._boxes.items():
            box.setChecked(change in changes)

    def begin(self) -> None:
        """Have the first ticked box under the keyboard, or else the first."""
        self._boxes[next(iter(self.ticked), HARDWARE[0])].setFocus()

    def _box(self, change: Change, texts: WindowTexts) -> QCheckBox:
        box = self._boxes[change] = QCheckBox(change_name(change, texts))
        box.setAccessibleName(box.text())
        box.toggled.connect(self.changed)
        return box
