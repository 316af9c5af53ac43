"""Every page, in both languages, light and dark, in two sizes: `make screenshots`.

A real signing server and a real agent stand behind the window; only the screen is not there.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent.ui.looks import dress, follow
from agent.ui.rubbish import Collector
from agent.ui.wording import Place
from protocol.codes import LICENSE_KEY_PREFIX, format_code
from protocol.values import ReleaseReason
from tests import machines
from tests.journeys.site import Host, Site
from tests.server.live import IssuedLicense, LiveServer
from tests.ui.driving import Driver

SIZES = ((1024, 640), (1440, 900))
SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}


def scenes(site: Site) -> Iterator[tuple[str, Host, Place]]:
    """Yield moments of a license's life, each with the page to look at."""
    host, issued = site.host(), site.issue(warranty_until="2027-03-20", modules=("letters", "bpm"))
    yield "1-unlicensed", host, Place.OVERVIEW
    yield "1-activate", host, Place.ACTIVATE
    host.agent.activate(issued.license_key)
    yield "2-active", host, Place.OVERVIEW
    yield "2-server", host, Place.SERVER
    yield "2-release", host, Place.RELEASE
    yield "2-confirm", host, Place.CONFIRM_RELEASE
    yield from _changed(site, host)
    yield from _given_back(site, host, issued)


def _changed(site: Site, host: Host) -> Iterator[tuple[str, Host, Place]]:
    enrolled = host.hardware
    host.become(machines.with_other_board(enrolled))
    host.agent.check()
    yield "3-drifted", host, Place.OVERVIEW
    yield "3-server", host, Place.SERVER
    yield "3-confirm", host, Place.CONFIRM_RELEASE
    host.agent.reactivate()
    yield "3-case", host, Place.OVERVIEW
    host.agent.withdraw()
    host.become(enrolled)
    host.agent.check()


def _given_back(
    site: Site, host: Host, issued: IssuedLicense
) -> Iterator[tuple[str, Host, Place]]:
    site.server.stop()
    host.agent.release(ReleaseReason.HARDWARE)
    yield "4-releasing", host, Place.OVERVIEW
    site.server.start()
    host.agent.check()
    yield "5-released", host, Place.OVERVIEW
    yield "5-keep", host, Place.KEEP_PAPERS
    yield "5-reactivate", host, Place.REACTIVATE
    yield "5-history", host, Place.HISTORY
    host.agent.reactivate()
    site.server.stop()
    yield "6-unreachable", host, Place.OVERVIEW
    yield "6-trouble", site.host(), Place.ACTIVATE
    site.server.start()


def main(folder: Path, wanted: str = "") -> None:
    """Make every picture."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(["faragostar-man"])
    Collector(app)
    dress(app)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        LiveServer(Path(scratch) / "server") as server,
    ):
        site = Site(Path(scratch), server)
        for name, host, place in scenes(site):
            if wanted in name:
                _photograph(app, folder, name, host, place)


def _photograph(app: QApplication, folder: Path, name: str, host: Host, place: Place) -> None:
    for language in ("fa", "en"):
        driver = Driver(host, language)
        if name.endswith("unreachable"):
            driver.click("Check now")
            driver.work()
        elif name.endswith("trouble"):
            driver.window.go(place)
            driver.field("License key").setText(format_code(LICENSE_KEY_PREFIX, 1))
            driver.click("Activate")
            driver.work()
        else:
            driver.window.go(place)
        for scheme, value in SCHEMES.items():
            follow(app, value)
            for size in SIZES:
                driver.window.resize(*size)
                driver.settle()
                picture = f"{name}-{language}-{scheme}-{size[0]}.png"
                driver.window.grab().save(str(folder / picture))
        driver.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
