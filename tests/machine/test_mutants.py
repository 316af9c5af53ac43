"""Each rule of the protocol is at stake in a scenario: it holds, and fails without the rule."""

from collections.abc import Callable, Iterator

import pytest

from tests.machine import mutants, scenarios
from tests.machine.mutants import Mutant, Switchboard
from tests.machine.scenarios import Stage

Scenario = Callable[[Stage], None]

# What is taken out, what is at stake, and the word with which it must be noticed.
TABLE: list[tuple[Mutant, Scenario, str]] = [
    (
        mutants.sends_before_the_commit,
        scenarios.a_crash_at_any_point_of_a_release_frees_nothing_that_runs,
        "I2: machine 0 runs",
    ),
    (
        mutants.buries_after_sending,
        scenarios.a_lost_receipt_leaves_nothing_running,
        "I2: machine 0 runs",
    ),
    (
        mutants.frees_without_the_proof,
        scenarios.an_old_proof_frees_nothing_that_was_bound_since,
        "stopped by an old proof",
    ),
    (
        mutants.installs_any_generation,
        scenarios.what_was_given_back_never_runs_again,
        "holds nothing",
    ),
    (
        mutants.knows_no_high_water,
        scenarios.what_was_given_back_never_runs_again,
        "runs again",
    ),
    (
        mutants.knows_no_sequence,
        scenarios.a_late_activation_binds_nobody_who_gave_back,
        "I3: told released",
    ),
    (
        mutants.answers_anew,
        scenarios.a_doubled_request_is_carried_out_once,
        "another answer",
    ),
    (
        mutants.rebinds_in_the_same_generation,
        scenarios.of_two_copies_the_one_that_was_bound_anew_goes_on,
        "both copies run|I2: machine 0 runs",
    ),
    (
        mutants.fences_only_on_newer,
        scenarios.a_store_put_back_is_told_that_its_license_was_given_back,
        "I2: machine 0 runs|still runs",
    ),
    (
        mutants.withdraws_whatever_was_asked,
        scenarios.a_withdrawal_of_a_lost_store_frees_nothing_that_runs,
        "I2: machine 0 runs",
    ),
    (
        mutants.frees_by_the_number_alone,
        scenarios.a_proof_of_a_lost_store_frees_nothing_that_runs,
        "stopped by a proof of a lost store",
    ),
    (
        mutants.ignores_the_epoch,
        scenarios.a_server_of_the_past_stops_nobody,
        "stopped by a server of the past",
    ),
    (
        mutants.accepts_anothers_answer,
        scenarios.anothers_receipt_ends_no_release,
        "I3: released, and no receipt",
    ),
    (
        mutants.measures_what_was_submitted,
        scenarios.parts_hidden_from_a_request_are_a_case,
        "bound without its parts",
    ),
]
SCENARIOS = list(dict.fromkeys(scenario for _, scenario, _ in TABLE))


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    try:
        yield stage
    finally:
        stage.world.close()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_it_holds(stage: Stage, scenario: Scenario) -> None:
    scenario(stage)


@pytest.mark.parametrize(
    ("mutant", "scenario", "noticed"), TABLE, ids=lambda part: getattr(part, "__name__", "")
)
def test_without_the_rule_it_fails(
    stage: Stage,
    mutant: Mutant,
    scenario: Scenario,
    noticed: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    board = Switchboard(monkeypatch)
    mutant(board)
    with pytest.raises(AssertionError, match=noticed):
        scenario(stage)
    assert board.calls, f"{mutant.__name__} was never asked"
