"""The places that can be gone to at any time, the guide, the language, and the screen's code."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from agent.ui.parts import Sentence, button
from agent.ui.wording import PART_OF, PLACES, Place, WindowTexts

_WIDTH = 190
# `Qt.FocusPolicy.NoFocus` and `Qt.ScrollBarPolicy.ScrollBarAlwaysOff` (see `looks`)
_NO_FOCUS, _NEVER = 0, 1
# Each language in its own word: who cannot read this window's finds theirs.
_OTHER = {"en": ("fa", "فارسی"), "fa": ("en", "English")}


class Sidebar(QFrame):
    """At the side where reading begins."""

    went = Signal(object)
    consulted = Signal()
    spoke = Signal(object)

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("sidebar")
        self.setFixedWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 18, 12, 12)
        column.setSpacing(4)
        column.addWidget(Sentence(texts.gettext("Faragostar Man"), texts, "heading"))
        column.addSpacing(10)
        self._places = {place: self._door(place, name) for place, name in PLACES.items()}
        guide = _place(texts.gettext("Guide"))
        guide.clicked.connect(self.consulted)
        self._area = self._listed()
        column.addWidget(self._area, 1)
        column.addWidget(guide)
        self._places[Place.GUIDE] = guide
        self._group()
        language, word = _OTHER[texts.language]
        spoken = texts.manner._replace(language=language)
        other = button(word, lambda: self.spoke.emit(spoken))
        other.setObjectName("language")
        column.addWidget(other)
        self._screen = Sentence("", texts, "faint")
        column.addWidget(self._screen)

    def _door(self, place: Place, name: str) -> QPushButton:
        made = _place(self._texts.gettext(name))
        made.clicked.connect(lambda: self.went.emit(place))
        return made

    def _listed(self) -> QScrollArea:
        """All places; in a low window they scroll, and what is below them stays where it is."""
        listed = QWidget()
        listed.setObjectName("places")
        column = QVBoxLayout(listed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for made in self._places.values():
            column.addWidget(made)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(listed)
        area.setWidgetResizable(True)
        area.setProperty("focusPolicy", _NO_FOCUS)
        area.setProperty("horizontalScrollBarPolicy", _NEVER)
        return area

    def _group(self) -> None:
        """Let one of them be marked."""
        group = QButtonGroup(self)
        for made in self._places.values():
            group.addButton(made)

    def show_place(self, place: Place) -> None:
        """Mark where one is; a step of a wizard belongs to the overview, if to nothing else."""
        marked = PART_OF.get(place, place)
        button = self._places[marked if marked in self._places else Place.OVERVIEW]
        button.setChecked(True)
        self._area.ensureWidgetVisible(button)
        self._screen.say(self._texts.screen(place))


def _place(name: str) -> QPushButton:
    made = QPushButton(name)
    made.setObjectName("place")
    made.setAccessibleName(name)
    made.setCheckable(True)
    made.setAutoDefault(False)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return made
