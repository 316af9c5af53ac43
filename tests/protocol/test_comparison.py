"""The event table, the levels, and what stays uncertain where parts are hidden."""

from typing import NamedTuple

import pytest
from msgspec.structs import replace

from protocol.comparison import compare
from protocol.values import (
    ComponentStatus,
    Fingerprint,
    Level,
    MachineClass,
    Weight,
)
from protocol.verdicts import OsVerdict, Rule, Verdict
from protocol.weights import (
    DEFAULT_POLICY,
    ComponentId,
    class_weights,
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


def test_every_class_weighs_a_hundred() -> None:
    for machine_class in MachineClass:
        assert sum(class_weights(DEFAULT_POLICY, machine_class).values()) == 100
    assert set(DEFAULT_POLICY.weights) == set(ComponentId)
