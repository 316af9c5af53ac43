"""What is done beside a person: told to whoever asked for it, and never lost if it writes."""

import re
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton

from agent import doctor
from agent.config import Settings
from agent.doctor import Finding
from agent.errors import NotSetUp
from agent.preferences import load_preferences
from agent.ui.jobs.announcing import Dismiss
from agent.ui.jobs.checks import FindWay
from agent.ui.pages.page import Page
from agent.ui.wording import Place
from tests.ui.driving import Driver
from tests.ui.test_another_language import rest, turn
from tests.waiting import PATIENCE_SECONDS

TYPED = "http://me:hunter2@proxy:1"


class Way:
    """The way to the signing server, which is followed no further until it is let go."""

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()
        self.real, self.is_broken = doctor.examine_server, False

    def __call__(self, settings: Settings) -> Iterator[Finding]:
        self.begun.set()
        self.let_go.wait(PATIENCE_SECONDS)
        if self.is_broken:
            raise NotSetUp
        yield from self.real(settings)


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    way = Way()
    monkeypatch.setattr(doctor, "examine_server", way)
    yield way
    way.let_go.set()


def hold(driver: Driver, way: Way) -> None:
    """Have something looked for that does not come yet."""
    driver.window.ask(FindWay())
    assert way.begun.wait(PATIENCE_SECONDS)


def at(driver: Driver, where: Place) -> str:
    """Go there; return what is read when all of it has come."""
    driver.window.go(where)
    if where is Place.PLAN:
        driver.seen(QCheckBox)[0].setChecked(True)
    rest(driver)
    return driver.words()


def untimed(words: str) -> str:
    """Without figures: clocks are a second apart, or not."""
    return re.sub(r"\d+", "", words)


@pytest.mark.parametrize(
    "where",
    [
        *(Place.CHECKS, Place.PLAN, Place.PRINTED, Place.KEEP_PAPERS),
        *(Place.SAVE_RECOVERY, Place.ABOUT),
    ],
)
def test_what_comes_while_the_guide_is_read_is_there_afterwards(
    driver: Driver, way: Way, where: Place
) -> None:
    hold(driver, way)
    driver.window.go(where)
    if where is Place.PLAN:
        driver.seen(QCheckBox)[0].setChecked(True)
    driver.press(Qt.Key.Key_F1)
    way.let_go.set()
    rest(driver)
    driver.click("Back")
    read = untimed(driver.words())
    driver.window.go(Place.OVERVIEW)
    assert read == untimed(at(driver, where))


def test_what_fails_while_the_guide_is_read_is_told_where_it_was_asked(
    driver: Driver, way: Way
) -> None:
    way.is_broken = True
    driver.window.go(Place.CHECKS)
    driver.press(Qt.Key.Key_F1)
    way.let_go.set()
    rest(driver)
    assert not driver.has("Try again")
    driver.click("Back")
    way.is_broken = False
    driver.click("Try again")
    rest(driver)
    assert driver.window.page.place is Place.CHECKS
    assert not driver.has("Try again")


def test_announcements_that_are_put_away_behind_a_look_are_all_remembered(
    driver: Driver, way: Way
) -> None:
    hold(driver, way)
    for key in ("one", "two", "three"):
        driver.window.ask(Dismiss(key))
    way.let_go.set()
    rest(driver)
    assert load_preferences().dismissed == ("one", "two", "three")
    assert driver.outcomes[-1].known.dismissed == ("one", "two", "three")


def test_what_is_to_be_remembered_is_written_before_a_window_is_closed(
    driver: Driver, way: Way
) -> None:
    hold(driver, way)
    driver.window.ask(Dismiss("one"))
    turn(driver)
    driver.close()
    assert not way.let_go.is_set(), "closing waits for nothing that is only looked for"
    assert load_preferences().dismissed == ("one",)
    assert load_preferences().language == driver.texts.language


def keeps_a_key(page: Page) -> bool:
    words = (outcome.word for outcome in page.memory(None).lived)
    return any(getattr(word, "license_key", None) is not None for word in words)


def test_a_key_that_nobody_waits_for_any_longer_is_kept_nowhere(driver: Driver, way: Way) -> None:
    hold(driver, way)
    driver.window.go(Place.PRINTED)
    driver.click("Show the license key")
    driver.window.go(Place.SUPPORT)
    way.let_go.set()
    rest(driver)
    assert [page.place for page in driver.window.findChildren(Page) if keeps_a_key(page)] == []


def test_a_key_that_comes_while_the_guide_is_read_is_asked_for_anew(
    driver: Driver, way: Way
) -> None:
    hold(driver, way)
    driver.window.go(Place.PRINTED)
    driver.click("Show the license key")
    driver.press(Qt.Key.Key_F1)
    way.let_go.set()
    rest(driver)
    assert not any(map(keeps_a_key, driver.window.findChildren(Page)))
    driver.click("Back")
    assert driver.has("Show the license key")
    driver.click("Show the license key")
    driver.until(lambda: not driver.has("Show the license key"))
    assert keeps_a_key(driver.window.page)


def test_what_is_on_its_way_in_one_language_is_kept_in_the_next_ones(
    driver: Driver, way: Way
) -> None:
    driver.window.go(Place.CHECKS)
    assert way.begun.wait(PATIENCE_SECONDS)
    turn(driver)
    way.let_go.set()
    rest(driver)
    read = driver.words()
    turn(driver)
    turn(driver)
    rest(driver)
    assert driver.words() == read


@pytest.mark.parametrize("is_read_about", [True, False])
def test_a_password_that_was_left_unsaved_is_remembered_nowhere(
    driver: Driver, *, is_read_about: bool
) -> None:
    driver.window.go(Place.SETTINGS)
    driver.tick(driver.checkbox("The way to it leads through a proxy"))
    driver.field("Proxy").setText(TYPED)
    if is_read_about:
        driver.press(Qt.Key.Key_F1)
        turn(driver)
        driver.click("Back")
        assert driver.field("Proxy").text() == TYPED
    driver.click("Support")
    turn(driver)
    remembered = driver.window._stack._memories.values()
    assert TYPED not in [line for memory in remembered for line in memory.entries.lines]
    driver.window.go(Place.SETTINGS)
    assert TYPED not in [line.text() for line in driver.window.page.findChildren(QLineEdit)]
    assert driver.seen(QPushButton)
