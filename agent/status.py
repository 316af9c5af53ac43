"""Where the user stands: one view, computed from facts, for every place that shows it.

Pure. The first message is the standing's own sentence; the others are what is worth saying beside
it. Which words they get is `agent.texts`' business; a widget or a command takes no decision of its
own, it asks `actions`.
"""

from agent.facts import (
    Facts,
    Observation,
    grace_hours_left,
    has_undeclared_change,
    is_declared,
    is_usable,
)
from agent.lifecycle import HIDDEN_SECONDS, SILENT_SECONDS, may_be_taken_back
from agent.showing import (
    announcement_views,
    case_view,
    drift_view,
    license_view,
    os_view,
    request_view,
)
from agent.state import Grace, State
from agent.windows import is_covered, outside
from protocol.documents import CaseSummary
from protocol.values import CaseState, Standing, Timestamp
from protocol.verdicts import OsVerdict, Verdict
from protocol.views import (
    MessageView,
    OfferView,
    StatusView,
    WindowView,
)
from protocol.windows import GRACE_AFTER_WINDOW_SECONDS

_HOUR = 3600
_DAY = 24 * _HOUR
STALE_AFTER_SECONDS = 7 * _DAY
DECISION_TOLD_SECONDS = 30 * _DAY

_ACTIONS = {
    Standing.UNLICENSED: ("activate",),
    Standing.ACTIVATING: ("check", "activate"),
    Standing.ACTIVE: ("check", "notice", "release"),
    Standing.DRIFTED: ("reactivate", "release", "check"),
    Standing.RELEASING: ("check",),
    Standing.RELEASED: ("reactivate", "activate"),
    Standing.SUPERSEDED: ("reactivate", "activate"),
    Standing.DAMAGED: ("activate",),
}


def view_of(facts: Facts) -> StatusView:
    """Compute the view."""
    state = facts.state
    hours = grace_hours_left(facts)
    seen = facts.observation
    usable = is_usable(facts)
    confirmed = state.confirmed_at
    stale = usable and confirmed is not None and facts.now - confirmed > STALE_AFTER_SECONDS
    return StatusView(
        standing=state.standing,
        usable=usable,
        license=license_view(facts.license),
        generation=state.generation,
        request=request_view(state),
        drift=drift_view(seen) if seen else None,
        os=os_view(seen) if seen else None,
        grace_hours_left=hours,
        window=_window(facts),
        case=case_view(state.case or told_decision(state)),
        confirmed_at=confirmed,
        stale=stale,
        actions=_actions(facts),
        messages=(_headline(facts, hours), *_remarks(facts, stale=stale), *facts.notes),
        announcements=announcement_views(state.announcements),
        offers=tuple(OfferView(name=each.name, url=each.url) for each in state.offers),
        holidays=state.holidays,
        last_license=facts.last_license,
    )


def release_warnings(facts: Facts) -> tuple[MessageView, ...]:
    """What must be known before a license is given back."""
    if not facts.state.holds_document:
        return ()
    changed = [message("release-of-changed")] if has_undeclared_change(facts) else []
    return (*changed, *_of_suspension(facts.state))


def message(code: str, **parameters: object) -> MessageView:
    """Make a message; its sentence is chosen where it is shown."""
    return MessageView(code=code, parameters={k: str(v) for k, v in parameters.items()})


def _actions(facts: Facts) -> tuple[str, ...]:
    """What may be done now; a machine that knows its license by a recovery file takes it again.

    Where a change was declared already, declaring another one is not what comes next; and nothing
    is declared or given back by a document that is believed no more.
    """
    state = facts.state
    actions = _ACTIONS[state.standing]
    if _is_revoked(facts):
        actions = tuple(action for action in ("check", "reactivate") if action in actions)
    elif state.standing is Standing.DRIFTED and _ends_by_a_check(facts):
        actions = ("check", *(action for action in actions if action != "check"))
    if state.window is not None and facts.now <= state.window.ends_at:
        actions = tuple(action for action in actions if action != "notice")
    actions = ("reactivate", *actions) if _is_known(state) else actions
    return (*actions, "withdraw") if may_be_taken_back(state) else actions


def _is_known(state: State) -> bool:
    """Whether a machine that begins knows its license all the same, by a recovery file."""
    begins = state.standing in (Standing.UNLICENSED, Standing.DAMAGED)
    return begins and state.license_id is not None


def _ends_by_a_check(facts: Facts) -> bool:
    """Whether a check is the next step of a changed machine, before it asks for anything."""
    state = facts.state
    return state.drifted_hidden or is_declared(facts) or is_waiting(state.case)


def _is_revoked(facts: Facts) -> bool:
    """Whether the key of the document that is held is believed no more (docs/protocol.md §2)."""
    return facts.state.holds_document and facts.license is None


def _headline(facts: Facts, hours: int | None) -> MessageView:
    standing = facts.state.standing
    if _is_revoked(facts):
        is_drifted = standing is Standing.DRIFTED
        return message("standing-revoked-drifted" if is_drifted else "standing-revoked")
    if standing is Standing.DRIFTED and hours is not None:
        kind = "standing-drifted-hidden" if facts.state.drifted_hidden else "standing-drifted"
        if hours and is_declared(facts):
            return message("standing-drifted-covered", hours=hours)
        return message(kind, hours=hours) if hours else message(f"{kind}-stopped")
    if standing is Standing.RELEASED and facts.state.released_changed:
        return message("standing-released-changed")
    return message(f"standing-{standing.value}")


def _remarks(facts: Facts, *, stale: bool) -> tuple[MessageView, ...]:
    """What is worth saying beside the headline, the most pressing first."""
    state = facts.state
    remarks = [*_of_suspension(state), *_of_case(state)]
    if _is_known(state):
        remarks.append(message("license-known"))
    if state.standing is Standing.RELEASING and state.released_changed:
        remarks.append(message("released-changed"))
    waiting = state.request or state.check
    if state.request is not None and state.standing is not Standing.RELEASING:
        # What the proof waits for, the headline says.
        remarks.append(message(f"waiting-{state.request.op}"))
    elif state.request is None and waiting is not None and waiting.exported_to is not None:
        remarks.append(message("waiting-check-in"))
    if waiting is not None and (path := waiting.exported_to) is not None:
        given_out = message("request-exported", path=path) if path else message("request-shown")
        remarks.append(given_out)
    remarks += _of_window(facts)
    if stale:
        remarks.append(message("not-confirmed", since=state.confirmed_at))
    if facts.observation is not None and state.holds_document:
        remarks.extend(_seen(facts.observation))
        remarks.extend(_of_hidden(state))
    return tuple(remarks)


def _of_hidden(state: State) -> list[MessageView]:
    """What follows from parts that cannot be read, and when; all of it is running time."""
    if state.standing is not Standing.ACTIVE or state.hidden == Grace():
        return []
    if (left := HIDDEN_SECONDS - state.hidden.used_seconds) > 0:
        return [message("hidden-lately", hours=-(-left // _HOUR))]
    silent = SILENT_SECONDS - state.silence.used_seconds
    return [message("hidden-long", days=-(-silent // _DAY))]


def _of_suspension(state: State) -> list[MessageView]:
    """That nobody is bound anew: before a release it must be known, and after it too."""
    given_back = state.standing in (Standing.RELEASING, Standing.RELEASED)
    if not state.suspended or not (given_back or state.holds_document):
        return []
    return [message("released-suspended" if given_back else "license-suspended")]


def _of_case(state: State) -> list[MessageView]:
    """What is waited for, or was decided last; of a proof it is the receipt that is waited for."""
    about = state.case or told_decision(state)
    if about is not None and state.standing is Standing.RELEASING and not is_waiting(about):
        return [message(f"proof-{about.state.value}", number=about.case_id)]
    if state.case is not None:
        return [message(f"case-{state.case.state.value}", number=state.case.case_id)]
    if (told := told_decision(state)) is None:
        return []
    if told.state is CaseState.APPROVED:
        return [message("case-carried-out", number=told.case_id)]
    return [message(f"case-{told.state.value}", number=told.case_id)]


def told_decision(state: State) -> CaseSummary | None:
    """The case that ended last, while it is news; both dates are of the server's clock."""
    decided = state.decided
    if decided is None or decided.state is CaseState.OPEN:
        return None
    age = (state.confirmed_at or 0) - (decided.decided_at or state.confirmed_at or 0)
    return decided if age <= DECISION_TOLD_SECONDS else None


def _of_window(facts: Facts) -> list[MessageView]:
    """What the change window means now; by this machine's clock, so the dates stand beside it."""
    window = facts.state.window
    if window is None or _window(facts) is None:
        return []
    period = {"since": window.starts_at, "until": window.ends_at}
    if facts.state.standing is Standing.DRIFTED:
        remarks = _of_change(facts, period)
    elif facts.now > window.ends_at:
        remarks = [message("window-over", **period)]
    else:
        remarks = [message("window-granted", **period)]
    if window.not_covered:
        remarks.append(message("window-leaves-out", parts=",".join(window.not_covered)))
    return remarks


def _of_change(facts: Facts, period: dict[str, Timestamp]) -> list[MessageView]:
    """Whether what changed is what was declared; of another machine its own remark says enough."""
    state, seen, license = facts.state, facts.observation, facts.license
    if seen is None or license is None:
        return []
    if beyond := outside(state, license, seen.comparison):
        return [message("window-exceeded", **period, parts=",".join(beyond))]
    if not is_covered(state, license, seen.comparison):
        return []
    return [message("window-covers" if is_declared(facts) else "window-missed", **period)]


def _seen(observation: Observation) -> tuple[MessageView, ...]:
    comparison = observation.comparison
    seen = [message(f"hardware-{comparison.verdict.value}", rule=comparison.rule.value)]
    if comparison.verdict is Verdict.MATCH:
        seen.clear()
    if comparison.os not in (OsVerdict.SAME, OsVerdict.UNKNOWN):
        seen.append(message(f"os-{comparison.os.value}"))
    return tuple(seen)


def _window(facts: Facts) -> WindowView | None:
    """Show the window while it may still cover what changed; nobody is told of it for ever."""
    window = facts.state.window
    if window is None or not facts.state.holds_document:
        return None
    is_past = facts.now > window.ends_at + GRACE_AFTER_WINDOW_SECONDS
    if is_past and facts.state.standing is not Standing.DRIFTED:
        return None
    return WindowView(
        window_id=window.window_id,
        scope=window.scope,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
    )


def is_waiting(case: CaseSummary | None) -> bool:
    """Whether the vendor's decision is still to come."""
    return case is not None and case.state is CaseState.OPEN
