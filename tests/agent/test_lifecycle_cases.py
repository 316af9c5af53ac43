"""What a case does to the lifecycle: waited for, decided, and told until all is over (§4, §7)."""

import pytest
from msgspec.structs import replace

from agent.events import CaseArrived, CheckInSent, RefusalArrived
from agent.lifecycle import advance
from protocol.values import CaseState, Standing
from tests.agent.lifecycles import EVENTS, STATES, answer, case, license, request, truth


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
