"""Light and dark: as the system is at the start, and whenever it changes, while the window is open.

A screen that is not there has no scheme, so what a system tells Qt is told here by hand.
"""

import subprocess

from tests.ui.test_opening import run

BEGIN = """
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from agent.ui.looks import DARK, LIGHT, colours, dress, follow_system
from agent.ui.window import MainWindow
from agent.ui.wording import Manner
from agent.ui.worker import Worker
app = QApplication(["faragostar-man", "-style", "Fusion"])

def ground():
    window = MainWindow(Worker(None), Manner("fa"))
    window.show()
    app.processEvents()
    image = window.grab().toImage()
    return window, image.pixelColor(image.width() // 3, image.height() // 3).name()
"""
AT_THE_START = """
app.setPalette(QPalette(QColor("#202020")))
dress(app)
assert colours() is DARK
assert ground()[1] == DARK.ground
"""
LIVE = """
dress(app)
follow_system(app)
assert colours() is LIGHT
window, seen = ground()
assert seen == LIGHT.ground
for scheme, worn in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT)):
    app.styleHints().colorSchemeChanged.emit(scheme)
    app.processEvents()
    image = window.grab().toImage()
    seen = image.pixelColor(image.width() // 3, image.height() // 3).name()
    assert (colours(), seen) == (worn, worn.ground)
"""


def done(script: str) -> subprocess.CompletedProcess[str]:
    return run(BEGIN + script, QT_QPA_PLATFORM="offscreen")


def test_a_dark_desktop_sees_no_light_window_first() -> None:
    assert (found := done(AT_THE_START)).returncode == 0, found.stderr


def test_an_open_window_changes_with_the_system() -> None:
    assert (found := done(LIVE)).returncode == 0, found.stderr
