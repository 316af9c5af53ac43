"""What the simulation's figures must stay below and above, whatever becomes of the weights."""

from pathlib import Path

import pytest

from protocol.comparison import OTHER_MACHINE_BELOW
from protocol.verdicts import Verdict
from tests.protocol.fingerprints import MISMATCHES
from tests.simulation import pool
from tests.simulation.__main__ import main
from tests.simulation.events import FAILING, TOLERATED
from tests.simulation.figures import pairs_of, selves_of
from tests.simulation.pool import Filling, subjects

GOOD = {Verdict.MATCH, Verdict.TOLERATED}


@pytest.fixture(autouse=True)
def small_fleets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "FLEET", 6)


@pytest.mark.parametrize("filling", Filling)
def test_no_machine_passes_for_another(filling: Filling) -> None:
    found = pairs_of(subjects(), filling)
    assert found.judged > 0
    assert found.highest < OTHER_MACHINE_BELOW // 2
    assert not GOOD & {*found.verdicts}


@pytest.mark.parametrize("filling", [Filling.NOTHING, Filling.DIFFERENT])
def test_no_failing_source_is_a_change(filling: Filling) -> None:
    for found in selves_of(subjects(), filling, FAILING).values():
        assert not MISMATCHES & {*found.verdicts}


def test_what_is_added_costs_nothing_and_one_part_never_makes_another_machine() -> None:
    found = selves_of(subjects(), Filling.DIFFERENT, TOLERATED)
    for event in ("nothing", "extra network card", "extra memory", "another disk of the mirror"):
        assert (found[event].lowest, {*found[event].verdicts}) == (1000, {Verdict.MATCH})
    assert all(Verdict.DIFFERENT not in self.verdicts for self in found.values())
    assert (
        min(self.lowest for self in found.values())
        > 2 * pairs_of(subjects(), Filling.TWINS).highest
    )


def test_the_figures_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    said = capsys.readouterr().out
    assert "With two fleets" in said
    assert all(filling.value in said for filling in Filling)
    assert all(event in said for event in (*TOLERATED, *FAILING))


def test_without_the_real_tables_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pool, "REAL", Path("nowhere"))
    main()
    assert capsys.readouterr().out.startswith("No real tables here")
