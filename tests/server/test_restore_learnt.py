"""What a machine shows after a restore, and nobody remembers, is not undone by its past (§5)."""

from typing import NamedTuple

import pytest

from protocol.values import Standing
from server_stub.licensing.models import Binding
from tests.server.restores import Day, day

__all__ = ["day"]

YEAR = 365 * 24 * 3600


class Past(NamedTuple):
    """What was under way before books and evidence forgot it, and what the machine holds since."""

    day: Day
    proof: bytes
    asked: bytes
    withdrawal: bytes
    document: bytes


@pytest.fixture
def past(day: Day) -> Past:
    """The machine gave the license back and took it again."""
    machine, office = day.machine, day.office
    proof = machine.release(day.document, code="FGR-a")
    office.answer(proof)
    asked = machine.activate(day.key)
    withdrawal = machine.withdraw(day.key)
    document = office.bound(machine, day.key)
    office.server.evidence.path.unlink()
    day.empty()
    day.restore(is_lost=True)
    return Past(day, proof, asked, withdrawal, document)


@pytest.mark.parametrize("shown", ["check-in", "refused notice"])
@pytest.mark.parametrize("late", ["proof", "withdrawal"])
def test_what_was_signed_before_frees_nothing_that_was_shown_since(
    past: Past, shown: str, late: str
) -> None:
    day, begin = past.day, past.day.office.time[0] + 3600
    shows = {
        "check-in": lambda: day.machine.check_in(past.document, Standing.ACTIVE),
        "refused notice": lambda: day.machine.notice(past.document, begin, begin + YEAR),
    }
    day.office.answer(shows[shown]())
    day.office.answer(getattr(past, late))
    assert Binding.objects.get(state="active").generation == 2
    assert day.hears_the_epoch(day.machine, past.document).held


def test_a_lost_wish_binds_nothing_anew_beside_what_was_shown_since(past: Past) -> None:
    day = past.day
    assert not day.hears_the_epoch(day.machine, past.document).hold
    assert day.office.code(past.asked) == "older-than-binding"
    assert day.held(day.machine, past.document).held


def test_the_proof_of_what_was_shown_frees_it(past: Past) -> None:
    day = past.day
    assert day.held(day.machine, past.document).held
    assert day.office.code(day.machine.release(past.document, code="FGR-b")) == "receipt+jws"
    assert not Binding.objects.filter(state="active").exists()
