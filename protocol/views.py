"""What a person is told: one view of a machine's standing, for screen, JSON, copy and report.

The agent computes a `StatusView`; the command line prints it, the window paints it, a signed copy
serves unprivileged readers, and a signed report serves support. Codes and parameters only: wording
is chosen where it is shown. Fields are required, so that `null` is said and not left out; a field
added later defaults to `UNSET`.
"""

from typing import ClassVar

import msgspec

from protocol.values import (
    CaseKind,
    CaseState,
    Coordination,
    Count,
    DeviceThumbprint,
    Document,
    Hash,
    Instant,
    LicenseId,
    LicenseUuid,
    ShortText,
    Standing,
    Timestamp,
)


class View(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what is shown."""


class LicenseView(View, frozen=True, kw_only=True):
    """The license, as its owner knows it."""

    id: LicenseId
    product: str
    customer: str
    modules: tuple[str, ...]
    seats: int
    warranty_until: str | None
    support_code: str


class LastLicenseView(View, frozen=True, kw_only=True):
    """What support asks of the license that was here last; without its document, its number."""

    id: LicenseId
    support_code: str | None


class ComponentView(View, frozen=True, kw_only=True):
    """One component at enrolment and now; readable values are masked."""

    id: str
    status: str
    weight: int
    was: str | None
    now: str | None


class PointsView(View, frozen=True, kw_only=True):
    """One component and the points of the enrolled weight that it stands for."""

    id: str
    points: int


class ToleranceView(View, frozen=True, kw_only=True):
    """Of the `whole` enrolled points `differs` are not the same, and `spare` more may change.

    `parts` are those that may change next, each alone. Where too much has changed already, `spare`
    is what was tolerated in all.
    """

    whole: int
    differs: int
    spare: int
    parts: tuple[PointsView, ...]


class DriftView(View, frozen=True, kw_only=True):
    """The hardware verdict and its rule; score and coverage per mille of the weight.

    `tolerance` is null where nobody can tell.
    """

    verdict: str
    score: int
    coverage: int
    components: tuple[ComponentView, ...]
    rule: str | msgspec.UnsetType = msgspec.UNSET
    tolerance: ToleranceView | msgspec.UnsetType | None = msgspec.UNSET


class OsView(View, frozen=True, kw_only=True):
    """The operating-system verdict."""

    verdict: str
    was: str | None
    now: str | None


class RequestView(View, frozen=True, kw_only=True):
    """A request that waits for its answer."""

    op: str
    request_id: str
    sequence: int
    issued_at: Timestamp


class WindowView(View, frozen=True, kw_only=True):
    """A change window."""

    window_id: int
    scope: tuple[str, ...]
    starts_at: Timestamp
    ends_at: Timestamp


class FeeView(View, frozen=True, kw_only=True):
    """What a case costs, by which entry of the tariff; a waived fee is not payable."""

    tariff: str
    amount: int
    currency: str
    waived: bool


class CaseView(View, frozen=True, kw_only=True):
    """A case at the vendor."""

    case_id: int
    kind: CaseKind
    state: CaseState
    opened_at: Timestamp
    message: str | None
    coordination: Coordination | msgspec.UnsetType | None = msgspec.UNSET
    fee: FeeView | msgspec.UnsetType | None = msgspec.UNSET
    decided_at: Timestamp | msgspec.UnsetType | None = msgspec.UNSET


class MessageView(View, frozen=True, kw_only=True):
    """Something worth saying: a stable code and what its sentence is filled with."""

    code: str
    parameters: dict[str, str]


class AnnouncementView(View, frozen=True, kw_only=True):
    """A word of the vendor to all administrators, in both languages."""

    announcement_id: int
    published_at: Timestamp
    text_fa: str
    text_en: str
    url: str | None


class OfferView(View, frozen=True, kw_only=True):
    """What the vendor offers administrators beside the protocol, and the page where it is given."""

    name: str
    url: str | None


class StatusView(View, frozen=True, kw_only=True):
    """Where the user stands, wholly; `last_license` is there where no license is."""

    standing: Standing
    usable: bool
    license: LicenseView | None
    generation: int
    request: RequestView | None
    drift: DriftView | None
    os: OsView | None
    grace_hours_left: int | None
    window: WindowView | None
    case: CaseView | None
    confirmed_at: Timestamp | None
    stale: bool
    actions: tuple[str, ...]
    messages: tuple[MessageView, ...]
    announcements: tuple[AnnouncementView, ...] | msgspec.UnsetType = msgspec.UNSET
    offers: tuple[OfferView, ...] | msgspec.UnsetType = msgspec.UNSET
    holidays: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    last_license: LastLicenseView | msgspec.UnsetType | None = msgspec.UNSET

    @property
    def support_code(self) -> str | None:
        """The code that names the customer on the phone, of the license here or of the last."""
        named = self.license or self.last_license
        return named.support_code if named else None

    @property
    def is_revoked(self) -> bool:
        """Whether the document that is held is believed no more, so that nothing runs under it."""
        return self.standing.holds_document and self.license is None


class StatusCopy(Document, frozen=True, kw_only=True):
    """The view as an unprivileged reader may see it, signed by the device (architecture)."""

    typ: ClassVar[str] = "status+jws"
    device: DeviceThumbprint
    issued_at: Instant
    view: StatusView


class Report(Document, frozen=True, kw_only=True):
    """The same for support, with what helps to judge it.

    `high_water` is of the license that the device speaks of, held or not; `sequence` the last it
    used, `epoch_seen` and `last_answer` what it last heard of the server.
    """

    typ: ClassVar[str] = "report+jws"
    device: DeviceThumbprint
    issued_at: Instant
    agent_version: ShortText
    high_water: Count
    view: StatusView
    license_id: LicenseUuid | None = None
    sequence: Count = 0
    epoch_seen: Count = 0
    trust_version: Count = 0
    last_answer: Hash | None = None
