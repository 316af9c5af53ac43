"""The verdict of a case: what was agreed, what was not, and what nobody can say (§5, §7)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from protocol.comparison import compare
from protocol.documents import WindowSummary
from protocol.values import CaseKind, Coordination, DriftRecord, Timestamp
from protocol.weights import DEFAULT_POLICY
from server_stub.licensing.services.coordination import YOUNG_SECONDS, judge
from server_stub.licensing.services.findings import (
    Because,
    BindingFacts,
    CaseFacts,
    Finding,
    Source,
    What,
)
from tests.server.devices import machine

DAY = 86_400
BOUND = Timestamp(1_000 * DAY)


def day(number: float) -> Timestamp:
    """So many days after the binding."""
    return Timestamp(int(BOUND + number * DAY))


def binding(**fields: Any) -> BindingFacts:
    base = {"made_at": BOUND, "held_since": BOUND, "stands": True, "is_own": True}
    return BindingFacts(**{**base, "last_sign": day(10), "same_at": day(10), **fields})


def window(begin: float, end: float, *scope: str, **fields: Any) -> WindowSummary:
    base: dict[str, Any] = {"window_id": 1, "received_at": day(begin)}
    return WindowSummary(
        **{**base, **fields}, scope=scope or ("board",), starts_at=day(begin), ends_at=day(end)
    )


def changed(*windows: WindowSummary, **fields: Any) -> CaseFacts:
    """The bound machine asks with another board on day 20; it checked in whole on day 10."""
    base: dict[str, Any] = {
        "kind": CaseKind.CHANGED,
        "opened_at": day(20),
        "policy": DEFAULT_POLICY,
        "binding": binding(),
        "comparison": compare(machine(), machine(board="other"), DEFAULT_POLICY),
    }
    return CaseFacts(**{**base, **fields}, windows=windows)


def dead(*windows: WindowSummary, **fields: Any) -> CaseFacts:
    """Another device asks on day 20; the bound one was last heard of on day 10."""
    base = {"kind": CaseKind.BOUND_ELSEWHERE, "comparison": None}
    return changed(*windows, **{**base, "binding": binding(is_own=False), **fields})


def told(finding: Finding) -> tuple[Coordination, Because, bool]:
    return finding.coordination, finding.because, finding.is_charged


def drift(last_match: float, first_difference: float) -> DriftRecord:
    return DriftRecord(last_match=day(last_match), first_difference=day(first_difference))


def test_a_change_that_nobody_declared_is_charged() -> None:
    assert told(judge(changed())) == (Coordination.UNCOORDINATED, Because.NO_WINDOW, True)


def test_a_change_inside_its_window_is_free() -> None:
    finding = judge(changed(window(12, 14)))
    assert told(finding) == (Coordination.COORDINATED, Because.WINDOW, False)


def test_overlap_suffices() -> None:
    """Between day 10 and day 20 it changed, nobody knows when."""
    for begin, end in ((3, 10), (20, 21), (3, 30)):
        assert judge(changed(window(begin, end))).because is Because.WINDOW
    for begin, end in ((3, 9), (21, 22)):
        assert judge(changed(window(begin, end))).because is Because.OUTSIDE_PERIOD


def test_the_devices_own_record_narrows_the_time() -> None:
    late = changed(window(11, 12), reported=drift(14, 15))
    assert told(judge(late)) == (Coordination.UNCOORDINATED, Because.OUTSIDE_PERIOD, True)
    inside = changed(window(11, 12), reported=drift(11.5, 15))
    assert judge(inside).coordination is Coordination.COORDINATED


def test_a_later_check_in_bounds_what_the_device_reports() -> None:
    """It says that it changed in the window; on day 13, by our clock, it was still whole."""
    facts = changed(window(11, 12), reported=drift(11, 15), binding=binding(same_at=day(13)))
    assert judge(facts).because is Because.OUTSIDE_PERIOD


def test_the_first_check_in_that_differed_bounds_it_too() -> None:
    facts = changed(window(16, 18), binding=binding(different_at=day(15)))
    assert judge(facts).because is Because.OUTSIDE_PERIOD


@pytest.mark.parametrize("wrong", [drift(15, 14), drift(1, 2), drift(25, 30)])
def test_a_clock_that_cannot_be_is_left_out_of_account(wrong: DriftRecord) -> None:
    finding = judge(changed(window(12, 14), reported=wrong))
    assert finding.clock_differs
    assert finding.coordination is Coordination.COORDINATED
    assert Source.DEVICE in {moment.source for moment in finding.timeline}


def test_more_than_was_declared_is_named() -> None:
    comparison = compare(machine(), machine(board="o", cpu="o", nic="o"), DEFAULT_POLICY)
    finding = judge(
        changed(window(11, 19, "cpu"), window(11, 19, "cpu", "nic"), comparison=comparison)
    )
    assert told(finding) == (Coordination.UNCOORDINATED, Because.OUTSIDE_SCOPE, True)
    assert finding.outside == ("board",)


def test_what_had_changed_before_the_notice_is_not_covered() -> None:
    finding = judge(changed(window(11, 19, "board", not_covered=("board",))))
    assert (finding.because, finding.outside) == (Because.OUTSIDE_SCOPE, ("board",))


def test_another_machine_is_covered_by_a_declared_move_alone() -> None:
    other = compare(machine(), machine("other"), DEFAULT_POLICY)
    for scope, expected in (("new-host", Because.WINDOW), ("cpu", Because.OUTSIDE_SCOPE)):
        assert judge(changed(window(11, 19, scope), comparison=other)).because is expected


def test_without_a_reading_after_the_binding_nobody_is_charged() -> None:
    silent = changed(binding=binding(same_at=None, last_sign=None))
    assert told(judge(silent)) == (Coordination.UNDETERMINED, Because.NO_READING, False)
    recorded = replace(silent, reported=drift(5, 6))
    assert judge(recorded).coordination is Coordination.UNCOORDINATED


@pytest.mark.parametrize(
    ("kind", "because"),
    [
        (CaseKind.COVERAGE_LOWERED, Because.COVERAGE_LOWERED),
        (CaseKind.FORK, Because.FORK),
    ],
)
def test_what_nobody_can_tell_is_undetermined(kind: CaseKind, because: Because) -> None:
    facts = changed(window(11, 19), kind=kind)
    assert told(judge(facts)) == (Coordination.UNDETERMINED, because, False)


def test_a_license_that_was_given_back_costs_nothing() -> None:
    facts = dead(kind=CaseKind.RIGHT_MISSING, released_at=day(15))
    assert told(judge(facts)) == (Coordination.COORDINATED, Because.RECEIPT, False)


def test_a_license_taken_again_before_its_change_was_made_costs_nothing() -> None:
    """Released for the change, taken again too early: the receipt still speaks for it."""
    early = binding(same_at=None, after_release=True, held_since=day(19))
    expected = (Coordination.COORDINATED, Because.RECEIPT, False)
    assert told(judge(changed(binding=early))) == expected
    for otherwise in (
        replace(early, after_release=False),
        replace(early, same_at=day(19.5)),
        replace(early, held_since=Timestamp(day(20) - YOUNG_SECONDS)),
        replace(early, is_own=False),
    ):
        assert told(judge(changed(binding=otherwise))) != expected


def test_a_license_that_nobody_held_costs_nothing() -> None:
    facts = dead(kind=CaseKind.RIGHT_MISSING, binding=None)
    assert told(judge(facts)) == (Coordination.COORDINATED, Because.NEVER_HELD, False)


def test_a_release_washes_no_change_clean() -> None:
    given_back = {"released_at": day(15), "released_drifted": True}
    facts = changed(binding=binding(stands=False), **given_back)
    assert told(judge(facts)) == (Coordination.UNCOORDINATED, Because.NO_WINDOW, True)
    after = replace(facts, windows=(window(16, 18),))
    assert judge(after).because is Because.OUTSIDE_PERIOD
    before = replace(facts, windows=(window(11, 12),))
    assert judge(before).because is Because.WINDOW
    assert What.RELEASED_DRIFTED in {moment.what for moment in judge(before).timeline}


def test_a_dead_machine_costs_what_a_move_costs() -> None:
    assert told(judge(dead())) == (Coordination.UNCOORDINATED, Because.NO_WINDOW, True)


@pytest.mark.parametrize("scope", ["new-host", "board", "boot-disk", "os-reinstall"])
def test_a_dead_machine_is_free_where_its_end_was_declared(scope: str) -> None:
    assert judge(dead(window(11, 13, scope))).because is Because.WINDOW
    assert judge(dead(window(5, 9, scope))).because is Because.OUTSIDE_PERIOD


def test_a_declared_processor_ends_no_machine() -> None:
    assert judge(dead(window(11, 13, "cpu"))).because is Because.OUTSIDE_SCOPE


def test_a_machine_that_died_at_once_costs_nothing() -> None:
    never = binding(is_own=False, last_sign=None, same_at=None)
    early = dead(binding=never, opened_at=Timestamp(BOUND + YOUNG_SECONDS - 1))
    assert told(judge(early)) == (Coordination.UNCOORDINATED, Because.NEVER_CONFIRMED, False)
    later = replace(early, opened_at=Timestamp(BOUND + YOUNG_SECONDS))
    assert judge(later).because is Because.NO_READING
    heard = replace(early, binding=replace(never, last_sign=Timestamp(BOUND + 5)))
    assert judge(heard).because is Because.NO_WINDOW


def test_a_machine_bound_anew_for_years_did_not_die_young() -> None:
    again = binding(is_own=False, made_at=day(19), same_at=None, last_sign=day(19))
    assert judge(dead(binding=again)).because is Because.NO_WINDOW


def test_the_timeline_stands_in_its_order() -> None:
    facts = changed(window(11, 12, citation="letter 7", received_at=day(9)), reported=drift(14, 15))
    assert [(moment.what, moment.source) for moment in judge(facts).timeline] == [
        (What.BINDING_MADE, Source.SERVER),
        (What.LETTER_RECEIVED, Source.SERVER),
        (What.CHECKED_IN_SAME, Source.SERVER),
        (What.WINDOW_FROM, Source.SERVER),
        (What.WINDOW_UNTIL, Source.SERVER),
        (What.LAST_MATCH, Source.DEVICE),
        (What.FIRST_DIFFERENCE, Source.DEVICE),
        (What.CASE_OPENED, Source.SERVER),
    ]


def test_a_dead_machines_timeline_ends_with_its_last_word() -> None:
    facts = dead(window(12, 13), binding=binding(is_own=False, same_at=day(4), different_at=day(6)))
    assert [moment.what for moment in judge(facts).timeline] == [
        What.BINDING_MADE,
        What.CHECKED_IN_SAME,
        What.CHECKED_IN_DIFFERENT,
        What.LAST_SIGN,
        What.NOTICE_RECEIVED,
        What.WINDOW_FROM,
        What.WINDOW_UNTIL,
        What.CASE_OPENED,
    ]


days = st.integers(0, 40)
records = st.builds(drift, days, days)


@given(
    readings=st.tuples(days, days, days),
    reported=st.none() | records,
    ended=st.integers(1, 14),
    wider=st.tuples(days, days),
)
def test_more_windows_and_less_evidence_never_cost_more(
    readings: tuple[int, int, int],
    reported: DriftRecord | None,
    ended: int,
    wider: tuple[int, int],
) -> None:
    """Whoever declares more is not charged where he was free."""
    same, different, begin = readings
    facts = changed(
        window(begin, begin + ended),
        binding=binding(same_at=day(same), different_at=day(max(same, different))),
        reported=reported,
        opened_at=day(41),
    )
    if not judge(facts).is_charged:
        more = (*facts.windows, window(min(wider), max(wider), "cpu"))
        assert not judge(replace(facts, windows=more)).is_charged
    # The window that spans all of it makes anything free that lies in its scope.
    spanning = replace(facts, windows=(window(0, 41),))
    assert judge(spanning).because is Because.WINDOW
