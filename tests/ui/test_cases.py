"""Cases at the window: whose turn it is, what it costs, what the vendor says, what can be done."""

import msgspec
import pytest
from PySide6.QtCore import Qt

from agent.notices import declared
from agent.ui.jobs import Known
from agent.ui.jobs.license import Check, Withdraw
from agent.ui.views.cases import cases_of
from agent.ui.views.tones import Tone
from agent.ui.wording import Act, Place, WindowTexts
from protocol.values import CaseState, Standing, Timestamp
from protocol.views import CaseView, StatusView
from tests import machines
from tests.journeys.desk import Desk
from tests.journeys.site import Host, Site
from tests.ui.conftest import Open
from tests.ui.driving import Driver

EN = WindowTexts("en")
HOUR, DAY = 3600, 86_400
MESSAGE = "کدام برد؟ لطفاً فاکتور (7F3KQZ2) را بفرستید."


@pytest.fixture
def desk(site: Site) -> Desk:
    desk = Desk(site)
    with desk.open() as staff:
        for inside in (True, False):
            staff.publish("hardware", 12_000_000, in_warranty=inside)
    return desk


@pytest.fixture
def changed(site: Site, host: Host, desk: Desk) -> Host:  # noqa: ARG001 - its tariff stands first
    """A server whose board was exchanged without a word, and that asks for its license again."""
    host.agent.activate(site.issue().license_key)
    host.agent.check()
    host.become(machines.with_other_board(host.hardware))
    host.agent.reactivate()
    return host


def case_of(host: Host) -> CaseView:
    case = host.agent.status().case
    assert case is not None
    return case


def cases(driver: Driver) -> str:
    driver.window.go(Place.CASES)
    driver.settle()
    return driver.words()


def says(driver: Driver, words: str, **parameters: object) -> bool:
    return driver.texts.gettext(words, **parameters) in driver.words()


def test_an_open_case_says_whose_turn_it_is_and_what_it_may_cost(
    changed: Host, opened: Open, language: str
) -> None:
    driver = opened(changed, language)
    said, texts = cases(driver), driver.texts
    number = case_of(changed).case_id
    assert texts.text("case-open", {"number": str(number)}) in said
    assert says(driver, "It is the vendor's turn: somebody there decides. Nothing is asked of you.")
    assert texts.name("coordination", "uncoordinated") in said
    assert texts.moment(case_of(changed).opened_at) in said
    assert says(driver, "The fee is due only if the case is approved.")
    assert says(driver, "Call {phone} and name case {number:number}.", number=number)
    assert driver.focused() is driver.button("Check now")


def test_the_price_reads_in_its_own_order(changed: Host, opened: Open) -> None:
    driver = opened(changed, "fa")
    assert "۱۲٬۰۰۰٬۰۰۰ ریال، طبق تعرفهٔ" in cases(driver)


def test_the_decision_is_fetched_by_keyboard(
    changed: Host, desk: Desk, opened: Open, language: str
) -> None:
    driver = opened(changed, language)
    cases(driver)
    number = case_of(changed).case_id
    with desk.open() as staff:
        staff.decline(number, message=MESSAGE)
    driver.press(Qt.Key.Key_Space)
    assert isinstance(driver.work().job, Check)
    said = driver.words()
    assert driver.texts.text("case-declined", {"number": str(number)}) in said
    assert driver.texts.foreign(MESSAGE) in said
    assert says(driver, "It is your turn.")
    driver.click("Activate again…")
    assert driver.window.page.place is Place.REACTIVATE


def test_a_waived_fee_is_not_payable_and_the_case_is_closed(
    changed: Host, desk: Desk, opened: Open, language: str
) -> None:
    with desk.open() as staff:
        staff.approve(case_of(changed).case_id, fee="waive", message="A kindness.")
    driver = opened(changed, language)
    cases(driver)
    driver.click("Check now")
    driver.work()
    assert says(driver, "Nothing is to be paid: the vendor waived the fee.")
    assert says(driver, "It is nobody's turn: the case is closed.")
    assert driver.texts.text("standing-active") in driver.words()
    assert "A kindness." in driver.words()


def test_a_fee_that_is_due_is_said_to_be(
    changed: Host, desk: Desk, opened: Open, language: str
) -> None:
    with desk.open() as staff:
        staff.approve(case_of(changed).case_id)
    changed.agent.check()
    driver = opened(changed, language)
    cases(driver)
    assert says(driver, "The case is closed, but for its fee: pay it, if you have not done so yet.")
    assert says(driver, "The fee is paid in the customer portal ({portal}).")


def test_a_request_is_taken_back(changed: Host, opened: Open, language: str) -> None:
    driver = opened(changed, language)
    cases(driver)
    driver.click("Take the request back")
    outcome = driver.work()
    assert isinstance(outcome.job, Withdraw)
    assert outcome.known.view is not None
    assert outcome.known.view.case is None
    assert says(driver, "Nothing waits for the vendor's decision")


def test_a_stranger_is_told_what_strangers_are_told(
    site: Site, host: Host, opened: Open, language: str
) -> None:
    issued = site.issue()
    host.agent.activate(issued.license_key)
    stranger = site.host(machines.VIRTUAL_MACHINE)
    stranger.agent.activate(issued.license_key)
    driver = opened(stranger, language)
    cases(driver)
    assert says(driver, "What the vendor makes of it is told with the approval.")
    assert not says(driver, "No fee belongs to this case.")


def test_without_a_case_it_says_what_will_stand_here(
    site: Site, host: Host, opened: Open, language: str
) -> None:
    host.agent.activate(site.issue().license_key)
    driver = opened(host, language)
    said = cases(driver)
    assert says(driver, "Nothing waits for the vendor's decision")
    view = host.agent.status()
    assert view.license is not None
    assert driver.texts.number(view.license.support_code) in said


def test_before_anything_is_activated_there_is_a_phone(opened: Open, site: Site) -> None:
    driver = opened(site.host(), "en")
    cases(driver)
    assert says(driver, "Questions are answered at {phone}.")


def test_an_open_window_says_how_long(site: Site, host: Host, opened: Open, language: str) -> None:
    host.agent.activate(site.issue().license_key)
    now = site.server.now()
    until = Timestamp(now + 2 * DAY + HOUR // 2)
    host.agent.notice(declared("board", now, until, reason="repair", contact="Sara"))
    driver = opened(host, language)
    said = cases(driver)
    days = driver.texts.gettext("{days:number} {days:day|days}", days=2)
    assert says(driver, "It is open for {time:words} more.", time=days)
    assert driver.texts.name("change", "board") in said
    assert driver.texts.moment(until) in said


@pytest.fixture
def windowed(site: Site, host: Host) -> StatusView:
    host.agent.activate(site.issue().license_key)
    now = site.server.now()
    return host.agent.notice(
        declared("board", now, Timestamp(now + 3 * DAY), reason="repair", contact="Sara")
    )


@pytest.mark.parametrize(
    ("before_end", "said"),
    [
        (2 * DAY + 5 * HOUR + 59, "It is open for 2 days and 5 hours more."),
        (DAY, "It is open for 1 day more."),
        (HOUR, "It is open for 1 hour more."),
        (59, "It is open for less than an hour more."),
        (0, "Its time is over."),
        (3 * DAY + 2 * HOUR, "It begins in 2 hours."),
    ],
)
def test_the_time_left_is_rounded_down(windowed: StatusView, before_end: int, said: str) -> None:
    assert windowed.window is not None
    now = Timestamp(windowed.window.ends_at - before_end)
    window = cases_of(Known(view=windowed), EN, now).window
    assert window is not None
    assert window.left == said


@pytest.mark.parametrize("state", list(CaseState))
def test_every_state_of_a_case_has_its_words(
    changed: Host, state: CaseState, language: str
) -> None:
    view = changed.agent.status()
    assert view.case is not None
    case = msgspec.structs.replace(view.case, state=state)
    told = tuple(m for m in view.messages if not m.code.startswith("case-"))
    seen = msgspec.structs.replace(view, case=case, messages=told)
    shown = cases_of(Known(view=seen), WindowTexts(language), Timestamp(0))
    number = {"number": str(case.case_id)}
    assert shown.headline == WindowTexts(language).text(f"case-{state.value}", number)
    assert len(shown.why) == 2


def test_who_may_only_read_is_shown_no_button(changed: Host) -> None:
    view = changed.agent.status()
    shown = cases_of(Known(view=view, as_of=Timestamp(1)), EN, Timestamp(1))
    assert (shown.buttons, shown.advice) == ((), ())
    assert shown.tone is Tone.WAITING


def test_nothing_known_is_no_case() -> None:
    shown = cases_of(Known(), EN, Timestamp(1))
    assert (shown.buttons, shown.facts, shown.tone) == ((), (), Tone.CALM)


def test_buttons_are_those_that_a_case_is_about(changed: Host) -> None:
    view = changed.agent.status()
    assert view.standing is Standing.DRIFTED
    acts = [button.act for button in cases_of(Known(view=view), EN, Timestamp(1)).buttons]
    assert acts[0] is Act.CHECK
    assert set(acts) == {Act.CHECK, Act.REACTIVATE, Act.WITHDRAW}
