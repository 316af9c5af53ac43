"""What a change window covers, and what no window ever does (§4, §5, §7)."""

import pytest
from msgspec.structs import replace

from protocol.comparison import compare
from protocol.documents import WindowSummary
from protocol.values import (
    DriftRecord,
    Fingerprint,
    MachineClass,
    OsAxis,
    OsTags,
    Timestamp,
)
from protocol.verdicts import OsVerdict, Rule, Verdict
from protocol.weights import DEFAULT_POLICY, SALT_MARK, ComponentId
from protocol.windows import (
    OS,
    REACH,
    Change,
    altered,
    covers,
    covers_anew,
    falls_in,
    hidden,
    known_changes,
    outside_scope,
    runs_until,
)
from tests.protocol.fingerprints import BARE, VM, judged, swapped, without

NO_AXIS = replace(DEFAULT_POLICY, os_axis=OsAxis.NONE)
HOUR = 3600


def window(*scope: str, not_covered: tuple[str, ...] = ()) -> WindowSummary:
    return WindowSummary(
        window_id=1,
        scope=scope,
        starts_at=Timestamp(1_000_000),
        ends_at=Timestamp(1_500_000),
        received_at=Timestamp(900_000),
        not_covered=not_covered,
    )


def with_system(fingerprint: Fingerprint, **tags: str | None) -> Fingerprint:
    return replace(fingerprint, os=replace(fingerprint.os, **tags))


def is_covered(now: Fingerprint, *scope: str, not_covered: tuple[str, ...] = ()) -> bool:
    granted = window(*scope, not_covered=not_covered)
    return covers(granted, judged(BARE, now), DEFAULT_POLICY)


def is_covered_anew(
    now: Fingerprint, *scope: str, enrolled: Fingerprint = BARE, not_covered: tuple[str, ...] = ()
) -> bool:
    granted = window(*scope, not_covered=not_covered)
    return covers_anew(granted, judged(enrolled, now), enrolled, DEFAULT_POLICY)


UPGRADED = with_system(BARE, release="debian-13")
REINSTALLED = with_system(BARE, instance="another")


def test_a_declared_part_may_change() -> None:
    assert is_covered(swapped(BARE, "cpu"), "cpu")
    assert is_covered(swapped(BARE, "cpu", "boot_disk"), "cpu", "boot-disk")


def test_what_was_not_declared_is_named() -> None:
    comparison = judged(BARE, swapped(BARE, "cpu", "boot_disk"))
    assert outside_scope(window("cpu"), comparison, DEFAULT_POLICY) == ("boot_disk",)
    assert not covers(window("cpu"), comparison, DEFAULT_POLICY)


def test_a_part_that_only_grew_needs_no_window() -> None:
    more = replace(BARE, components=BARE.components | {"nic": ("nic-1", "nic-2", "nic-3")})
    assert altered(judged(BARE, more), DEFAULT_POLICY) == ()
    assert is_covered(more, "data-disk")


def test_a_part_that_nobody_enrolled_needs_no_window() -> None:
    assert altered(judged(without(BARE, "cpu"), BARE), DEFAULT_POLICY) == ()


def test_half_of_a_set_that_went_is_a_change() -> None:
    fewer = replace(BARE, components=BARE.components | {"memory": ("dimm-1",)})
    assert altered(judged(BARE, fewer), DEFAULT_POLICY) == ("memory",)
    assert is_covered(fewer, "memory")
    assert not is_covered(fewer, "cpu")


def test_a_board_takes_its_identities_with_it() -> None:
    swap = swapped(BARE, "system_uuid", "system_serial", "board", "nic")
    assert is_covered(swap, "board")
    assert not is_covered(swap, "bios")


def test_what_had_changed_before_the_notice_is_not_covered() -> None:
    swap = swapped(BARE, "boot_disk")
    assert is_covered(swap, "boot-disk")
    assert not is_covered(swap, "boot-disk", not_covered=("boot_disk",))
    assert not is_covered(UPGRADED, "os-upgrade", not_covered=(OS,))


@pytest.mark.parametrize(
    ("now", "enough", "too_little"),
    [
        (UPGRADED, {"os-upgrade", "os-reinstall"}, {"os-patch", "cpu"}),
        (REINSTALLED, {"os-reinstall"}, {"os-patch", "os-upgrade", "board"}),
    ],
)
def test_a_system_may_change_as_far_as_declared(
    now: Fingerprint, enough: set[str], too_little: set[str]
) -> None:
    assert all(is_covered(now, scope) for scope in enough)
    assert not any(is_covered(now, scope) for scope in too_little)


def test_a_system_that_the_license_does_not_count_needs_no_window() -> None:
    comparison = compare(BARE, UPGRADED, NO_AXIS)
    assert altered(comparison, NO_AXIS) == ()
    assert covers(window("cpu"), comparison, NO_AXIS)
    assert hidden(judged(BARE, with_system(BARE, release=None)), BARE, NO_AXIS) == ()


def test_another_machine_is_never_covered() -> None:
    other = swapped(BARE, *BARE.components)
    assert judged(BARE, other).verdict is Verdict.DIFFERENT
    assert not is_covered(other, *Change)


def test_a_lost_salt_is_never_covered() -> None:
    salted = replace(BARE, components=BARE.components | {SALT_MARK: ("salt",)})
    fresh = replace(salted, components=salted.components | {SALT_MARK: ("another",)})
    comparison = judged(salted, fresh)
    assert comparison.rule is Rule.OTHER_SALT
    assert not covers(window(*Change), comparison, DEFAULT_POLICY)


def test_another_class_of_machine_is_another_host() -> None:
    guest = replace(swapped(BARE, "nic"), machine_class=MachineClass.VM)
    guest = without(guest, "system_uuid", "board", "system_serial", "boot_disk", "memory")
    comparison = judged(BARE, guest)
    assert comparison.rule is Rule.CLASS_CHANGED
    scope = set(Change) - {Change.NEW_HOST}
    assert not covers(window(*scope), comparison, DEFAULT_POLICY)
    assert covers(window(Change.NEW_HOST), comparison, DEFAULT_POLICY)


def test_a_change_of_a_newer_version_covers_nothing() -> None:
    assert known_changes(("cpu", "warp-core")) == {Change.CPU}
    assert not is_covered(swapped(BARE, "cpu"), "warp-core")


def test_every_change_says_what_it_reaches() -> None:
    assert REACH.keys() == {*Change}
    known = {component.value for component in ComponentId}
    assert all(reach.components <= known for reach in REACH.values())
    assert REACH[Change.NEW_HOST].components == known


def test_a_hidden_part_counts_as_changed_before_it_is_enrolled_anew() -> None:
    swap = without(swapped(BARE, "cpu"), "boot_disk")
    assert is_covered(swap, "cpu")
    assert not is_covered_anew(swap, "cpu")
    assert is_covered_anew(swap, "cpu", "boot-disk")
    assert not is_covered_anew(swap, "cpu", "boot-disk", not_covered=("boot_disk",))


def test_what_is_not_covered_is_not_enrolled_anew_either() -> None:
    assert is_covered_anew(swapped(BARE, "cpu"), "cpu")
    assert not is_covered_anew(swapped(BARE, "cpu"), "memory")


def test_a_hidden_system_counts_as_changed_too() -> None:
    mute = with_system(swapped(BARE, "cpu"), release=None)
    assert judged(BARE, mute).os is OsVerdict.UNKNOWN
    assert hidden(judged(BARE, mute), BARE, DEFAULT_POLICY) == (OS,)
    assert not is_covered_anew(mute, "cpu")
    assert is_covered_anew(mute, "cpu", "os-upgrade")
    assert not is_covered_anew(mute, "cpu", "os-upgrade", not_covered=(OS,))


@pytest.mark.parametrize("never", ["release", "instance"])
def test_a_system_that_was_never_known_hides_nothing(never: str) -> None:
    enrolled = with_system(BARE, **{never: None})
    now = with_system(swapped(BARE, "cpu"), release=None, instance=None)
    assert is_covered_anew(now, "cpu", enrolled=enrolled)


def test_hiding_everything_is_not_cheaper_than_another_machine() -> None:
    kept = ("cpu", "memory")
    bare = without(BARE, *(name for name in BARE.components if name not in kept))
    assert judged(BARE, bare).verdict is Verdict.DEGRADED
    assert is_covered(bare, "new-host")
    assert not is_covered_anew(bare, "new-host")
    # Two witnesses that it is still this machine, however little they weigh.
    witnessed = without(BARE, "system_uuid", "system_serial", "board", "nic")
    assert is_covered_anew(witnessed, "new-host")


def test_a_machine_that_could_never_be_told_apart_is_not_enrolled_anew_by_a_window() -> None:
    poor = without(BARE, "system_uuid", "board", "system_serial")
    assert judged(poor, swapped(poor, "cpu")).verdict is Verdict.INSUFFICIENT
    assert not is_covered_anew(swapped(poor, "cpu"), *Change, enrolled=poor)


def test_a_virtual_machine_moves_to_another_host() -> None:
    moved = swapped(VM, "platform")
    assert is_covered_anew(moved, "live-migration", enrolled=VM)
    assert not is_covered_anew(moved, "os-patch", enrolled=VM)


def test_nothing_enrolled_is_nothing_kept() -> None:
    empty = Fingerprint(machine_class=MachineClass.BARE, components={}, os=OsTags())
    assert not is_covered_anew(BARE, *Change, enrolled=empty)


def between(last_match: int, first_difference: int) -> DriftRecord:
    return DriftRecord(
        last_match=Timestamp(last_match), first_difference=Timestamp(first_difference)
    )


@pytest.mark.parametrize(
    "period",
    [
        between(1_000_000, 1_500_000),
        between(900_000, 1_000_000),
        between(1_500_000, 1_600_000),
        between(1, 9_000_000),
    ],
)
def test_a_change_that_can_have_happened_in_the_window_falls_in_it(period: DriftRecord) -> None:
    assert falls_in(window("cpu"), period)


@pytest.mark.parametrize("period", [between(900_000, 999_999), between(1_500_001, 1_600_000)])
def test_a_change_before_or_after_the_window_does_not(period: DriftRecord) -> None:
    assert not falls_in(window("cpu"), period)


@pytest.mark.parametrize(
    ("drifted_at", "seconds"),
    [
        (1_000_000, 500_000 + 72 * HOUR),
        (1_400_000, 100_000 + 72 * HOUR),
        (0, 500_000 + 72 * HOUR),
        (1_500_000 + 72 * HOUR, 0),
        (9_000_000, 0),
    ],
)
def test_a_covered_machine_runs_on_until_three_days_after_its_window(
    drifted_at: int, seconds: int
) -> None:
    assert runs_until(window("cpu"), Timestamp(drifted_at)) == seconds


@pytest.mark.parametrize(
    ("received_at", "drifted_at", "covered"),
    [
        (0, 100_000, False),
        (0, 1_000_000 - 24 * HOUR - 1, False),
        (0, 1_000_000 - 24 * HOUR, True),
        (200_000, 100_000, True),
    ],
)
def test_a_change_seen_days_before_its_window_gets_no_time_from_it(
    received_at: int, drifted_at: int, *, covered: bool
) -> None:
    """Unless the clock had not even heard of the notice: then it says nothing."""
    granted = replace(window("cpu"), received_at=Timestamp(received_at))
    assert (runs_until(granted, Timestamp(drifted_at)) > 0) is covered
