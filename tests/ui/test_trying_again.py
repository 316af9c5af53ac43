"""What a failure leaves open: "try again" does what stands in the fields, and never by surprise."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from PySide6.QtCore import Qt

from agent.license_store import SqliteStore
from agent.ui.wording import Place
from protocol.values import Standing
from tests.journeys.site import Host, Site
from tests.server.live import IssuedLicense
from tests.ui.carrying import place, standing
from tests.ui.conftest import Open
from tests.ui.driving import Driver

READ = "I have read this: the software stops here now"


@pytest.fixture
def issued(site: Site) -> IssuedLicense:
    return site.issue()


@pytest.fixture
def driver(
    host: Host, opened: Open, issued: IssuedLicense, monkeypatch: pytest.MonkeyPatch, language: str
) -> Driver:
    host.agent.activate(issued.license_key)
    defaults = SqliteStore.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "busy_seconds", 0.5)
    return opened(host, language)


@contextmanager
def busy(driver: Driver) -> Iterator[None]:
    """Have another process write into the store."""
    with closing(sqlite3.connect(driver.host.home.store, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def confirmed(driver: Driver, issued: IssuedLicense) -> None:
    driver.click("Give the license back…")
    driver.click("Continue")
    driver.click("Continue")
    driver.write(issued.license_key[-4:])
    driver.tick(driver.checkbox(READ))


def failed(driver: Driver) -> None:
    outcome = driver.work()
    assert outcome.trouble is not None


def test_a_release_that_failed_is_not_tried_again_once_its_confirmation_is_taken_back(
    driver: Driver, issued: IssuedLicense
) -> None:
    confirmed(driver, issued)
    with busy(driver):
        driver.click("Give the license back now")
        failed(driver)
    assert driver.focused().accessibleName() == driver.texts.gettext("Close this message")
    driver.tick(driver.checkbox(READ))
    driver.click("Try again")
    driver.work()
    assert standing(driver) is Standing.ACTIVE
    driver.tick(driver.checkbox(READ))
    driver.click("Try again")
    driver.work()
    assert standing(driver) is Standing.RELEASED


def test_a_release_that_failed_while_somebody_was_elsewhere_is_confirmed_anew(
    driver: Driver, issued: IssuedLicense
) -> None:
    confirmed(driver, issued)
    with busy(driver):
        driver.click("Give the license back now")
        driver.window.go(Place.SUPPORT)
        failed(driver)
    assert place(driver) is Place.SUPPORT
    driver.press(Qt.Key.Key_Space)
    assert driver.host.usable
    driver.window.go(Place.CONFIRM_RELEASE)
    driver.write(issued.license_key[-4:])
    driver.tick(driver.checkbox(READ))
    with busy(driver):
        driver.click("Give the license back now")
        driver.window.go(Place.SUPPORT)
        failed(driver)
    driver.click("Try again")
    assert place(driver) is Place.CONFIRM_RELEASE
    assert not driver.button("Give the license back now").isEnabled()
    assert driver.host.usable


def test_what_was_only_looked_for_takes_the_keyboard_from_nobody(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def broken(*_given: object) -> object:
        gate.wait(5)
        raise OSError("gone")

    monkeypatch.setattr("agent.hardware.volumes.shelves_here", broken)
    driver.click("Support")
    driver.click("Save the recovery file…")
    driver.field("Passphrase").setFocus()
    driver.write("correct ")
    gate.set()
    driver.until(lambda: driver.has("Try again"))
    driver.settle()
    driver.write("horse")
    assert driver.field("Passphrase").text() == "correct horse"
