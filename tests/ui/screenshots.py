"""Every page, in both languages, light and dark, in two sizes: `make screenshots`.

A real signing server and a real agent stand behind the window; only the screen is not there.
"""

import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent.texts import LANGUAGES
from agent.ui.looks import dress, follow
from agent.ui.rubbish import Collector
from tests.journeys.site import Site
from tests.server.live import LiveServer
from tests.ui.driving import Driver
from tests.ui.scenes import Scene, scenes

SIZES = ((1024, 640), (1440, 900))
SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}


def main(folder: Path, wanted: str = "") -> None:
    """Make every picture, or those whose scene's name contains a word."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(["faragostar-man"])
    Collector(app)
    dress(app)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        LiveServer(Path(scratch) / "server") as server,
    ):
        for scene in scenes(Site(Path(scratch), server)):
            if wanted in scene.name:
                _photograph(app, folder, scene)


def _photograph(app: QApplication, folder: Path, scene: Scene) -> None:
    for language in LANGUAGES:
        driver = Driver(scene.host, language)
        driver.begin()
        scene.play(driver)
        for scheme, value in SCHEMES.items():
            follow(app, value)
            for size in SIZES:
                driver.window.resize(*size)
                driver.settle()
                picture = f"{scene.name}-{language}-{scheme}-{size[0]}.png"
                driver.window.grab().save(str(folder / picture))
        driver.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
