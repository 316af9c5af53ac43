"""Every move a license can make on this machine (docs/protocol.md §4).

Pure: `advance(state, event)` returns the next state or raises `NotAllowed`; it opens nothing, sends
nothing and reads no clock. One call is one durable commit of the caller's. An open request or case
is an attribute, not a standing: asking never costs the right to run. What an answer changes is said
in `hearing`.
"""

from typing import Literal, assert_never

from msgspec.structs import replace

from agent.errors import FinishFirst, NotAllowed, NothingToWithdraw
from agent.events import (
    ActivateAsked,
    Answered,
    AskedEvent,
    CaseAsked,
    ChangedReleaseAsked,
    CheckInSent,
    DriftSeen,
    Event,
    Exported,
    HiddenSeen,
    LookEvent,
    MatchSeen,
    NoticeAsked,
    ProofRenewed,
    ReleaseAsked,
    WithdrawAsked,
)
from agent.hearing import hear, if_approved
from agent.state import Grace, OpenRequest, State
from protocol.values import Standing

HIDDEN_SECONDS = 72 * 3600
SILENT_SECONDS = 30 * 24 * 3600


def advance(state: State, event: Event) -> State:
    """Make one move.

    An answer to a request that is no longer open changes nothing: it was applied before, or the
    request was overtaken. Everything that a standing does not allow raises.

    Raises:
        NotAllowed: this standing does not allow that event.
    """
    match event:
        case Exported():
            return _export(state, event)
        case DriftSeen() | HiddenSeen() | MatchSeen():
            return _look(state, event)
        case Answered():
            return hear(state, event)
        case _:
            return _ask(state, event)


def _ask(state: State, event: AskedEvent) -> State:
    """Journal a request."""
    match event:
        case ActivateAsked():
            return _ask_license(state, event.request)
        case ReleaseAsked():
            released = _release(state, event.request)
            return replace(released, released_changed=isinstance(event, ChangedReleaseAsked))
        case ProofRenewed():
            return _renew_proof(state, event.request)
        case WithdrawAsked():
            return _withdraw(state, event.request)
        case NoticeAsked():
            return _declare(state, event.request)
        case CheckInSent():
            after_case = isinstance(event, CaseAsked)
            return _sent(state, "check", replace(event.request, after_case=after_case))
        case _:
            assert_never(event)


def may_be_taken_back(state: State) -> bool:
    """Whether an activation or a case is open that a withdrawal would end."""
    if state.standing is Standing.RELEASING:
        return False
    if state.request is None:
        return state.case is not None
    return state.request.op == "activate" and not state.holds_document


def grace_used(grace: Grace, boot_id: str | None, uptime: int) -> int:
    """Add the seconds this system has been up since the last run that counted.

    After a reboot only the new uptime can be known; a clock is never asked. Within one boot the
    uptime cannot go back: a smaller one could not be read, and a failing source adds nothing (§7).
    """
    if grace.boot_id is None:
        return grace.used_seconds
    if boot_id and boot_id == grace.boot_id:
        return grace.used_seconds + max(0, uptime - grace.uptime)
    rebooted = bool(boot_id and grace.boot_id) or uptime < grace.uptime
    return grace.used_seconds + (uptime if rebooted else uptime - grace.uptime)


def _ask_license(state: State, request: OpenRequest) -> State:
    """Journal a request for a license; a machine that runs goes on running meanwhile."""
    if state.request is not None or state.standing is Standing.RELEASING:
        raise NotAllowed(state.standing, "activate")
    renewal = request.issued_at if state.renew_key else state.renewal_asked_at
    state = _sent(state, "request", request)
    state = replace(state, renewal_asked_at=renewal, decided=if_approved(state.decided))
    if state.holds_document or state.standing is Standing.ACTIVATING:
        return state
    return replace(state, standing=Standing.ACTIVATING, fall_back=state.standing)


def _release(state: State, request: OpenRequest) -> State:
    """Give the document up. The order is the heart: this is durable before anything is sent."""
    if not state.holds_document or state.license_id is None:
        raise NotAllowed(state.standing, "release")
    return replace(
        _sent(state, "request", request),
        standing=Standing.RELEASING,
        high_water={**state.high_water, state.license_id: state.generation},
        case=None,
        decided=if_approved(state.decided),
        check=None,
    )


def _renew_proof(state: State, request: OpenRequest) -> State:
    """Prove the same tombstone under a later sequence (a restored store had lost its counter)."""
    if state.standing is not Standing.RELEASING:
        raise NotAllowed(state.standing, "release")
    return _sent(state, "request", request)


def _withdraw(state: State, request: OpenRequest) -> State:
    """Take back what was asked; whatever is answered to it from now on changes nothing.

    A machine that runs may have been given a newer generation by the answer that it has not seen:
    to take that request back would leave it with a document that the server holds no more.
    """
    asked = state.request.op if state.request else None
    if asked == "withdraw" or may_be_taken_back(state):
        return _sent(state, "request", request)
    if asked is None or state.standing is Standing.RELEASING:
        raise NothingToWithdraw(state.standing)
    raise FinishFirst(state.standing)


def _export(state: State, event: Exported) -> State:
    """Remember where an open request lies; the store keeps the bytes."""
    places = {"request": state.request, "check": state.check}
    marked = {
        place: replace(waiting, exported_to=event.path)
        for place, waiting in places.items()
        if waiting is not None and waiting.request_id == event.request_id
    }
    return replace(state, **marked)


def _declare(state: State, request: OpenRequest) -> State:
    """Journal a change notice: only of the license that runs here, and one wish at a time."""
    if not state.holds_document or state.request is not None:
        raise NotAllowed(state.standing, "notice")
    return _sent(state, "request", request)


def _sent(state: State, place: Literal["request", "check"], request: OpenRequest) -> State:
    """Remember a journaled request; a check-in takes the place of the one before it."""
    places: dict[str, OpenRequest] = {place: request}
    return replace(state, sequence=max(state.sequence, request.sequence), **places)


def _look(state: State, event: LookEvent) -> State:
    """Take what was seen; anything but a running license has nothing to drift from."""
    if not state.holds_document:
        return state
    state = replace(state, silence=_counted(state.silence, event))
    match event:
        case DriftSeen():
            return _drift(state, event)
        case HiddenSeen():
            return _hide(state, event)
        case MatchSeen():
            return replace(_match(state), last_match_at=event.at, hidden=Grace())
        case _:
            assert_never(event)


def _drift(state: State, event: DriftSeen) -> State:
    """Start or continue the grace; what was only hidden before is seen to differ now."""
    since = None if state.drifted_hidden else state.drifted_at
    return replace(
        state,
        standing=Standing.DRIFTED,
        grace=_counted(state.grace, event),
        drifted_at=since or event.at,
        hidden=Grace(),
        drifted_hidden=False,
    )


def _hide(state: State, event: HiddenSeen) -> State:
    """Judge nothing while the vendor confirms the license; what differed before differs still."""
    if state.standing is Standing.DRIFTED and not state.drifted_hidden:
        return replace(state, grace=_counted(state.grace, event))
    state = replace(state, hidden=_counted(state.hidden, event))
    if not is_hidden_too_long(state):
        return _match(state)
    return replace(
        state,
        standing=Standing.DRIFTED,
        grace=_counted(state.grace, event),
        drifted_at=state.drifted_at or event.at,
        drifted_hidden=True,
    )


def is_hidden_too_long(state: State) -> bool:
    """Whether hidden parts count as changed: nothing else says that this is the enrolled machine.

    Hiding hardware must not be cheaper than declaring its change. A placeholder may come for one
    boot and a source fail for a weekend, so nothing happens before HIDDEN_SECONDS.
    """
    is_long = state.hidden.used_seconds >= HIDDEN_SECONDS
    return is_long and state.silence.used_seconds >= SILENT_SECONDS


def _match(state: State) -> State:
    """Return to active; the grace already used stays used."""
    return replace(
        state,
        standing=Standing.ACTIVE,
        grace=Grace(used_seconds=state.grace.used_seconds),
        drifted_at=None,
        drifted_hidden=False,
    )


def _counted(time: Grace, event: LookEvent) -> Grace:
    """Add the running time since the last run that counted.

    An unreadable uptime neither counts nor becomes what the next run counts from.
    """
    if not event.uptime:
        return time
    used = grace_used(time, event.boot_id, event.uptime)
    return Grace(used_seconds=used, boot_id=event.boot_id, uptime=event.uptime)
