"""The bar at the bottom while a job is done: what is waited for, and how to stop waiting."""

from collections.abc import Callable
from typing import assert_never

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar

from agent.ui.parts import Sentence, button
from agent.ui.wording import Phase, WindowTexts

_BAR_PIXELS = 140


class Working(QFrame):
    """Unseen while nothing is done."""

    def __init__(self, texts: WindowTexts, stop: Callable[[], object]) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("working")
        line = QHBoxLayout(self)
        line.setContentsMargins(24, 8, 24, 8)
        line.setSpacing(14)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setFixedWidth(_BAR_PIXELS)
        bar.setAccessibleName(texts.gettext("At work"))
        self._words = ""
        self._said = Sentence("", texts)
        self._stop = button(texts.gettext("Stop waiting"), stop)
        line.addWidget(bar)
        line.addWidget(self._said, 1)
        line.addWidget(self._stop)
        self.hide()

    def tell(self, phase: Phase) -> None:
        """Say what is done; only what is waited for can be left behind."""
        match phase:
            case Phase.LOOKING:
                said = self._texts.gettext("Looking at this server…")
            case Phase.RIGHTS:
                said = self._texts.gettext("Waiting for the system to ask for an administrator…")
            case Phase.ASKING:
                said = self._texts.gettext("Asking the signing server…")
            case Phase.GATHERING:
                said = self._words
            case _:
                assert_never(phase)
        self._words = said
        self._said.say(said)
        self._stop.setVisible(phase in (Phase.ASKING, Phase.GATHERING))
        self.show()
