"""What each move of the lifecycle does, and what it leaves alone (§4, §7)."""

import pytest
from msgspec.structs import replace

from agent.events import (
    CaseArrived,
    ChangedReleaseAsked,
    CheckInSent,
    DriftSeen,
    MatchSeen,
    RefusalArrived,
)
from agent.lifecycle import advance, grace_used
from agent.state import Grace
from protocol.values import (
    CaseState,
    Standing,
    Timestamp,
)
from tests.agent.lifecycles import (
    EVENTS,
    FOREIGN,
    HELD,
    NOW,
    OURS,
    STATES,
    answer,
    case,
    drift,
    license,
    receipt,
    request,
    truth,
)


def test_asking_costs_no_right_to_run() -> None:
    for name in ("active", "drifted"):
        after = advance(STATES[name], EVENTS["activate"])
        assert after.holds_document
        assert after.request == request("activate", "new", 8)
        assert after.sequence == 8


def test_an_installed_license_ends_request_case_check_in_and_grace() -> None:
    before = replace(STATES["drifted, asking"], case=case())
    after = advance(before, EVENTS["license"])
    assert after.generation == 4
    assert after.high_water == {OURS: 3}
    assert (after.request, after.case, after.check, after.drifted_at) == (None, None, None, None)
    assert after.grace == Grace()
    assert after.last_match_at == NOW


def test_a_first_license_leaves_the_mark_where_it_was() -> None:
    after = advance(STATES["activating"], license(generation=9))
    assert (after.generation, after.high_water) == (9, {OURS: 3})
    assert after.fall_back is None


def test_another_license_on_a_released_machine_has_a_mark_of_its_own() -> None:
    after = advance(STATES["activating"], license(license_id=FOREIGN, generation=1))
    assert after.license_id == FOREIGN
    assert after.high_water == {OURS: 3, FOREIGN: 0}


def test_release_puts_the_generation_under_the_mark_at_once() -> None:
    before = replace(STATES["drifted, asking"], case=case())
    after = advance(before, EVENTS["release"])
    assert after.high_water == {OURS: 3}
    assert (after.request, after.case, after.check) == (request("release", "new", 8), None, None)
    assert not after.holds_document


def test_release_overtakes_an_open_activation_whose_answer_then_changes_nothing() -> None:
    releasing = advance(STATES["active, asking"], EVENTS["release"])
    assert advance(releasing, license()) == releasing


def test_the_receipt_raises_the_mark_to_the_highest_generation_it_names() -> None:
    after = advance(STATES["releasing"], receipt(generation=5))
    assert (after.high_water, after.request) == ({OURS: 5}, None)
    older = advance(STATES["releasing"], receipt(generation=1))
    assert older.high_water == {OURS: 3}


def test_a_receipt_counts_even_of_an_older_epoch_because_stored_bytes_are_sent_again() -> None:
    after = advance(STATES["releasing"], receipt(epoch=1))
    assert after.standing is Standing.RELEASED
    assert (after.epoch_seen, after.last_answer) == (2, "last")


def test_a_renewed_proof_takes_the_place_of_the_old_one() -> None:
    after = advance(STATES["releasing"], EVENTS["renew"])
    assert after.request == request("release", "new", 8)
    assert advance(after, receipt("new")).standing is Standing.RELEASED
    assert advance(after, receipt()) == after


def test_only_the_newest_check_in_is_believed() -> None:
    after = advance(HELD, EVENTS["check"])
    assert advance(after, truth(held=False)) == after
    assert advance(after, truth("new", held=False)).standing is Standing.SUPERSEDED


def test_superseded_puts_the_generation_under_the_mark_and_drops_the_case() -> None:
    after = advance(replace(STATES["drifted"], case=case()), EVENTS["not-held"])
    assert (after.high_water, after.case) == ({OURS: 3}, None)


def test_truth_spares_a_device_whose_own_request_may_have_got_the_newer_generation() -> None:
    after = advance(STATES["active, asking"], EVENTS["not-held"])
    assert after.standing is Standing.ACTIVE
    assert advance(after, EVENTS["license"]).generation == 4


def test_a_check_in_before_a_rebind_says_nothing_about_the_rebound_license() -> None:
    rebound = advance(STATES["active, asking"], EVENTS["license"])
    assert advance(rebound, EVENTS["not-held"]) == rebound


def test_a_server_that_fell_behind_takes_nothing_away_and_teaches_nothing() -> None:
    after = advance(HELD, EVENTS["behind"])
    assert after == replace(HELD, check=None)


def test_a_refused_activation_falls_back_and_hears_the_last_sequence() -> None:
    after = advance(STATES["activating"], EVENTS["refusal"])
    assert (after.standing, after.request, after.fall_back) == (Standing.RELEASED, None, None)
    assert after.sequence == 40


def test_a_late_refusal_never_makes_an_older_answer_the_last_one() -> None:
    refusal = RefusalArrived(**answer("older", audit_index=1), last_sequence=99)
    assert advance(HELD, refusal) == HELD


@pytest.mark.parametrize("name", ["activating, case", "active", "drifted"])
@pytest.mark.parametrize("event", ["refusal", "at-mark", "old-epoch"])
def test_a_request_that_changed_nothing_leaves_the_open_case_open(name: str, event: str) -> None:
    waiting = replace(STATES[name], case=case(CaseState.APPROVED))
    asked = replace(advance(waiting, EVENTS["activate"]), request=request("activate"))
    after = advance(asked, EVENTS[event])
    assert (after.standing, after.case, after.request) == (waiting.standing, waiting.case, None)


def test_a_case_that_the_server_does_not_know_is_waited_for_no_more() -> None:
    asked = advance(STATES["activating, case"], EVENTS["activate"])
    after = advance(asked, RefusalArrived(**answer("new"), ends_case=True))
    assert (after.standing, after.case, after.request) == (Standing.RELEASED, None, None)


def test_a_refused_proof_stays_open() -> None:
    assert advance(STATES["releasing"], EVENTS["proof-refused"]).request == request("release")


def test_a_refused_check_in_is_over_and_changes_no_standing() -> None:
    after = advance(STATES["active, asking"], EVENTS["check-refused"])
    assert (after.check, after.request) == (None, request("activate"))


def test_a_case_answers_an_activation_and_leaves_a_proof_open() -> None:
    asked = advance(STATES["activating"], EVENTS["case"])
    assert (asked.request, asked.case) == (None, case())
    proof = advance(STATES["releasing"], EVENTS["proof-case"])
    assert (proof.request, proof.case) == (request("release"), case())


def test_an_activations_case_is_shown_even_when_something_later_was_heard() -> None:
    late = CaseArrived(**answer("activate", audit_index=1), case=case())
    after = advance(STATES["activating"], late)
    assert (after.request, after.case, after.last_index) == (None, case(), 10)


def test_a_resent_proofs_stored_case_does_not_undo_newer_word_of_it() -> None:
    told = CaseArrived(**answer("release", audit_index=15), case=case())
    state = advance(STATES["releasing"], told)
    state = advance(state, CheckInSent(request=request("check-in", "new", 8)))
    approved = truth("new", audit_index=16, cases=(case(CaseState.APPROVED),))
    state = advance(state, approved)
    assert state.case == case(CaseState.APPROVED)
    assert advance(state, told) == state


@pytest.mark.parametrize("over", [CaseState.DECLINED, CaseState.CANCELLED])
@pytest.mark.parametrize("name", ["active", "drifted", "active, asking"])
def test_a_decline_changes_nothing_for_a_license_that_runs(name: str, over: CaseState) -> None:
    before = replace(STATES[name], case=case())
    after = advance(before, truth(cases=(case(over),)))
    assert (after.case, after.decided) == (None, case(over))
    assert (after.standing, after.grace, after.request) == (
        before.standing,
        before.grace,
        before.request,
    )


def test_a_decline_ends_a_waiting_activation_but_not_one_on_its_way() -> None:
    waiting = STATES["activating, case"]
    assert advance(waiting, EVENTS["declined"]).standing is Standing.RELEASED
    asking = advance(waiting, EVENTS["activate"])
    assert advance(asking, EVENTS["declined"]).standing is Standing.ACTIVATING


def test_a_decision_is_told_until_the_license_is_asked_for_or_given_back() -> None:
    held = replace(STATES["active"], decided=case(CaseState.DECLINED))
    assert advance(held, EVENTS["release"]).decided is None
    assert advance(held, EVENTS["activate"]).decided is None
    assert advance(held, EVENTS["check"]).decided == case(CaseState.DECLINED)


def test_an_approval_is_told_of_whatever_is_asked_next() -> None:
    approved = case(CaseState.APPROVED)
    held = replace(STATES["active"], decided=approved)
    for event in ("activate", "release", "check"):
        assert advance(held, EVENTS[event]).decided == approved


def test_an_installed_license_keeps_the_case_that_gave_it() -> None:
    approved = case(CaseState.APPROVED)
    asking = replace(STATES["drifted, asking"], case=approved)
    after = advance(asking, EVENTS["license"])
    assert (after.case, after.decided) == (None, approved)
    again = advance(
        replace(after, request=request("activate", "later")), license("later", generation=5)
    )
    assert (again.generation, again.decided) == (5, approved)


def test_a_receipt_keeps_the_approval_that_gave_it_and_no_open_case() -> None:
    for state, kept in ((CaseState.APPROVED, case(CaseState.APPROVED)), (CaseState.OPEN, None)):
        after = advance(replace(STATES["releasing"], case=case(state)), EVENTS["receipt"])
        assert (after.case, after.decided) == (None, kept)


@pytest.mark.parametrize(
    ("known", "told", "kept"),
    [
        (CaseState.OPEN, CaseState.APPROVED, CaseState.APPROVED),
        (CaseState.OPEN, CaseState.CANCELLED, None),
        (CaseState.DECLINED, CaseState.DECLINED, CaseState.DECLINED),
        (CaseState.APPROVED, None, CaseState.APPROVED),
    ],
)
def test_the_newest_word_is_taken_on_the_case_that_ended_last(
    known: CaseState, told: CaseState | None, kept: CaseState | None
) -> None:
    before = replace(STATES["active"], decided=case(known))
    cases = (case(case_id=8), *([replace(case(told), message="word")] if told else []))
    after = advance(before, truth(cases=cases))
    expected = case(kept) if kept else None
    assert after.decided == (replace(expected, message="word") if told and expected else expected)


def test_a_declined_case_leaves_the_tombstone_and_its_proof() -> None:
    releasing = replace(STATES["releasing"], case=case(), check=request("check-in"))
    after = advance(releasing, EVENTS["declined"])
    assert (after.standing, after.request, after.case) == (
        Standing.RELEASING,
        request("release"),
        None,
    )


def test_an_approval_is_kept_and_other_cases_are_not_ours() -> None:
    waiting = STATES["activating, case"]
    approved = case(CaseState.APPROVED)
    after = advance(waiting, truth(cases=(case(CaseState.DECLINED, 8), approved)))
    assert after.case == approved
    assert advance(waiting, truth(cases=(case(case_id=8),))).case == case()


def test_grace_counts_the_time_the_system_has_been_up_between_runs() -> None:
    after = advance(STATES["drifted"], drift(uptime=500))
    assert after.grace == Grace(used_seconds=160, boot_id="boot", uptime=500)


def test_the_first_sight_of_drift_starts_the_grace_without_counting() -> None:
    after = advance(HELD, drift(uptime=99_999))
    assert after.grace == Grace(used_seconds=0, boot_id="boot", uptime=99_999)
    assert after.drifted_at == NOW
    later = advance(after, DriftSeen(at=Timestamp(5000), boot_id="boot", uptime=100_000))
    assert later.drifted_at == NOW


def test_a_match_keeps_the_grace_used_and_stops_counting() -> None:
    matched = advance(STATES["drifted"], MatchSeen(at=Timestamp(3000)))
    assert matched.grace == Grace(used_seconds=60)
    assert (matched.drifted_at, matched.last_match_at) == (None, 3000)
    again = advance(matched, drift(uptime=9000))
    assert again.grace == Grace(used_seconds=60, boot_id="boot", uptime=9000)


GRACE = Grace(used_seconds=60, boot_id="boot", uptime=400)


@pytest.mark.parametrize(
    ("boot_id", "uptime", "used"),
    [
        pytest.param("boot", 500, 160, id="the same boot counts the difference"),
        pytest.param("other", 500, 560, id="another boot counts its whole uptime"),
        pytest.param("boot", 0, 60, id="an unreadable uptime counts nothing"),
        pytest.param("", 500, 160, id="an unreadable boot is taken for the same one"),
        pytest.param(None, 500, 160, id="an absent boot too"),
        pytest.param("", 300, 360, id="unless its uptime went back"),
    ],
)
def test_grace_used(boot_id: str | None, uptime: int, used: int) -> None:
    assert grace_used(GRACE, boot_id, uptime) == used


def test_grace_that_does_not_run_counts_nothing() -> None:
    assert grace_used(Grace(used_seconds=60), "boot", 500) == 60


@pytest.mark.parametrize("name", ["active", "drifted"])
def test_a_run_that_could_not_read_the_uptime_neither_counts_nor_is_counted_from(name: str) -> None:
    state = advance(STATES[name], drift(uptime=0))
    assert state.standing is Standing.DRIFTED
    assert state.grace == STATES[name].grace
    after = advance(state, drift(uptime=5_000_000))
    expected = 60 + 5_000_000 - 400 if name == "drifted" else 0
    assert after.grace.used_seconds == expected


def test_what_had_changed_before_a_release_is_remembered_until_the_license_is_taken_again() -> None:
    asked = ChangedReleaseAsked(request=request("release", "new", 8))
    releasing = advance(STATES["drifted"], asked)
    assert (releasing.standing, releasing.released_changed) == (Standing.RELEASING, True)
    assert not advance(STATES["drifted"], EVENTS["release"]).released_changed
    released = advance(releasing, receipt("new"))
    assert released.released_changed
    taken = advance(advance(released, EVENTS["activate"]), license("new"))
    assert (taken.standing, taken.released_changed) == (Standing.ACTIVE, False)
