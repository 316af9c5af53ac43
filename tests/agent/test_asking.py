"""When the hourly look asks the signing server: for a reason, or when it has not for long."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from agent.asking import is_due
from agent.belief import Told
from agent.facts import Facts
from agent.state import Grace, OpenRequest, State
from protocol.documents import (
    Announcement,
    CaseSummary,
    CheckIn,
    License,
    Offer,
    Truth,
    WindowSummary,
)
from protocol.values import (
    CaseKind,
    CaseState,
    ComponentStatus,
    Digest,
    RequestId,
    Standing,
    Timestamp,
)
from protocol.verdicts import OsVerdict, Verdict
from tests import machines
from tests.agent.timers import DAY, HOUR, WEEK, checked, told
from tests.agent.worlds import World
from tests.simulated_server import NOW

__all__ = ["checked"]


def seen(world: World) -> Facts:
    machine = world.machine
    with machine.store.reading() as memory:
        return machine.facts(memory, machine.look())


def due_in(world: World, hours: int, **changes: Any) -> bool:
    facts = seen(world)
    state = replace(facts.state, **changes)
    return is_due(replace(facts, state=state), told(world), hours)


CASE = CaseSummary(
    case_id=7, kind=CaseKind.CHANGED, state=CaseState.OPEN, opened_at=NOW, decided_at=None
)
REQUEST = OpenRequest(
    op="check-in",
    request_id=RequestId("r"),
    sequence=9,
    digest=Digest("digest"),
    issued_at=NOW,
)
WINDOW = WindowSummary(
    window_id=3, scope=("board",), starts_at=NOW, ends_at=Timestamp(NOW + DAY), received_at=NOW
)
NEWS = Announcement(announcement_id=1, published_at=NOW, text_fa="خبر", text_en="News")
RUNNING = Grace(used_seconds=HOUR, boot_id="boot", uptime=500)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("standing", s) for s in Standing if s is not Standing.ACTIVE),
        ("request", REQUEST),
        ("check", REQUEST),
        ("unheard", RequestId("r")),
        ("case", CASE),
        ("fall_back", Standing.ACTIVE),
        ("drifted_at", NOW),
        ("drifted_hidden", True),
        ("window", WINDOW),
        ("renew_key", True),
        ("renewal_asked_at", NOW),
        ("suspended", True),
        ("released_changed", True),
        ("hidden", RUNNING),
        ("generation", 0),
        ("confirmed_at", None),
        ("decided", CASE),
        ("decided", replace(CASE, state=CaseState.DECLINED, decided_at=NOW)),
        ("decided", replace(CASE, state=CaseState.APPROVED, decided_at=NOW)),
        ("last_index", 0),
        ("epoch_seen", 0),
    ],
)
def test_whatever_is_open_or_unusual_asks_as_ever(
    checked: World, field: str, value: object
) -> None:
    assert not due_in(checked, WEEK)
    assert due_in(checked, WEEK, **{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("grace", Grace(used_seconds=60)),
        ("silence", RUNNING),
        ("announcements", (NEWS,)),
        ("offers", (Offer(name="tickets"),)),
        ("holidays", ("2026-03-20",)),
        (
            "decided",
            replace(CASE, state=CaseState.APPROVED, decided_at=Timestamp(NOW - 31 * DAY)),
        ),
    ],
)
def test_what_stays_behind_asks_nothing(checked: World, field: str, value: object) -> None:
    assert not due_in(checked, WEEK, **{field: value})


def test_no_field_of_the_state_is_forgotten() -> None:
    """One that comes later asks as ever, until somebody has thought about it."""
    named = {"license_id", "generation", "high_water", "sequence", "epoch_seen", "last_answer"}
    named |= {"last_index", "confirmed_at", "request", "check", "unheard", "case", "decided"}
    named |= {"standing", "fall_back", "grace", "last_match_at", "drifted_at", "window"}
    named |= {"renew_key", "renewal_asked_at", "suspended", "released_changed", "hidden"}
    named |= {"silence", "drifted_hidden", "announcements", "offers", "holidays"}
    assert set(State.__struct_fields__) == named


@pytest.mark.parametrize(
    ("hours", "age", "due"),
    [
        (1, 0, True),
        (2, 0, False),
        (2, 90 * 60 - 1, False),
        (2, 90 * 60, True),
        (24, 23 * HOUR, False),
        (24, 23 * HOUR + 1800, True),
        (24, 3 * DAY, True),
        (24, -1, True),
        (WEEK, 6 * DAY, False),
        (WEEK, 166 * HOUR, True),
    ],
)
def test_an_answer_is_old_after_the_interval_less_half_an_hour(
    checked: World, hours: int, age: int, *, due: bool
) -> None:
    checked.clock.time = Timestamp(checked.clock.time + age)
    assert due_in(checked, hours) is due


@pytest.mark.parametrize(("ran", "due"), [(23 * HOUR, False), (23 * HOUR + 1800, True)])
def test_running_time_tells_where_the_clock_stands_still(
    checked: World, ran: int, *, due: bool
) -> None:
    assert due_in(checked, 24, silence=Grace(used_seconds=ran)) is due


def test_a_license_that_nobody_confirmed_lately_is_asked_for(checked: World) -> None:
    """By the vendor's clock too: it is never called unconfirmed by the interval's fault."""
    assert due_in(checked, WEEK, confirmed_at=Timestamp(NOW - 7 * DAY))


def told_as_it_is(world: World) -> Told:
    """As if the last check-in had said what one would say now: what is told still is unusual."""
    heard, observation = told(world), seen(world).observation
    assert heard is not None
    assert observation is not None
    now = observation.comparison
    return heard._replace(request=replace(heard.request, statuses=now.statuses, os=now.os))


@pytest.mark.parametrize("change", [machines.with_other_board, machines.with_other_memory])
def test_a_machine_that_is_not_quite_the_enrolled_one_asks(
    checked: World, change: Callable[[machines.Machine], machines.Machine]
) -> None:
    checked.become(change(checked.hardware))
    assert due_in(checked, WEEK)
    assert is_due(seen(checked), told_as_it_is(checked), WEEK)


def test_a_system_that_hides_asks_even_where_no_running_time_is_known(checked: World) -> None:
    hides = {"os_release": "", "debian_version": "", "uptime_seconds": 0}
    checked.become(replace(checked.hardware, **hides))
    facts = seen(checked)
    assert facts.state.hidden == Grace()
    assert facts.observation is not None
    assert facts.observation.comparison.verdict is Verdict.MATCH
    assert is_due(facts, told_as_it_is(checked), WEEK)


def test_without_a_look_beside_a_license_it_asks(checked: World) -> None:
    facts = seen(checked)
    assert is_due(replace(facts, observation=None), told(checked), WEEK)
    assert is_due(replace(facts, license=None), told(checked), WEEK)


def test_an_answer_that_does_not_say_all_is_well_asks(checked: World) -> None:
    facts, heard = seen(checked), told(checked)
    assert heard is not None
    truth = heard.answer
    assert isinstance(truth, Truth)
    assert not is_due(facts, heard, WEEK)
    for other in (replace(truth, held=False), replace(truth, hold=True)):
        assert is_due(facts, heard._replace(answer=other), WEEK)
    assert is_due(facts, None, WEEK)


@pytest.mark.parametrize(
    "other",
    [
        {"standing": Standing.DRIFTED},
        {"generation": 0},
        {"statuses": {"board": ComponentStatus.CHANGED}},
        {"os": OsVerdict.PATCH},
    ],
)
def test_what_the_vendor_was_told_and_is_true_no_more_asks(
    checked: World, other: dict[str, object]
) -> None:
    heard = told(checked)
    assert heard is not None
    assert isinstance(heard.request, CheckIn)
    said = replace(heard.request, **other)
    assert is_due(seen(checked), heard._replace(request=said), WEEK)


def test_a_new_license_is_confirmed_in_the_first_hour(active: World) -> None:
    heard = told(active)
    assert heard is not None
    assert isinstance(heard.answer, License)
    assert is_due(seen(active), heard, WEEK)
