"""Every document that agent and signing server exchange (docs/protocol.md §1–§3, §8).

Frozen values, validated once while they are decoded. What is deliberately absent: bytes,
signatures (`envelope`) and any rule of what may follow on what (`agent.lifecycle`, the server's
services).
"""

from typing import Annotated, ClassVar

from msgspec import Meta

from protocol.values import (
    CaseKind,
    CaseState,
    Coordination,
    Count,
    DeviceThumbprint,
    Document,
    DriftRecord,
    Fingerprint,
    Hash,
    Instant,
    IsoDate,
    Jws,
    LicenseUuid,
    LongText,
    Name,
    Policy,
    Positive,
    RawKey,
    ReleaseReason,
    RequestUuid,
    ShortText,
    Standing,
    Statuses,
    Tag,
)
from protocol.verdicts import OsVerdict


class LicenseClaim(Document, frozen=True, kw_only=True):
    """The license key, shown without being told.

    `key_id` finds the license; `proof` is an HMAC under the key over this device and request
    (`codes.prove`), so a request file left on a USB stick binds nobody else's machine.
    """

    key_id: Tag
    proof: Hash


class RequestHead(Document, frozen=True, kw_only=True):
    """What every request says of itself and of what its device has seen."""

    request_id: RequestUuid
    audience: ShortText
    issued_at: Instant
    agent_version: ShortText
    epoch_seen: Count
    trust_version: Positive
    sequence: Positive
    last_answer: Hash | None = None


class Activate(RequestHead, frozen=True, kw_only=True, tag_field="op", tag="activate"):
    """Asks for the license to be bound, or bound anew, to this device."""

    license: LicenseClaim
    agreement_key: RawKey
    fingerprint: Fingerprint
    high_water: Count
    drift: DriftRecord | None = None
    shown: Jws | None = None
    case_id: Positive | None = None
    code_proof: Hash | None = None
    handover: Jws | None = None


class CheckIn(RequestHead, frozen=True, kw_only=True, tag_field="op", tag="check-in"):
    """Says what the device holds and asks for the truth."""

    standing: Standing
    generation: Count
    statuses: Statuses
    observed_grace_hours: Count
    license: Jws | None = None
    os: OsVerdict | None = None


class Release(RequestHead, frozen=True, kw_only=True, tag_field="op", tag="release"):
    """The proof: the license document no longer exists on this device.

    `takes_back` names the activation whose answer never came: what that one was given is freed too.
    """

    license: Jws
    generation: Positive
    reason: ReleaseReason
    tombstone: Hash
    statuses: Statuses
    reactivation_code: Hash
    note: LongText | None = None
    os: OsVerdict | None = None
    takes_back: RequestUuid | None = None


class Withdraw(RequestHead, frozen=True, kw_only=True, tag_field="op", tag="withdraw"):
    """Takes back every earlier request of this device for the license.

    `generation` is the one whose document this device holds; 0 when it holds none. `takes_back`
    names the activation whose answer never came: only what that one was given is freed.
    """

    license: LicenseClaim
    generation: Count = 0
    case_id: Positive | None = None
    takes_back: RequestUuid | None = None


class Notice(RequestHead, frozen=True, kw_only=True, tag_field="op", tag="notice"):
    """Declares a coming change, in time."""

    license: Jws
    scope: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=16)]
    starts_at: Instant
    ends_at: Instant
    reason: LongText
    contact: ShortText
    fingerprint: Fingerprint
    drift: DriftRecord | None = None


Request = Activate | CheckIn | Release | Withdraw | Notice


class Tombstone(Document, frozen=True, kw_only=True):
    """What stands in the store where the license document stood; the proof carries its hash."""

    license_id: LicenseUuid
    generation: Positive
    device: DeviceThumbprint
    document: Hash
    destroyed_at: Instant


class Answer(Document, frozen=True, kw_only=True):
    """What every answer repeats of its request and says of the server."""

    typ: ClassVar[str]
    request_id: RequestUuid
    request_hash: Hash
    device: DeviceThumbprint
    generation: Count
    epoch: Positive
    server_time: Instant
    audit_index: Positive


class License(Answer, frozen=True, kw_only=True):
    """The license document: binds a license to one machine, for ever."""

    typ = "license+jws"
    license_id: LicenseUuid
    product: ShortText
    customer: ShortText
    modules: Annotated[tuple[ShortText, ...], Meta(max_length=64)]
    seats: Count
    support_code: ShortText
    policy: Policy
    fingerprint: Fingerprint
    warranty_until: IsoDate | None = None
    baseline: Fingerprint | None = None


class Receipt(Answer, frozen=True, kw_only=True):
    """The server's proof that it got the license back."""

    typ = "receipt+jws"
    license_id: LicenseUuid
    proof: Hash
    covered_sequence: Positive
    reactivation_code: Hash
    freed: Annotated[tuple[Positive, ...], Meta(max_length=64)] = ()


class WindowSummary(Document, frozen=True, kw_only=True):
    """The period and scope in which a declared change is coordinated.

    `not_covered`: what had changed before the notice came. `citation`: the letter or ticket that
    staff opened it by.
    """

    window_id: Positive
    scope: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=16)]
    starts_at: Instant
    ends_at: Instant
    received_at: Instant
    not_covered: Annotated[tuple[Name, ...], Meta(max_length=32)] = ()
    citation: LongText | None = None


class Window(Answer, frozen=True, kw_only=True):
    """The answer to a notice."""

    typ = "window+jws"
    license_id: LicenseUuid
    window: WindowSummary


class Fee(Document, frozen=True, kw_only=True):
    """What an uncoordinated re-activation costs, by which entry of the tariff."""

    tariff: Name
    amount: Count
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")]
    waived: bool = False


class CaseSummary(Document, frozen=True, kw_only=True):
    """One case as its own device may see it: nothing of any other device."""

    case_id: Positive
    kind: CaseKind
    state: CaseState
    opened_at: Instant
    coordination: Coordination | None = None
    fee: Fee | None = None
    message: LongText | None = None
    decided_at: Instant | None = None


class Case(Answer, frozen=True, kw_only=True):
    """The answer when the vendor's staff must decide."""

    typ = "case+jws"
    case: CaseSummary


class Announcement(Document, frozen=True, kw_only=True):
    """A word of the vendor to administrators."""

    announcement_id: Positive
    published_at: Instant
    text_fa: LongText
    text_en: LongText
    url: ShortText | None = None


class Offer(Document, frozen=True, kw_only=True):
    """What the vendor offers administrators beside the protocol; a name nobody knows is no error.

    `url`: the page where it is given, when it is given on a page.
    """

    name: Name
    url: ShortText | None = None


class Truth(Answer, frozen=True, kw_only=True):
    """What the server holds for this device; `held` is exactly (license, generation, device).

    `window` is the license's newest that may still cover a change. `renew_key` asks a device whose
    store was put back or copied to take a new key (§5, fork). `suspended` tells the device that
    holds the license that nobody is bound anew until the vendor allows it. `holidays`: the days
    ahead, by Tehran's calendar, on which the vendor's phone is not answered.
    """

    typ = "truth+jws"
    held: bool
    hold: bool = False
    license_id: LicenseUuid | None = None
    last_sequence: Count = 0
    cases: Annotated[tuple[CaseSummary, ...], Meta(max_length=16)] = ()
    announcements: Annotated[tuple[Announcement, ...], Meta(max_length=8)] = ()
    offers: Annotated[tuple[Offer, ...], Meta(max_length=16)] = ()
    holidays: Annotated[tuple[IsoDate, ...], Meta(max_length=64)] = ()
    window: WindowSummary | None = None
    renew_key: bool = False
    suspended: bool = False


class Refusal(Answer, frozen=True, kw_only=True):
    """A request that changed nothing, and why."""

    typ = "refusal+jws"
    code: Name
    last_sequence: Count | None = None
    retry_after: Count | None = None


class Handover(Document, frozen=True, kw_only=True):
    """A device key names the one that takes its place; signed by the old key (§5, fork)."""

    typ: ClassVar[str] = "handover+jws"
    device: DeviceThumbprint
    issued_at: Instant


class Permit(Document, frozen=True, kw_only=True):
    """The device's own paper beside the license document, for the protected application (§8)."""

    typ: ClassVar[str] = "permit+jws"
    license_id: LicenseUuid
    generation: Positive
    document: Hash
    machine_tag: ShortText
    standing: Standing
    issued_at: Instant
    expires_at: Instant
    confirmed_at: Instant | None = None
    grace_hours_left: Count | None = None


AnyAnswer = License | Receipt | Window | Case | Truth | Refusal
