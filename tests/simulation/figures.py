"""The two extremes: different machines that look most alike, one machine that looks least so."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from agent.fingerprint import Inventory, take_tags
from protocol.comparison import compare
from protocol.values import Fingerprint
from protocol.verdicts import Comparison, Verdict
from protocol.weights import DEFAULT_POLICY, SUFFICIENT_COVERAGE, is_identifiable
from tests.simulation.events import Happening
from tests.simulation.pool import Filling, Subject, inventory_of

# One salt for all: with two, nothing would be compared.
_SALT = bytes(32)


class Pairs(NamedTuple):
    """All ordered pairs of different machines; `judged` can be told apart, with enough in sight."""

    pairs: int
    judged: int
    highest: int
    whose: str
    highest_of_any: int
    verdicts: Counter[Verdict]


class Self(NamedTuple):
    """Machines against themselves after one event."""

    judged: int
    lowest: int
    coverage: int
    verdicts: Counter[Verdict]


def pairs_of(subjects: Iterable[Subject], filling: Filling) -> Pairs:
    """Compare everybody with everybody else."""
    tagged = [(one, _tags(inventory_of(one, filling))) for one in subjects]
    found = [
        (f"{was.name} / {now.name}", is_identifiable(enrolled, DEFAULT_POLICY), judged)
        for was, enrolled in tagged
        for now, seen in tagged
        if was is not now
        for judged in (compare(enrolled, seen, DEFAULT_POLICY),)
    ]
    enough = [
        (judged.score, name)
        for name, told, judged in found
        if told and judged.coverage >= SUFFICIENT_COVERAGE
    ]
    highest, whose = max(enough, default=(0, "-"))
    return Pairs(
        pairs=len(found),
        judged=len(enough),
        highest=highest,
        whose=whose,
        highest_of_any=max((judged.score for _name, _told, judged in found), default=0),
        verdicts=Counter(judged.verdict for _name, told, judged in found if told),
    )


def selves_of(
    subjects: Iterable[Subject], filling: Filling, events: Mapping[str, Happening]
) -> dict[str, Self]:
    """Compare each machine that can be told from others with itself after each event."""
    machines = [inventory_of(one, filling) for one in subjects]
    return {
        name: _self(
            [
                compare(enrolled, _tags(happening(machine)), DEFAULT_POLICY)
                for machine in machines
                for enrolled in (_tags(machine),)
                if is_identifiable(enrolled, DEFAULT_POLICY)
            ]
        )
        for name, happening in events.items()
    }


def _self(judged: list[Comparison]) -> Self:
    # What cannot be compared at all has no score.
    seen = [found for found in judged if found.coverage]
    return Self(
        judged=len(judged),
        lowest=min((found.score for found in seen), default=0),
        coverage=min((found.coverage for found in judged), default=0),
        verdicts=Counter(found.verdict for found in judged),
    )


def _tags(inventory: Inventory) -> Fingerprint:
    return take_tags(inventory, _SALT)
