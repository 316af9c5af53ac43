"""A page of the web: opened here, or, on a server without internet, on another computer."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agent.ui.parts import Sentence, button, line_of
from agent.ui.rights import is_administrator
from agent.ui.views.tones import Tone
from agent.ui.wording import WindowTexts


class WebPage(QWidget):
    """A button with these words that opens it, `beside` others; it says so where no browser is.

    An administrator's window opens none: a browser with such rights is everybody's way in.
    """

    def __init__(self, address: str, texts: WindowTexts, *beside: QWidget, words: str = "") -> None:
        super().__init__()
        self._address, self._texts = address, texts
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        if not is_administrator():
            words = words or texts.gettext("Open in the browser")
            beside = (button(words, self._open), *beside)
        column.addLayout(line_of(*beside))
        self._said = Sentence("", texts, "faint")
        column.addWidget(self._said)
        self._said.hide()

    def _open(self) -> None:
        is_open = QDesktopServices.openUrl(QUrl(self._address))
        said = self._texts.gettext(
            "No browser could be opened here. Copy the address, and open it on another computer."
        )
        self._said.say("" if is_open else said, Tone.WARNING)
        self._said.setVisible(not is_open)
