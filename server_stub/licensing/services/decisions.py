"""What the vendor's people decide about cases (§5): approve, decline, cancel.

Each is one act, read and written under the server's one write lock: two decisions, or a decision
and the device's own withdrawal, never meet. The database refuses a second standing approval of a
license even so. A decision is about one binding: what was opened before the license went on
cannot be approved any more (ADR 22).
"""

from dataclasses import dataclass
from enum import StrEnum

from protocol.values import CaseState, Coordination
from server_stub.denials import (
    ApprovalStands,
    CaseDecided,
    CaseOutdated,
    FeeNotDue,
    OwnerCannotDecide,
    SecondPersonNeeded,
)
from server_stub.errors import NotFound
from server_stub.licensing import case_selectors
from server_stub.licensing.audit import Fact, Journal
from server_stub.licensing.models import Case, Staff, Tariff
from server_stub.licensing.models.decisions import Role
from server_stub.licensing.server import Books
from server_stub.licensing.services import fees
from server_stub.licensing.services.acts import acting
from server_stub.licensing.services.findings import Because
from server_stub.licensing.services.people import require_role

WAIVE = "waive"


class Step(StrEnum):
    """How far an approval brought its case."""

    FIRST = "first-approval"
    APPROVED = "approved"


@dataclass(frozen=True, kw_only=True)
class Word:
    """What somebody says of a case: `reason` for the vendor's books, `message` for the device."""

    number: int
    by: str
    reason: str
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Approval(Word):
    """`fee`: `waive`, an entry of the tariff, or nothing for what was quoted.

    `owner_confirmation`: the owner's word that the bound machine is lost, and where it is kept.
    """

    fee: str = ""
    owner_confirmation: str = ""


def approve(books: Books, approval: Approval) -> Step:
    """Give the case's device the right to take the license once.

    To take it from another machine, which may be alive, the word of one supervisor is not enough:
    it needs the owner's too, or a second supervisor's. The first approval of two changes nothing.

    Raises:
        NotFound: no such case, member of the staff, or entry of the tariff.
        RoleNeeded: no supervisor.
        DecisionRefused: decided before, outdated, another approval stands, the same person twice,
            or a fee for what costs nothing.
    """
    with acting(books) as journal:
        supervisor = require_role(approval.by, Role.SUPERVISOR)
        case = _approvable(journal, approval.number)
        _set_fee(case, approval.fee)
        needs_second = case_selectors.needs_second_person(case)
        if needs_second and not approval.owner_confirmation and not _is_second(case, supervisor):
            _approve_first(journal, case, approval)
            return Step.FIRST
        case.decided_by = supervisor.name
        case.owner_confirmation = approval.owner_confirmation
        _decide(journal, case, CaseState.APPROVED, approval)
    return Step.APPROVED


def approve_by_owner(books: Books, approval: Word) -> Step:
    """Let the owner take a free license with another machine; `by` cites the owner's word.

    Raises:
        NotFound: no such case.
        DecisionRefused: decided before, outdated, another approval stands, or more than a right is
            missing: the license is bound, or it was released after a change.
    """
    with acting(books) as journal:
        case = _approvable(journal, approval.number)
        if not case_selectors.owner_may_decide(case):
            raise OwnerCannotDecide(number=str(case.pk))
        case.owner_confirmation = approval.by
        _decide(journal, case, CaseState.APPROVED, approval)
    return Step.APPROVED


def decline(books: Books, word: Word) -> None:
    """Say no; the device may ask again.

    Raises:
        NotFound: no such case or member of the staff.
        RoleNeeded: no supervisor.
        CaseDecided: it is not open any more.
    """
    with acting(books) as journal:
        supervisor = require_role(word.by, Role.SUPERVISOR)
        case = _open(word.number)
        case.decided_by = supervisor.name
        _decide(journal, case, CaseState.DECLINED, word)


def cancel(books: Books, word: Word) -> None:
    """End an open case, or take back an approval that its device has not used.

    Raises:
        NotFound: no such case or member of the staff.
        RoleNeeded: no supervisor.
        CaseDecided: it is over, or its approval was used.
    """
    with acting(books) as journal:
        supervisor = require_role(word.by, Role.SUPERVISOR)
        case = case_selectors.find_case(word.number)
        if not case.waits:
            raise _decided(case)
        case.decided_by = supervisor.name
        _decide(journal, case, CaseState.CANCELLED, word)


def _open(number: int) -> Case:
    case = case_selectors.find_case(number)
    if case.state != CaseState.OPEN.value:
        raise _decided(case)
    return case


def _decided(case: Case) -> CaseDecided:
    return CaseDecided(number=str(case.pk), state=case.state)


def _approvable(journal: Journal, number: int) -> Case:
    case = _open(number)
    if case_selectors.is_outdated(case):
        raise CaseOutdated(number=str(case.pk))
    standing = Case.objects.filter(
        license=case.license, state=CaseState.APPROVED.value, spent_at=None
    )
    for other in standing.select_related("license__customer"):
        if not case_selectors.is_outdated(other):
            raise ApprovalStands(number=str(case.pk), other=str(other.pk))
        # It can bind nobody any more, and must not stand in the way for ever.
        other.state, other.decided_at = CaseState.CANCELLED.value, journal.now
        other.save(update_fields=["state", "decided_at"])
        _record(journal, other, "case-cancelled", {"by": "a later binding"})
    return case


def _is_second(case: Case, supervisor: Staff) -> bool:
    """Whether another person approved before.

    Raises:
        SecondPersonNeeded: this one did.
    """
    if case.first_by == supervisor.name:
        raise SecondPersonNeeded(number=str(case.pk), name=supervisor.name)
    return bool(case.first_by)


def _approve_first(journal: Journal, case: Case, approval: Approval) -> None:
    case.first_by = approval.by
    case.save(update_fields=["first_by"])
    facts: dict[str, Fact] = {"by": approval.by, "reason": approval.reason, "fee": approval.fee}
    _record(journal, case, "case-approved-first", facts)


def _set_fee(case: Case, fee: str) -> None:
    if fee == WAIVE:
        case.fee_waived = case.fee_amount is not None
    elif fee:
        entry = Tariff.objects.filter(name=fee).first()
        if entry is None:
            raise NotFound(fee, name=fee)
        if not _may_cost(case):
            raise FeeNotDue(number=str(case.pk))
        fees.charge(case, entry)


def _may_cost(case: Case) -> bool:
    is_young = case.evidence.get("because") == Because.NEVER_CONFIRMED.value
    return case.coordination != Coordination.COORDINATED.value and not is_young


def _decide(journal: Journal, case: Case, state: CaseState, word: Word) -> None:
    case.state, case.decided_at = state.value, journal.now
    case.reason, case.message = word.reason, word.message
    case.save()
    facts: dict[str, Fact] = {"by": word.by, "reason": word.reason}
    if state is CaseState.APPROVED and case.fee_amount is not None:
        facts |= {"fee": case.tariff, "waived": case.fee_waived}
    if case.owner_confirmation:
        facts["owner"] = case.owner_confirmation
    _record(journal, case, f"case-{state.value}", facts)


def _record(journal: Journal, case: Case, event: str, facts: dict[str, Fact]) -> None:
    told = {"case": case.pk, **facts}
    journal.record(event, license=case.license_id, device=case.device_id, facts=told)
