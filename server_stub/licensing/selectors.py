"""What is read for people: licenses with their bindings, cases and timelines. Changes nothing.

Every time is whole seconds UTC; what an agent reported carries when it said so (I4).
"""

import msgspec

from protocol import codes
from protocol.problems import CodeMistyped
from protocol.values import CaseState
from server_stub.errors import NotFound
from server_stub.licensing.fingerprints import read_policy
from server_stub.licensing.models import AuditEntry, Binding, Exchange, License, Window
from server_stub.licensing.models.licenses import BindingState


class BindingSummary(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds the license, and what that machine last said."""

    device: str
    generation: int
    bound_at: int
    last_check_in: int | None
    last_standing: str | None


class LicenseSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One license in a list."""

    license_id: str
    customer: str
    product: str
    seats: int
    support_code: str
    key_tail: str
    generation: int
    suspended: bool
    hold: bool
    binding: BindingSummary | None
    open_cases: int


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One audit entry of a license."""

    index: int
    at: int
    event: str
    device: str
    facts: dict[str, object]


class LicenseDetails(LicenseSummary, frozen=True, kw_only=True):
    """Everything support asks of one license."""

    modules: tuple[str, ...]
    warranty_until: str | None
    level: str
    grace_hours: int
    os_axis: str
    created_at: int
    timeline: tuple[TimelineEntry, ...]


class WindowDetails(msgspec.Struct, frozen=True, kw_only=True):
    """One change window with whose it is and how it came."""

    window_id: int
    support_code: str
    scope: tuple[str, ...]
    starts_at: int
    ends_at: int
    received_at: int
    not_covered: tuple[str, ...]
    reason: str
    contact: str
    citation: str
    opened_by: str
    device: str | None
    closed_at: int | None


def find_license(text: str) -> License:
    """Find a license by its key, support code or id, as people type them.

    Raises:
        NotFound: none of the three.
    """
    licenses = License.objects.select_related("customer")
    try:
        key = codes.parse_code(codes.LICENSE_KEY_PREFIX, text)
    except CodeMistyped:
        digits = "".join(c for c in codes.to_ascii_digits(text) if c.isdigit())
        grouped = "-".join(digits[i : i + 4] for i in range(0, len(digits), 4))
        found = licenses.filter(support_code=grouped).first() if digits else None
        found = found or licenses.filter(license_id=text.strip().lower()).first()
    else:
        found = licenses.filter(key_id=codes.key_id(key)).first()
    if found is None:
        raise NotFound(text, name=text)
    return found


def all_licenses() -> tuple[LicenseSummary, ...]:
    """Every license, in the order of issue."""
    rows = License.objects.select_related("customer").order_by("license_id")
    return tuple(_summary(row) for row in rows)


def license_details(license: License) -> LicenseDetails:
    """One license with its whole history."""
    policy = read_policy(license.policy)
    return LicenseDetails(
        **msgspec.structs.asdict(_summary(license)),
        modules=tuple(license.modules),
        warranty_until=license.warranty_until or None,
        level=policy.level.value,
        grace_hours=policy.grace_hours,
        os_axis=policy.os_axis.value,
        created_at=license.created_at,
        timeline=tuple(_timeline(license)),
    )


def license_of_request(device: str, request_id: str) -> LicenseSummary | None:
    """The license that a recorded request turned out to be about, as it is now."""
    exchange = Exchange.objects.select_related("audit").filter(
        device_id=device, request_id=request_id
    )
    named = [found.audit.license for found in exchange]
    row = License.objects.select_related("customer").filter(license_id__in=named).first()
    return _summary(row) if row else None


def all_windows(license: License | None) -> tuple[WindowDetails, ...]:
    """The windows of one license, or of all, in the order in which they were opened."""
    rows = Window.objects.select_related("license").order_by("pk")
    return tuple(window_details(row) for row in (rows.filter(license=license) if license else rows))


def window_details(window: Window) -> WindowDetails:
    """One window for people."""
    return WindowDetails(
        window_id=window.pk,
        support_code=window.license.support_code,
        scope=tuple(window.scope),
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        received_at=window.received_at,
        not_covered=tuple(window.not_covered),
        reason=window.reason,
        contact=window.contact,
        citation=window.citation,
        opened_by=window.opened_by,
        device=window.device_id,
        closed_at=window.closed_at,
    )


def _summary(license: License) -> LicenseSummary:
    active = license.bindings.filter(state=BindingState.ACTIVE).first()
    return LicenseSummary(
        license_id=license.license_id,
        customer=license.customer.name,
        product=license.product,
        seats=license.seats,
        support_code=license.support_code,
        key_tail=license.key_tail,
        generation=license.generation,
        suspended=license.suspended,
        hold=license.hold,
        binding=_binding(active) if active else None,
        # One that was opened about an earlier binding waits for nobody.
        open_cases=license.cases.filter(
            state=CaseState.OPEN.value, generation=license.generation
        ).count(),
    )


def _binding(binding: Binding) -> BindingSummary:
    return BindingSummary(
        device=binding.device_id,
        generation=binding.generation,
        bound_at=binding.created_at,
        last_check_in=binding.last_check_in,
        last_standing=binding.last_standing or None,
    )


def _timeline(license: License) -> list[TimelineEntry]:
    return [
        TimelineEntry(
            index=entry.index,
            at=entry.at,
            event=entry.event,
            device=entry.device,
            facts=msgspec.json.decode(entry.detail),
        )
        for entry in AuditEntry.objects.filter(license=license.license_id).order_by("index")
    ]
