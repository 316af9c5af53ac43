"""The window is not alone: other processes, a silent server, a crash, lesser rights."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from agent.ui.jobs import Look
from agent.ui.jobs.license import Check
from agent.ui.wording import Place
from protocol.values import ReleaseReason, Standing
from tests import machines
from tests.journeys.site import Host, Site
from tests.rights import as_nobody, needs_root
from tests.ui.busy import busy
from tests.ui.conftest import Open
from tests.ui.driving import Driver


@pytest.fixture
def driver(site: Site, host: Host, opened: Open, language: str) -> Driver:
    host.agent.activate(site.issue().license_key)
    return opened(host, language)


def shows(driver: Driver, code: str) -> bool:
    return driver.texts.text(code) in driver.words()


def test_what_another_process_did_is_seen_by_itself(driver: Driver) -> None:
    assert shows(driver, "standing-active")
    driver.host.agent.release(ReleaseReason.OS)
    driver.until(lambda: shows(driver, "standing-released"))
    assert all(isinstance(outcome.job, Look) for outcome in driver.outcomes)


def test_a_store_that_another_process_holds_costs_nothing_that_was_seen(
    driver: Driver,
) -> None:
    with busy(driver.host):
        driver.click("Check now")
        outcome = driver.work()
        assert outcome.trouble is not None
        assert outcome.trouble.code == "store-busy"
        assert shows(driver, "standing-active")
        assert shows(driver, "store-busy")
    driver.click("Try again")
    assert driver.work().trouble is None
    assert not shows(driver, "store-busy")


def test_whoever_stops_waiting_loses_nothing(driver: Driver) -> None:
    held = driver.host.server.hold_next_answer()
    driver.click("Check now")
    driver.until(lambda: driver.has("Stop waiting"))
    driver.click("Stop waiting")
    outcome = driver.work()
    held.let_go.set()
    assert outcome.trouble is None
    assert shows(driver, "waiting-stopped")
    assert shows(driver, "standing-active")
    driver.click("Check now")
    driver.work()
    assert not shows(driver, "waiting-stopped")


def test_nothing_can_be_asked_twice_at_once(driver: Driver) -> None:
    driver.click("Check now")
    driver.window.ask(Check())
    driver.work()
    assert [type(o.job) for o in driver.outcomes].count(Check) == 1


def test_a_release_without_the_server_is_told_as_what_it_is(driver: Driver) -> None:
    driver.host.server.stop()
    key = driver.host.agent.license_key()
    assert key is not None
    driver.release(key)
    assert driver.window.page.place is Place.KEEP_PAPERS
    assert shows(driver, "standing-releasing")
    assert shows(driver, "proof-kept")


def test_a_crash_before_the_receipt_opens_on_what_is_unfinished(
    driver: Driver, opened: Open
) -> None:
    driver.close()
    driver.host.server.stop()
    driver.host.agent.release(ReleaseReason.HARDWARE)
    driver.host.server.start()
    again = opened(driver.host, driver.texts.language)
    assert shows(again, "standing-releasing")
    again.click("Check now")
    again.work()
    assert shows(again, "standing-released")
    assert str(again.host.agent.reactivation_code()) in again.words()


@needs_root
def test_who_may_not_read_the_store_sees_the_signed_copy_and_no_act(
    driver: Driver, opened: Open
) -> None:
    driver.close()
    with as_nobody(driver.host.home.public):
        lesser = opened(driver.host, driver.texts.language)
    assert shows(lesser, "standing-active")
    assert lesser.texts.advice("admin-rights-needed") in lesser.words()
    for act in ("Check now", "Give the license back…"):
        assert not lesser.has(act)
    known = lesser.outcomes[-1].known
    assert known.as_of is not None
    assert known.view is not None
    assert known.view.standing is Standing.ACTIVE


def test_a_home_that_is_not_set_up_says_how(
    host: Host, opened: Open, tmp_path: Path, language: str
) -> None:
    host.home = type(host.home)(tmp_path / "nowhere")
    driver = opened(host, language)
    assert driver.texts.gettext("This program is not set up yet") in driver.words()
    assert not driver.has("Check now")


def test_the_language_changes_where_one_is(driver: Driver) -> None:
    other = {"fa": ("en", "English"), "en": ("fa", "فارسی")}[driver.texts.language]
    driver.click("This server")
    driver.click(other[1])
    driver.speaks(other[0])
    assert driver.window.page.place is Place.SERVER
    assert driver.texts.gettext("This server") in driver.words()


def test_a_failure_that_nobody_foresaw_is_told_and_the_window_stays(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise RuntimeError("out of the blue")

    monkeypatch.setattr("agent.use_cases.Agent.check", broken)
    driver.click("Check now")
    assert driver.work().trouble is not None
    assert "out of the blue" in driver.words()
    assert shows(driver, "unchanged")
    monkeypatch.undo()
    driver.click("Try again")
    assert driver.work().trouble is None


def test_a_code_is_copied_in_latin_digits_with_one_click(driver: Driver) -> None:
    view = driver.outcomes[-1].known.view
    assert view is not None
    assert view.license is not None
    driver.click("Copy")
    assert QApplication.clipboard().text() == view.license.support_code
    assert driver.has("Copied ✓")


def test_before_a_license_the_server_and_its_past_are_empty_pages(
    site: Site, opened: Open, language: str
) -> None:
    driver = opened(site.host(), language)
    driver.click("This server")
    nothing = "There is nothing to compare: no license is bound to this server."
    assert driver.texts.gettext(nothing) in driver.words()
    driver.click("History")
    assert driver.texts.gettext("Nothing has happened here yet.") in driver.words()


def test_a_store_that_is_damaged_is_told_and_asks_for_the_key(driver: Driver) -> None:
    driver.host.home.store.write_bytes(b"no database at all")
    driver.until(lambda: shows(driver, "standing-damaged"))
    driver.click("Activate a license…")
    assert driver.window.page.place is Place.ACTIVATE


def test_a_store_that_was_busy_at_the_first_look_and_is_let_go_unchanged_is_seen_by_itself(
    site: Site, host: Host, opened: Open, language: str
) -> None:
    host.agent.activate(site.issue().license_key)
    with busy(host):
        driver = opened(host, language)
        assert shows(driver, "store-busy")
        driver.click("Look again")
        driver.work()
        assert shows(driver, "store-busy")
    driver.until(lambda: driver.has("Check now") and not driver.has("Look again"))


def test_hardware_that_changed_is_seen_when_the_window_is_come_back_to(driver: Driver) -> None:
    driver.host.become(machines.with_other_board(machines.BARE_SERVER))
    QApplication.sendEvent(driver.window, QEvent(QEvent.Type.WindowActivate))
    driver.until(lambda: not shows(driver, "standing-active"))
    assert driver.host.agent.status().standing is Standing.DRIFTED


def test_hardware_that_changed_is_seen_after_a_while_by_itself(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.host.become(machines.with_other_board(machines.BARE_SERVER))
    monkeypatch.setattr("agent.ui.desk.LOOK_SECONDS", 0.1)
    driver.until(lambda: not shows(driver, "standing-active"))


def test_what_the_last_act_remarked_stays_when_the_window_is_come_back_to(driver: Driver) -> None:
    held = driver.host.server.hold_next_answer()
    driver.click("Check now")
    driver.until(lambda: driver.has("Stop waiting"))
    driver.click("Stop waiting")
    driver.work()
    held.let_go.set()
    assert shows(driver, "waiting-stopped")
    looks = len(driver.outcomes)
    QApplication.sendEvent(driver.window, QEvent(QEvent.Type.WindowActivate))
    driver.until(lambda: len(driver.outcomes) > looks)
    driver.settle()
    assert shows(driver, "waiting-stopped")


def test_a_failure_says_nothing_of_a_license_that_is_another_by_now(
    driver: Driver,
) -> None:
    with busy(driver.host):
        driver.click("Check now")
        driver.work()
    assert shows(driver, "unchanged")
    driver.host.agent.release(ReleaseReason.OS)
    driver.until(lambda: shows(driver, "standing-released"))
    assert not shows(driver, "unchanged")
    assert not shows(driver, "store-busy")
