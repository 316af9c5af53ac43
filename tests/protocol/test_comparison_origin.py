"""What a machine is compared with: its enrolment, its baseline, and the salt of both."""

from msgspec.structs import replace

from protocol.comparison import compare
from protocol.values import (
    ComponentStatus,
    Level,
    MachineClass,
)
from protocol.verdicts import OsVerdict, Rule, Verdict
from protocol.weights import (
    DEFAULT_POLICY,
    SALT_MARK,
    enrolment_coverage,
    is_identifiable,
)
from tests.protocol.fingerprints import (
    BARE,
    VM,
    at,
    changed_parts,
    judged,
    machine,
    swapped,
    without,
)


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
