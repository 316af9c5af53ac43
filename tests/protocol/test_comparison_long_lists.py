"""A machine with more modules or cards than a document carries is judged as one with few."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from protocol.values import MOST_TAGS, ComponentStatus, Fingerprint
from protocol.verdicts import Verdict
from tests.protocol.fingerprints import BARE, judged, machine

MANY = 96


def carried(*parts: str) -> tuple[str, ...]:
    """As an agent writes them: hashes in their order, and no more than a document carries."""
    return tuple(sorted(sha256(part.encode()).hexdigest() for part in parts)[:MOST_TAGS])


def modules(count: int, make: str = "dimm") -> list[str]:
    return [f"{make}-{number}" for number in range(count)]


def with_memory(*parts: str) -> Fingerprint:
    return machine(BARE.machine_class, memory=carried(*parts))


def status(enrolled: Fingerprint, now: Fingerprint) -> ComponentStatus:
    return next(part.status for part in judged(enrolled, now).components if part.id == "memory")


@given(st.integers(1, 200), st.integers(1, 40))
def test_a_module_more_is_never_a_removed_one(count: int, more: int) -> None:
    enrolled = with_memory(*modules(count))
    now = with_memory(*modules(count), *modules(more, "new"))
    assert status(enrolled, now) in {ComponentStatus.SAME, ComponentStatus.ADDED}
    assert judged(enrolled, now).verdict is Verdict.MATCH
    assert judged(enrolled, now).score == 1000


def test_a_module_less_is_removed_where_it_was_in_sight() -> None:
    parts = sorted(modules(MANY), key=lambda part: sha256(part.encode()).hexdigest())
    enrolled = with_memory(*parts)
    assert status(enrolled, with_memory(*parts[1:])) is ComponentStatus.REMOVED
    assert judged(enrolled, with_memory(*parts[1:])).verdict is Verdict.TOLERATED
    assert status(enrolled, with_memory(*parts[:-1])) is ComponentStatus.SAME


def test_half_of_the_modules_taken_out_count_as_half() -> None:
    enrolled, now = with_memory(*modules(MANY)), with_memory(*modules(MANY // 2))
    memory = next(part for part in judged(enrolled, now).components if part.id == "memory")
    assert memory.status is ComponentStatus.REMOVED
    assert memory.kept * 100 // memory.enrolled in range(40, 61)


@pytest.mark.parametrize("count", [2, MOST_TAGS - 1, MOST_TAGS, MOST_TAGS + 1, MANY])
def test_all_modules_swapped_are_a_change(count: int) -> None:
    enrolled = with_memory(*modules(count))
    now = with_memory(*modules(count, "other"))
    memory = next(part for part in judged(enrolled, now).components if part.id == "memory")
    assert memory.status in {ComponentStatus.CHANGED, ComponentStatus.REMOVED}
    assert memory.kept == 0


def test_a_list_that_shows_nothing_of_what_was_enrolled_tells_nothing() -> None:
    """Whoever hands in a full list of early tags has hidden the part, and gains nothing."""
    early = tuple(f"!{number:02}" for number in range(MOST_TAGS))
    now = replace(BARE, components={**BARE.components, "memory": early})
    memory = next(part for part in judged(BARE, now).components if part.id == "memory")
    assert memory.status is ComponentStatus.UNKNOWN
    assert memory.enrolled
    assert not memory.kept
