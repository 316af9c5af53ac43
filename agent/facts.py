"""What a view is computed from, and what follows from it alone: whether the license is usable here.

Pure values; the words about them are `status`'s.
"""

import msgspec

from agent.fingerprint import Difference, OsIdentity
from agent.lifecycle import grace_used
from agent.state import State
from agent.tolerance import Sides
from agent.windows import grace_limit, may_be_bound
from protocol.documents import License
from protocol.values import Standing, Timestamp
from protocol.verdicts import Comparison, Verdict
from protocol.views import LastLicenseView, MessageView

_HOUR = 3600


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """The machine as it is now, beside what was enrolled."""

    sides: Sides
    comparison: Comparison
    differences: tuple[Difference, ...]
    was: OsIdentity | None
    now: OsIdentity


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a view is computed from; `last_license` where none is believed now."""

    state: State
    license: License | None
    observation: Observation | None
    boot_id: str | None
    uptime: int
    now: Timestamp
    notes: tuple[MessageView, ...] = ()
    last_license: LastLicenseView | None = None


def is_usable(facts: Facts) -> bool:
    """I2's `usable`: a believed document above the mark, and grace left where it drifted."""
    left = grace_seconds_left(facts)
    held = facts.state.holds_document and facts.license is not None
    return held and (left is None or left > 0)


def grace_seconds_left(facts: Facts) -> int | None:
    """Running seconds until a drifted license stops; None where nothing drifted."""
    if facts.state.standing is not Standing.DRIFTED or facts.license is None:
        return None
    if facts.observation and facts.observation.comparison.verdict is Verdict.DIFFERENT:
        return 0  # another machine has no grace
    comparison = facts.observation.comparison if facts.observation else None
    used = grace_used(facts.state.grace, facts.boot_id, facts.uptime)
    return max(0, grace_limit(facts.state, facts.license, comparison) - used)


def grace_hours_left(facts: Facts) -> int | None:
    """Whole hours until a drifted license stops, rounded up: 0 says that it has stopped."""
    left = grace_seconds_left(facts)
    return None if left is None else -(-left // _HOUR)


def is_declared(facts: Facts) -> bool:
    """Whether what changed was declared, and took place in time."""
    seen, license = facts.observation, facts.license
    if seen is None or license is None:
        return False
    return may_be_bound(facts.state, license, seen.comparison)


def has_undeclared_change(facts: Facts) -> bool:
    """Whether the vendor decides on the next activation: a release washes no change clean (§7).

    What is only hidden has not been seen to change, by nobody.
    """
    state = facts.state
    drifted = state.standing is Standing.DRIFTED and not state.drifted_hidden
    return drifted and not is_declared(facts)
