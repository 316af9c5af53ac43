"""Python's garbage is collected in the window's thread, and nowhere else.

A collection runs in whatever thread happens to allocate. In the worker's it may take a widget that
was dropped with its page, and a widget that is destroyed outside its thread ends the process.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_MILLISECONDS = 10_000


class Collector(QObject):
    """Collects, now and then, where widgets may be destroyed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        timer = QTimer(self)
        timer.timeout.connect(gc.collect)
        timer.start(_MILLISECONDS)
