"""Places that outlast this server's disks, each on a button that fills a path in."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agent.ui.jobs.shelves import Shelf
from agent.ui.parts import Sentence, button, emptied
from agent.ui.views.shelves import shelf_name, shelf_names
from agent.ui.wording import WindowTexts


class ShelfChoice(QWidget):
    """Empty until somebody looked."""

    chosen = Signal(object)

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__()
        self._texts = texts
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)

    def show_shelves(self, shelves: tuple[Shelf, ...]) -> None:
        """Offer what was found, or say that there is nothing."""
        emptied(self._column)
        self._column.addWidget(Sentence(shelf_names(shelves, self._texts), self._texts, "faint"))
        for shelf in shelves:
            made = button(shelf_name(shelf, self._texts), partial(self._choose, shelf.path))
            self._column.addWidget(made)

    def _choose(self, path: Path) -> None:
        self.chosen.emit(path)
