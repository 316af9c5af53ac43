"""What each verified answer changes of the license on this machine (docs/protocol.md §4).

The half of the lifecycle that listens. Pure, like `lifecycle`, which asks it; every answer closes
its own request, and only the newest one teaches anything else.
"""

from typing import assert_never

from msgspec.structs import replace

from agent.events import (
    Answered,
    AnswerEvent,
    CaseArrived,
    LicenseArrived,
    ReceiptArrived,
    RefusalArrived,
    TruthArrived,
    WindowArrived,
)
from agent.state import Grace, State
from protocol.documents import CaseSummary, WindowSummary
from protocol.values import CaseKind, CaseState, Standing, Timestamp
from protocol.windows import GRACE_AFTER_WINDOW_SECONDS


def hear(state: State, answer: AnswerEvent) -> State:
    """Take an answer, if it is the one that is waited for."""
    match answer:
        case LicenseArrived():
            return _install(state, answer)
        case CaseArrived():
            return _open_case(state, answer)
        case RefusalArrived():
            return _refuse(state, answer)
        case ReceiptArrived():
            return _receive(state, answer)
        case WindowArrived():
            return _grant(state, answer)
        case TruthArrived():
            return _believe(state, answer)
        case _:
            assert_never(answer)


def _awaits(state: State, answer: Answered, op: str) -> bool:
    """Whether this answer is the one to the open request of that kind."""
    request = state.request
    return request is not None and request.op == op and request.request_id == answer.request_id


def _is_newest(state: State, answer: Answered) -> bool:
    """Whether nothing later was heard: within an epoch the server's audit index orders answers."""
    return (answer.epoch, answer.audit_index) >= (state.epoch_seen, state.last_index)


def _heard(state: State, answer: Answered) -> State:
    """Remember what every answer teaches; epoch, newest answer and confirmation never go back."""
    if not _is_newest(state, answer):
        return state
    return replace(
        state,
        epoch_seen=answer.epoch,
        last_answer=answer.digest,
        last_index=answer.audit_index,
        confirmed_at=Timestamp(max(state.confirmed_at or 0, answer.server_time)),
    )


def _close(state: State) -> State:
    """Forget the open request, which changed nothing: a case that was open before stays open."""
    if state.case is not None:
        return replace(state, request=None)
    return _give_up(state)


def _give_up(state: State) -> State:
    """Forget the open request and the case, and stand where we stood before asking."""
    back = state.fall_back if state.standing is Standing.ACTIVATING else None
    return replace(state, request=None, case=None, standing=back or state.standing, fall_back=None)


def _install(state: State, event: LicenseArrived) -> State:
    """One commit: the new document, and the old generation under the mark for ever."""
    if not _awaits(state, event, "activate"):
        return state
    mark = state.high_water.get(event.license_id, 0)
    if state.holds_document and state.license_id == event.license_id:
        mark = state.generation
    foreign = state.holds_document and state.license_id != event.license_id
    if foreign or event.generation <= mark or event.epoch < state.epoch_seen:
        # A genuine answer of the past (a restored server, a restored store). It can never become
        # usable, so the request is over; the next one shows the server what this device has seen.
        return _close(_heard(state, event))
    return replace(
        _heard(state, event),
        standing=Standing.ACTIVE,
        license_id=event.license_id,
        generation=event.generation,
        high_water={**state.high_water, event.license_id: mark},
        request=None,
        check=None,
        unheard=None,
        case=None,
        decided=state.case or state.decided,
        fall_back=None,
        grace=Grace(),
        last_match_at=event.matched_at,
        drifted_at=None,
        window=state.window if state.license_id == event.license_id else None,
        renew_key=False,
        renewal_asked_at=None,
        # Bound anew where it runs it may still be suspended; taken again, it was not.
        suspended=state.suspended and state.holds_document,
        released_changed=False,
        hidden=Grace(),
        silence=Grace(),
        drifted_hidden=False,
    )


def _open_case(state: State, event: CaseArrived) -> State:
    """Stay where we are and show the case; a running license keeps running.

    A proof stays open beside its case, so its answer comes again with every resend; it must not
    undo what a later check-in told of the case.
    """
    request = state.request
    if request is None or request.request_id != event.request_id:
        return state
    if request.op != "release":
        return replace(_heard(state, event), request=None, case=event.case)
    case = event.case if _is_newest(state, event) else state.case
    return replace(_heard(state, event), case=case)


def _refuse(state: State, event: RefusalArrived) -> State:
    """End the request it speaks of. A proof stays: the tombstone is true whatever is answered."""
    of_check = state.check is not None and state.check.request_id == event.request_id
    of_request = state.request is not None and state.request.request_id == event.request_id
    if not (of_check or of_request):
        return state
    activation = _awaits(state, event, "activate")
    withdrawal = _awaits(state, event, "withdraw")
    notice = _awaits(state, event, "notice")
    state = replace(
        _heard(state, event),
        sequence=max(state.sequence, event.last_sequence or 0),
        renew_key=state.renew_key or event.renew_key,
    )
    if of_check:
        return replace(state, check=None)
    if notice:
        return replace(state, request=None)
    if withdrawal:
        # What the server refuses to take back, it will tell again when this device asks anew.
        return state if event.again else _give_up(state)
    if not activation:
        return state
    unheard = event.request_id if event.off_record else state.unheard
    state = replace(state, renewal_asked_at=None, unheard=unheard)
    return _give_up(state) if event.ends_case else _close(state)


def _receive(state: State, event: ReceiptArrived) -> State:
    """Take the receipt: only now is the license free at the server."""
    if state.standing is not Standing.RELEASING or not _awaits(state, event, "release"):
        return state
    if state.license_id != event.license_id:
        return state
    return replace(
        _heard(state, event),
        standing=Standing.RELEASED,
        high_water={**state.high_water, event.license_id: max(state.mark, event.generation)},
        request=None,
        unheard=None,
        case=None,
        decided=if_approved(state.case) or state.decided,
        grace=Grace(),
        drifted_at=None,
    )


def _grant(state: State, event: WindowArrived) -> State:
    """Keep the window that was granted, when it is one for the license that runs here."""
    if not _awaits(state, event, "notice"):
        return state
    window = event.window if state.license_id == event.license_id else state.window
    return replace(_heard(state, event), request=None, window=window)


def _told(state: State, event: TruthArrived) -> State:
    """Keep what the vendor tells all administrators; nothing is decided by it."""
    return replace(
        _heard(state, event),
        announcements=event.announcements,
        offers=event.offers,
        holidays=event.holidays,
    )


def _believe(state: State, event: TruthArrived) -> State:
    """Believe the answer to the outstanding check-in or withdrawal, and no older one."""
    if _awaits(state, event, "withdraw"):
        return _withdrawn(state, event)
    if state.check is None or state.check.request_id != event.request_id:
        return state
    if not _is_newest(state, event):
        # A server that fell behind what this device has seen takes nothing away.
        return replace(state, check=None)
    if state.check.after_case:
        # The next key holds nothing yet: this word is about its case, and not about the license.
        return _follow_case(replace(_heard(state, event), check=None), event.cases)
    window = event.window or _overdue(state, event)
    state = replace(_told(state, event), check=None, window=window, renew_key=event.renew_key)
    if state.holds_document:
        state = replace(state, suspended=event.suspended, silence=Grace())
    state = _follow_case(_follow_decided(state, event.cases), event.cases)
    disowned = state.holds_document and not event.held and not event.hold
    asked = state.request.op if state.request else None
    if not disowned or asked == "activate" or state.license_id is None:
        # With a request of its own still open, that request may be what got the newer generation.
        return state
    return replace(
        state,
        standing=Standing.SUPERSEDED,
        high_water={**state.high_water, state.license_id: state.generation},
        request=None if asked == "notice" else state.request,
        case=None,
        window=None,
        renew_key=False,
        suspended=False,
    )


def _overdue(state: State, event: TruthArrived) -> WindowSummary | None:
    """Keep a window that is only too old to be told of, while what changed in it is not bound.

    The server still binds a change that took place in it; one that it closed earlier it has told.
    """
    window = state.window
    if window is None or state.drifted_at is None:
        return None
    return window if event.server_time > window.ends_at + GRACE_AFTER_WINDOW_SECONDS else None


def _withdrawn(state: State, event: TruthArrived) -> State:
    """Stand where we stood before asking.

    Where no document is held, the generation that the server has come to may be one it gave to the
    request taken back: put under the mark, its license can never run here, however late it comes.
    """
    state = _heard(state, event)
    if not state.holds_document and event.license_id is not None:
        mark = max(state.high_water.get(event.license_id, 0), event.generation)
        state = replace(state, high_water={**state.high_water, event.license_id: mark})
    return _give_up(replace(state, unheard=None))


def _follow_case(state: State, cases: tuple[CaseSummary, ...]) -> State:
    """Take the newest word on our case; a declined or cancelled one ends a waiting activation.

    The case of a fork is opened by the server, unasked, so the device hears of it here (§5); not of
    one that is over, which the server goes on telling of.
    """
    if state.case is None and state.holds_document:
        undecided = (CaseState.OPEN, CaseState.APPROVED)
        # By their time: a server that lost its books gives their numbers again.
        over = (state.decided.opened_at, state.decided.case_id) if state.decided else (0, 0)
        forks = (c for c in cases if c.kind is CaseKind.FORK and c.state in undecided)
        return replace(
            state, case=next((c for c in forks if (c.opened_at, c.case_id) > over), None)
        )
    ours = next((c for c in cases if state.case and c.case_id == state.case.case_id), None)
    if ours is None:
        # Told after it was opened, the server has lost it with its books: nobody will decide it.
        # The next key's case is told to that key alone.
        is_lost = state.holds_document and not state.waits_as_successor
        return _without_case(state) if is_lost else state
    if ours.state in (CaseState.DECLINED, CaseState.CANCELLED):
        return replace(_without_case(state), decided=ours)
    return replace(state, case=ours)


def _without_case(state: State) -> State:
    """Wait no more, but for the answer to what is asked since."""
    return _give_up(state) if state.request is None else replace(state, case=None)


def _follow_decided(state: State, cases: tuple[CaseSummary, ...]) -> State:
    """Take the newest word on the case that ended last: its fee may have been waived since.

    A license that came while its case was open was given by an approval, or came without one.
    """
    decided = state.decided
    if decided is None:
        return state
    named = (c for c in cases if c.case_id == decided.case_id)
    told = next((c for c in named if c.opened_at == decided.opened_at), None)
    if told is None:
        return state
    came_without = decided.state is CaseState.OPEN and told.state is not CaseState.APPROVED
    return replace(state, decided=None if came_without else told)


def if_approved(case: CaseSummary | None) -> CaseSummary | None:
    """Keep what is told of an approval; what was decided against is over with the next wish."""
    return case if case is not None and case.state is CaseState.APPROVED else None
