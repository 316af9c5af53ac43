"""What a change window covers: which changes can be declared, and what each may alter (§4, §5, §7).

Pure, and shared: the agent keeps a covered machine running without a server, the signing server
binds it anew without a case, and both must say the same of the same tags.
"""

from enum import StrEnum

import msgspec

from protocol.comparison import OTHER_MACHINE_BELOW
from protocol.documents import WindowSummary
from protocol.values import ComponentStatus, DriftRecord, Fingerprint, OsAxis, Policy, Timestamp
from protocol.verdicts import Comparison, OsVerdict, Rule, Verdict, os_counts
from protocol.weights import GROUPS, SUFFICIENT_GROUPS, ComponentId, share

# A window is a planned piece of work, not a standing permission.
LONGEST_WINDOW_SECONDS = 14 * 24 * 3600
# A covered machine that no server can be asked about runs on until so long after its window (§7).
GRACE_AFTER_WINDOW_SECONDS = 72 * 3600
# A clock may be slow, and a change still have been made in its window.
_CLOCKS_DIFFER_SECONDS = 24 * 3600
OS = "os"


class Change(StrEnum):
    """What an administrator can plan and declare."""

    BOARD = "board"
    CPU = "cpu"
    BOOT_DISK = "boot-disk"
    DATA_DISK = "data-disk"
    NIC = "nic"
    MEMORY = "memory"
    BIOS = "bios"
    OS_PATCH = "os-patch"
    OS_UPGRADE = "os-upgrade"
    OS_REINSTALL = "os-reinstall"
    NEW_HOST = "new-host"
    LIVE_MIGRATION = "live-migration"


class Reach(msgspec.Struct, frozen=True):
    """What one change may alter: components, and the system's verdicts."""

    components: frozenset[str] = frozenset()
    os: frozenset[OsVerdict] = frozenset()


_FIRMWARE = frozenset({ComponentId.SYSTEM_UUID.value, ComponentId.SYSTEM_SERIAL.value})
_SYSTEM = frozenset({OsVerdict.PATCH, OsVerdict.UPGRADE})
REACH: dict[Change, Reach] = {
    # UUID, serial and the cards on the board go with it.
    Change.BOARD: Reach(_FIRMWARE | {ComponentId.BOARD, ComponentId.NIC, ComponentId.PLATFORM}),
    Change.CPU: Reach(frozenset({ComponentId.CPU})),
    Change.BOOT_DISK: Reach(frozenset({ComponentId.BOOT_DISK})),
    Change.DATA_DISK: Reach(),
    Change.NIC: Reach(frozenset({ComponentId.NIC})),
    Change.MEMORY: Reach(frozenset({ComponentId.MEMORY})),
    # New firmware may spell its own table anew.
    Change.BIOS: Reach(_FIRMWARE | {ComponentId.BOARD}),
    Change.OS_PATCH: Reach(os=frozenset({OsVerdict.PATCH})),
    Change.OS_UPGRADE: Reach(os=_SYSTEM),
    Change.OS_REINSTALL: Reach(
        frozenset({ComponentId.OS_INSTANCE}), _SYSTEM | {OsVerdict.REINSTALL}
    ),
    Change.NEW_HOST: Reach(frozenset(component.value for component in ComponentId)),
    Change.LIVE_MIGRATION: Reach(
        frozenset({ComponentId.CPU, ComponentId.PLATFORM, ComponentId.BOARD})
    ),
}
_ALTERED = frozenset({ComponentStatus.CHANGED, ComponentStatus.REMOVED})


def known_changes(scope: tuple[str, ...]) -> frozenset[Change]:
    """The changes that a scope names, without those of a newer version."""
    return frozenset(change for change in Change if change.value in scope)


def altered(comparison: Comparison, policy: Policy) -> tuple[str, ...]:
    """What differs from the enrolled machine and counts: component ids, and `os` for the system."""
    components = tuple(
        component.id
        for component in comparison.components
        if component.enrolled and component.status in _ALTERED
    )
    return (*components, OS) if os_counts(comparison.os, policy.os_axis) else components


def hidden(comparison: Comparison, enrolled: Fingerprint, policy: Policy) -> tuple[str, ...]:
    """What was enrolled, counts, and cannot be compared now: component ids, and `os`."""
    components = tuple(
        component.id
        for component in comparison.components
        if component.enrolled and component.status is ComponentStatus.UNKNOWN
    )
    known = enrolled.os.release is not None and enrolled.os.instance is not None
    counts = policy.os_axis is not OsAxis.NONE
    is_unknown = comparison.os is OsVerdict.UNKNOWN
    return (*components, OS) if counts and known and is_unknown else components


def outside_scope(window: WindowSummary, comparison: Comparison, policy: Policy) -> tuple[str, ...]:
    """What differs and is not covered by the window; nothing when all of it is.

    Parts that had changed before the notice came are not covered, whatever the scope says.
    """
    reach = _reach(window)
    covered = {*reach.components, *([OS] if comparison.os in reach.os else [])}
    covered -= {*window.not_covered}
    return tuple(name for name in altered(comparison, policy) if name not in covered)


def covers(window: WindowSummary, comparison: Comparison, policy: Policy) -> bool:
    """Whether everything that differs was declared.

    Another machine never is (§7), nor one whose salt is lost: nobody can tell what differs there.
    """
    if comparison.verdict is Verdict.DIFFERENT or comparison.rule is Rule.OTHER_SALT:
        return False
    if comparison.rule is Rule.CLASS_CHANGED and Change.NEW_HOST not in window.scope:
        return False
    return not outside_scope(window, comparison, policy)


def covers_anew(
    window: WindowSummary, comparison: Comparison, enrolled: Fingerprint, policy: Policy
) -> bool:
    """Whether the machine may be enrolled anew as it is now, without anybody's decision.

    What is hidden counts as changed, because hiding a part must not be cheaper than declaring its
    change: it must be in the scope, and the machine the same even if all of it has changed.
    """
    if not covers(window, comparison, policy) or comparison.verdict is Verdict.INSUFFICIENT:
        return False
    reach = _reach(window)
    covered = {*reach.components, *([OS] if reach.os else [])} - {*window.not_covered}
    return {*hidden(comparison, enrolled, policy)} <= covered and not _may_be_another(comparison)


def _reach(window: WindowSummary) -> Reach:
    reaches = [REACH[change] for change in known_changes(window.scope)]
    return Reach(
        frozenset[str]().union(*(reach.components for reach in reaches)),
        frozenset[OsVerdict]().union(*(reach.os for reach in reaches)),
    )


def _may_be_another(comparison: Comparison) -> bool:
    """Whether this is `different` when every hidden part has changed."""
    counted = [component for component in comparison.components if component.enrolled]
    intact = {component.id for component in counted if component.kept == component.enrolled}
    others = {component.id for component in counted} - intact
    same = sum(1 for group in GROUPS if group & intact and not group & others)
    kept = share(
        sum(component.kept for component in counted),
        sum(component.enrolled for component in counted),
    )
    return kept < OTHER_MACHINE_BELOW and same < SUFFICIENT_GROUPS


def falls_in(window: WindowSummary, drift: DriftRecord) -> bool:
    """Whether the change can have taken place in the window.

    It lies between the last reading that matched and the first that differed; overlap suffices.
    """
    return drift.last_match <= window.ends_at and drift.first_difference >= window.starts_at


def runs_until(window: WindowSummary, drifted_at: Timestamp) -> int:
    """Seconds for which a covered machine runs on from the moment its drift was first seen.

    None for a change that was seen long before its window: days after the notice, by a clock that
    had heard of it.

    A clock set back before the window gains nothing, one set forward leaves the license's own
    grace.
    """
    if window.received_at <= drifted_at < window.starts_at - _CLOCKS_DIFFER_SECONDS:
        return 0
    begun = max(drifted_at, window.starts_at)
    return max(0, window.ends_at + GRACE_AFTER_WINDOW_SECONDS - begun)
