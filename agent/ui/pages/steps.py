"""Steps with their signs: done, under way, to be looked at."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from agent.ui.parts import Sentence, emptied, explained
from agent.ui.views.releasing import Step
from agent.ui.views.tones import Tone
from agent.ui.wording import WindowTexts

# Before the words, so that nothing hangs on a colour.
_SIGNS = {Tone.GOOD: "✓", Tone.CALM: "○", Tone.WAITING: "…", Tone.WARNING: "!", Tone.STOPPED: "✗"}


class StepList(QWidget):
    """One step on a line, with its advice below it."""

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__()
        self._texts = texts
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_steps(self, steps: tuple[Step, ...]) -> None:
        """Show these steps and no others."""
        emptied(self._column)
        for step in steps:
            line = f"{_SIGNS[step.tone]} {step.text}"
            said = Sentence(line, self._texts, "", step.tone)
            self._column.addWidget(explained(said, step.text, self._texts))
            if step.advice:
                self._column.addWidget(Sentence(step.advice, self._texts, "faint"))
