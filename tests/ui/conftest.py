"""The window without a screen; the server and the agent behind it are real."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from agent.ui.looks import dress
from tests.journeys.begun import active, host, issued, site
from tests.journeys.site import Host
from tests.server.live import prepare_django
from tests.ui.driving import Driver

__all__ = ["active", "host", "issued", "site"]

# Read when the first application is made, not when Qt is loaded.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

Open = Callable[[Host, str], Driver]


@pytest.fixture(autouse=True)
def _liked_by_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test chooses for its window is remembered in a folder of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "liked"))


class Partition(NamedTuple):
    """As psutil gives it."""

    device: str
    mountpoint: str
    fstype: str
    opts: str = "rw"


def _mounted(folder: Path, device: str, kind: str, patch: pytest.MonkeyPatch) -> Path:
    """Have the system tell of one more volume: nobody mounts one without a kernel's leave."""
    folder.mkdir()
    told = [*psutil.disk_partitions(all=True), Partition(device, str(folder.resolve()), kind)]
    patch.setattr("psutil.disk_partitions", lambda **_: told)
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the system calls a share of another machine."""
    return _mounted(tmp_path / "share", "nas:/papers", "nfs4", monkeypatch)


@pytest.fixture
def in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the system calls its memory."""
    return _mounted(tmp_path / "memory", "tmpfs", "tmpfs", monkeypatch)


class Browser:
    """The system's; a machine may have none."""

    def __init__(self) -> None:
        self.is_here = True
        self.asked: list[str] = []

    def open(self, url: QUrl) -> bool:
        self.asked.append(url.toString())
        return self.is_here


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    """What is asked to be opened, and nothing is."""
    browser = Browser()
    monkeypatch.setattr(QDesktopServices, "openUrl", browser.open)
    return browser


@pytest.fixture(params=["fa", "en"])
def language(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The application as people have it; what all its tests need is made once."""
    dress(qapp)
    prepare_django()
    # Nothing of what is loaded by now is rubbish: it need not be looked through after every test.
    gc.collect()
    gc.freeze()
    return qapp


@contextmanager
def rubbish_kept(app: QApplication) -> Iterator[None]:
    """As `Collector` does it: no widget is destroyed by a worker's thread, or in Qt's midst."""
    gc.disable()
    try:
        yield
    finally:
        # As the application's loop does it: what was closed is gone, and is told nothing more.
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        gc.enable()


@contextmanager
def windows(app: QApplication) -> Iterator[Open]:
    """Open windows, as many as are wanted; all are closed in the end."""
    drivers: list[Driver] = []

    def opened(host: Host, language: str) -> Driver:
        drivers.append(Driver(host, language))
        drivers[-1].begin()
        return drivers[-1]

    with rubbish_kept(app):
        try:
            yield opened
        finally:
            for driver in drivers:
                driver.close()
            drivers.clear()


@pytest.fixture
def opened(qapp: QApplication) -> Iterator[Open]:
    with windows(qapp) as opened:
        yield opened


@pytest.fixture
def driver(active: Host, opened: Open, language: str) -> Driver:
    """A window of a machine that has its license."""
    return opened(active, language)
