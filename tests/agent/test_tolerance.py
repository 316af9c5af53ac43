"""How much more may change: what is told is what the comparison says once it has happened."""

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agent.fingerprint import exchanged
from agent.tolerance import Sides, Tolerance, tolerance_of
from protocol.values import Fingerprint, Level, OsAxis
from protocol.verdicts import ComponentComparison, Verdict
from protocol.weights import DEFAULT_POLICY
from tests.protocol.fingerprints import BARE, VM, at, swapped, without
from tests.protocol.test_comparison_promises import FINGERPRINTS, LEVELS

GOOD = {Verdict.MATCH, Verdict.TOLERATED}


def told(
    enrolled: Fingerprint,
    now: Fingerprint,
    level: Level = Level.NORMAL,
    baseline: Fingerprint | None = None,
) -> Tolerance | None:
    sides = Sides(enrolled=enrolled, now=now, policy=at(level), baseline=baseline)
    return tolerance_of(sides, sides.compared())


def parts(found: Tolerance | None) -> list[str]:
    assert found is not None
    return [part for part, _points in found.parts]


def test_an_untouched_server_has_fifteen_points_left() -> None:
    found = told(BARE, BARE)
    assert found == Tolerance(
        whole=100,
        differs=0,
        spare=15,
        parts=(
            ("boot_disk", 15),
            ("system_serial", 15),
            ("nic", 10),
            ("cpu", 5),
            ("memory", 5),
        ),
    )


def test_what_has_changed_already_is_taken_off() -> None:
    found = told(BARE, swapped(BARE, "nic"))
    assert found == Tolerance(whole=100, differs=10, spare=5, parts=(("cpu", 5), ("memory", 5)))


def test_half_of_a_set_takes_half_of_its_points_off() -> None:
    one_card = replace(BARE, components=BARE.components | {"nic": ("nic-1",)})
    found = told(BARE, one_card)
    assert found is not None
    assert (found.differs, found.spare) == (5, 10)


def test_nothing_is_left_after_a_disk() -> None:
    found = told(BARE, swapped(BARE, "boot_disk"))
    assert found == Tolerance(whole=100, differs=15, spare=0, parts=())


def test_a_strict_license_tolerates_nothing() -> None:
    assert told(BARE, BARE, Level.STRICT) == Tolerance(whole=100, differs=0, spare=0, parts=())


def test_a_loose_license_lets_one_anchor_change_and_then_no_other() -> None:
    assert {"board", "system_uuid"} <= {*parts(told(BARE, BARE, Level.LOOSE))}
    after = parts(told(BARE, swapped(BARE, "board"), Level.LOOSE))
    assert "system_uuid" not in after
    assert "boot_disk" in after


def test_a_machine_that_changed_too_much_hears_how_much_was_tolerated() -> None:
    found = told(BARE, swapped(BARE, "boot_disk", "nic"))
    assert found == Tolerance(whole=100, differs=25, spare=15, parts=())


def test_small_steps_are_counted_from_the_last_agreed_binding() -> None:
    stepped = swapped(BARE, "boot_disk")
    # The card may not follow: with the disk it would be 25 points from what was agreed.
    assert parts(told(stepped, stepped)) == parts(told(BARE, BARE))
    found = told(stepped, stepped, baseline=BARE)
    assert found is not None
    assert found.differs == 15
    assert parts(found) == ["boot_disk"]
    over = told(stepped, swapped(stepped, "nic"), baseline=BARE)
    assert over == Tolerance(whole=100, differs=25, spare=15, parts=())


@pytest.mark.parametrize(
    ("enrolled", "now"),
    [
        (BARE, without(BARE, "board")),
        (BARE, without(BARE, *BARE.components)),
        (without(BARE, "board", "system_uuid"), without(BARE, "board", "system_uuid")),
    ],
)
def test_where_nobody_can_tell_nothing_is_told(enrolled: Fingerprint, now: Fingerprint) -> None:
    assert told(enrolled, now) is None


def test_the_weights_are_those_of_the_signed_license() -> None:
    heavier = {**DEFAULT_POLICY.weights, "cpu": replace(DEFAULT_POLICY.weights["cpu"], bare=30)}
    sides = Sides(enrolled=BARE, now=BARE, policy=replace(DEFAULT_POLICY, weights=heavier))
    found = tolerance_of(sides, sides.compared())
    assert found is not None
    assert (found.whole, found.spare) == (125, 15)
    assert "cpu" not in parts(found)


def test_a_new_installation_is_the_systems_matter_unless_the_license_counts_none() -> None:
    assert "os_instance" not in parts(told(VM, VM))
    sides = Sides(enrolled=VM, now=VM, policy=replace(DEFAULT_POLICY, os_axis=OsAxis.NONE))
    assert "os_instance" in parts(tolerance_of(sides, sides.compared()))


@given(FINGERPRINTS, FINGERPRINTS, LEVELS, st.none() | FINGERPRINTS)
def test_what_is_told_is_what_would_be_judged(
    enrolled: Fingerprint, now: Fingerprint, level: Level, baseline: Fingerprint | None
) -> None:
    sides = Sides(enrolled=enrolled, now=now, policy=at(level), baseline=baseline)
    comparison = sides.compared()
    found = tolerance_of(sides, comparison)
    if comparison.verdict not in GOOD:
        assert not found or not found.parts
        return
    assert found is not None
    losable = [c for c in comparison.components if c.kept and c.id != "os_instance"]
    every = chain.from_iterable(
        combinations(losable, count) for count in range(1, len(losable) + 1)
    )
    allowed = [
        chosen
        for chosen in every
        if replace(sides, now=exchanged(now, [c.id for c in chosen])).compared().verdict in GOOD
    ]
    assert found.spare == max(map(points, allowed), default=0)
    assert {*parts(found)} == {chosen[0].id for chosen in allowed if len(chosen) == 1}


def points(chosen: tuple[ComponentComparison, ...]) -> int:
    return sum(component.kept for component in chosen) // 1000
