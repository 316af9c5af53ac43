"""Forks, contests and holds with one rule taken out (§5): a test that holds with it fails."""

from collections.abc import Callable
from inspect import signature
from typing import Any

import pytest

from server_stub.licensing import case_selectors
from server_stub.licensing.models import Case
from server_stub.licensing.models.decisions import WAITS
from server_stub.licensing.services import binding, cases, contests, forks, holds, release
from tests.machine.mutants import Mutant, Switchboard
from tests.server import (
    test_fork_contests,
    test_fork_decisions,
    test_fork_homes,
    test_fork_proofs,
    test_fork_renewals,
    test_fork_waiting,
    test_holds,
    test_release_contradicted,
)
from tests.server.copies import original
from tests.server.test_fork_proofs import decided, homes
from tests.server.test_fork_waiting import waiting
from tests.server.test_release_contradicted import proof

__all__ = ["decided", "homes", "original", "proof", "waiting"]


def stops_a_former_key_at_once(board: Switchboard) -> None:
    """Who is not held any more is superseded, though it may be the original."""
    board.everywhere(forks.may_run_on, lambda *_: False)


def takes_an_echo_for_a_sign_of_life(board: Switchboard) -> None:
    """A check-in that the network held back is heard like one of today."""
    board.everywhere(forks._renewed_by, lambda *_: -1)


def believes_the_heir_meanwhile(board: Switchboard) -> None:
    """The heir is bound anew and gives back while people decide."""
    board.everywhere(forks.is_contested, lambda *_: False)


def renews_a_key_that_waits(board: Switchboard) -> None:
    """A machine that was put back while it waited must ask under another key."""
    board.everywhere(forks.waits_as_it_is, lambda *_: False)


def keeps_what_was_approved_before(board: Switchboard) -> None:
    """An approval of before the contest counts on, and so does the first of two."""
    board.everywhere(cases.undecide, lambda *_: None)


def hears_one_home_only(board: Switchboard) -> None:
    """Only the home that spoke last is known to contest."""

    def hear(turn: Any, contest: Case, _device: Any) -> None:
        contest.evidence["heard"] = [turn.acknowledged]
        contest.save()

    board.everywhere(contests.hear, hear)


def takes_any_home_for_the_one_that_contests(board: Switchboard) -> None:
    """What another home of the key takes back ends the contest."""
    board.everywhere(
        contests._home_of, lambda _last, contest, _device: contest.evidence["heard"][0]
    )


def answers_any_home_with_the_contest(board: Switchboard) -> None:
    """What was decided for the home that runs, any home of its key may use."""
    board.everywhere(contests.require_its_home, lambda *_: None)


def forgets_which_proofs_a_contest_met(board: Switchboard) -> None:
    """A proof that waited for a decision frees by itself once nothing suspects its key."""
    board.everywhere(contests.has_met_contest, lambda *_: False)


def forgets_that_people_decided(board: Switchboard) -> None:
    """A proof of before the decision counts against whom it favoured."""
    board.everywhere(release._is_of_before_a_decision, lambda *_: False)


def opens_a_case_for_each_proof(board: Switchboard) -> None:
    """One key opens as many cases as it makes proofs."""
    board.everywhere(release._has_proved_often, lambda *_: False)


def binds_by_an_approved_proof(board: Switchboard) -> None:
    """What was approved in order to free a license gives it to the machine that runs."""
    board.everywhere(binding._without_proof, lambda live: live)


def takes_away_with_what_the_key_waits_for(board: Switchboard) -> None:
    """A proof that waits for people ends when the next key of its device asks."""

    def decide_anew(turn: Any, application: Any) -> None:
        for case in application.cases.cases:
            cases.cancel(turn, case, "its next key")

    board.everywhere(binding._decide_anew, decide_anew)


def asks_one_person_beside_a_contest(board: Switchboard) -> None:
    """One person gives to the heir what a home that runs contests."""
    board.everywhere(case_selectors._is_beside_contest, lambda *_: False)


def asks_one_person_to_undo_what_two_decided(board: Switchboard) -> None:
    """Another home of the key gets it by the word of one."""
    board.everywhere(case_selectors._has_other_homes, lambda *_: False)


def sees_one_key_alone(board: Switchboard) -> None:
    """Staff are not told what else waits of the same key."""
    board.everywhere(case_selectors._beside, lambda *_: ())


def outdates_what_waits_over_a_hold(board: Switchboard) -> None:
    """The leap of generations at the end of a hold counts as a binding."""
    board.everywhere(holds._live, lambda license: license.cases.none())


def keeps_approvals_over_a_hold(board: Switchboard) -> None:
    """What was approved against the machine that was heard since counts on."""
    board.everywhere(holds._decide_anew, lambda *_: None)


def takes_a_contest_back_over_a_hold(board: Switchboard) -> None:
    """The heir is heard, and what people decided for the other home is gone."""

    def decide_anew(turn: Any, license: Any) -> None:
        for case in license.cases.filter(WAITS):
            cases.undecide(turn, case, "the end of a hold")

    board.everywhere(holds._decide_anew, decide_anew)


_BOTH_MATCH = test_fork_contests.TestBothMatch
_ANOTHER_HOME = test_fork_homes.TestAnotherHomeOfTheKey
_GIVEN_BACK = test_fork_homes.TestGivenBackByTheHomeThatContests

# What is taken out, and the test that must notice.
TABLE: list[tuple[Mutant, Callable[..., None]]] = [
    (stops_a_former_key_at_once, _BOTH_MATCH.test_nobody_is_stopped_and_people_decide),
    (
        takes_an_echo_for_a_sign_of_life,
        _BOTH_MATCH.test_a_check_in_that_the_network_held_back_opens_no_case,
    ),
    (
        believes_the_heir_meanwhile,
        _BOTH_MATCH.test_a_contested_holder_is_bound_anew_and_gives_back_by_decision_only,
    ),
    (
        renews_a_key_that_waits,
        test_fork_waiting.TestAKeyThatHoldsNothing.test_it_uses_its_approval_as_it_is_and_renews_its_key_afterwards,
    ),
    (
        keeps_what_was_approved_before,
        test_fork_decisions.TestApprovedBeforeAnybodyContested.test_the_heirs_proof_frees_nothing,
    ),
    (
        keeps_what_was_approved_before,
        test_fork_decisions.TestApprovedBeforeAnybodyContested.test_the_first_approval_of_two_counts_no_more,
    ),
    (hears_one_home_only, _GIVEN_BACK.test_another_home_that_contests_goes_on),
    (
        takes_any_home_for_the_one_that_contests,
        _ANOTHER_HOME.test_the_home_that_renewed_withdraws_and_stops_nobody,
    ),
    (
        answers_any_home_with_the_contest,
        _ANOTHER_HOME.test_what_was_decided_for_the_one_that_runs_is_carried_out_by_no_other_machine,
    ),
    (
        forgets_which_proofs_a_contest_met,
        test_fork_proofs.TestTheHomeThatRenewed.test_a_proof_that_waited_frees_nothing_unasked_though_its_key_was_bound_by_another_case,
    ),
    (
        forgets_that_people_decided,
        test_fork_proofs.TestDecidedForTheHomeThatRuns.test_another_homes_proof_takes_nothing_from_it,
    ),
    (
        opens_a_case_for_each_proof,
        test_release_contradicted.TestTheCasesThatOneKeyMayOpen.test_beyond_a_few_proofs_the_next_waits_for_the_case_that_is_open,
    ),
    (
        binds_by_an_approved_proof,
        test_release_contradicted.TestAnApprovalToFree.test_it_binds_nobody_and_what_the_machine_asks_is_a_case_of_its_own,
    ),
    (
        takes_away_with_what_the_key_waits_for,
        test_fork_renewals.TestRenewal.test_its_proof_still_waits_when_its_heir_asks,
    ),
    (
        asks_one_person_beside_a_contest,
        _GIVEN_BACK.test_what_the_heir_asks_meanwhile_one_person_cannot_approve,
    ),
    (
        asks_one_person_to_undo_what_two_decided,
        test_fork_decisions.TestOfTheKeyThatPeopleDecidedFor.test_one_person_does_not_free_what_two_decided,
    ),
    (sees_one_key_alone, test_fork_decisions.test_staff_see_what_else_waits_of_the_same_key),
    (
        outdates_what_waits_over_a_hold,
        test_holds.TestApproval.test_the_machine_that_was_heard_keeps_its_own,
    ),
    (
        keeps_approvals_over_a_hold,
        test_holds.TestApproval.test_one_that_takes_it_from_who_was_heard_is_decided_anew,
    ),
    (
        takes_a_contest_back_over_a_hold,
        test_holds.TestContest.test_what_is_decided_for_the_home_that_runs_is_carried_out,
    ),
]


@pytest.mark.parametrize(
    ("mutant", "noticed_by"), TABLE, ids=lambda part: getattr(part, "__name__", "")
)
def test_without_the_rule_it_fails(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    mutant: Mutant,
    noticed_by: Callable[..., None],
) -> None:
    given = {name: _given(name, request) for name in signature(noticed_by).parameters}
    board = Switchboard(monkeypatch)
    mutant(board)
    with pytest.raises(AssertionError):
        noticed_by(**given)
    assert board.calls, f"{mutant.__name__} was never asked"


def _given(name: str, request: pytest.FixtureRequest) -> Any:
    match name:
        case "self":
            return None
        case "is_decided":
            return True
        case _:
            return request.getfixturevalue(name)
