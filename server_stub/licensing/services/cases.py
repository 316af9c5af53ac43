"""Cases: opened by a device's request, and what its device may see of them."""

from dataclasses import dataclass

import msgspec
from django.db.models import BooleanField, ExpressionWrapper

from protocol.documents import Case as CaseAnswer
from protocol.documents import CaseSummary
from protocol.problems import RefusalCode
from protocol.values import CaseKind, CaseState, Coordination, Digest, Timestamp
from protocol.windows import altered
from server_stub.licensing.audit import Fact
from server_stub.licensing.models import Binding, Case, Device, License
from server_stub.licensing.models.decisions import IS_PROOF, WAITS
from server_stub.licensing.services import coordination, fees
from server_stub.licensing.services.case_facts import facts_of
from server_stub.licensing.services.refusals import Refused
from server_stub.licensing.services.turn import Outcome, Turn

# A leaked key must not bury the one case that matters under a thousand others.
MOST_CASES_OF_STRANGERS = 8

_SHOWN_CASES = 16
_SHOWN_MESSAGES = 4
# Opened by whoever has the key. The other kinds take a device key, code or handover of the license.
_OPEN_TO_STRANGERS = frozenset({CaseKind.BOUND_ELSEWHERE.value, CaseKind.RIGHT_MISSING.value})


@dataclass(frozen=True)
class LiveCases:
    """A license's cases that still bear on who may take it: open, or approved and not spent.

    A case that was opened before the newest binding bears on nothing any more.
    """

    license: License
    device: Device
    cases: tuple[Case, ...]

    @classmethod
    def of(cls, license: License, device: Device) -> "LiveCases":
        """Read them, for what this device asks."""
        cases = license.cases.filter(WAITS, generation=license.generation)
        return cls(license, device, tuple(cases))

    @property
    def approval(self) -> Case | None:
        """The approval that this device may use once."""
        return self._mine(CaseState.APPROVED)

    @property
    def open(self) -> Case | None:
        """The case that waits for a decision about this device."""
        return self._mine(CaseState.OPEN)

    @property
    def is_reserved_for_another(self) -> bool:
        """Whether staff approved another device, which has not taken the license yet."""
        mine = self.device.device_id
        return any(
            case.state == CaseState.APPROVED.value and case.device_id != mine for case in self.cases
        )

    def without(self, case: Case | None) -> "LiveCases":
        """All but this one: what it decides is another question."""
        others = tuple(other for other in self.cases if case is None or other.pk != case.pk)
        return LiveCases(self.license, self.device, others)

    def _mine(self, state: CaseState) -> Case | None:
        mine = self.device.device_id
        found = (c for c in self.cases if c.state == state.value and c.device_id == mine)
        return next(found, None)


def answer_with_case(
    turn: Turn, live: LiveCases, kind: CaseKind, evidence: dict[str, object]
) -> Outcome:
    """Open a case, or answer with the one that is open already.

    The answer tells nothing of any other device, customer or generation.

    Raises:
        Refused: too many strangers wait for a decision about this license.
    """
    return answer_again(turn, ensure(turn, live, kind, evidence))


def ensure(turn: Turn, live: LiveCases, kind: CaseKind, evidence: dict[str, object]) -> Case:
    """Open a case, unless one of this device waits already or was approved.

    Raises:
        Refused: as `answer_with_case`.
    """
    case = live.open or live.approval
    if case is None:
        _require_room(live, kind)
        _cancel_outdated(turn, live)
        case = _open(turn, live, kind, evidence)
    return case


def _open(turn: Turn, live: LiveCases, kind: CaseKind, evidence: dict[str, object]) -> Case:
    """Open a case with its verdict, the timeline that gave it, and what it costs."""
    case = Case(
        license=live.license,
        device_id=live.device.device_id,
        generation=live.license.generation,
        opened_at=turn.now,
    )
    _write(turn, case, kind, evidence)
    _record(turn, "case-opened", case, {"case": case.pk, "kind": kind.value})
    return case


def turn_into(turn: Turn, case: Case, kind: CaseKind, evidence: dict[str, object]) -> None:
    """Let an open case ask something else: who approved what it asked before, approved that."""
    case.first_by = ""
    case.tariff, case.fee_amount, case.fee_currency = "", None, ""
    case.fee_waived = False
    _write(turn, case, kind, evidence)
    _record(turn, "case-contested", case, {"case": case.pk, "kind": kind.value})


def _write(turn: Turn, case: Case, kind: CaseKind, evidence: dict[str, object]) -> None:
    facts = facts_of(turn, case.license, kind)
    finding = coordination.judge(facts)
    quote = fees.quote(case.license, facts, finding)
    case.kind = kind.value
    case.evidence = {
        **evidence,
        **msgspec.to_builtins(finding),
        "changed": altered(facts.comparison, facts.policy) if facts.comparison else (),
        "tariff_reason": quote.reason.value,
        "in_warranty": quote.in_warranty,
    }
    case.coordination = finding.coordination.value
    if quote.entry is not None:
        fees.charge(case, quote.entry)
    case.save()


def _require_room(live: LiveCases, kind: CaseKind) -> None:
    """Keep the cases of strangers few; whoever held the license is none."""
    if kind.value not in _OPEN_TO_STRANGERS or _has_held(live.license, live.device.device_id):
        return
    waiting = [
        case
        for case in live.cases
        if case.state == CaseState.OPEN.value
        and case.kind in _OPEN_TO_STRANGERS
        and not _has_held(live.license, case.device_id)
    ]
    if len(waiting) >= MOST_CASES_OF_STRANGERS:
        raise Refused(RefusalCode.TOO_MANY_CASES)


def _has_held(license: License, device_id: str) -> bool:
    return Binding.objects.filter(license=license, device_id=device_id).exists()


def answer_again(turn: Turn, case: Case) -> Outcome:
    """Answer with a case as it stands."""
    answer = CaseAnswer(**turn.head(generation=0), case=summary(case))
    return Outcome(turn.sign(answer), "answered-case", case.license_id)


def about_proof(license: License, device: Device, code_hash: Digest) -> Case | None:
    """The newest case that a proof met, under whatever sequence: each makes a code of its own."""
    met = Case.objects.filter(
        license=license,
        device=device,
        kind=CaseKind.FORK.value,
        evidence__reactivation_code=code_hash,
    )
    return met.order_by("-pk").first()


def settle(turn: Turn, live: LiveCases, *, by: str) -> None:
    """The device got the license, or gave it back: its approval is spent, its open case is over."""
    if (approval := live.approval) is not None:
        approval.spent_at = turn.now
        approval.save()
    if (case := live.open) is not None:
        cancel(turn, case, by)


def take_back(
    turn: Turn, license: License, device: Device, *, by: str, besides: Case | None = None
) -> None:
    """End what the device waits for: its open case, and an approval that it has not used."""
    mine = license.cases.filter(WAITS, device=device)
    for case in mine.exclude(pk=besides.pk) if besides is not None else mine:
        cancel(turn, case, by)


def outdate(turn: Turn, live: LiveCases) -> None:
    """Another device got the license: what the others wait for speaks of a binding that is over.

    Nobody could approve it any more; they are told, and may ask again.
    """
    mine = live.device.device_id
    for case in live.cases:
        if case.state == CaseState.OPEN.value and case.device_id != mine:
            cancel(turn, case, "a later binding")


def _cancel_outdated(turn: Turn, live: LiveCases) -> None:
    """End the device's open case about an earlier binding: a new one takes its place."""
    outdated = Case.objects.filter(
        license=live.license, device=live.device, state=CaseState.OPEN.value
    )
    for case in outdated:
        cancel(turn, case, "a later case")


def cancel(turn: Turn, case: Case, by: str) -> None:
    """End a case, or an approval that was not used."""
    case.state = CaseState.CANCELLED.value
    case.decided_at = turn.now
    case.save()
    _record(turn, "case-cancelled", case, {"case": case.pk, "by": by})


def undecide(turn: Turn, case: Case, by: str) -> None:
    """Take back an approval that was not used, or the first of two: more is known since."""
    if case.state == CaseState.APPROVED.value:
        cancel(turn, case, by)
    elif case.first_by:
        case.first_by = ""
        case.save()
        _record(turn, "case-undecided", case, {"case": case.pk, "by": by})


def summaries(device: Device, *, runs: bool = False) -> tuple[CaseSummary, ...]:
    """The device's newest cases, oldest first; those that wait before all others.

    A device takes a case that is not told of as lost, and waits for it no more. A home that runs is
    not told of an approved proof, which another one gave: it would take that for its own approval.
    """
    waiting = ExpressionWrapper(WAITS, BooleanField())
    known = device.cases.annotate(waiting=waiting)
    if runs:
        known = known.exclude(IS_PROOF, state=CaseState.APPROVED.value)
    told = list(known.order_by("-waiting", "-pk")[:_SHOWN_CASES])
    # A document is 64 KiB at most, and sixteen long messages would not fit.
    for older in told[_SHOWN_MESSAGES:]:
        older.message = ""
    return tuple(summary(case) for case in sorted(told, key=lambda case: case.pk))


def summary(case: Case) -> CaseSummary:
    """One case as its own device may see it.

    A stranger who has the key learns nothing of the license by asking: until somebody of the
    vendor says that the device may have it, every such case looks the same.
    """
    known = (
        case.state == CaseState.APPROVED.value
        or case.kind not in _OPEN_TO_STRANGERS
        or _has_held(case.license, case.device_id)
    )
    return CaseSummary(
        case_id=case.pk,
        kind=CaseKind(case.kind) if known else CaseKind.RIGHT_MISSING,
        state=CaseState(case.state),
        opened_at=Timestamp(case.opened_at),
        coordination=Coordination(case.coordination) if known and case.coordination else None,
        fee=fees.fee_of(case) if known and _is_payable(case) else None,
        message=case.message or None,
        decided_at=None if case.decided_at is None else Timestamp(case.decided_at),
    )


def _is_payable(case: Case) -> bool:
    """Whether the fee is, or may become, due: nobody pays for what was declined or taken back."""
    return case.state in {CaseState.OPEN.value, CaseState.APPROVED.value}


def _record(turn: Turn, event: str, case: Case, facts: dict[str, Fact]) -> None:
    turn.journal.record(event, license=case.license_id, device=turn.signed.device, facts=facts)
