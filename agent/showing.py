"""How the parts of a view show what they are made of; pure, and no word of it is judged.

What is said of them is `status`'s.
"""

from agent.facts import Observation
from agent.fingerprint import OsIdentity
from agent.state import State
from agent.tolerance import tolerance_of
from protocol.documents import Announcement, CaseSummary, Fee, License
from protocol.verdicts import OsVerdict
from protocol.views import (
    AnnouncementView,
    CaseView,
    ComponentView,
    DriftView,
    FeeView,
    LicenseView,
    OsView,
    PointsView,
    RequestView,
    ToleranceView,
)


def license_view(license: License | None) -> LicenseView | None:
    """Show whose license it is, and what for."""
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


def request_view(state: State) -> RequestView | None:
    """Show what is waited for."""
    if state.request is None:
        return None
    return RequestView(
        op=state.request.op,
        request_id=state.request.request_id,
        sequence=state.request.sequence,
        issued_at=state.request.issued_at,
    )


def case_view(case: CaseSummary | None) -> CaseView | None:
    """Show a case as its device was told of it."""
    if case is None:
        return None
    return CaseView(
        case_id=case.case_id,
        kind=case.kind,
        state=case.state,
        opened_at=case.opened_at,
        message=case.message,
        coordination=case.coordination,
        fee=_fee(case.fee),
        decided_at=case.decided_at,
    )


def announcement_views(told: tuple[Announcement, ...]) -> tuple[AnnouncementView, ...]:
    """Show what the vendor tells all administrators."""
    return tuple(
        AnnouncementView(
            announcement_id=found.announcement_id,
            published_at=found.published_at,
            text_fa=found.text_fa,
            text_en=found.text_en,
            url=found.url,
        )
        for found in told
    )


def _fee(fee: Fee | None) -> FeeView | None:
    if fee is None:
        return None
    return FeeView(tariff=fee.tariff, amount=fee.amount, currency=fee.currency, waived=fee.waived)


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
        rule=observation.comparison.rule.value,
        tolerance=_tolerance(observation),
    )


def _tolerance(observation: Observation) -> ToleranceView | None:
    found = tolerance_of(observation.sides, observation.comparison)
    if found is None:
        return None
    return ToleranceView(
        whole=found.whole,
        differs=found.differs,
        spare=found.spare,
        parts=tuple(PointsView(id=part, points=points) for part, points in found.parts),
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
