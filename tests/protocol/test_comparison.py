"""The event table, the levels and the promises that hold for every machine."""

from typing import NamedTuple

import pytest
from msgspec.structs import replace

from protocol.comparison import compare, compare_os
from protocol.values import (
    ComponentStatus,
    Fingerprint,
    Level,
    MachineClass,
    OsAxis,
    OsTags,
    Weight,
)
from protocol.verdicts import OsVerdict, Rule, Verdict, os_counts
from protocol.weights import (
    DEFAULT_POLICY,
    SALT_MARK,
    ComponentId,
    class_weights,
    enrolment_coverage,
    is_identifiable,
)
from tests.protocol.fingerprints import (
    BARE,
    PARTS,
    VM,
    at,
    changed_parts,
    judged,
    machine,
    swapped,
    without,
)


@pytest.mark.parametrize("enrolled", [BARE, VM])
@pytest.mark.parametrize("level", Level)
def test_an_untouched_machine_matches_at_every_level(enrolled: Fingerprint, level: Level) -> None:
    comparison = judged(enrolled, enrolled, level)
    assert comparison.verdict is Verdict.MATCH
    assert comparison.rule is Rule.ALL_SAME
    assert (comparison.score, comparison.coverage) == (1000, 1000)
    assert comparison.os is OsVerdict.SAME
    assert not comparison.counts_as_drift(at(level))


class Event(NamedTuple):
    name: str
    enrolled: Fingerprint
    parts: tuple[str, ...]
    verdict: Verdict
    rule: Rule
    score: int


BOARD_WITH_ALL_ON_IT = ("board", "system_uuid", "system_serial", "nic")
EVENTS = [
    Event("cpu", BARE, ("cpu",), Verdict.TOLERATED, Rule.WITHIN_TOLERANCE, 950),
    Event("memory", BARE, ("memory",), Verdict.TOLERATED, Rule.WITHIN_TOLERANCE, 950),
    Event("disk", BARE, ("boot_disk",), Verdict.TOLERATED, Rule.WITHIN_TOLERANCE, 850),
    Event("nic", BARE, ("nic",), Verdict.TOLERATED, Rule.WITHIN_TOLERANCE, 900),
    Event("serial", BARE, ("system_serial",), Verdict.TOLERATED, Rule.WITHIN_TOLERANCE, 850),
    Event("disk+nic", BARE, ("boot_disk", "nic"), Verdict.CHANGED, Rule.BEYOND_TOLERANCE, 750),
    Event("board", BARE, ("board",), Verdict.CHANGED, Rule.ANCHOR_CHANGED, 750),
    Event("uuid", BARE, ("system_uuid",), Verdict.CHANGED, Rule.ANCHOR_CHANGED, 750),
    Event("board & all", BARE, BOARD_WITH_ALL_ON_IT, Verdict.CHANGED, Rule.ANCHOR_CHANGED, 250),
    Event(
        "board & cpu",
        BARE,
        (*BOARD_WITH_ALL_ON_IT, "cpu"),
        Verdict.DIFFERENT,
        Rule.OTHER_MACHINE,
        200,
    ),
    Event(
        "another server",
        BARE,
        (*PARTS[MachineClass.BARE], "nic", "memory"),
        Verdict.DIFFERENT,
        Rule.OTHER_MACHINE,
        0,
    ),
    Event(
        "disk moved to a twin",
        BARE,
        (*BOARD_WITH_ALL_ON_IT, "memory"),
        Verdict.DIFFERENT,
        Rule.OTHER_MACHINE,
        200,
    ),
    Event("vm nic", VM, ("nic",), Verdict.TOLERATED, Rule.WITHIN_TOLERANCE, 850),
    Event("vm disk", VM, ("boot_disk",), Verdict.TOLERATED, Rule.WITHIN_TOLERANCE, 850),
    Event("vm platform", VM, ("platform",), Verdict.TOLERATED, Rule.WITHIN_TOLERANCE, 900),
    Event("vm memory", VM, ("memory",), Verdict.MATCH, Rule.ALL_SAME, 1000),
    Event(
        "clone, same disk", VM, ("system_uuid", "nic"), Verdict.CHANGED, Rule.ANCHOR_CHANGED, 400
    ),
    Event(
        "clone",
        VM,
        ("system_uuid", "nic", "boot_disk"),
        Verdict.DIFFERENT,
        Rule.OTHER_MACHINE,
        250,
    ),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_the_event_table_holds(event: Event) -> None:
    comparison = judged(event.enrolled, swapped(event.enrolled, *event.parts))
    assert (comparison.verdict, comparison.rule) == (event.verdict, event.rule)
    assert comparison.score == event.score
    assert comparison.coverage == 1000
    assert changed_parts(comparison) == set(event.parts)


def test_a_set_scores_by_what_it_kept_and_additions_are_free() -> None:
    grown = machine(MachineClass.BARE, nic=("nic-1", "nic-2", "nic-3"))
    shrunk = machine(MachineClass.BARE, nic=("nic-2",))
    assert judged(BARE, grown).verdict is Verdict.MATCH
    assert judged(BARE, grown).statuses["nic"] is ComponentStatus.ADDED
    assert judged(BARE, shrunk).score == 950
    assert judged(BARE, shrunk).statuses["nic"] is ComponentStatus.REMOVED


def test_a_score_below_all_is_never_rounded_up_to_all() -> None:
    many = tuple(f"dimm-{number}" for number in range(64))
    enrolled = machine(MachineClass.BARE, memory=many)
    now = machine(MachineClass.BARE, memory=many[1:])
    assert judged(enrolled, now).score == 999
    assert judged(enrolled, now).verdict is Verdict.TOLERATED


def test_strict_refuses_what_normal_tolerates() -> None:
    comparison = judged(BARE, swapped(BARE, "memory"), Level.STRICT)
    assert (comparison.verdict, comparison.rule) == (Verdict.CHANGED, Rule.BEYOND_TOLERANCE)


def test_loose_lets_one_anchor_change_but_not_two() -> None:
    assert judged(BARE, swapped(BARE, "board"), Level.LOOSE).verdict is Verdict.TOLERATED
    both = judged(BARE, swapped(BARE, "board", "system_uuid"), Level.LOOSE)
    assert (both.verdict, both.rule) == (Verdict.CHANGED, Rule.ANCHOR_CHANGED)
    light = judged(VM, swapped(VM, "boot_disk", "nic", "platform"), Level.LOOSE)
    assert (light.verdict, light.score) == (Verdict.TOLERATED, 600)


def test_the_board_of_a_virtual_machine_is_no_anchor() -> None:
    enrolled = machine(MachineClass.VM, board=("board-tag",))
    assert judged(enrolled, swapped(enrolled, "board")).verdict is Verdict.MATCH


def test_a_run_without_rights_is_degraded_and_says_how_little_it_saw() -> None:
    now = without(BARE, "system_uuid", "board", "system_serial", "memory")
    comparison = judged(BARE, now)
    assert (comparison.verdict, comparison.rule) == (Verdict.DEGRADED, Rule.PARTS_HIDDEN)
    assert (comparison.score, comparison.coverage) == (1000, 300)


def test_an_anchor_that_cannot_be_read_is_never_passed_over() -> None:
    assert judged(BARE, without(BARE, "board")).verdict is Verdict.DEGRADED


def test_an_anchor_in_doubt_counts_even_where_a_license_gives_it_little_weight() -> None:
    policy = replace(
        DEFAULT_POLICY, weights=DEFAULT_POLICY.weights | {"board": Weight(bare=5, vm=0)}
    )
    assert compare(BARE, swapped(BARE, "board"), policy).verdict is Verdict.CHANGED
    assert compare(BARE, without(BARE, "board"), policy).verdict is Verdict.DEGRADED


def test_one_light_source_that_fails_leaves_the_verdict_with_less_coverage() -> None:
    comparison = judged(BARE, without(BARE, "memory", "cpu"))
    assert (comparison.verdict, comparison.coverage) == (Verdict.MATCH, 900)
    tolerated = judged(BARE, without(swapped(BARE, "nic"), "memory"))
    assert tolerated.verdict is Verdict.TOLERATED


def test_hiding_a_change_is_not_cheaper_than_declaring_it() -> None:
    # Both swapped would be `changed`; both hidden must not be a match.
    assert judged(BARE, without(BARE, "boot_disk", "nic")).verdict is Verdict.DEGRADED


def test_a_source_that_fails_over_a_tolerated_swap_does_not_make_it_a_change() -> None:
    # Over the comparable parts alone the score would be 812, below what is tolerated.
    now = without(swapped(BARE, "boot_disk"), "system_serial", "memory")
    comparison = judged(BARE, now)
    assert (comparison.verdict, comparison.score) == (Verdict.DEGRADED, 812)


def test_what_is_wrong_even_in_the_best_case_is_wrong_however_much_is_hidden() -> None:
    now = without(swapped(BARE, "boot_disk", "nic"), "system_uuid", "board", "system_serial")
    assert judged(BARE, now).verdict is Verdict.CHANGED


def test_two_groups_must_agree_whatever_the_weights_say() -> None:
    # Shares that a license could carry: one part outweighs all others.
    policy = replace(
        DEFAULT_POLICY,
        weights=DEFAULT_POLICY.weights | {"system_uuid": Weight(bare=900, vm=900)},
    )
    comparison = compare(VM, without(VM, "boot_disk", "nic"), policy)
    assert (comparison.verdict, comparison.rule) == (Verdict.DEGRADED, Rule.PARTS_HIDDEN)


class TestMovedIntoAVirtualMachine:
    def test_it_is_another_machine_where_everything_can_be_read(self) -> None:
        now = swapped(replace(BARE, machine_class=MachineClass.VM), *PARTS[MachineClass.BARE])
        assert judged(BARE, now).verdict is Verdict.DIFFERENT

    def test_it_is_changed_where_almost_nothing_is_left_to_compare(self) -> None:
        guest = replace(swapped(BARE, "nic"), machine_class=MachineClass.VM)
        now = without(guest, "system_uuid", "board", "system_serial", "boot_disk", "memory")
        comparison = judged(BARE, now)
        assert (comparison.verdict, comparison.rule) == (Verdict.CHANGED, Rule.CLASS_CHANGED)

    def test_a_hypervisor_installed_beneath_the_same_hardware_is_no_change(self) -> None:
        now = replace(BARE, machine_class=MachineClass.VM)
        assert judged(BARE, now).verdict is Verdict.MATCH

    def test_nor_is_it_when_a_card_was_swapped_and_the_table_cannot_be_read(self) -> None:
        now = replace(swapped(BARE, "nic"), machine_class=MachineClass.VM)
        assert judged(BARE, now).verdict is Verdict.TOLERATED
        hidden = without(now, "system_uuid", "board", "system_serial", "memory")
        assert judged(BARE, hidden).verdict is Verdict.DEGRADED

    def test_an_unreadable_machine_of_another_class_is_only_degraded(self) -> None:
        now = replace(BARE, machine_class=MachineClass.VM, components={})
        comparison = judged(BARE, now)
        assert (comparison.verdict, comparison.score) == (Verdict.DEGRADED, 0)


class TestEnrolment:
    def test_coverage_is_the_known_share_of_the_whole_table(self) -> None:
        assert enrolment_coverage(BARE, DEFAULT_POLICY) == 1000
        assert enrolment_coverage(without(BARE, "board"), DEFAULT_POLICY) == 750
        assert enrolment_coverage(without(VM, "nic", "memory"), DEFAULT_POLICY) == 850

    def test_a_machine_that_shows_too_little_is_insufficient_whatever_happens(self) -> None:
        enrolled = without(VM, "system_uuid", "boot_disk")
        assert not is_identifiable(enrolled, DEFAULT_POLICY)
        comparison = judged(enrolled, swapped(enrolled, "nic"))
        assert (comparison.verdict, comparison.rule) == (
            Verdict.INSUFFICIENT,
            Rule.NOT_IDENTIFIABLE,
        )

    def test_enough_weight_in_one_group_is_still_insufficient(self) -> None:
        enrolled = without(VM, "boot_disk", "nic")
        assert enrolment_coverage(enrolled, DEFAULT_POLICY) == 700
        assert judged(enrolled, enrolled).verdict is Verdict.INSUFFICIENT

    def test_parts_that_weigh_nothing_are_no_group(self) -> None:
        enrolled = without(machine(MachineClass.VM, cpu=("cpu-tag",)), "boot_disk", "nic")
        assert not is_identifiable(enrolled, DEFAULT_POLICY)

    def test_an_insufficient_machine_has_no_distance_from_a_baseline(self) -> None:
        enrolled = without(VM, "system_uuid", "boot_disk")
        now = swapped(enrolled, "nic", "os_instance", "platform")
        assert judged(VM, now).verdict is Verdict.CHANGED
        assert compare(enrolled, now, DEFAULT_POLICY, VM).verdict is Verdict.INSUFFICIENT

    def test_nothing_enrolled_covers_nothing(self) -> None:
        empty = replace(BARE, components={})
        comparison = judged(empty, BARE)
        assert (comparison.verdict, comparison.coverage) == (Verdict.INSUFFICIENT, 0)
        assert comparison.statuses["board"] is ComponentStatus.UNKNOWN

    def test_what_becomes_known_later_is_not_counted(self) -> None:
        assert judged(without(BARE, "memory"), BARE).coverage == 1000


class TestBaseline:
    def test_small_steps_do_not_add_up_to_another_machine(self) -> None:
        second = swapped(BARE, "boot_disk")
        third = swapped(second, "nic")
        assert judged(second, third).verdict is Verdict.TOLERATED
        comparison = compare(second, third, DEFAULT_POLICY, BARE)
        assert (comparison.verdict, comparison.rule) == (Verdict.CHANGED, Rule.BEYOND_BASELINE)
        assert changed_parts(comparison) == {"nic"}

    def test_a_step_within_tolerance_of_both_is_tolerated(self) -> None:
        second = swapped(BARE, "cpu")
        comparison = compare(second, swapped(second, "memory"), DEFAULT_POLICY, BARE)
        assert (comparison.verdict, comparison.rule) == (Verdict.TOLERATED, Rule.WITHIN_TOLERANCE)

    def test_returning_to_the_baseline_is_free(self) -> None:
        strict = at(Level.STRICT)
        comparison = compare(swapped(BARE, "board"), BARE, strict, BARE)
        assert (comparison.verdict, comparison.rule) == (
            Verdict.TOLERATED,
            Rule.RETURNED_TO_BASELINE,
        )

    def test_a_machine_that_matches_its_license_is_not_judged_again(self) -> None:
        second = swapped(BARE, "boot_disk", "nic")
        assert compare(second, second, DEFAULT_POLICY, BARE).verdict is Verdict.MATCH

    def test_a_mismatch_with_both_stays_what_it_is(self) -> None:
        comparison = compare(BARE, swapped(BARE, "board"), DEFAULT_POLICY, BARE)
        assert comparison.rule is Rule.ANCHOR_CHANGED


class TestSalt:
    def test_tags_of_another_salt_are_incomparable_and_never_different(self) -> None:
        enrolled = machine(MachineClass.BARE, **{SALT_MARK: ("one",)})
        now = swapped(enrolled, *enrolled.components)
        comparison = judged(enrolled, now)
        assert (comparison.verdict, comparison.rule) == (Verdict.DEGRADED, Rule.OTHER_SALT)
        assert comparison.os is OsVerdict.UNKNOWN
        assert set(comparison.statuses.values()) == {ComponentStatus.UNKNOWN}

    def test_the_mark_of_the_salt_is_no_component(self) -> None:
        marked = machine(MachineClass.BARE, **{SALT_MARK: ("one",)})
        assert SALT_MARK not in judged(marked, marked).statuses
        assert judged(BARE, marked).verdict is Verdict.MATCH


class TestOperatingSystem:
    SYSTEM = OsTags(release="debian-12", patch="12.5", instance="one")

    @pytest.mark.parametrize(
        ("now", "verdict"),
        [
            (SYSTEM, OsVerdict.SAME),
            (replace(SYSTEM, patch="12.6"), OsVerdict.PATCH),
            (replace(SYSTEM, patch=None), OsVerdict.SAME),
            (replace(SYSTEM, release="debian-13", patch="13.0"), OsVerdict.UPGRADE),
            (replace(SYSTEM, instance="two", release="debian-13"), OsVerdict.REINSTALL),
            (replace(SYSTEM, instance="two", release=None), OsVerdict.REINSTALL),
            (replace(SYSTEM, release="debian-13", instance=None), OsVerdict.UPGRADE),
            (replace(SYSTEM, instance=None), OsVerdict.UNKNOWN),
            (replace(SYSTEM, release=None, patch="12.6"), OsVerdict.UNKNOWN),
        ],
    )
    def test_the_strongest_difference_counts(self, now: OsTags, verdict: OsVerdict) -> None:
        assert compare_os(self.SYSTEM, now) is verdict

    @pytest.mark.parametrize(
        ("axis", "counted"),
        [
            (OsAxis.UPGRADE, {OsVerdict.UPGRADE, OsVerdict.REINSTALL}),
            (OsAxis.PATCH, {OsVerdict.PATCH, OsVerdict.UPGRADE, OsVerdict.REINSTALL}),
            (OsAxis.NONE, set()),
        ],
    )
    def test_the_license_says_which_difference_is_drift(
        self, axis: OsAxis, counted: set[OsVerdict]
    ) -> None:
        assert {verdict for verdict in OsVerdict if os_counts(verdict, axis)} == counted

    def test_an_upgrade_is_drift_over_untouched_hardware(self) -> None:
        now = replace(BARE, os=OsTags(release="debian-13", patch="13.0", instance="installation"))
        comparison = judged(BARE, now)
        assert comparison.verdict is Verdict.MATCH
        assert comparison.counts_as_drift(DEFAULT_POLICY)

    def test_changed_hardware_is_drift_whatever_the_os_axis(self) -> None:
        policy = replace(DEFAULT_POLICY, os_axis=OsAxis.NONE)
        assert judged(BARE, swapped(BARE, "board")).counts_as_drift(policy)
        assert not judged(BARE, swapped(BARE, "cpu")).counts_as_drift(policy)


def test_every_class_weighs_a_hundred() -> None:
    for machine_class in MachineClass:
        assert sum(class_weights(DEFAULT_POLICY, machine_class).values()) == 100
    assert set(DEFAULT_POLICY.weights) == set(ComponentId)
