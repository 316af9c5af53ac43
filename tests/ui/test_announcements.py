"""What the vendor announces: from its command to the first page, until somebody puts it away."""

import pytest
from PySide6.QtWidgets import QApplication

from agent.preferences import load_preferences
from tests.journeys.desk import Desk
from tests.journeys.site import Host, Site
from tests.ui.conftest import Browser, Open

PAGE = "https://portal.faragostar.net/news"
FA, EN = "نسخهٔ ۲ آماده است.", "Version 2 is ready."


@pytest.fixture
def desk(site: Site) -> Desk:
    return Desk(site)


@pytest.fixture
def told(site: Site, host: Host, desk: Desk) -> Host:
    host.agent.activate(site.issue().license_key)
    with desk.open() as staff:
        staff.announce(FA, EN, PAGE)
    host.agent.check()
    return host


def test_it_stands_on_the_first_page_until_this_user_puts_it_away(
    told: Host, opened: Open, language: str
) -> None:
    driver = opened(told, language)
    words = FA if language == "fa" else EN
    assert words in driver.words()
    driver.click("Copy the address")
    assert QApplication.clipboard().text() == PAGE
    driver.click("Put away")
    driver.until(lambda: not driver.has("Put away"))
    assert words not in driver.words()
    assert len(load_preferences().dismissed) == 1
    driver.close()
    assert words not in opened(told, language).words()


def test_an_administrators_window_opens_no_browser_and_gives_the_address(
    told: Host, opened: Open, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    driver = opened(told, language)
    assert not driver.has("Open in the browser")
    driver.click("Copy the address")
    assert QApplication.clipboard().text() == PAGE


def test_its_page_is_opened_and_a_newer_one_is_seen(
    desk: Desk, told: Host, opened: Open, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as lesser:
        lesser.setattr("os.geteuid", lambda: 1000)
        driver = opened(told, "en")
    driver.click("Open in the browser")
    assert browser.asked == [PAGE]
    driver.click("Put away")
    driver.until(lambda: not driver.has("Put away"))
    with desk.open() as staff:
        staff.announce("خبر", "The office is closed on Monday.")
    driver.click("Check now")
    driver.work()
    assert "The office is closed on Monday." in driver.words()
    assert not driver.has("Open in the browser")
    assert EN not in driver.words()
