r"""Fields to type into, each with its label: codes, words, paths.

Codes and paths run from left to right in every language. A path may be typed or pasted as well as
chosen: over remote desktop an elevated program does not see mapped drives, but `\\tsclient\C` it
does.
"""

from enum import Enum
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from agent.ui.parts import Sentence, button, line_of
from agent.ui.wording import WindowTexts

# What a path is copied with: quotes, and marks of direction, which nobody sees.
_AROUND = "\"'«»“” \t\r\n\ufeff\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"


class Choosing(Enum):
    """What a path is wanted for."""

    OPEN = "open"
    SAVE = "save"
    FOLDER = "folder"


def labelled(name: str, field: QWidget, texts: WindowTexts) -> Sentence:
    """Make the label of a field; both carry its name."""
    label = Sentence(name, texts)
    name_by(label, field, name)
    return label


def name_by(label: QLabel, field: QWidget, name: str) -> None:
    """Let a label lead to its field."""
    label.setBuddy(field)
    field.setAccessibleName(name)
    # What the label's word means is said of the field too: that is where the keyboard comes.
    field.setAccessibleDescription(label.accessibleDescription())
    field.setToolTip(label.toolTip())


def latin_line(placeholder: str = "", kind: str = "") -> QLineEdit:
    """Make a field for what is written from left to right in every language."""
    field = QLineEdit()
    field.setObjectName(kind)
    field.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    field.setPlaceholderText(placeholder)
    return field


class PathField(QWidget):
    """A path: typed, pasted, dropped into the field, or chosen."""

    changed = Signal()

    def __init__(
        self, name: str, texts: WindowTexts, choosing: Choosing, *, pattern: str = ""
    ) -> None:
        super().__init__()
        self._name, self._choosing, self._pattern = name, choosing, pattern
        self._line = latin_line()
        self._line.textChanged.connect(self.changed)
        self.setFocusProxy(self._line)
        choose = button(texts.gettext("Choose…"), self._choose)
        choose.setAccessibleName(texts.gettext("Choose: {what:words}", what=name))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(labelled(name, self._line, texts))
        line = line_of(self._line, choose)
        line.setStretch(0, 1)
        line.setStretch(2, 0)
        column.addLayout(line)

    @property
    def path(self) -> Path | None:
        """What stands there; None while it is empty. A path copied in quotes is meant without."""
        typed = self._line.text().strip(_AROUND)
        if typed.startswith("file:"):  # dropped into the field by some file managers
            typed = QUrl(typed).toLocalFile()
        return Path(typed) if typed else None

    def set_path(self, path: Path | None) -> None:
        """Write a path there."""
        self._line.setText("" if path is None else str(path))

    def _choose(self) -> None:
        chosen = self._chosen()
        if chosen:
            self._line.setText(chosen)

    def _chosen(self) -> str:
        begin = self._line.text()
        match self._choosing:
            case Choosing.OPEN:
                return QFileDialog.getOpenFileName(self, self._name, begin, self._pattern)[0]
            case Choosing.SAVE:
                return str(saved_as(self, self._name, begin, self._pattern) or "")
            case Choosing.FOLDER:
                return QFileDialog.getExistingDirectory(self, self._name, begin)
            case _:
                assert_never(self._choosing)


def saved_as(parent: QWidget, title: str, name: str, pattern: str) -> Path | None:
    """Ask where to save; what is typed without a suffix gets the one that the pattern names."""
    dialog = QFileDialog(parent, title, "", pattern)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    # So that it asks about the name that is written.
    dialog.setDefaultSuffix(pattern.rpartition("*.")[2].rstrip(")"))
    dialog.selectFile(name)
    is_chosen = dialog.exec() == QFileDialog.DialogCode.Accepted
    chosen = Path(dialog.selectedFiles()[0]) if is_chosen else None
    dialog.deleteLater()
    return chosen
