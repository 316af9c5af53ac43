"""What two fingerprints of one license say of its machine (docs/protocol.md §4, ADR 0010).

Pure, and here instead of in the agent: the signing server answers `activate` with a license or a
case, so it must reach the agent's verdict from the same tags, and it may import `protocol` alone.

Everything is judged **by bounds**. A component that was enrolled and cannot be compared now may
stand as it was, or may have changed. A mismatch counts when it remains in the first case, an
agreement counts when it remains in the second, and what depends on the case is `degraded`. So a
source that fails never turns a tolerated machine into a changed one, and hiding a part is never
cheaper than declaring its change.

What is deliberately absent: readable values (`agent.fingerprint`), time, and how long `degraded`
may last (`agent.lifecycle`).
"""

import msgspec

from protocol.values import MOST_TAGS, ComponentStatus, Fingerprint, Level, OsTags, Policy
from protocol.verdicts import Comparison, ComponentComparison, OsVerdict, Rule, Verdict
from protocol.weights import (
    ANCHORS,
    GROUPS,
    IDENTIFYING,
    PER_MILLE,
    SALT_MARK,
    SUFFICIENT_GROUPS,
    class_weights,
    is_identifiable,
    share,
)

OTHER_MACHINE_BELOW = 400
_TOLERATED_FROM = {Level.STRICT: PER_MILLE, Level.NORMAL: 850, Level.LOOSE: 600}
_ANCHORS_MAY_CHANGE = {Level.STRICT: 0, Level.NORMAL: 0, Level.LOOSE: 1}


class _Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over the enrolled components; weights in thousandths of a unit."""

    enrolled: int
    comparable: int
    kept: int
    anchors_changed: int
    anchors_hidden: int
    identities_same: int
    groups_same: int
    class_changed: bool

    @property
    def hidden(self) -> int:
        return self.enrolled - self.comparable


def compare(
    enrolled: Fingerprint, now: Fingerprint, policy: Policy, baseline: Fingerprint | None = None
) -> Comparison:
    """Judge the machine as it is now by what the license was bound to.

    Weights are those of the **enrolled** class, and coverage is measured against what was
    enrolled: submitting only what matches proves nothing. `baseline` is the fingerprint of the
    last coordinated binding; a machine that moves away from `enrolled` is judged from there, so
    small tolerated steps do not add up to another machine and a step back is free.
    """
    components = _components(enrolled, now, policy)
    tally = _tally(components, enrolled, now)
    verdict, rule = _verdict(tally, enrolled, now, policy)
    # A machine that cannot be told from others has no distance from any baseline either.
    if baseline and tally.kept < tally.comparable and verdict is not Verdict.INSUFFICIENT:
        verdict, rule = _from_baseline(verdict, rule, compare(baseline, now, policy))
    return Comparison(
        verdict=verdict,
        rule=rule,
        score=share(tally.kept, tally.comparable),
        coverage=share(tally.comparable, tally.enrolled),
        os=OsVerdict.UNKNOWN if _salts_differ(enrolled, now) else compare_os(enrolled.os, now.os),
        components=components,
    )


def compare_os(enrolled: OsTags, now: OsTags) -> OsVerdict:
    """The strongest difference of the two systems; unknown only where none is proven."""
    instance = _differs(enrolled.instance, now.instance)
    release = _differs(enrolled.release, now.release)
    if instance:
        return OsVerdict.REINSTALL
    if release:
        return OsVerdict.UPGRADE
    if instance is None or release is None:
        return OsVerdict.UNKNOWN
    if _differs(enrolled.patch, now.patch):
        return OsVerdict.PATCH
    return OsVerdict.SAME


def _components(
    enrolled: Fingerprint, now: Fingerprint, policy: Policy
) -> tuple[ComponentComparison, ...]:
    """Every component that either side or the policy knows, the heaviest first."""
    weights = class_weights(policy, enrolled.machine_class)
    names = {*weights, *enrolled.components, *now.components} - {SALT_MARK}
    comparable = not _salts_differ(enrolled, now)
    return tuple(
        _component(
            name,
            weights.get(name, 0),
            frozenset(enrolled.components.get(name, ())),
            frozenset(now.components.get(name, ()) if comparable else ()),
        )
        for name in sorted(names, key=lambda name: (-weights.get(name, 0), name))
    )


def _component(
    name: str, weight: int, enrolled: frozenset[str], now: frozenset[str]
) -> ComponentComparison:
    scaled = weight * PER_MILLE
    was, found = _in_sight(enrolled, now), _in_sight(now, enrolled)
    return ComponentComparison(
        id=name,
        status=_status(was, found),
        weight=weight,
        enrolled=scaled if enrolled else 0,
        kept=scaled * len(was & found) // len(was) if was else 0,
    )


def _in_sight(tags: frozenset[str], beside: frozenset[str]) -> frozenset[str]:
    """Those that the other list would hold if the machine had them.

    A full list was cut behind its last tag. With one module more another tag falls behind the cut,
    and must not look removed.
    """
    if len(beside) < MOST_TAGS:
        return tags
    last = max(beside)
    return frozenset(tag for tag in tags if tag <= last)


def _status(enrolled: frozenset[str], now: frozenset[str]) -> ComponentStatus:
    if not enrolled or not now:
        return ComponentStatus.UNKNOWN
    if enrolled == now:
        return ComponentStatus.SAME
    if enrolled < now:
        return ComponentStatus.ADDED
    if now < enrolled:
        return ComponentStatus.REMOVED
    return ComponentStatus.CHANGED


def _tally(
    components: tuple[ComponentComparison, ...], enrolled: Fingerprint, now: Fingerprint
) -> _Tally:
    counted = {component.id: component for component in components if component.enrolled}
    comparable = {
        name: component
        for name, component in counted.items()
        if component.status is not ComponentStatus.UNKNOWN
    }
    intact = {
        name for name, component in comparable.items() if component.kept == component.enrolled
    }
    changed = {
        name
        for name, component in comparable.items()
        if component.status is ComponentStatus.CHANGED
    }
    return _Tally(
        enrolled=sum(component.enrolled for component in counted.values()),
        comparable=sum(component.enrolled for component in comparable.values()),
        kept=sum(component.kept for component in comparable.values()),
        anchors_changed=len(ANCHORS & changed),
        anchors_hidden=len(ANCHORS & (counted.keys() - comparable.keys())),
        identities_same=len(IDENTIFYING & intact),
        groups_same=sum(
            1 for group in GROUPS if group & intact and not (group & set(comparable)) - intact
        ),
        class_changed=enrolled.machine_class is not now.machine_class,
    )


def _verdict(
    tally: _Tally, enrolled: Fingerprint, now: Fingerprint, policy: Policy
) -> tuple[Verdict, Rule]:
    if not is_identifiable(enrolled, policy):
        return Verdict.INSUFFICIENT, Rule.NOT_IDENTIFIABLE
    if _salts_differ(enrolled, now):
        return Verdict.DEGRADED, Rule.OTHER_SALT
    return _mismatch(tally, policy.level) or _agreement(tally, policy.level)


def _mismatch(tally: _Tally, level: Level) -> tuple[Verdict, Rule] | None:
    """What is wrong even if every hidden part stands as it was."""
    most_kept = share(tally.kept + tally.hidden, tally.enrolled)
    # A board swap takes the UUID, the serial and the cards on the board with it. Disk, memory and
    # processor that stayed are two witnesses that it is still this machine.
    if most_kept < OTHER_MACHINE_BELOW and tally.groups_same < SUFFICIENT_GROUPS:
        return Verdict.DIFFERENT, Rule.OTHER_MACHINE
    if tally.anchors_changed > _ANCHORS_MAY_CHANGE[level]:
        return Verdict.CHANGED, Rule.ANCHOR_CHANGED
    if most_kept < _TOLERATED_FROM[level]:
        return Verdict.CHANGED, Rule.BEYOND_TOLERANCE
    # Physical to virtual often leaves little to compare, and nothing of it the same. Alone the
    # class proves nothing: a hypervisor installed beneath the system raises it over old hardware.
    if tally.class_changed and not tally.identities_same and tally.kept < tally.comparable:
        return Verdict.CHANGED, Rule.CLASS_CHANGED
    return None


def _agreement(tally: _Tally, level: Level) -> tuple[Verdict, Rule]:
    """What is right even if every hidden part has changed; otherwise nobody can tell."""
    least_kept = share(tally.kept, tally.enrolled)
    anchors_in_doubt = tally.anchors_changed + tally.anchors_hidden
    if least_kept < _TOLERATED_FROM[level] or anchors_in_doubt > _ANCHORS_MAY_CHANGE[level]:
        return Verdict.DEGRADED, Rule.PARTS_HIDDEN
    if tally.kept < tally.comparable:
        return Verdict.TOLERATED, Rule.WITHIN_TOLERANCE
    if tally.groups_same < SUFFICIENT_GROUPS:
        return Verdict.DEGRADED, Rule.PARTS_HIDDEN
    return Verdict.MATCH, Rule.ALL_SAME


def _from_baseline(verdict: Verdict, rule: Rule, baseline: Comparison) -> tuple[Verdict, Rule]:
    mismatches = {Verdict.CHANGED, Verdict.DIFFERENT}
    if baseline.verdict in mismatches and verdict not in mismatches:
        return baseline.verdict, Rule.BEYOND_BASELINE
    if baseline.verdict in {Verdict.MATCH, Verdict.TOLERATED} and verdict in mismatches:
        return Verdict.TOLERATED, Rule.RETURNED_TO_BASELINE
    return verdict, rule


def _salts_differ(enrolled: Fingerprint, now: Fingerprint) -> bool:
    there, here = enrolled.components.get(SALT_MARK), now.components.get(SALT_MARK)
    return there is not None and here is not None and there != here


def _differs(enrolled: str | None, now: str | None) -> bool | None:
    return None if enrolled is None or now is None else enrolled != now
