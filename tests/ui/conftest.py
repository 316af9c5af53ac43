"""The window without a screen; the server and the agent behind it are real."""

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from agent.ui.looks import dress
from tests.journeys.site import Host, Site
from tests.server.live import LiveServer
from tests.ui.driving import Driver

# Read when the first application is made, not when Qt is loaded.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

Open = Callable[[Host, str], Driver]


@pytest.fixture(autouse=True)
def _liked_by_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test chooses for its window is remembered in a folder of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "liked"))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with LiveServer(tmp_path / "server") as server:
        yield Site(tmp_path, server)


@pytest.fixture
def host(site: Site) -> Host:
    return site.host()


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder on another disk than the tests' own."""
    memory = Path("/dev/shm")  # noqa: S108 - a file system of its own, gone with the machine's power
    if not memory.is_dir() or memory.stat().st_dev == Path(tempfile.gettempdir()).stat().st_dev:
        pytest.skip("this machine has no second file system that anybody may write to")
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(params=["fa", "en"])
def language(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@contextmanager
def windows(app: QApplication) -> Iterator[Open]:
    """Open windows, as many as are wanted; all are closed in the end."""
    dress(app)
    # As `Collector` does it: a widget must not be destroyed by the worker's thread.
    gc.disable()
    drivers: list[Driver] = []

    def opened(host: Host, language: str) -> Driver:
        drivers.append(Driver(host, language))
        drivers[-1].begin()
        return drivers[-1]

    try:
        yield opened
    finally:
        for driver in drivers:
            driver.close()
        drivers.clear()
        gc.collect()
        gc.enable()


@pytest.fixture
def opened(qapp: QApplication) -> Iterator[Open]:
    with windows(qapp) as opened:
        yield opened
