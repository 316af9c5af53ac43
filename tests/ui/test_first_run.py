"""A window on a machine where nothing is set up: tried, saved, and on to the license key."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QRadioButton

from agent.bootstrap import set_up
from agent.config import Settings, stored_settings
from agent.home import Home
from agent.preferences import Preferences, load_preferences
from agent.texts import Digits
from agent.ui.wording import Place
from protocol.values import Standing
from tests.journeys.site import Host, Site
from tests.rights import as_nobody, needs_root
from tests.ui.conftest import Open
from tests.ui.driving import Driver

ADDRESS = "Address of the signing server"
ROOT = "File with the trust root"
DETOUR = "The way to it leads through a proxy"


@pytest.fixture
def fresh(host: Host, tmp_path: Path) -> Host:
    """A machine on which nobody has set anything up."""
    host.home = Home(tmp_path / "fresh")
    return host


@pytest.fixture
def driver(fresh: Host, opened: Open, language: str) -> Driver:
    return opened(fresh, language)


def place(driver: Driver) -> Place:
    return driver.window.page.place


def is_untouched(host: Host) -> bool:
    return not host.home.folder.exists()


def test_it_is_tried_saved_and_goes_on_to_the_license(
    site: Site, driver: Driver, fresh: Host
) -> None:
    issued = site.issue()
    assert place(driver) is Place.FIRST_RUN
    driver.field(ADDRESS).setText(f"  {fresh.server.url}\n")
    driver.field(ROOT).setText(f'"{fresh.server.root_file}"')
    driver.click("Test the connection")
    assert driver.work().trouble is None
    assert driver.texts.text("doctor-answer-ok", {"server": fresh.server.url}) in driver.words()
    assert is_untouched(fresh), "a test saves nothing"
    driver.click("Save and continue")
    assert driver.work().trouble is None
    assert place(driver) is Place.ACTIVATE
    assert stored_settings(fresh.home) == Settings(server=fresh.server.url)
    driver.write(issued.license_key)
    driver.press(Qt.Key.Key_Return)
    driver.work()
    assert fresh.agent.status().standing is Standing.ACTIVE


def test_by_keyboard(driver: Driver, fresh: Host) -> None:
    key = Qt.Key
    driver.write(fresh.server.url)
    driver.press(key.Key_Return)
    assert not driver.worker.is_busy, "Enter in a field saves nothing"
    driver.press(key.Key_Tab, key.Key_Tab)
    driver.write(str(fresh.server.root_file))
    driver.press(key.Key_Tab, key.Key_Tab, key.Key_Tab, key.Key_Space)
    driver.work()
    assert driver.has("Save and continue")
    assert is_untouched(fresh)
    driver.press(key.Key_Space)  # all is well, so saving is what comes next
    driver.work()
    assert place(driver) is Place.ACTIVATE


def test_what_is_wrong_on_the_way_is_named_with_advice(driver: Driver, fresh: Host) -> None:
    driver.field(ADDRESS).setText("http://127.0.0.1:9")
    driver.field(ROOT).setText(__file__)
    driver.click("Test the connection")
    assert driver.work().trouble is None
    for code in ("document-malformed", "doctor-tcp-fail"):
        assert driver.texts.advice(code) in driver.words()
    assert driver.focused() is driver.button("Test the connection")
    assert is_untouched(fresh)


@pytest.mark.parametrize("act", ["Test the connection", "Save and continue"])
@pytest.mark.parametrize(
    ("address", "root", "code"),
    [
        ("", "ROOT", "server-missing"),
        ("http://license.example", "ROOT", "server-url-insecure"),
        ("license.example", "ROOT", "setting-invalid"),
        ("URL", "", "root-missing"),
        ("URL", "/nowhere/root.jws", "file-unreadable"),
    ],
)
def test_bad_input_is_refused_by_name_and_nothing_is_begun(  # noqa: PLR0917 - fixtures and a case
    fresh: Host, opened: Open, act: str, address: str, root: str, code: str
) -> None:
    driver = opened(fresh, "en")
    driver.field(ADDRESS).setText(address.replace("URL", fresh.server.url))
    driver.field(ROOT).setText(root.replace("ROOT", str(fresh.server.root_file)))
    driver.click(act)
    trouble = driver.work().trouble
    assert trouble is not None
    assert trouble.text_code == code
    assert driver.texts.advice(code, trouble.parameters) in driver.words()
    assert driver.texts.text("standing-unlicensed") in driver.words()
    assert place(driver) is Place.FIRST_RUN
    assert is_untouched(fresh)


def test_a_file_that_is_no_root_sets_nothing_up(driver: Driver, fresh: Host) -> None:
    driver.field(ADDRESS).setText(fresh.server.url)
    driver.field(ROOT).setText(__file__)
    driver.click("Save and continue")
    trouble = driver.work().trouble
    assert trouble is not None
    assert trouble.text_code == "document-malformed"
    assert is_untouched(fresh)
    driver.field(ROOT).setText(str(fresh.server.root_file))
    driver.click("Try again")  # with what stands there now
    driver.work()
    assert place(driver) is Place.ACTIVATE


def test_a_detour_is_asked_for_when_it_is_wanted(driver: Driver, fresh: Host) -> None:
    proxy = driver.texts.gettext("Proxy")
    assert proxy not in driver.words()
    driver.field(ADDRESS).setText(fresh.server.url)
    driver.field(ROOT).setText(str(fresh.server.root_file))
    driver.click(DETOUR)
    assert proxy in driver.words()
    driver.field("Proxy").setText("http://127.0.0.1:9")
    driver.click("Test the connection")
    driver.work()
    assert driver.texts.advice("doctor-proxy-tcp-fail") in driver.words()
    driver.click(DETOUR)
    driver.click("Save and continue")
    driver.work()
    assert stored_settings(fresh.home).proxy is None, "a detour that is not wanted is none"


def test_what_a_package_brings_is_not_asked_for(
    fresh: Host, opened: Open, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = tmp_path / "bundled"
    bundled.mkdir()
    (bundled / "server").write_text(f"{fresh.server.url}\n")
    (bundled / "root.jws").write_bytes(fresh.server.root_file.read_bytes())
    monkeypatch.setattr("agent.choosing.BUNDLED", bundled)
    driver = opened(fresh, language)
    words = driver.words()
    assert driver.texts.gettext(ADDRESS) not in words
    assert driver.texts.gettext(ROOT) not in words
    driver.click("Save and continue")
    driver.work()
    assert place(driver) is Place.ACTIVATE
    assert stored_settings(fresh.home).server == fresh.server.url


def test_another_language_keeps_what_was_typed_and_is_remembered(fresh: Host, opened: Open) -> None:
    driver = opened(fresh, "en")
    driver.field(ADDRESS).setText("https://half.exam")
    driver.field(ROOT).setText("/media/root.jws")
    driver.tick(next(radio for radio in driver.seen(QRadioButton) if radio.text() == "فارسی"))
    driver.speaks("fa")
    assert place(driver) is Place.FIRST_RUN
    assert driver.field(ADDRESS).text() == "https://half.exam"
    assert driver.field(ROOT).text() == "/media/root.jws"
    chosen = driver.focused()
    assert isinstance(chosen, QRadioButton)
    assert chosen.isChecked()
    driver.until(lambda: load_preferences() == Preferences("fa", Digits.PERSIAN))


def test_what_another_process_set_up_is_seen_by_itself(driver: Driver, fresh: Host) -> None:
    server = fresh.server
    set_up(fresh.home, Settings(server=server.url), server.root_file.read_bytes())
    driver.until(lambda: place(driver) is Place.ACTIVATE)


def test_whoever_stops_waiting_keeps_what_was_found(
    driver: Driver, fresh: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_named: let_go.wait(30) or [])
    driver.field(ADDRESS).setText(fresh.server.url)
    driver.field(ROOT).setText(str(fresh.server.root_file))
    driver.click("Test the connection")
    driver.until(lambda: driver.has("Stop waiting"))
    driver.click("Stop waiting")
    assert driver.work().trouble is None
    let_go.set()
    assert driver.texts.gettext("Found on the way to the signing server") in driver.words()
    assert is_untouched(fresh)


@needs_root
def test_without_rights_it_is_refused_and_nothing_is_half_set_up(
    driver: Driver, fresh: Host, tmp_path: Path
) -> None:
    root = tmp_path / "root.jws"
    root.write_bytes(fresh.server.root_file.read_bytes())
    driver.field(ADDRESS).setText(fresh.server.url)
    driver.field(ROOT).setText(str(root))
    with as_nobody(fresh.home.folder.parent):
        driver.click("Save and continue")
        trouble = driver.work().trouble
    assert trouble is not None
    assert trouble.code == "admin-rights-needed"
    assert is_untouched(fresh)


DIES = """
import os, signal, sys
from pathlib import Path
from agent import bootstrap
from agent.config import Settings
from agent.home import Home

def dies(*_):
    os.kill(os.getpid(), signal.SIGKILL)

bootstrap.save_settings = dies
root = Path(sys.argv[3]).read_bytes()
bootstrap.set_up(Home(Path(sys.argv[1])), Settings(server=sys.argv[2]), root)
"""


def test_a_crash_before_the_end_opens_on_the_first_run_again(
    fresh: Host, opened: Open, language: str
) -> None:
    server = fresh.server
    arguments = (str(fresh.home.folder), server.url, str(server.root_file))
    done = subprocess.run(
        [sys.executable, "-c", DIES, *arguments],
        cwd=Path(__file__).parents[2],
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == -signal.SIGKILL
    driver = opened(fresh, language)
    assert place(driver) is Place.FIRST_RUN
    driver.field(ADDRESS).setText(server.url)
    driver.field(ROOT).setText(str(server.root_file))
    driver.click("Save and continue")
    driver.work()
    assert place(driver) is Place.ACTIVATE
