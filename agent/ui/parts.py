"""What pages are made of: sentences, cards, facts, codes; each button with an accessible name.

The frame is made of them too, so `Qt` is imported where a page needs it (see `looks`).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QPointF, QRectF, QSize, QTimer
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from agent.ui import looks
from agent.ui.flow import Flow
from agent.ui.terms import wrapped
from agent.ui.views.marks import breakable, unbroken, unmarked
from agent.ui.views.tones import Code, Rows, Tone
from agent.ui.wording import WindowTexts

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPaintEvent

W = TypeVar("W", bound=QWidget)
_SAID_MILLISECONDS = 2500
_MARK_PIXELS = 40
# `Qt.TextFormat.PlainText` and `Qt.TextInteractionFlag.TextSelectableByMouse`
_PLAIN, _SELECTABLE = 0, 1
# What stands between the lines of something chosen.
_PARAGRAPH = "\u2029"


class Sentence(QLabel):
    """Text that wraps, stays at its language's side, and shows nothing but what it says.

    A path or a number that is longer than a line is broken; copied it is whole and unmarked.
    """

    def __init__(
        self, text: str, texts: WindowTexts, kind: str = "", tone: Tone | None = None
    ) -> None:
        super().__init__()
        self._texts = texts
        self.setProperty("textFormat", _PLAIN)
        self.setWordWrap(True)
        self.setObjectName(kind)
        # A selectable label is laid out as a document: the plain way shifts wrapped lines that
        # run from right to left by their last space, and cuts what is as wide as its column.
        self.setProperty("textInteractionFlags", _SELECTABLE)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.say(text, tone)

    def say(self, text: str, tone: Tone | None = None) -> None:
        """Show another text."""
        self.setText(breakable(self._texts.anchored(text)) if text else "")
        explained(self, text, self._texts)
        if tone is not None and self.property("tone") != tone.value:
            self.setProperty("tone", tone.value)
            self.style().polish(self)

    def text(self) -> str:
        """What it says, without the places where it may be broken."""
        return unbroken(super().text())

    def selectedText(self) -> str:  # noqa: N802 - Qt's name
        """What is chosen, as it is outside of this window."""
        return unmarked(super().selectedText().replace(_PARAGRAPH, "\n"))

    def keyPressEvent(self, event: "QKeyEvent") -> None:  # noqa: N802 - Qt's name
        """Copy what is chosen."""
        from PySide6.QtGui import QKeySequence

        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: "QContextMenuEvent") -> None:  # noqa: N802 - Qt's name
        """Offer to copy; Qt's own menu would copy the marks too."""
        from PySide6.QtWidgets import QMenu

        menu = QMenu(self)
        copy = menu.addAction(self._texts.gettext("Copy"), self._copy)
        copy.setEnabled(self.hasSelectedText())
        menu.exec(event.globalPos())
        menu.deleteLater()

    def mouseReleaseEvent(self, event: "QMouseEvent") -> None:  # noqa: N802 - Qt's name
        """Where a system pastes what was only chosen, have it paste the same."""
        super().mouseReleaseEvent(event)
        board = QGuiApplication.clipboard()
        if self.hasSelectedText() and board.supportsSelection():
            board.setText(self.selectedText(), board.Mode.Selection)

    def _copy(self) -> None:
        if self.hasSelectedText():
            QGuiApplication.clipboard().setText(self.selectedText())


class Mark(QWidget):
    """A sign before a headline: a tick, an i, three dots, an exclamation mark or a cross."""

    def __init__(self, tone: Tone) -> None:
        super().__init__()
        self._tone = tone
        self.setFixedSize(QSize(_MARK_PIXELS, _MARK_PIXELS))

    def mean(self, tone: Tone) -> None:
        """Become another sign."""
        self._tone = tone
        self.update()

    def paintEvent(self, _event: "QPaintEvent") -> None:  # noqa: N802 - Qt's name
        """Draw it, sharp at every scale."""
        from PySide6.QtCore import Qt
        from PySide6.QtGui import QPainter, QPen, QPolygonF

        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = looks.colours()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(chosen.tones[self._tone]))
        painter.drawEllipse(QRectF(2, 2, _MARK_PIXELS - 4, _MARK_PIXELS - 4))
        pen = QPen(QColor(chosen.card), 3.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for line in _STROKES[self._tone]:
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line]))
        painter.end()


_Stroke = tuple[tuple[float, float], ...]
_STROKES: dict[Tone, tuple[_Stroke, ...]] = {
    Tone.GOOD: (((12, 21), (18, 27), (29, 14)),),
    Tone.CALM: (((20, 19), (20, 29)), ((20, 12), (20, 12.1))),
    Tone.WAITING: (((12, 20), (12, 20.1)), ((20, 20), (20, 20.1)), ((28, 20), (28, 20.1))),
    Tone.WARNING: (((20, 11), (20, 22)), ((20, 28), (20, 28.1))),
    Tone.STOPPED: (((14, 14), (26, 26)), ((26, 14), (14, 26))),
}


class Card(QFrame):
    """A surface with a heading and what belongs together."""

    def __init__(self, heading: str, texts: WindowTexts, kind: str = "card") -> None:
        super().__init__()
        self.setObjectName(kind)
        self.inside = QVBoxLayout(self)
        self.inside.setContentsMargins(18, 14, 18, 16)
        self.inside.setSpacing(10)
        if heading:
            self.inside.addWidget(Sentence(heading, texts, "heading"))


class Facts(QWidget):
    """Names and values in two columns."""

    def __init__(self, rows: Rows, texts: WindowTexts) -> None:
        from PySide6.QtCore import Qt

        super().__init__()
        leading = Qt.AlignmentFlag.AlignLeading
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for place, (name, value) in enumerate(rows):
            label = Sentence(name, texts, "faint")
            label.setWordWrap(False)
            grid.addWidget(label, place, 0, leading | Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Sentence(value, texts), place, 1)


class CodeField(QWidget):
    """A code in large groups, with a button that copies it."""

    def __init__(self, code: Code, texts: WindowTexts) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Sentence(code.title, texts, "heading"))
        shown = Sentence(texts.latin(code.groups), texts, "code")
        shown.setWordWrap(False)
        column.addWidget(Flow(shown, copier(code.title, code.copied, texts)))
        column.addWidget(Sentence(code.hint, texts, "faint"))


def explained(widget: W, shown: str, texts: WindowTexts) -> W:
    """Say beside a widget what the word on it means, if that needs explaining."""
    said = texts.explained(shown)
    if said != widget.accessibleDescription():
        widget.setAccessibleDescription(said)
        widget.setToolTip(wrapped(said))
    return widget


def copier(what: str, copied: str, texts: WindowTexts) -> QPushButton:
    """Make a button that copies something, and says for a moment that it did."""
    word = texts.gettext("Copy")

    def copy() -> None:
        QGuiApplication.clipboard().setText(copied)
        made.setText(texts.gettext("Copied ✓"))
        QTimer.singleShot(_SAID_MILLISECONDS, made, lambda: made.setText(word))

    made = button(word, copy)
    made.setAccessibleName(texts.gettext("Copy: {what:words}", what=what))
    return made


def button(text: str, pressed: Callable[[], object], kind: str = "") -> QPushButton:
    """Make a button; Enter presses it only while it has the focus."""
    made = QPushButton(text)
    made.setObjectName(kind)
    made.setAccessibleName(text)
    made.setAutoDefault(False)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    made.clicked.connect(lambda _checked=False: pressed())
    return made


def line_of(*widgets: QWidget) -> QHBoxLayout:
    """Put widgets beside each other, at the side where reading begins."""
    line = QHBoxLayout()
    line.setSpacing(10)
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch(1)
    return line


def card_of(
    heading: str, texts: WindowTexts, *inside: QWidget, buttons: tuple[QWidget, ...] = ()
) -> Card:
    """Make a card of what stands below each other, with a line of buttons at its end."""
    card = Card(heading, texts)
    for widget in inside:
        card.inside.addWidget(widget)
    if buttons:
        card.inside.addLayout(line_of(*buttons))
    return card


def emptied(layout: QLayout) -> None:
    """Take everything out of a layout, for good."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (below := item.layout()) is not None:
            emptied(below)
