"""Opens the window: the application, its looks, one worker, one window.

The frame is painted first; the agent is loaded by the worker's thread.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QTimer
from PySide6.QtWidgets import QApplication

from agent.config import Home
from agent.errors import NoWindow
from agent.ui.looks import dress
from agent.ui.patience import Patience
from agent.ui.rubbish import Collector
from agent.ui.window import MainWindow
from agent.ui.worker import Worker

if TYPE_CHECKING:
    from agent.ui.desk import Desk


def require_screen() -> None:
    """Find out whether a window can be opened: Qt itself would end the process.

    Raises:
        NoWindow: no screen, or a library of the system that Qt needs on X is missing.
    """
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if os.environ.get("WAYLAND_DISPLAY"):
        return
    if not os.environ.get("DISPLAY"):
        raise NoWindow
    import ctypes

    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    try:
        # What Qt does next; only it would end the process where this one says what is missing.
        ctypes.CDLL(str(plugins / "platforms" / "libqxcb.so"))
    except OSError as cause:
        library = str(cause).partition(":")[0]
        raise NoWindow(problem="no-xcb", library=library) from cause


def open_window(home: Home, language: str) -> int:
    """Open the window and return when it is closed."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["faragostar-man"])
    Collector(app)
    dress(app)

    def desk_of(patience: Patience) -> "Desk":
        from agent.ui.desk import Desk

        return Desk(home, patience.around)

    worker = Worker(desk_of)
    window = MainWindow(worker, language)
    window.show()
    # The frame is painted first: loading the agent would only take the processor from it.
    QTimer.singleShot(0, worker.start)
    return int(app.exec())
