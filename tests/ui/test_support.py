"""Whom to call, whether anybody answers, and the bundle that is read before it is saved."""

import threading
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QComboBox, QPlainTextEdit

from agent.texts import LANGUAGES, PORTAL
from agent.ui.jobs import Known
from agent.ui.jobs.support import Examine
from agent.ui.views.support import support_of
from agent.ui.views.tones import Tone
from agent.ui.wording import Place, WindowTexts
from protocol.tehran import TEHRAN
from protocol.values import Timestamp
from tests.journeys.site import Host, Site
from tests.ui.conftest import Browser, Open
from tests.ui.driving import Driver

CLOSED = datetime(2027, 1, 22, 10, tzinfo=TEHRAN)  # a Friday
OPEN = datetime(2027, 1, 16, 10, tzinfo=TEHRAN)


def at(moment: datetime) -> Timestamp:
    return Timestamp(int(moment.timestamp()))


def place(driver: Driver) -> Place:
    return driver.window.page.place


@pytest.fixture
def driver(site: Site, host: Host, opened: Open, language: str) -> Driver:
    host.agent.activate(site.issue().license_key)
    found = opened(host, language)
    found.click("Support")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_hours_are_said_in_the_readers_words(language: str) -> None:
    texts = WindowTexts(language)
    shut, answers = (support_of(Known(), at(moment), texts) for moment in (CLOSED, OPEN))
    assert (shut.tone, answers.tone) == (Tone.CALM, Tone.GOOD)
    assert texts.number("08:00") in shut.opening
    assert texts.name("weekday", "5") in shut.opening
    assert texts.number("17:00") in answers.opening
    assert [code.copied for code in shut.codes] == ["021-42623"], "no license, no support code"


@pytest.mark.parametrize("language", LANGUAGES)
def test_during_nowruz_it_is_closed_until_a_day_that_cannot_be_mistaken(
    active: Host, language: str
) -> None:
    texts = WindowTexts(language)
    nowruz = [date(2027, 3, 21) + timedelta(days) for days in range(13)]
    view = replace(active.agent.status(), holidays=tuple(day.isoformat() for day in nowruz))
    morning = datetime(2027, 3, 21, 10, tzinfo=TEHRAN)  # a Sunday
    shut, after = (
        support_of(Known(view=view), at(moment), texts)
        for moment in (morning, datetime(2027, 3, 30, 10, tzinfo=TEHRAN))
    )
    for found in (shut, after):
        assert texts.gettext("Today is an official holiday") in found.opening
        assert texts.name("weekday", "5") in found.opening
        assert found.tone is Tone.CALM
    assert texts.date("2027-04-03") in shut.opening, "the Saturday after next"
    assert texts.date("2027-04-03") not in after.opening, "it is this week's"


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_everything_is_a_holiday_nobody_says_when_it_opens(
    active: Host, language: str
) -> None:
    texts = WindowTexts(language)
    month = tuple((date(2027, 3, 21) + timedelta(days)).isoformat() for days in range(31))
    known = Known(view=replace(active.agent.status(), holidays=month))
    found = support_of(known, at(datetime(2027, 3, 21, 10, tzinfo=TEHRAN)), texts)
    assert found.opening == texts.gettext("Today is an official holiday")


def test_phone_support_code_and_portal_can_be_copied(host: Host, driver: Driver) -> None:
    license = host.agent.status().license
    assert license is not None
    copied = []
    for title in ("Phone", "Support code", "Customer portal"):
        name = driver.texts.gettext("Copy: {what:words}", what=driver.texts.gettext(title))
        driver.press_named(name)
        copied.append(QApplication.clipboard().text())
    assert copied == ["021-42623", license.support_code, f"https://{PORTAL}/"]


def test_the_portal_is_opened_or_it_is_said_that_no_browser_is_here(
    host: Host, opened: Open, language: str, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.is_here = False
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    driver = opened(host, language)
    driver.click("Support")
    none = "No browser could be opened here. Copy the address, and open it on another computer."
    driver.click("Open in the browser")
    assert driver.texts.gettext(none) in driver.words()
    browser.is_here = True
    driver.click("Open in the browser")
    assert driver.texts.gettext(none) not in driver.words()
    assert browser.asked == [f"https://{PORTAL}/"] * 2


def test_the_bundle_is_what_was_read_and_nothing_is_saved_before(
    driver: Driver, tmp_path: Path
) -> None:
    driver.click("Diagnostics…")
    driver.work()
    assert place(driver) is Place.DIAGNOSTICS
    server = driver.host.server.url
    assert driver.texts.text("doctor-answer-ok", {"server": server}) in driver.words()
    assert not list(tmp_path.glob("*.zip"))
    which, preview = driver.seen(QComboBox)[0], driver.seen(QPlainTextEdit)[0]
    read = {}
    for index in range(which.count()):
        which.setCurrentIndex(index)
        read[which.currentText()] = preview.toPlainText()
    assert "history.txt" in read
    driver.field("File for support").setText(str(tmp_path / "support.zip"))
    driver.click("Save")
    driver.work()
    with zipfile.ZipFile(tmp_path / "support.zip") as packed:
        assert {name: packed.read(name).decode() for name in packed.namelist()} == read
    driver.click("Back")
    assert place(driver) is Place.SUPPORT


def test_findings_come_one_by_one_and_who_stops_waiting_keeps_them(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = threading.Event()

    def resolve(*_: object, **__: object) -> list[object]:
        held.wait(30)
        return []

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    driver.click("Diagnostics…")
    store = driver.texts.text("doctor-store-ok")
    driver.until(lambda: store in driver.words())
    driver.click("Stop waiting")
    outcome = driver.work()
    held.set()
    assert outcome.trouble is None
    assert isinstance(outcome.job, Examine)
    assert store in driver.words()
    assert driver.has("Save"), "what was found so far can be given to support"
