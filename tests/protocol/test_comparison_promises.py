"""What holds for every machine, every level and every change that can be imagined."""

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from protocol.values import (
    Fingerprint,
    Level,
    MachineClass,
    OsTags,
)
from protocol.verdicts import Verdict
from protocol.weights import (
    ComponentId,
)
from tests.protocol.fingerprints import (
    BARE,
    MISMATCHES,
    VM,
    changed_parts,
    judged,
    swapped,
    without,
)

SETS = ("boot_disk", "memory", "nic")
TAGS = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=4, unique=True).map(tuple)
COMPONENTS = st.fixed_dictionaries(
    {},
    optional={
        part.value: TAGS if part in SETS else st.sampled_from([("a",), ("b",)])
        for part in ComponentId
    },
)
FINGERPRINTS = st.builds(
    Fingerprint,
    machine_class=st.sampled_from(MachineClass),
    components=COMPONENTS,
    os=st.just(OsTags()),
)
LEVELS = st.sampled_from(Level)


@given(FINGERPRINTS, FINGERPRINTS, LEVELS, st.randoms(use_true_random=False))
def test_the_order_of_parts_says_nothing(
    enrolled: Fingerprint, now: Fingerprint, level: Level, random: Random
) -> None:
    def shuffled(fingerprint: Fingerprint) -> Fingerprint:
        parts = list(fingerprint.components.items())
        random.shuffle(parts)
        return replace(fingerprint, components={name: tags[::-1] for name, tags in parts})

    assert judged(shuffled(enrolled), shuffled(now), level) == judged(enrolled, now, level)


@given(FINGERPRINTS, FINGERPRINTS, LEVELS, st.dictionaries(st.sampled_from(SETS), TAGS))
def test_plugging_something_in_changes_no_verdict(
    enrolled: Fingerprint, now: Fingerprint, level: Level, plugged: dict[str, tuple[str, ...]]
) -> None:
    more = {
        part: (*tags, *(f"new-{tag}" for tag in plugged.get(part, ())))
        for part, tags in now.components.items()
    }
    before = judged(enrolled, now, level)
    after = judged(enrolled, replace(now, components=more), level)
    assert (after.verdict, after.score) == (before.verdict, before.score)


@given(FINGERPRINTS, FINGERPRINTS, LEVELS, st.sets(st.sampled_from(ComponentId)))
def test_sources_that_fail_never_turn_a_machine_into_a_changed_one(
    enrolled: Fingerprint, now: Fingerprint, level: Level, failing: set[ComponentId]
) -> None:
    # Of another class, a machine of which nothing identifying is seen is taken for moved.
    now = replace(now, machine_class=enrolled.machine_class)
    before = judged(enrolled, now, level)
    after = judged(enrolled, without(now, *failing), level)
    if before.verdict not in MISMATCHES:
        assert after.verdict not in MISMATCHES
    assert after.coverage <= before.coverage


@given(FINGERPRINTS, FINGERPRINTS, LEVELS, st.sampled_from(ComponentId))
def test_hiding_a_part_is_never_better_than_leaving_it_as_it_was(
    enrolled: Fingerprint, now: Fingerprint, level: Level, part: ComponentId
) -> None:
    kept = replace(now, components=now.components | {part: enrolled.components.get(part, ("x",))})
    if judged(enrolled, without(now, part), level).verdict is Verdict.MATCH:
        assert judged(enrolled, kept, level).verdict is Verdict.MATCH


@pytest.mark.parametrize("enrolled", [BARE, VM])
@pytest.mark.parametrize("level", Level)
def test_one_swapped_part_is_named_and_nothing_else(enrolled: Fingerprint, level: Level) -> None:
    for part in enrolled.components:
        comparison = judged(enrolled, swapped(enrolled, part), level)
        assert changed_parts(comparison) == {part}


@pytest.mark.parametrize("enrolled", [BARE, VM])
def test_no_single_swap_and_no_hidden_pair_is_another_machine(enrolled: Fingerprint) -> None:
    for first, second in combinations(enrolled.components, 2):
        now = without(swapped(enrolled, first), second)
        assert judged(enrolled, now).verdict is not Verdict.DIFFERENT
