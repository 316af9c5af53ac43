"""Widgets beside each other, and below each other where a small window has no room for them.

A widget that arranges its children, and no layout of our own: what Qt asks of a layout is answered
with None at its end, and PySide 6 counts that None once too little each time.
"""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_GAP = 10


class Flow(QWidget):
    """A line of widgets that breaks as text does, from the side where reading begins."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self._widgets = widgets
        for widget in widgets:
            widget.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Be higher where it is narrow."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Say how high at this width."""
        return self._arranged(width, is_moving=False)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Wish for one line."""
        sizes = [widget.sizeHint() for widget in self._shown()]
        width = sum(size.width() for size in sizes) + _GAP * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Need no more than the widest of them."""
        least = QSize(0, 0)
        for widget in self._shown():
            least = least.expandedTo(widget.sizeHint())
        return least

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Put them where they belong."""
        super().resizeEvent(event)
        self._arranged(self.width(), is_moving=True)

    def event(self, event: QEvent) -> bool:
        """Hear that one of them was hidden, shown, or says something else."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.LayoutDirectionChange):
            self.updateGeometry()
            self._arranged(self.width(), is_moving=True)
        return super().event(event)

    def _shown(self) -> list[QWidget]:
        return [widget for widget in self._widgets if not widget.isHidden()]

    def _arranged(self, width: int, *, is_moving: bool) -> int:
        """Go through them line by line, and return how high all lines are."""
        at, line_height = QPoint(0, 0), 0
        for widget in self._shown():
            size = widget.sizeHint()
            if at.x() > 0 and at.x() + size.width() > width:
                at, line_height = QPoint(0, at.y() + line_height + _GAP), 0
            if is_moving:
                x = width - at.x() - size.width() if self.isRightToLeft() else at.x()
                widget.setGeometry(QRect(QPoint(x, at.y()), size))
            at.setX(at.x() + size.width() + _GAP)
            line_height = max(line_height, size.height())
        return at.y() + line_height
