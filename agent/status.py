"""Where the user stands: one view, computed from facts, for every place that shows it.

Pure. The first message is the standing's own sentence; the others are what is worth saying beside
it. Which words they get is `agent.texts`' business; a widget or a command takes no decision of its
own, it asks `actions`.
"""

import msgspec

from agent.fingerprint import Difference, OsIdentity
from agent.lifecycle import grace_used
from agent.state import State
from protocol.documents import CaseSummary, License
from protocol.values import CaseState, Standing, Timestamp
from protocol.verdicts import Comparison, OsVerdict, Verdict
from protocol.views import (
    CaseView,
    ComponentView,
    DriftView,
    LicenseView,
    MessageView,
    OsView,
    RequestView,
    StatusView,
)

STALE_AFTER_SECONDS = 7 * 24 * 3600
_HOUR = 3600

_ACTIONS = {
    Standing.UNLICENSED: ("activate",),
    Standing.ACTIVATING: ("check", "activate"),
    Standing.ACTIVE: ("check", "release"),
    Standing.DRIFTED: ("reactivate", "release", "check"),
    Standing.RELEASING: ("check",),
    Standing.RELEASED: ("reactivate", "activate"),
    Standing.SUPERSEDED: ("reactivate", "activate"),
    Standing.DAMAGED: ("activate",),
}


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """The machine as it is now, beside what was enrolled."""

    comparison: Comparison
    differences: tuple[Difference, ...]
    was: OsIdentity | None
    now: OsIdentity


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a view is computed from."""

    state: State
    license: License | None
    observation: Observation | None
    boot_id: str | None
    uptime: int
    now: Timestamp
    notes: tuple[MessageView, ...] = ()


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
        license=_license(facts.license),
        generation=state.generation,
        request=_request(state),
        drift=drift_view(seen) if seen else None,
        os=os_view(seen) if seen else None,
        grace_hours_left=hours,
        window=None,
        case=_case(state.case),
        confirmed_at=confirmed,
        stale=stale,
        actions=_ACTIONS[state.standing],
        messages=(_headline(facts, hours), *_remarks(facts, stale=stale), *facts.notes),
    )


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
    used = grace_used(facts.state.grace, facts.boot_id, facts.uptime)
    return max(0, facts.license.policy.grace_hours * _HOUR - used)


def grace_hours_left(facts: Facts) -> int | None:
    """Whole hours until a drifted license stops, rounded up: 0 says that it has stopped."""
    left = grace_seconds_left(facts)
    return None if left is None else -(-left // _HOUR)


def message(code: str, **parameters: object) -> MessageView:
    """Make a message; its sentence is chosen where it is shown."""
    return MessageView(code=code, parameters={k: str(v) for k, v in parameters.items()})


def _headline(facts: Facts, hours: int | None) -> MessageView:
    standing = facts.state.standing
    if standing is Standing.DRIFTED and hours is not None:
        if hours:
            return message("standing-drifted", hours=hours)
        return message("standing-drifted-stopped")
    return message(f"standing-{standing.value}")


def _remarks(facts: Facts, *, stale: bool) -> tuple[MessageView, ...]:
    """What is worth saying beside the headline, the most pressing first."""
    remarks = []
    state = facts.state
    if state.case is not None:
        remarks.append(message(f"case-{state.case.state.value}", number=state.case.case_id))
    if state.request is not None:
        remarks.append(message(f"waiting-{state.request.op}"))
    if state.holds_document and facts.license is None:
        remarks.append(message("key-revoked"))
    if stale:
        remarks.append(message("not-confirmed", since=state.confirmed_at))
    if facts.observation is not None and state.holds_document:
        remarks.extend(_seen(facts.observation))
    return tuple(remarks)


def _seen(observation: Observation) -> tuple[MessageView, ...]:
    comparison = observation.comparison
    seen = [message(f"hardware-{comparison.verdict.value}", rule=comparison.rule.value)]
    if comparison.verdict is Verdict.MATCH:
        seen.clear()
    if comparison.os not in (OsVerdict.SAME, OsVerdict.UNKNOWN):
        seen.append(message(f"os-{comparison.os.value}"))
    return tuple(seen)


def _license(license: License | None) -> LicenseView | None:
    if license is None:
        return None
    return LicenseView(
        id=license.license_id,
        product=license.product,
        customer=license.customer,
        modules=license.modules,
        seats=license.seats,
        warranty_until=license.warranty_until,
        support_code=license.support_code,
    )


def _request(state: State) -> RequestView | None:
    if state.request is None:
        return None
    return RequestView(
        op=state.request.op,
        request_id=state.request.request_id,
        sequence=state.request.sequence,
        issued_at=state.request.issued_at,
    )


def _case(case: CaseSummary | None) -> CaseView | None:
    if case is None:
        return None
    return CaseView(
        case_id=case.case_id,
        kind=case.kind,
        state=case.state,
        opened_at=case.opened_at,
        message=case.message,
    )


def drift_view(observation: Observation) -> DriftView:
    """Show the hardware's comparison."""
    return DriftView(
        verdict=observation.comparison.verdict.value,
        score=observation.comparison.score,
        coverage=observation.comparison.coverage,
        components=tuple(
            ComponentView(
                id=found.id,
                status=found.status.value,
                weight=found.weight,
                was=", ".join(found.was) or None,
                now=", ".join(found.now) or None,
            )
            for found in observation.differences
        ),
    )


def os_view(observation: Observation) -> OsView:
    """Show the system's comparison."""
    verdict = observation.comparison.os
    return OsView(
        verdict=verdict.value,
        was=_os_name(observation.was, verdict),
        now=_os_name(observation.now, verdict),
    )


def _os_name(identity: OsIdentity | None, verdict: OsVerdict) -> str | None:
    """Name the system as finely as the difference needs."""
    if identity is None or identity.release is None:
        return None
    if verdict is OsVerdict.PATCH and identity.patch:
        return f"{identity.release} ({identity.patch})"
    return identity.release


def is_waiting(case: CaseSummary | None) -> bool:
    """Whether the vendor's decision is still to come."""
    return case is not None and case.state is CaseState.OPEN
