"""Opens the window: the application, its looks, one worker, one window.

The frame is painted first; the agent is loaded by the worker's thread, then.
"""

import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibrary, QLibraryInfo
from PySide6.QtWidgets import QApplication

from agent.home import SYSTEMS_HOME, Home
from agent.texts import Digits
from agent.ui.looks import dress, follow_system
from agent.ui.rubbish import Collector
from agent.ui.window import MainWindow
from agent.ui.wording import ANNOUNCED, Manner
from agent.ui.worker import Worker

if TYPE_CHECKING:
    from agent.errors import NoWindow
    from agent.ui.desk import Desk
    from agent.ui.patience import Patience


def require_screen() -> None:
    """Find out whether a window can be opened: Qt itself would end the process.

    Raises:
        NoWindow: no screen, or a library of the system that Qt needs on X is missing.
    """
    if (problem := missing()) is not None:
        raise problem


def missing() -> "NoWindow | None":
    """Say what a window lacks here; nothing, where it can be opened."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return None
    if os.environ.get("WAYLAND_DISPLAY"):
        return None
    if not os.environ.get("DISPLAY"):
        from agent.errors import NoWindow

        return NoWindow()
    plugins = QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)
    path = f"{plugins}/platforms/libqxcb.so"
    # What Qt does next; only it would end the process where this one says what is missing.
    drawing = QLibrary(path)
    if drawing.load():
        return None
    from agent.errors import NoWindow

    library = drawing.errorString().partition(f"{path}: ")[2].partition(":")[0]
    return NoWindow(problem="no-xcb", library=library)


def name_home(app: QApplication, home: Home) -> None:
    """Have every title say which home it is, unless it is the system's own."""
    if (folder := home.folder.absolute()) != SYSTEMS_HOME:
        app.setApplicationDisplayName(str(folder))


def open_window(home: Home, language: str, digits: Digits, *, announced: bool = False) -> int:
    """Open the window and return when it is closed; `announced`: say when it can be seen."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["faragostar-man", "-style", "Fusion"])
    Collector(app)
    dress(app)
    name_home(app, home)

    def desk_of(patience: "Patience") -> "Desk":
        from agent.ui.desk import Desk

        return Desk(home, patience)

    worker = Worker(desk_of)
    window = MainWindow(worker, Manner(language, digits))
    if announced:
        window.painted.connect(_announce)
    window.painted.connect(worker.start)
    window.painted.connect(lambda: follow_system(app))
    window.show()
    return int(app.exec())


def _announce() -> None:
    """Tell whoever waits for this window that it is there."""
    sys.stdout.write(f"{ANNOUNCED}\n")
    sys.stdout.flush()
