"""Where a page is scrolled to: its beginning, one part of it, or what has the keyboard.

Once somebody scrolls it themselves, it stays as they have it until the keyboard goes elsewhere.
"""

from enum import Enum
from functools import partial
from typing import NamedTuple, assert_never

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

_AROUND = 14
_LEAST_SEEN = 80


class _Beginning(NamedTuple):
    """The page's first lines, until the keyboard goes elsewhere than where it was left."""

    left_to: QWidget | None


class _Part(NamedTuple):
    """A part of the page, wherever the keyboard is."""

    widget: QWidget


class _Moving(Enum):
    """What has the keyboard; or where somebody scrolled to."""

    WITH_KEYBOARD = "with keyboard"
    BY_HAND = "by hand"


class Sight(QObject):
    """Keeps in sight what is to be seen of a page, while it grows and is resized."""

    def __init__(self, page: QScrollArea) -> None:
        super().__init__(page)
        self._page = page
        self._kept: _Beginning | _Part | _Moving = _Moving.WITH_KEYBOARD
        self._bar = page.verticalScrollBar()
        self._bar.rangeChanged.connect(self._keep)
        self._bar.actionTriggered.connect(self._look_around)

    def begin(self) -> None:
        """Show the beginning, with the keyboard on something that is in sight there."""
        self._kept = _Beginning(left_to=self._page.focusWidget())
        QTimer.singleShot(0, self, self._begin)

    def go_on(self) -> None:
        """Go on with what has the keyboard, as it was left there."""
        self._kept = _Moving.WITH_KEYBOARD

    def hand_on(self, control: QWidget) -> None:
        """Give the keyboard to what was laid out anew; nobody goes on by that."""
        if isinstance(self._kept, _Beginning):
            self._kept = _Beginning(left_to=control)
        control.setFocus()

    def follow(self) -> None:
        """Show what has the keyboard; of what is higher than the page, its beginning."""
        kept, focused = self._kept, self._page.focusWidget()
        if isinstance(kept, _Beginning) and focused in (None, kept.left_to):
            return  # nobody went there
        self._kept = _Moving.WITH_KEYBOARD
        self._scroll_to_focus()

    def reveal(self, part: QWidget) -> None:
        """Show a part, when it is laid out; what has the keyboard may go out of sight."""
        QTimer.singleShot(0, self, partial(self._reveal, part))

    def _scroll_to_focus(self) -> None:
        page, focused, room = self._page, self._page.focusWidget(), self._page.viewport().height()
        inside = page.widget()
        if inside is None or not inside.isAncestorOf(focused):
            return
        half, top = focused.height() // 2, focused.mapTo(inside, QPoint(0, 0)).y()
        if focused.height() <= room:
            # Qt's own way would show no more of a field than its cursor.
            middle = page.viewport().width() // 2 - inside.x()  # to the sides it stays
            page.ensureVisible(middle, top + half, 0, min(half + _AROUND, room // 2))
        elif _seen_of(focused) < _LEAST_SEEN:
            self._bar.setValue(top - _AROUND)

    def _begin(self) -> None:
        if not isinstance(self._kept, _Beginning):
            return
        self._bar.setValue(0)
        focused = self._page.focusWidget()
        if self._is_in_sight(focused):
            return
        if isinstance(focused, QLineEdit):
            self._begin_near(focused)
            return
        controls = filter(_takes_tab, self._page.findChildren(QWidget))
        first = next(filter(self._is_in_sight, controls), None)
        if first is not None:
            self._kept = _Beginning(left_to=first)
            first.setFocus()

    def _begin_near(self, field: QLineEdit) -> None:
        """Let who may be typing already go on in their field; the title stays whole."""
        self._scroll_to_focus()
        inside = self._page.widget()
        if inside is None or self._bar.value() > inside.childrenRect().top():
            self._bar.setValue(0)
        field.textEdited.connect(self._type, Qt.ConnectionType.SingleShotConnection)

    @Slot()
    def _type(self) -> None:
        self.go_on()
        self._scroll_to_focus()

    def _is_in_sight(self, control: QWidget) -> bool:
        inside = self._page.widget()
        if inside is None or not inside.isAncestorOf(control):
            return False
        # Of a table a few rows are enough.
        return _seen_of(control) >= min(control.height(), _LEAST_SEEN)

    def _reveal(self, part: QWidget) -> None:
        self._kept = _Part(part)
        self._page.ensureWidgetVisible(part)

    @Slot()
    def _keep(self) -> None:
        """Have the same in sight while more is shown, unless somebody scrolls."""
        match self._kept:
            case _Beginning():
                self._begin()
            case _Part(widget):
                self._page.ensureWidgetVisible(widget)
            case _Moving.WITH_KEYBOARD:
                self._scroll_to_focus()
            case _Moving.BY_HAND:
                pass
            case _:
                assert_never(self._kept)

    @Slot()
    def _look_around(self) -> None:
        self._kept = _Moving.BY_HAND


def _seen_of(control: QWidget) -> int:
    return control.visibleRegion().boundingRect().height()


def _takes_tab(control: QWidget) -> bool:
    is_there = control.isEnabled() and control.isVisible()
    return is_there and bool(control.focusPolicy() & Qt.FocusPolicy.TabFocus)
