"""QR codes on the screen: one part at a time, as large as the window lets it be."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from agent.ui.jobs.by_hand import As, GivenOut, Pattern
from agent.ui.parts import Card, Sentence, button, line_of
from agent.ui.wording import WindowTexts

# As the standard asks: no reader finds a code without a margin.
_QUIET = 4
_BLACK, _WHITE = 0, 255
_BESIDE = 170
_LEAST = 120


class QrCode(QWidget):
    """One code, black on white in every scheme, each module of whole pixels."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = _picture(())
        self._room = QSize(_LEAST, _LEAST)

    def show_rows(self, rows: Pattern, name: str) -> None:
        """Show a code; `name` is what a screen reader says of it."""
        self._picture = _picture(rows)
        self.setAccessibleName(name)
        self.fit(self._room)

    def fit(self, room: QSize) -> None:
        """Be as large as that allows."""
        self._room = room
        self.setFixedSize(round(self._modules * self._scale), round(self._modules * self._scale))
        self.update()

    @property
    def _modules(self) -> int:
        return self._picture.width()

    @property
    def _scale(self) -> float:
        """How wide a module is; a fraction only where the screen has finer dots."""
        dots = self.devicePixelRatioF()
        side = min(self._room.width(), self._room.height())
        return max(1, int(side * dots) // self._modules) / dots

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw it; nothing is smoothed."""
        painter = QPainter(self)
        painter.drawImage(self.rect(), self._picture)
        painter.end()


def _picture(rows: Pattern) -> QImage:
    """Make a picture of one pixel for each module, with its margin."""
    side = len(rows) + 2 * _QUIET
    light = bytes([_WHITE])
    margin = light * side * _QUIET
    lines = (bytes(_BLACK if dark else _WHITE for dark in row).center(side, light) for row in rows)
    pixels = margin + b"".join(lines) + margin
    # A copy of its own: Qt does not keep the bytes.
    return QImage(pixels, side, side, side, QImage.Format.Format_Grayscale8).copy()


class CodesPanel(Card):
    """The parts of a request, one after the other."""

    done = Signal()

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__("", texts)
        self._texts = texts
        self._codes: tuple[Pattern, ...] = ()
        self._place = 0
        self._code = QrCode()
        self._number = Sentence("", texts, "headline")
        self._digits = Sentence("", texts, "heading")
        self._next = button(texts.gettext("Next part"), lambda: self._turn(1), "next")
        self._previous = button(texts.gettext("Previous part"), lambda: self._turn(-1))
        self._digits.setWordWrap(False)
        self._lay_out()

    @property
    def place(self) -> int:
        """Which part is seen."""
        return self._place

    def show_codes(self, given: GivenOut, place: int = 0) -> None:
        """Show one part; the first, unless somebody was further."""
        self._codes, self._place = given.codes, place
        digits = self._texts.latin(self._texts.number(given.digits))
        self._digits.say(digits)
        self._turn(0)

    def fit(self, seen: QSize) -> None:
        """Let the code fill what is seen of the page, beside its buttons."""
        self._code.fit(QSize(seen.width() - _BESIDE - 50, seen.height() - 32))

    def focus(self) -> None:
        """Have the next part under the keyboard."""
        (self._next if self._next.isEnabled() else self._previous).setFocus()

    def _lay_out(self) -> None:
        texts = self._texts
        beside = QVBoxLayout()
        beside.setSpacing(10)
        how = texts.gettext(
            "Read every part with a telephone or a scanner; the order does not matter. A larger "
            "window makes the code larger."
        )
        beside.addWidget(self._number)
        beside.addWidget(Sentence(how, texts, "faint"))
        beside.addWidget(Sentence(texts.gettext("Digits of this request"), texts, "faint"))
        beside.addWidget(self._digits)
        done = button(texts.gettext("Back to the steps"), self.done.emit)
        for each in (self._next, self._previous, done):
            beside.addLayout(line_of(each))
        beside.addStretch(1)
        self.inside.setContentsMargins(14, 14, 14, 14)
        line = QHBoxLayout()
        line.setSpacing(18)
        line.addWidget(self._code, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(beside, 1)
        self.inside.addLayout(line)

    def _turn(self, by: int) -> None:
        self._place = max(0, min(len(self._codes) - 1, self._place + by))
        said = self._texts.gettext(
            "Part {number:number} of {total:number}",
            number=self._place + 1,
            total=len(self._codes),
        )
        self._number.say(said)
        self._code.show_rows(self._codes[self._place], said)
        is_last = self._place == len(self._codes) - 1
        for each, is_end in ((self._next, is_last), (self._previous, self._place == 0)):
            had_focus = each.hasFocus()
            each.setEnabled(not is_end)
            if had_focus and is_end:
                self.focus()


def copied(given: GivenOut) -> None:
    """Put a request into the clipboard, where it was asked for there; once, and never again."""
    if given.way is As.TEXT:
        QGuiApplication.clipboard().setText("\n".join(given.parts))
