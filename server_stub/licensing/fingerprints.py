"""What the server makes of fingerprint tags: may this device be bound anew as it is now?

Judging is `protocol.comparison`'s; here are the questions that only the server asks.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from protocol.comparison import compare
from protocol.documents import CheckIn, Release
from protocol.values import CaseKind, ComponentStatus, Fingerprint, Policy
from protocol.verdicts import Comparison, OsVerdict, Verdict, os_counts
from protocol.weights import SALT_MARK, enrolment_coverage
from protocol.windows import OS
from server_stub.licensing.models import Binding

_fingerprints = msgspec.json.Decoder(Fingerprint)
_policies = msgspec.json.Decoder(Policy)
THE_SAME_MACHINE = frozenset({Verdict.MATCH, Verdict.TOLERATED})

_FOREIGN_TAG = "-" * 22
_AS_ENROLLED = frozenset({ComponentStatus.SAME, ComponentStatus.ADDED})
_UNTOLD = frozenset({None, OsVerdict.UNKNOWN})
_DIFFERENT = frozenset({ComponentStatus.CHANGED, ComponentStatus.REMOVED})


class Enrolment(NamedTuple):
    """What a binding holds: the machine as bound, and as last bound in agreement."""

    fingerprint: Fingerprint
    baseline: Fingerprint


def enrolment_of(binding: Binding) -> Enrolment:
    """The machine as this binding knows it."""
    return Enrolment(read_fingerprint(binding.fingerprint), read_fingerprint(binding.baseline))


def read_fingerprint(raw: bytes | memoryview) -> Fingerprint:
    """Read back what was stored."""
    return _fingerprints.decode(raw)


def read_policy(raw: bytes | memoryview) -> Policy:
    """Read back what was stored."""
    return _policies.decode(raw)


def compare_with(enrolment: Enrolment, now: Fingerprint, policy: Policy) -> Comparison:
    """The agent's own judgement, from the same tags."""
    return compare(enrolment.fingerprint, now, policy, enrolment.baseline)


def objection(
    enrolment: Enrolment, now: Fingerprint, policy: Policy, comparison: Comparison
) -> CaseKind | None:
    """Why staff must decide before this device is bound as it is now; None when it may be."""
    if now == enrolment.fingerprint:
        return None
    if comparison.counts_as_drift(policy):
        return CaseKind.CHANGED
    lowered = enrolment_coverage(now, policy) < enrolment_coverage(enrolment.fingerprint, policy)
    if lowered or comparison.verdict in {Verdict.DEGRADED, Verdict.INSUFFICIENT}:
        return CaseKind.COVERAGE_LOWERED
    return None


def as_released(binding: Binding, release: Release, policy: Policy) -> Comparison:
    """The bound machine against what was enrolled, as its release tells of it.

    Hiding a part washes nothing clean: what was last seen to differ counts as it was seen.
    """
    seen = remembered(binding, release)
    hides_system = seen[OS] is ComponentStatus.CHANGED and release.os in _UNTOLD
    # Of what kind its change was is not remembered: the mildest that counts.
    system = OsVerdict.UPGRADE if hides_system else release.os
    return as_told(enrolment_of(binding), seen, system, policy)


def remembered(binding: Binding, told: CheckIn | Release) -> dict[str, ComponentStatus]:
    """What is told of a machine now, the system too; what is hidden and differed still does."""
    now = {**told.statuses, OS: _as_status(told.os, read_policy(binding.license.policy))}
    last = {name: ComponentStatus(status) for name, status in binding.last_statuses.items()}
    differed = {name: status for name, status in last.items() if status in _DIFFERENT}
    seen = {name: s for name, s in now.items() if s is not ComponentStatus.UNKNOWN}
    return {**now, **differed, **seen}


def _as_status(system: OsVerdict | None, policy: Policy) -> ComponentStatus:
    if system is None or system is OsVerdict.UNKNOWN:
        return ComponentStatus.UNKNOWN
    counts = os_counts(system, policy.os_axis)
    return ComponentStatus.CHANGED if counts else ComponentStatus.SAME


def as_told(
    enrolment: Enrolment,
    statuses: Mapping[str, ComponentStatus],
    system: OsVerdict | None,
    policy: Policy,
) -> Comparison:
    """The bound machine against what was enrolled, by statuses alone.

    Each set is given the benefit of the doubt: one member of it changed, the rest stayed.
    """
    reported = {
        name: _as_reported(tags, statuses.get(name, ComponentStatus.UNKNOWN))
        for name, tags in enrolment.fingerprint.components.items()
    }
    now = msgspec.structs.replace(
        enrolment.fingerprint,
        components={name: tags for name, tags in reported.items() if tags},
    )
    comparison = compare_with(enrolment, now, policy)
    return msgspec.structs.replace(comparison, os=system or OsVerdict.UNKNOWN)


def is_as_enrolled(binding: Binding, check_in: CheckIn) -> bool | None:
    """Whether a check-in found the machine as this binding knows it; None when it cannot tell."""
    enrolled = enrolment_of(binding).fingerprint.components.keys() - {SALT_MARK}
    policy = read_policy(binding.license.policy)
    seen = [check_in.statuses.get(name, ComponentStatus.UNKNOWN) for name in enrolled]
    system_changed = check_in.os is not None and os_counts(check_in.os, policy.os_axis)
    if system_changed or any(status in _DIFFERENT for status in seen):
        return False
    return True if all(status in _AS_ENROLLED for status in seen) else None


def _as_reported(tags: tuple[str, ...], status: ComponentStatus) -> tuple[str, ...]:
    match status:
        case ComponentStatus.SAME | ComponentStatus.ADDED:
            return tags
        case ComponentStatus.REMOVED:
            return tags[:-1] or (_FOREIGN_TAG,)
        case ComponentStatus.CHANGED:
            return (*tags[:-1], _FOREIGN_TAG)
        case ComponentStatus.UNKNOWN:
            return ()
