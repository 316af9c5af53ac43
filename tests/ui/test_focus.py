"""Whoever uses the keyboard sees where they are, in the smallest window too."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from shiboken6 import isValid

from agent.ui.pages.way import Found
from agent.ui.wording import Place
from protocol.values import ReleaseReason
from tests import machines
from tests.journeys.site import Host, Site
from tests.ui.conftest import Open
from tests.ui.driving import Driver

SMALLEST = (720, 400)
TITLES = ("title", "headline")


@pytest.fixture
def driver(site: Site, host: Host, opened: Open, language: str) -> Driver:
    host.agent.activate(site.issue().license_key)
    driver = opened(host, language)
    driver.window.resize(*SMALLEST)
    driver.settle()
    return driver


def is_seen(driver: Driver, widget: QWidget) -> bool:
    """Whether all of it is in sight; of what is higher than the page, more than a line."""
    page = driver.window.page
    if not page.isAncestorOf(widget):
        return True
    room = page.viewport().rect()
    place = QRect(widget.mapTo(page.viewport(), QPoint(0, 0)), widget.size())
    if place.height() > room.height():
        return room.intersected(place).height() >= 80
    return room.top() <= place.top() and place.bottom() <= room.bottom()


@pytest.mark.parametrize("place", [place for place in Place if place is not Place.DOCUMENT])
def test_what_has_the_keyboard_is_in_sight(driver: Driver, place: Place) -> None:
    driver.window.go(place)
    driver.until(lambda: not driver.worker.is_busy)
    driver.settle()
    assert is_seen(driver, driver.focused()), driver.focused()
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        for _ in range(30):
            driver.press(key)
            assert is_seen(driver, driver.focused()), driver.focused().accessibleName()


def test_what_was_pressed_has_the_keyboard_when_it_is_done(driver: Driver, tmp_path: Path) -> None:
    driver.host.agent.release(ReleaseReason.OS)
    driver.window.go(Place.KEEP_PAPERS)
    driver.field("Folder on a memory stick or a network drive").setText(str(tmp_path / "papers"))
    driver.click("Save")
    assert driver.work().trouble is None
    assert driver.focused() is driver.button("Save")
    assert is_seen(driver, driver.focused())


def title(driver: Driver) -> QWidget:
    return next(label for label in driver.seen(QLabel) if label.objectName() in TITLES)


@pytest.mark.parametrize("size", [SMALLEST, (1024, 640)])
def test_a_page_opens_at_its_beginning_whatever_has_the_keyboard(
    driver: Driver, size: tuple[int, int]
) -> None:
    driver.host.become(machines.with_other_board(driver.host.hardware))
    driver.host.agent.check()
    driver.window.resize(*size)
    for place in Place:
        driver.window.go(place)
        driver.until(lambda: not driver.worker.is_busy)
        driver.settle()
        where = f"{place.name} at {driver.window.page.verticalScrollBar().value()}"
        assert is_seen(driver, title(driver)), where
        is_typed_in = isinstance(field := driver.focused(), QLineEdit) and is_seen(driver, field)
        assert is_typed_in or driver.window.page.verticalScrollBar().value() == 0, where


@pytest.mark.parametrize("place", [Place.OVERVIEW, Place.SERVER])
def test_a_page_that_changes_by_itself_keeps_the_keyboard(driver: Driver, place: Place) -> None:
    driver.window.go(place)
    driver.settle()
    driver.press(Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
    before = driver.focused()
    driver.host.become(machines.with_other_board(driver.host.hardware))
    driver.host.agent.check()
    driver.until(lambda: not isValid(before))
    driver.settle()
    assert driver.window.page.isAncestorOf(driver.focused())
    assert type(driver.focused()) is type(before)


def test_what_somebody_types_in_comes_into_sight_with_the_first_letter(driver: Driver) -> None:
    driver.host.become(machines.with_other_board(driver.host.hardware))
    driver.host.agent.check()
    driver.window.go(Place.OVERVIEW)
    driver.until(lambda: not driver.worker.is_busy)
    driver.window.go(Place.CONFIRM_RELEASE)
    driver.settle()
    assert is_seen(driver, title(driver))
    field = driver.focused()
    assert isinstance(field, QLineEdit)
    assert not is_seen(driver, field)
    driver.write("a")
    assert driver.focused() is field
    assert is_seen(driver, field)


@pytest.mark.parametrize("place", [Place.OVERVIEW, Place.SUPPORT, Place.SETTINGS])
def test_where_one_is_stands_at_the_side(driver: Driver, place: Place) -> None:
    driver.window.go(place)
    driver.settle()
    marked = next(b for b in driver.seen(QPushButton) if b.isChecked() and b.objectName())
    assert marked.visibleRegion().boundingRect().height() == marked.height()


def test_what_a_test_found_is_in_sight_and_nothing_bad_is_saved_by_the_next_key(
    driver: Driver,
) -> None:
    driver.window.go(Place.SETTINGS)
    driver.field("Address of the signing server").setText("http://127.0.0.1:9")
    driver.click("Test the connection")
    driver.work()
    driver.settle()
    assert driver.focused() is driver.button("Test the connection")
    found = next(card for card in driver.seen(Found) if card.isVisible())
    assert is_seen(driver, found)
