"""What a granted change window means for this machine as it is now (docs/protocol.md §4, §7).

Pure. The server decides by the same rules; this half keeps a covered machine running where no
server can be asked, and knows when asking is worth while.
"""

from agent.state import State
from protocol.documents import License
from protocol.values import DriftRecord
from protocol.verdicts import Comparison
from protocol.windows import covers, covers_anew, falls_in, outside_scope, runs_until

_HOUR = 3600


def outside(state: State, license: License, comparison: Comparison) -> tuple[str, ...]:
    """What differs and is not covered by the window; nothing where there is no window."""
    if state.window is None:
        return ()
    return outside_scope(state.window, comparison, license.policy)


def is_covered(state: State, license: License, comparison: Comparison) -> bool:
    """Whether what differs was declared.

    Where nothing differs any more only because it is hidden, what is hidden must be in the scope:
    an unreadable part must not buy the window's time for a change that the window does not cover.
    """
    window = state.window
    if window is None or not covers(window, comparison, license.policy):
        return False
    in_sight = comparison.counts_as_drift(license.policy)
    return in_sight or covers_anew(window, comparison, license.fingerprint, license.policy)


def may_be_bound(state: State, license: License, comparison: Comparison) -> bool:
    """Whether the server binds this machine anew without a case, as far as can be known here.

    Anything hidden outside the scope is a matter for the vendor's staff, which nobody asked for.
    """
    window, drifted, matched = state.window, state.drifted_at, state.last_match_at
    if window is None or drifted is None or matched is None:
        return False
    if not covers_anew(window, comparison, license.fingerprint, license.policy):
        return False
    return falls_in(window, DriftRecord(last_match=matched, first_difference=drifted))


def grace_limit(state: State, license: License, comparison: Comparison | None) -> int:
    """Running seconds that a drifted license may use up in all (§7); more in a window."""
    own = license.policy.grace_hours * _HOUR
    window, drifted = state.window, state.drifted_at
    if window is None or drifted is None or comparison is None:
        return own
    if not is_covered(state, license, comparison):
        return own
    return max(own, runs_until(window, drifted))
