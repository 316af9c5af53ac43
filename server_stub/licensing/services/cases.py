"""Cases: opened by a device's request, and what its device may see of them."""

from protocol.documents import Case as CaseAnswer
from protocol.documents import CaseSummary
from protocol.values import CaseKind, CaseState, Coordination, Timestamp
from server_stub.licensing.audit import Fact
from server_stub.licensing.models import Case, Device, License
from server_stub.licensing.services.turn import Outcome, Turn

_SHOWN_CASES = 16


def answer_with_case(
    turn: Turn, license: License, device: Device, kind: CaseKind, evidence: dict[str, object]
) -> Outcome:
    """Open a case, or answer with the one that is open already.

    The answer tells nothing of any other device, customer or generation.
    """
    case = _open_case(license, device) or approved_case(license, device)
    if case is None:
        case = Case.objects.create(
            kind=kind.value,
            license=license,
            device=device,
            evidence=evidence,
            opened_at=turn.now,
        )
        _record(turn, "case-opened", case, {"case": case.pk, "kind": kind.value})
    answer = CaseAnswer(**turn.head(generation=0), case=summary(case))
    return Outcome(turn.sign(answer), "answered-case", license.license_id)


def approved_case(license: License, device: Device) -> Case | None:
    """The approval that this device may use once."""
    return Case.objects.filter(
        license=license, device=device, state=CaseState.APPROVED.value, spent_at=None
    ).first()


def is_reserved_for_another(license: License, device: Device) -> bool:
    """Whether staff approved another device, which has not taken the license yet."""
    approved = Case.objects.filter(license=license, state=CaseState.APPROVED.value, spent_at=None)
    return approved.exclude(device=device).exists()


def settle(turn: Turn, license: License, device: Device, approval: Case | None) -> None:
    """A binding was made for the device: its approval is spent, its open case is over."""
    if approval is not None:
        approval.spent_at = turn.now
        approval.save()
    case = _open_case(license, device)
    if case is not None:
        case.state = CaseState.CANCELLED.value
        case.decided_at = turn.now
        case.save()
        _record(turn, "case-cancelled", case, {"case": case.pk, "by": "binding"})


def summaries(device: Device) -> tuple[CaseSummary, ...]:
    """The device's newest cases, oldest first."""
    newest = Case.objects.filter(device=device).order_by("-pk")[:_SHOWN_CASES]
    return tuple(summary(case) for case in reversed(newest))


def summary(case: Case) -> CaseSummary:
    """One case as its own device may see it."""
    return CaseSummary(
        case_id=case.pk,
        kind=CaseKind(case.kind),
        state=CaseState(case.state),
        opened_at=Timestamp(case.opened_at),
        coordination=Coordination(case.coordination) if case.coordination else None,
        message=case.message or None,
    )


def _open_case(license: License, device: Device) -> Case | None:
    return Case.objects.filter(license=license, device=device, state=CaseState.OPEN.value).first()


def _record(turn: Turn, event: str, case: Case, facts: dict[str, Fact]) -> None:
    turn.journal.record(event, license=case.license_id, device=turn.signed.device, facts=facts)
