"""Declare a change at the window: what is typed is echoed, what is granted is shown."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from agent.ui.jobs.notices import Declare
from agent.ui.jobs.planning import Planned
from agent.ui.views.notices import judged, periods, spelled, told
from agent.ui.views.planning import change_name
from agent.ui.views.tones import Tone
from agent.ui.wording import Place, WindowTexts
from protocol.codes import to_ascii_digits
from protocol.windows import Change
from tests.journeys.site import Host, Site
from tests.ui.conftest import Open
from tests.ui.driving import Driver, save_as

EN, FA = WindowTexts("en"), WindowTexts("fa")
DAY = 24 * 3600
NOW = 1_795_000_000
WHOLE = Declare((Change.BOARD,), "2026-12-01 22:00", "2026-12-02 06:00", "it is old", "0912")
REASON, CONTACT = "Why the change is made", "Whom the vendor may ask: name and phone"


@pytest.fixture
def active(site: Site, host: Host) -> Host:
    host.agent.activate(site.issue().license_key)
    return host


def typed(moment: int, texts: WindowTexts) -> str:
    """A moment for keys: a simulated keyboard knows no Persian digits."""
    return to_ascii_digits(spelled(moment, texts))


def fill(driver: Driver, begins: int, ends: int) -> None:
    driver.field("From").setText(spelled(begins, driver.texts))
    driver.field("Until").setText(spelled(ends, driver.texts))
    driver.field(REASON).setText("برد سوخته است")
    driver.field(CONTACT).setText("رضایی ۰۹۱۲")


def test_a_declared_change_gets_its_window(
    site: Site, active: Host, opened: Open, language: str
) -> None:
    driver = opened(active, language)
    driver.click("Plan a change")
    driver.tick(driver.button(change_name(Change.BOARD, driver.texts)))
    driver.until(lambda: driver.has("Declare this change…"))
    driver.click("Declare this change…")
    assert driver.button(change_name(Change.BOARD, driver.texts)).isChecked()
    declare = driver.button("Declare it to the vendor")
    assert not declare.isEnabled()
    first = periods(int(time.time()), driver.texts)[0]
    driver.click(first.name)
    assert driver.field("From").text() == first.begins
    driver.write("burnt")
    driver.press(Qt.Key.Key_Tab)
    driver.write("Rezaei")
    assert declare.isEnabled()
    driver.press(Qt.Key.Key_Return)
    assert not driver.worker.is_busy, "Enter in a field declares nothing"
    driver.click("Declare it to the vendor")
    driver.work()
    assert driver.window.page.place is Place.OVERVIEW
    window = active.agent.status().window
    assert window is not None
    assert window.scope == ("board",)
    for words in (driver.texts.moment(window.starts_at), driver.texts.name("change", "board")):
        assert words in driver.words()
    assert [row["reason"] for row in site.server.rows("Window")] == ["burnt"]
    assert not driver.has("Declare a change…"), "one window at a time"


def test_by_keyboard_from_the_overview(active: Host, opened: Open, language: str) -> None:
    driver = opened(active, language)
    space, tab = Qt.Key.Key_Space, Qt.Key.Key_Tab
    driver.reach("Declare a change…")
    driver.press(space)
    assert driver.focused().accessibleName() == change_name(Change.BOARD, driver.texts)
    driver.press(space)
    begins = int(time.time()) + DAY
    driver.reach("From")
    driver.write(typed(begins, driver.texts))
    driver.press(tab)
    driver.write(typed(begins + 3600, driver.texts))
    driver.press(tab)
    driver.write("it is old")
    driver.press(tab)
    driver.write("0912")
    driver.reach("Declare it to the vendor")
    driver.press(space)
    driver.work()
    window = active.agent.status().window
    assert window is not None
    assert window.starts_at == begins - begins % 60


def test_a_refusal_is_named_and_nothing_typed_is_lost(
    active: Host, opened: Open, language: str
) -> None:
    driver = opened(active, language)
    driver.window.go(Place.NOTICE, Planned((Change.BOARD,)))
    far = int(time.time()) + 90 * DAY
    fill(driver, far, far + 3600)
    driver.click("Declare it to the vendor")
    outcome = driver.work()
    assert outcome.trouble is not None
    assert driver.texts.text("refused-window-too-far") in driver.words()
    assert driver.texts.text("unchanged") in driver.words()
    assert driver.field("From").text() == spelled(far, driver.texts)


def test_without_a_network_it_is_written_down_and_goes_later(
    site: Site, active: Host, opened: Open, language: str
) -> None:
    driver = opened(active, language)
    site.server.stop()
    driver.window.go(Place.NOTICE, Planned((Change.BOARD,)))
    now = int(time.time())
    fill(driver, now + 60, now + 3600)
    driver.click("Declare it to the vendor")
    outcome = driver.work()
    assert outcome.trouble is not None
    assert outcome.trouble.code == "server-unreachable"
    site.server.start()
    driver.window.go(Place.OVERVIEW)
    driver.click("Check now")
    driver.work()
    assert active.agent.status().window is not None


def test_back_leads_where_one_came_from(active: Host, opened: Open) -> None:
    driver = opened(active, "en")
    driver.window.go(Place.NOTICE, Planned((Change.BOARD,)))
    driver.tick(driver.button(change_name(Change.CPU, EN)))
    driver.click("Back")
    page = driver.window.page
    assert page.place is Place.PLAN
    assert driver.button(change_name(Change.CPU, EN)).isChecked(), "what was ticked goes along"
    driver.window.go(Place.OVERVIEW)
    driver.click("Declare a change…")
    driver.click("Back")
    assert driver.has("Declare a change…")


def test_it_can_go_by_file(
    active: Host, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "notice.jws"
    save_as(tmp_path / "notice", ".jws", monkeypatch)
    driver = opened(active, "en")
    driver.window.go(Place.NOTICE, Planned((Change.BOARD,)))
    now = int(time.time())
    fill(driver, now + 60, now + 3600)
    driver.click("Save as a file…")
    driver.work()
    assert file.exists()
    assert driver.window.page.place is Place.OVERVIEW
    assert active.state.request is not None
    assert active.state.request.op == "notice"


def test_moments_are_echoed_with_their_weekday_in_the_readers_calendar() -> None:
    found = judged(WHOLE, NOW, EN)
    assert found.is_whole
    assert "Tuesday" in found.begins[1]
    assert "8 hours" in found.ends[1]
    persian = judged(
        Declare((Change.BOARD,), "۱۴۰۵/۰۹/۱۰ ۲۲:۰۰", "1405/09/11 06:30", "کهنه است", "۰۹۱۲"),
        NOW,
        FA,
    )
    assert persian.is_whole
    assert persian.begins[1].startswith("سه‌شنبه")
    assert "۸:۳۰" in persian.ends[1]


@pytest.mark.parametrize("texts", [EN, FA])
def test_what_is_spelled_is_read_as_the_same_moment(texts: WindowTexts) -> None:
    moment = NOW - NOW % 60
    begins, _ends = Declare((), spelled(moment, texts), spelled(moment, texts), "", "").period()
    assert begins == moment


@pytest.mark.parametrize(
    ("begins", "ends", "code"),
    [
        ("2026-12-01 22:00", "2026-12-01 21:00", "window-backwards"),
        ("2026-12-01 22:00", "2026-12-20 21:00", "window-over-14-days"),
        ("2026-01-01 22:00", "2026-01-02 21:00", "refused-window-past"),
    ],
)
def test_a_period_that_would_be_refused_is_told_at_once(begins: str, ends: str, code: str) -> None:
    found = judged(Declare((Change.BOARD,), begins, ends, "old", "0912"), NOW, EN)
    assert found.ends[0] is Tone.WARNING
    assert EN.text(code) in found.ends[1]
    assert "`" not in found.ends[1], "an option of the command line helps nobody here"
    assert not found.is_whole


def test_what_is_missing_is_named() -> None:
    nothing = judged(Declare((), "", "", " ", ""), NOW, EN)
    assert nothing.missing == (
        "Still missing: what will change, from when, until when, why, whom the vendor may ask"
    )
    assert nothing.begins[0] is Tone.CALM
    half = judged(Declare((Change.BOARD,), "tomorrow", "2026-12-01 22:00", "x", "y"), NOW, EN)
    assert half.begins[1].startswith("Not understood yet")
    assert half.ends[0] is Tone.GOOD
    assert not half.is_whole
    assert half.missing == "Still missing: from when"


@pytest.mark.parametrize("texts", [EN, FA])
def test_offered_periods_are_to_come_and_can_be_declared(texts: WindowTexts) -> None:
    for now in range(NOW, NOW + 8 * DAY, 7 * 3600):
        for period in periods(now, texts):
            found = judged(
                Declare((Change.BOARD,), period.begins, period.ends, "x", "y"), now, texts
            )
            assert found.is_whole, (now, period)


def test_a_moment_is_told_with_its_weekday() -> None:
    assert told(NOW, EN).split(",")[0] in {
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    }
