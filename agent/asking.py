"""Whether the hourly look at this machine asks the signing server too (ADR 44).

Pure. The look itself is never left out: grace, permit and drift depend on it. What an administrator
spreads is only the check-in of a license of which there is nothing to say; whatever is not known to
be harmless here asks as ever, and so does every act of a person.
"""

from msgspec.structs import replace

from agent.belief import Told
from agent.facts import Facts, is_usable
from agent.state import Grace, State
from agent.status import STALE_AFTER_SECONDS, told_decision
from protocol.documents import CheckIn, Request, Truth
from protocol.values import CaseState, Standing
from protocol.verdicts import Comparison, Verdict

_HOUR = 3600
# The timer comes every hour, some minutes sooner or later. An answer that is a few minutes too
# young would wait for the next run, and what was to be once a day would wander by an hour a day.
_SLACK_SECONDS = _HOUR // 2
# Asked so long before it would be called unconfirmed, two runs may fail.
_BEFORE_STALE_SECONDS = 2 * _HOUR
_PLAIN = State(standing=Standing.ACTIVE)


def is_due(facts: Facts, told: Told | None, interval_hours: int) -> bool:
    """Whether to ask: something is open, unusual or untold, or nothing was heard for so long.

    `told` is the newest answer; one that says anything but that all is well does not count.
    """
    if interval_hours <= 1 or told is None:
        return True
    if not (_is_plain(facts) and _says_that_all_is_well(told, facts)):
        return True
    return _is_old(facts, told, interval_hours * _HOUR - _SLACK_SECONDS)


def _is_old(facts: Facts, told: Told, most_seconds: int) -> bool:
    """Whether the answer is too old, by the clock or by running time: neither alone is believed.

    An answer that lies in the future says that the clock was set back: how old it is, nobody knows.
    """
    by_the_clock = facts.now - told.at
    if by_the_clock < 0 or max(by_the_clock, facts.state.silence.used_seconds) >= most_seconds:
        return True
    confirmed = facts.state.confirmed_at
    unconfirmed = STALE_AFTER_SECONDS - _BEFORE_STALE_SECONDS
    return confirmed is None or facts.now - confirmed >= unconfirmed


def _says_that_all_is_well(told: Told, facts: Facts) -> bool:
    """Whether it is the newest word, on what still is true, and confirms the license wholly."""
    answer, state, seen = told.answer, facts.state, facts.observation
    if (answer.epoch, answer.audit_index) != (state.epoch_seen, state.last_index):
        return False
    if not is_still_true(told.request, state, seen.comparison if seen else None):
        return False
    return isinstance(answer, Truth) and answer.held and not answer.hold


def is_still_true(told: Request, state: State, comparison: Comparison | None) -> bool:
    """Whether a check-in says of this machine what one would say now."""
    seen = (comparison.statuses, comparison.os) if comparison else ({}, None)
    return (
        isinstance(told, CheckIn)
        and (told.standing, told.generation) == (state.standing, state.generation)
        and (told.statuses, told.os) == seen
    )


def _is_plain(facts: Facts) -> bool:
    """Whether the enrolled machine has its license, and nothing is open, hidden or decided lately.

    What stays behind in every state is named; a field that comes later asks until it is.
    """
    state, seen = facts.state, facts.observation
    if seen is None or not is_usable(facts):
        return False
    if seen.comparison.verdict is not Verdict.MATCH or seen.sides.hides_system():
        return False
    without_its_past = replace(
        state,
        license_id=None,
        generation=0,
        high_water={},
        sequence=0,
        epoch_seen=0,
        last_answer=None,
        last_index=0,
        confirmed_at=None,
        grace=Grace(),
        last_match_at=None,
        silence=Grace(),
        announcements=(),
        offers=(),
        holidays=(),
        decided=None,
    )
    return without_its_past == _PLAIN and not _follows_decision(state)


def _follows_decision(state: State) -> bool:
    """Whether a case ended lately, or its decision was not told yet: its fee may still change."""
    decided = state.decided
    if decided is None:
        return False
    return decided.state is CaseState.OPEN or told_decision(state) is not None
