"""The short profile: every rule of the machine, and I1-I5 after every step."""

from hypothesis.stateful import run_state_machine_as_test

from tests.machine import profiles
from tests.machine.rules import Walk


def test_no_walk_loses_a_license_or_runs_it_twice() -> None:
    run_state_machine_as_test(Walk, settings=profiles.CI)
    assert sum(Walk.steps.values()) > 400
