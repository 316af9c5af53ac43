"""The panel of a failure: what happened, is the license still active, what next, and the code."""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from agent.presentation import Failure
from agent.ui.parts import Card, Sentence, button, emptied, line_of
from agent.ui.views.tones import Tone
from agent.ui.views.troubles import trouble_of
from agent.ui.wording import WindowTexts


class Taking(Enum):
    """What of the panel takes the keyboard when it is shown."""

    AGAIN = "again"
    # Where one stroke on "Try again" would do what cannot be undone.
    CLOSE = "close"
    # Where somebody may be typing: nothing that they asked for went wrong.
    NOTHING = "nothing"


class TroublePanel(QWidget):
    """Empty and unseen until something went wrong; it stays until somebody goes on."""

    closed = Signal()

    def __init__(
        self,
        texts: WindowTexts,
        again: Callable[[], object],
        by_hand: Callable[[], object],
        as_admin: Callable[[], object],
    ) -> None:
        super().__init__()
        self._texts = texts
        self._again, self._by_hand, self._as_admin = again, by_hand, as_admin
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def tell(self, failure: Failure, taking: Taking = Taking.AGAIN) -> None:
        """Show a failure; `taking`: which of its buttons takes the keyboard."""
        texts = self._texts
        found = trouble_of(failure, texts)
        emptied(self._column)
        card = Card("", texts, "trouble")
        card.inside.addWidget(Sentence(found.happened, texts, "heading", Tone.STOPPED))
        tone = Tone.GOOD if found.is_active else Tone.WARNING
        card.inside.addWidget(Sentence(found.license, texts, "heading", tone))
        card.inside.addWidget(Sentence(found.next_step, texts))
        said = texts.gettext("Code: {code}", code=found.code)
        card.inside.addWidget(Sentence(said, texts, "faint"))
        lines = f"{found.happened}\n{found.license}\n{found.next_step}\n{said}"
        again = button(texts.gettext("Try again"), self._again)
        buttons = [again]
        if found.has_other_way:
            buttons.append(button(texts.gettext("Do it by file…"), self._by_hand))
        if found.needs_rights:
            buttons.append(button(texts.gettext("Open as administrator…"), self._as_admin))
        copy = button(texts.gettext("Copy"), lambda: QGuiApplication.clipboard().setText(lines))
        buttons.append(_named(copy, texts.gettext("Copy this message")))
        close = button(texts.gettext("Close"), self._close)
        buttons.append(_named(close, texts.gettext("Close this message")))
        card.inside.addLayout(line_of(*buttons))
        self._column.addWidget(card)
        self.show()
        if taking is not Taking.NOTHING:
            (again if taking is Taking.AGAIN else close).setFocus()

    def _close(self) -> None:
        self.hide()
        self.closed.emit()


def _named(made: QPushButton, name: str) -> QPushButton:
    """Say to a screen reader what the short word is about."""
    made.setAccessibleName(name)
    return made
