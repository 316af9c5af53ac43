"""What the vendor offers and when it is closed: from its commands to the page Support."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from agent.ui.wording import Place
from protocol.tehran import TEHRAN
from tests.journeys.desk import Desk
from tests.journeys.site import Host, Site
from tests.ui.conftest import Browser, Open

PAGE = "https://portal.faragostar.net/tickets/new"

WHAT_FOR = "Ask in writing, at any hour; the answer comes in writing too, with a number to cite."


@pytest.fixture
def desk(site: Site) -> Desk:
    return Desk(site)


@pytest.fixture
def told(active: Host, desk: Desk) -> Host:
    with desk.open() as staff:
        staff.offer("tickets", PAGE)
    active.agent.check()
    return active


def test_tickets_have_their_place_while_the_newest_truth_offers_them(
    desk: Desk, active: Host, opened: Open, language: str
) -> None:
    driver = opened(active, language)
    driver.click("Support")
    assert not driver.has("Copy the address")
    for page in (PAGE, f"{PAGE}?for=license", None):
        with desk.open() as staff:
            if page is None:
                staff.end_offer("tickets")
            else:
                staff.offer("tickets", page)
        driver.window.go(Place.OVERVIEW)
        driver.click("Check now")
        driver.work()
        driver.click("Support")
        said = driver.texts.gettext(WHAT_FOR)
        assert driver.words().count(said) == (page is not None)
        if page is not None:
            driver.click("Copy the address")
            assert QApplication.clipboard().text() == page


def test_the_tab_key_goes_down_the_page_though_tickets_came_later(
    desk: Desk, active: Host, opened: Open, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    driver = opened(active, language)
    driver.click("Support")
    driver.reach("Diagnostics…")
    with desk.open() as staff:
        staff.offer("tickets", PAGE)
    active.agent.check()
    driver.until(lambda: driver.has("Copy the address"))
    assert driver.focused() is driver.button("Diagnostics…"), "nobody's keyboard was moved"
    portal = driver.texts.gettext("Customer portal")
    for above in (driver.texts.gettext("Copy: {what:words}", what=portal), "Copy the address"):
        driver.press(Qt.Key.Key_Backtab)
        assert driver.focused().accessibleName() == driver.texts.gettext(above)


def test_its_page_is_opened_or_its_address_copied(
    told: Host, opened: Open, language: str, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as lesser:
        lesser.setattr("os.geteuid", lambda: 1000)
        driver = opened(told, language)
        driver.click("Support")
    driver.click("Write a ticket")
    assert browser.asked == [PAGE]
    driver.click("Copy the address")
    assert QApplication.clipboard().text() == PAGE


def test_an_administrators_window_opens_no_browser(
    told: Host, opened: Open, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    driver = opened(told, language)
    driver.click("Support")
    assert not driver.has("Write a ticket")
    assert driver.texts.latin(PAGE) in driver.words()


def test_a_told_holiday_is_said_where_the_phone_is(
    desk: Desk, active: Host, opened: Open, language: str
) -> None:
    driver = opened(active, language)
    driver.click("Support")
    said = driver.texts.gettext("Today is an official holiday")
    assert said not in driver.words()
    today = datetime.now(UTC).astimezone(TEHRAN).date()
    with desk.open() as staff:
        staff.close_on(today, today + timedelta(days=1))
    active.agent.check()
    driver.until(lambda: said in driver.words())
