"""The words in which a comparison answers: verdicts, the rules that gave them, and their reasons.

How they are reached is in `protocol.comparison`.
"""

from enum import StrEnum
from typing import assert_never

import msgspec

from protocol.values import ComponentStatus, OsAxis, Policy


class Verdict(StrEnum):
    """What the hardware says, from best to worst, and the two that say "cannot tell"."""

    MATCH = "match"
    TOLERATED = "tolerated"
    CHANGED = "changed"
    DIFFERENT = "different"
    INSUFFICIENT = "insufficient"
    DEGRADED = "degraded"


class Rule(StrEnum):
    """Which rule gave the verdict: the reason that an explanation starts with."""

    ALL_SAME = "all-same"
    WITHIN_TOLERANCE = "within-tolerance"
    RETURNED_TO_BASELINE = "returned-to-baseline"
    ANCHOR_CHANGED = "anchor-changed"
    BEYOND_TOLERANCE = "beyond-tolerance"
    CLASS_CHANGED = "class-changed"
    BEYOND_BASELINE = "beyond-baseline"
    OTHER_MACHINE = "other-machine"
    NOT_IDENTIFIABLE = "not-identifiable"
    PARTS_HIDDEN = "parts-hidden"
    OTHER_SALT = "other-salt"


class OsVerdict(StrEnum):
    """What the operating system says; the strongest that applies."""

    SAME = "same"
    PATCH = "patch"
    UPGRADE = "upgrade"
    REINSTALL = "reinstall"
    UNKNOWN = "unknown"


class ComponentComparison(msgspec.Struct, frozen=True):
    """One component, at enrolment against now.

    `enrolled` and `kept` are thousandths of the policy's weight units: nothing was enrolled where
    `enrolled` is 0, and a set of four cards that kept three has kept three quarters.
    """

    id: str
    status: ComponentStatus
    weight: int
    enrolled: int
    kept: int


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict with its reasons; `score` and `coverage` are per mille.

    `score` is the kept share of what is comparable (0 where nothing is), `coverage` the
    comparable share of what was enrolled.
    """

    verdict: Verdict
    rule: Rule
    score: int
    coverage: int
    os: OsVerdict
    components: tuple[ComponentComparison, ...]

    @property
    def statuses(self) -> dict[str, ComponentStatus]:
        """The statuses as a request carries them."""
        return {component.id: component.status for component in self.components}

    def counts_as_drift(self, policy: Policy) -> bool:
        """Whether this is a positive mismatch that the license counts."""
        if self.verdict in {Verdict.CHANGED, Verdict.DIFFERENT}:
            return True
        return os_counts(self.os, policy.os_axis)


def os_counts(verdict: OsVerdict, axis: OsAxis) -> bool:
    """Whether the license counts this change of the operating system as drift."""
    match axis:
        case OsAxis.UPGRADE:
            return verdict in {OsVerdict.UPGRADE, OsVerdict.REINSTALL}
        case OsAxis.PATCH:
            return verdict in {OsVerdict.PATCH, OsVerdict.UPGRADE, OsVerdict.REINSTALL}
        case OsAxis.NONE:
            return False
        case _:
            assert_never(axis)
