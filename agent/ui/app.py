"""Opens the window: the application, its looks, one worker, one window.

The frame is painted first; the agent is loaded by the worker's thread.
"""

import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from agent.config import Home
from agent.ui.looks import dress
from agent.ui.patience import Patience
from agent.ui.rubbish import Collector
from agent.ui.window import MainWindow
from agent.ui.worker import Worker

if TYPE_CHECKING:
    from agent.ui.desk import Desk

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def has_screen() -> bool:
    """Whether a window can be opened; without a screen Qt would end the process."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in _SCREENS)


def open_window(home: Home, language: str) -> int:
    """Open the window and return when it is closed."""
    app = QApplication(["faragostar-man"])
    Collector(app)
    dress(app)

    def desk_of(patience: Patience) -> "Desk":
        from agent.ui.desk import Desk

        return Desk(home, patience.around)

    worker = Worker(desk_of)
    window = MainWindow(worker, language)
    window.show()
    worker.start()
    return int(app.exec())
