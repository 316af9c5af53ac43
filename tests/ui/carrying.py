"""Requests and answers, carried between a window and the vendor by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QRadioButton

from agent import qr
from agent.ui.jobs import Outcome
from agent.ui.pages.codes import QrCode
from agent.ui.wording import BUTTONS, Act, Place
from protocol.values import Standing
from tests import databases
from tests.journeys.site import Host, Site
from tests.server.command import Server
from tests.server.live import IssuedLicense
from tests.ui.conftest import Open
from tests.ui.driving import Driver

REQUEST = "File to write, for example on a memory stick"
ANSWER = "Answer file, or a picture of its QR codes"


@pytest.fixture
def isolated(site: Site) -> Host:
    """A machine whose site has no way to the server."""
    host = site.host()
    site.server.stop()
    return host


@pytest.fixture
def holder(site: Site, issued: IssuedLicense) -> Host:
    host = site.host()
    host.agent.activate(issued.license_key)
    site.server.stop()
    return host


def answered(site: Site, request: Path) -> Path:
    """Have a request file answered by the vendor's own command."""
    answer = request.with_suffix(".answer")
    assert site.server.command("answer", str(request), "-o", str(answer)) == 0
    return answer


def answered_elsewhere(site: Site, request: Path) -> Path:
    """The same by a process of its own, as it is at the vendor's; that takes its time."""
    path = site.server.path
    url = databases.url_for(path)
    server = Server(path, **({"DATABASE_URL": url} if url else {}))
    answer = request.with_suffix(".answer")
    ran = server("answer", str(request), "-o", str(answer))
    assert ran.code == 0, ran.err
    return answer


def by_file(opened: Open, host: Host, issued: IssuedLicense, language: str) -> Driver:
    """Open the window where requests go out by hand, with the license key typed already."""
    driver = opened(host, language)
    driver.click("By file")
    driver.field("License key").setText(issued.license_key)
    return driver


def place(driver: Driver) -> Place:
    return driver.window.page.place


def standing(driver: Driver) -> Standing:
    view = driver.outcomes[-1].known.view
    assert view is not None
    return view.standing


def pick(driver: Driver, act: Act) -> None:
    text = driver.texts.gettext(BUTTONS[act]).rstrip("…")
    driver.tick(next(r for r in driver.seen(QRadioButton) if r.text() == text))


def write(driver: Driver, path: Path) -> Outcome:
    driver.field(REQUEST).setText(str(path))
    driver.click("Write the file")
    return driver.work()


def take_in(driver: Driver, path: Path | str) -> Outcome:
    driver.field(ANSWER).setText(str(path))
    driver.click("Take the file in")
    return driver.work()


def paste(driver: Driver, text: str) -> Outcome:
    driver.seen(QPlainTextEdit)[0].setPlainText(text)
    driver.click("Take the text in")
    return driver.work()


def by_clipboard(driver: Driver, fill: Callable[[QMimeData], object]) -> Outcome:
    there, clipboard = QMimeData(), QGuiApplication.clipboard()
    fill(there)
    clipboard.setMimeData(there)
    driver.click("From the clipboard")
    outcome = driver.work()
    # This screen's clipboard outlasts Python, which made what lies in it.
    clipboard.clear()
    return outcome


def code_of(outcome: Outcome) -> str:
    assert outcome.trouble is not None
    return outcome.trouble.text_code


def confirm(driver: Driver, license_key: str) -> None:
    """Go through a release's own pages, from the reason to the confirmation."""
    driver.click("Continue")
    driver.until(lambda: not driver.worker.is_busy)
    driver.click("Continue")
    driver.write(license_key[-4:])
    driver.tick(driver.checkbox("I have read this: the software stops here now"))
    driver.click("Give the license back now")
    driver.work()


def photographed(driver: Driver) -> str:
    """Read the code on the screen, as a telephone does."""
    (code,) = driver.seen(QrCode)
    driver.window.grab().save(str(driver.host.folder / "screen.png"))
    (read,) = qr.read((driver.host.folder / "screen.png").read_bytes())
    assert code.width() >= 200
    return read
