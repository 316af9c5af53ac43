"""How much more may change before the vendor must be asked: by the judgement, not by its limits.

Pure. Parts are exchanged for others, and `protocol.comparison` says what it would say then; so a
new rule there needs none here. The operating system is judged apart, and no part of this.
"""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from agent.fingerprint import exchanged
from protocol.comparison import compare
from protocol.values import ComponentStatus, Fingerprint, OsAxis, Policy
from protocol.verdicts import Comparison, ComponentComparison, Verdict
from protocol.weights import PER_MILLE, ComponentId

_GOOD = frozenset({Verdict.MATCH, Verdict.TOLERATED})
_MISMATCHES = frozenset({Verdict.CHANGED, Verdict.DIFFERENT})
_Parts = tuple[ComponentComparison, ...]


class Sides(msgspec.Struct, frozen=True, kw_only=True):
    """What is compared with what, and by whose rules."""

    enrolled: Fingerprint
    now: Fingerprint
    policy: Policy
    baseline: Fingerprint | None = None

    def compared(self) -> Comparison:
        """What the one says of the other."""
        return compare(self.enrolled, self.now, self.policy, self.baseline)

    def hides_system(self) -> bool:
        """Whether something of the system that counts was known at enrolment and is not now."""
        was, now = self.enrolled.os, self.now.os
        counted: list[tuple[str | None, str | None]] = []
        if self.policy.os_axis is not OsAxis.NONE:
            counted += [(was.release, now.release), (was.instance, now.instance)]
        if self.policy.os_axis is OsAxis.PATCH:
            counted.append((was.patch, now.patch))
        return any(before is not None and after is None for before, after in counted)


class Tolerance(msgspec.Struct, frozen=True, kw_only=True):
    """What has changed of the points that were agreed, and what may.

    Small steps add up: they are counted from the last coordinated binding. `differs` is rounded
    up, `spare` down. `parts` are those that may change next, each alone, with their points.
    """

    whole: int
    differs: int
    spare: int
    parts: tuple[tuple[str, int], ...]


def tolerance_of(sides: Sides, comparison: Comparison) -> Tolerance | None:
    """What may change besides; None where nobody can tell.

    `spare` of a machine that has changed too much is what it might have changed in all.
    """
    if comparison.verdict in _GOOD:
        spare, parts = _room(sides, comparison)
    elif comparison.verdict in _MISMATCHES:
        untouched = replace(sides, now=sides.baseline or sides.enrolled)
        (spare, _), parts = _room(untouched, untouched.compared()), ()
    else:
        return None
    agreed = replace(sides, enrolled=sides.baseline, baseline=None) if sides.baseline else sides
    counted = agreed.compared().components
    return Tolerance(
        whole=sum(part.enrolled for part in counted) // PER_MILLE,
        differs=-(-sum(map(_lost, counted)) // PER_MILLE),
        spare=spare // PER_MILLE,
        parts=tuple((part.id, part.kept // PER_MILLE) for part in parts),
    )


def _room(sides: Sides, comparison: Comparison) -> tuple[int, _Parts]:
    """The most that may change together, and what may change alone."""
    parts = tuple(part for part in comparison.components if _counts(part, sides.policy))
    allowed = tuple(_allowed(sides, (), parts))
    most = max((sum(part.kept for part in found) for found in allowed), default=0)
    return most, tuple(found[0] for found in allowed if len(found) == 1)


def _allowed(sides: Sides, changed: _Parts, others: _Parts) -> Iterator[_Parts]:
    """Every set of parts that may change together: where one may not, none with more may."""
    for place, part in enumerate(others, 1):
        found = (*changed, part)
        now = exchanged(sides.now, (one.id for one in found))
        if replace(sides, now=now).compared().verdict in _GOOD:
            yield found
            yield from _allowed(sides, found, others[place:])


def _lost(part: ComponentComparison) -> int:
    return 0 if part.status is ComponentStatus.UNKNOWN else part.enrolled - part.kept


def _counts(part: ComponentComparison, policy: Policy) -> bool:
    """Whether there is anything left in it to lose; a new installation is the system's matter."""
    is_system = part.id == ComponentId.OS_INSTANCE and policy.os_axis is not OsAxis.NONE
    return part.kept > 0 and part.status is not ComponentStatus.UNKNOWN and not is_system
