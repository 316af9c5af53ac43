"""Plan a change at the window: every tick is judged at once, and leads to what comes first."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QRadioButton

from agent.bootstrap import open_agent
from agent.config import Home
from agent.fingerprint import Inventory
from agent.notices import declared
from agent.planning import Ground
from agent.ui.flow import Flow
from agent.ui.jobs import Known, Look, Workplace
from agent.ui.jobs.planning import GroundRead, ReadGround
from agent.ui.parts import button
from agent.ui.patience import Patience
from agent.ui.views.planning import change_name, prediction_of, reason_of
from agent.ui.views.tones import Tone
from agent.ui.wording import Act, Place, WindowTexts
from protocol.values import ReleaseReason, Timestamp
from protocol.windows import Change
from tests import machines
from tests.journeys.site import Host
from tests.rights import as_nobody, needs_root
from tests.ui.conftest import Open
from tests.ui.driving import Driver

EN, FA = WindowTexts("en"), WindowTexts("fa")


def planning(driver: Driver) -> Driver:
    """Go to the plan and wait until the machine was read."""
    driver.click("Plan a change")
    read(driver)
    return driver


def read(driver: Driver) -> None:
    waiting = driver.texts.gettext("Looking at this server…")
    driver.until(lambda: waiting not in driver.words())
    driver.settle()


def tick(driver: Driver, *changes: Change) -> None:
    for change in changes:
        driver.tick(driver.button(change_name(change, driver.texts)))


def says(driver: Driver, code: str) -> bool:
    return driver.texts.text(code) in driver.words()


def test_every_tick_is_judged_at_once(active: Host, opened: Open, language: str) -> None:
    driver = planning(opened(active, language))
    assert driver.texts.gettext("Tick what you are going to change") in driver.words()
    asked = len(driver.outcomes)
    for change, code in (
        (Change.MEMORY, "plan-nothing"),
        (Change.BOOT_DISK, "plan-declare"),
        (Change.OS_REINSTALL, "plan-release"),
    ):
        tick(driver, change)
        assert says(driver, code)
    tick(driver, Change.OS_REINSTALL)
    assert says(driver, "plan-declare")
    assert len(driver.outcomes) == asked, "a tick asks nothing of the worker"


def test_to_read_the_machine_disturbs_nobody(active: Host, opened: Open) -> None:
    driver = opened(active, "en")
    driver.worker.began.connect(lambda _job: pytest.fail("the window was held up"))
    planning(driver)
    assert any(isinstance(outcome.job, ReadGround) for outcome in driver.outcomes)
    assert not [f for f in driver.seen(QFrame) if f.objectName() == "working"]
    tick(driver, Change.MEMORY)
    driver.press(Qt.Key.Key_Tab)
    assert driver.focused().isEnabled()


def test_a_plan_goes_on_to_the_release_with_a_reason_that_fits(
    active: Host, opened: Open, language: str
) -> None:
    driver = planning(opened(active, language))
    tick(driver, Change.NEW_HOST)
    assert not driver.has("Declare this change…"), "no window covers another server"
    driver.click("Start the release…")
    assert driver.window.page.place is Place.RELEASE
    chosen = [choice for choice in driver.seen(QRadioButton) if choice.isChecked()]
    moves = driver.texts.gettext("The license moves to another server")
    assert [choice.text() for choice in chosen] == [moves]


def test_by_keyboard(active: Host, opened: Open, language: str) -> None:
    driver = opened(active, language)
    driver.window.go(Place.PLAN)
    read(driver)
    key = Qt.Key
    assert driver.focused().accessibleName() == change_name(Change.BOARD, driver.texts)
    driver.press(key.Key_Space)
    assert says(driver, "plan-declare")
    driver.reach("Declare this change…")
    driver.press(key.Key_Space)
    assert driver.window.page.place is Place.NOTICE


def test_what_changed_meanwhile_is_judged_anew(active: Host, opened: Open) -> None:
    driver = planning(opened(active, "en"))
    tick(driver, Change.MEMORY)
    assert says(driver, "plan-nothing")
    active.become(machines.with_other_board(active.hardware))
    active.agent.check()
    driver.until(lambda: not says(driver, "plan-nothing"))
    driver.settle()
    assert driver.texts.name("component", "board") in driver.words()


def test_a_server_without_a_license_is_judged_by_itself(
    host: Host, opened: Open, language: str
) -> None:
    driver = planning(opened(host, language))
    tick(driver, Change.BOARD)
    assert says(driver, "plan-unlicensed")
    assert not driver.has("Start the release…")
    assert not driver.has("Declare this change…")


@needs_root
def test_who_may_not_read_the_store_is_told_so(active: Host, opened: Open) -> None:
    with as_nobody(active.folder):
        driver = opened(active, "en")
        driver.click("Plan a change")
        tick(driver, Change.BOARD)
        assert says(driver, "admin-rights-needed")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ((Change.BOARD,), ReleaseReason.HARDWARE),
        ((Change.OS_REINSTALL,), ReleaseReason.OS),
        ((Change.OS_UPGRADE, Change.OS_PATCH), ReleaseReason.OS),
        ((Change.BOARD, Change.OS_REINSTALL), ReleaseReason.HARDWARE),
        ((Change.BOARD, Change.NEW_HOST), ReleaseReason.MOVE),
        ((Change.LIVE_MIGRATION,), ReleaseReason.HARDWARE),
    ],
)
def test_the_reason_fits_the_plan(changes: tuple[Change, ...], reason: ReleaseReason) -> None:
    assert reason_of(changes) is reason


def test_a_declared_change_is_not_declared_again(active: Host) -> None:
    now = int(time.time())
    active.agent.notice(
        declared("board", Timestamp(now), Timestamp(now + 3600), reason="it is old", contact="0912")
    )
    view = active.agent.status()
    ground = active.agent.ground()
    known = Known(view=view)
    covered = prediction_of(ground, (Change.BOARD,), known, EN)
    assert "is declared" in covered.headline
    assert (covered.tone, covered.wanted, covered.blocked) == (Tone.GOOD, None, "")
    other = prediction_of(ground, (Change.BOARD, Change.OS_UPGRADE), known, EN)
    assert "declare this change after it" in other.blocked
    assert Act.RELEASE in other.offers


def test_what_cannot_be_asked_now_is_said(active: Host) -> None:
    ground = active.agent.ground()
    active.agent.release(ReleaseReason.OS)
    found = prediction_of(ground, (Change.BOARD,), Known(view=active.agent.status()), EN)
    assert found.offers == ()
    assert "cannot be done now" in found.blocked


def test_the_ground_shows_no_serial(active: Host) -> None:
    word = GroundRead(active.agent.ground())
    assert active.hardware.serial not in repr(word)
    assert isinstance(ReadGround(), Look)
    assert isinstance(word.ground, Ground)
    assert isinstance(word.ground.inventory, Inventory)


def test_a_server_can_be_planned_for_before_anything_is_set_up(tmp_path: Path) -> None:
    home = Home(tmp_path / "none")
    at = Workplace(home, EN, lambda: open_agent(home), lambda _word: None, Patience(lambda: None))
    ground = ReadGround().done(at).ground
    assert not ground.is_licensed
    found = prediction_of(ground, (Change.NEW_HOST,), Known(is_set_up=False), EN)
    assert found.headline == EN.text("plan-release")
    assert found.offers == ()


def test_nothing_is_said_before_the_machine_was_read() -> None:
    assert prediction_of(None, (Change.BOARD,), Known(), FA).tone is Tone.WAITING


def test_buttons_break_into_lines_where_there_is_no_room(qapp: QApplication) -> None:
    buttons = [button("a long word on a button", lambda: None) for _ in range(3)]
    flow = Flow(*buttons)
    line = flow.sizeHint()
    assert flow.heightForWidth(line.width()) == line.height()
    assert flow.heightForWidth(line.width() - 1) > line.height()
    flow.resize(line.width() - 1, 200)
    flow.show()
    assert buttons[0].y() == buttons[1].y() < buttons[2].y()
    buttons[1].hide()
    qapp.processEvents()
    assert buttons[2].y() == buttons[0].y(), "what is hidden takes no room"
    assert flow.heightForWidth(line.width() - 1) == line.height()
