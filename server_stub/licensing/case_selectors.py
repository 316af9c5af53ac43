"""Cases as the vendor's people read them: what is asked, what is known, what approving would do.

Changes nothing. What is told here is the server's row (I4); nothing of it is for a device.
"""

from enum import StrEnum

import msgspec
from django.db.models import Q, QuerySet

from protocol.values import CaseKind, CaseState
from server_stub.errors import NotFound
from server_stub.licensing.case_changes import changes_of
from server_stub.licensing.models import AuditEntry, Binding, Case, License
from server_stub.licensing.models.decisions import IS_CONTEST, WAITS
from server_stub.licensing.models.licenses import BindingState


class Effect(StrEnum):
    """What an approval of the case does."""

    MOVES = "moves"
    REBINDS = "rebinds"
    BINDS = "binds"
    FREES = "frees"
    NOTHING = "nothing"


class FeeSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What the case costs; a waived fee is not payable."""

    tariff: str
    amount: int
    currency: str
    waived: bool


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """One case in a list.

    `outdated`: the license went on since, and nobody can approve it. `first_by`: who approved it
    while it waits for a second person.
    """

    case: int
    state: str
    kind: str
    coordination: str | None
    opened_at: int
    license_id: str
    support_code: str
    customer: str
    product: str
    device: str
    outdated: bool
    first_by: str | None
    fee: FeeSummary | None


class CaseMoment(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the timeline; `source` says whose clock it is."""

    what: str
    at: int
    source: str


class CaseAct(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was done about the case, as the books tell it."""

    at: int
    event: str
    by: str | None
    reason: str | None


class CaseDetails(CaseRow, frozen=True, kw_only=True):
    """Everything that a decision needs.

    `changed` of a fork is what its two copies differ in, `alike` that nothing is. `bound_to` holds
    the license today. `second_person_needed`: whether one supervisor's word is
    not enough without the owner's. `owner_may_decide`: whether nothing but the right is missing.
    `beside`: cases that wait under the key that this one's took the place of, or the other way
    round; an approval helps only the home that waits for it.
    """

    key_tail: str
    suspended: bool
    hold: bool
    generation: int
    because: str | None
    changed: tuple[str, ...]
    alike: bool
    outside: tuple[str, ...]
    clock_differs: bool
    timeline: tuple[CaseMoment, ...]
    tariff_reason: str | None
    in_warranty: bool | None
    warranty_until: str | None
    effect: Effect
    bound_to: str | None
    last_check_in: int | None
    last_heard: int | None
    second_person_needed: bool
    owner_may_decide: bool
    beside: tuple[int, ...]
    owner_confirmation: str | None
    decided_by: str | None
    decided_at: int | None
    spent_at: int | None
    reason: str | None
    message: str | None
    evidence: dict[str, object]
    acts: tuple[CaseAct, ...]


_TOLD_APART = ("timeline", "because", "changed", "outside", "clock_differs", "coordination")


def find_case(number: int) -> Case:
    """The case of that number.

    Raises:
        NotFound: there is none.
    """
    case = _cases().filter(pk=number).first()
    if case is None:
        raise NotFound(str(number), name=str(number))
    return case


def cases_of(license: License | None = None, *, decided: bool = False) -> tuple[CaseRow, ...]:
    """The cases that wait for a decision or their device, the oldest first; or all there are."""
    found = _cases().order_by("pk")
    if license is not None:
        found = found.filter(license=license)
    if not decided:
        found = found.filter(WAITS)
    return tuple(_row(case) for case in found)


def case_details(case: Case) -> CaseDetails:
    """One case, wholly."""
    told, bound, changes = case.evidence, standing_binding(case), changes_of(case)
    return CaseDetails(
        **{name: getattr(_row(case), name) for name in CaseRow.__struct_fields__},
        key_tail=case.license.key_tail,
        suspended=case.license.suspended,
        hold=case.license.hold,
        generation=case.generation,
        because=told.get("because"),
        changed=changes.parts,
        alike=changes.alike,
        outside=tuple(told.get("outside", ())),
        clock_differs=told.get("clock_differs", False),
        timeline=tuple(CaseMoment(**moment) for moment in told.get("timeline", ())),
        tariff_reason=told.get("tariff_reason"),
        in_warranty=told.get("in_warranty"),
        warranty_until=case.license.warranty_until or None,
        effect=effect_of(case),
        bound_to=bound.device_id if bound else None,
        last_check_in=bound.last_check_in if bound else None,
        last_heard=_last_heard(bound) if bound else None,
        second_person_needed=needs_second_person(case),
        owner_may_decide=owner_may_decide(case),
        beside=_beside(case),
        owner_confirmation=case.owner_confirmation or None,
        decided_by=case.decided_by or None,
        decided_at=case.decided_at,
        spent_at=case.spent_at,
        reason=case.reason or None,
        message=case.message or None,
        evidence={name: told[name] for name in told if name not in _TOLD_APART},
        acts=tuple(_acts(case)),
    )


def standing_binding(case: Case) -> Binding | None:
    """The binding of the case's license that stands today."""
    return case.license.bindings.filter(state=BindingState.ACTIVE).first()


def _last_heard(bound: Binding) -> int | None:
    """When its machine last showed that it runs: by a check-in, or by a notice."""
    return max(filter(None, (bound.last_check_in, *bound.noticed_at)), default=None)


def effect_of(case: Case) -> Effect:
    """What an approval would do today, or what a standing one will do."""
    if is_outdated(case) or not case.waits:
        return Effect.NOTHING
    bound = standing_binding(case)
    if bound is None:
        return Effect.BINDS
    if case.is_proof:
        return Effect.FREES
    return Effect.REBINDS if bound.device_id == case.device_id else Effect.MOVES


def needs_second_person(case: Case) -> bool:
    """Whether an approval takes the license from another machine, which may be alive.

    The heir's, where a former key's proof is believed; a former key's, where its home was seen to
    run and the heir gives back or is bound anew before that is decided; and the home's that runs by
    what was decided, where another home of its key asks for anything.
    """
    bound = standing_binding(case)
    is_anothers = bound is not None and (
        bound.device_id != case.device_id or _has_other_homes(case)
    )
    return (is_anothers or _is_beside_contest(case)) and effect_of(case) is not Effect.NOTHING


def _is_beside_contest(case: Case) -> bool:
    waiting = case.license.cases.filter(WAITS, IS_CONTEST, generation=case.generation)
    return waiting.exclude(pk=case.pk).exists()


def _has_other_homes(case: Case) -> bool:
    """Whether people decided for this key against another home of it."""
    decided = case.license.cases.filter(IS_CONTEST, device=case.device_id, spent_at__isnull=False)
    return decided.exists()


def owner_may_decide(case: Case) -> bool:
    """Whether the owner's word is enough: the license is free, and was given back unchanged."""
    is_right = case.kind == CaseKind.RIGHT_MISSING.value
    return is_right and effect_of(case) is Effect.BINDS and not case.license.released_drifted


def _beside(case: Case) -> tuple[int, ...]:
    of_its_key = Q(evidence__handed_over_by=case.device_id)
    of_its_former = Q(device=case.evidence.get("handed_over_by"))
    found = case.license.cases.filter(WAITS, of_its_key | of_its_former, generation=case.generation)
    return tuple(found.order_by("pk").values_list("pk", flat=True))


def is_outdated(case: Case) -> bool:
    """Whether the license went on since the case was opened."""
    return case.generation != case.license.generation


def _cases() -> "QuerySet[Case]":
    return Case.objects.select_related("license__customer")


def _row(case: Case) -> CaseRow:
    license = case.license
    return CaseRow(
        case=case.pk,
        state=case.state,
        kind=case.kind,
        coordination=case.coordination or None,
        opened_at=case.opened_at,
        license_id=license.license_id,
        support_code=license.support_code,
        customer=license.customer.name,
        product=license.product,
        device=case.device_id,
        outdated=case.state == CaseState.OPEN.value and is_outdated(case),
        first_by=case.first_by or None,
        fee=_fee(case),
    )


def _fee(case: Case) -> FeeSummary | None:
    if case.fee_amount is None:
        return None
    return FeeSummary(
        tariff=case.tariff,
        amount=case.fee_amount,
        currency=case.fee_currency,
        waived=case.fee_waived,
    )


def _acts(case: Case) -> list[CaseAct]:
    told = AuditEntry.objects.filter(license=case.license_id, event__startswith="case-")
    acts = []
    for entry in told.order_by("index"):
        facts = msgspec.json.decode(entry.detail)
        if facts.get("case") == case.pk:
            by, reason = facts.get("by"), facts.get("reason")
            acts.append(CaseAct(at=entry.at, event=entry.event, by=by, reason=reason))
    return acts
