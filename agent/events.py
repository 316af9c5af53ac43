"""What can happen to the license on this machine; values only (docs/protocol.md §4)."""

from agent.state import OpenRequest, Value
from protocol.documents import Announcement, CaseSummary, Offer, WindowSummary
from protocol.values import Digest, LicenseId, RequestId, Timestamp


class ActivateAsked(Value, frozen=True, kw_only=True):
    """The administrator asks for a license, or the agent for the one it drifted from."""

    request: OpenRequest


class ReleaseAsked(Value, frozen=True, kw_only=True):
    """The document is replaced by its tombstone and the proof, in this very commit."""

    request: OpenRequest


class ChangedReleaseAsked(ReleaseAsked, frozen=True, kw_only=True):
    """A release of a machine that had changed undeclared: the vendor decides on the next one."""


class ProofRenewed(Value, frozen=True, kw_only=True):
    """The proof is signed again under a later sequence; the tombstone stays."""

    request: OpenRequest


class WithdrawAsked(Value, frozen=True, kw_only=True):
    """An unanswered activation or an open case is taken back."""

    request: OpenRequest


class Exported(Value, frozen=True, kw_only=True):
    """A journaled request was written into a file, or shown (no path), to be carried by hand."""

    request_id: RequestId
    path: str


class NoticeAsked(Value, frozen=True, kw_only=True):
    """The administrator declares a coming change."""

    request: OpenRequest


class CheckInSent(Value, frozen=True, kw_only=True):
    """A check-in is journaled; only the newest one's answer counts."""

    request: OpenRequest


class CaseAsked(CheckInSent, frozen=True, kw_only=True):
    """A check-in under the device's next key, which holds nothing yet and asks after its case."""


class Answered(Value, frozen=True, kw_only=True):
    """What every verified answer brings."""

    request_id: RequestId
    digest: Digest
    epoch: int
    audit_index: int
    server_time: Timestamp


class LicenseArrived(Answered, frozen=True, kw_only=True):
    """A license document for the open request."""

    license_id: LicenseId
    generation: int
    matched_at: Timestamp


class CaseArrived(Answered, frozen=True, kw_only=True):
    """The vendor's staff must decide."""

    case: CaseSummary


class RefusalArrived(Answered, frozen=True, kw_only=True):
    """The request is over and changed nothing.

    `ends_case`: the server knows no such case (any more), so waiting for it is over too. `again`:
    the same wish is heard under a later sequence. `renew_key`: it is heard from this device's next
    key. `off_record`: nothing was written down, so the same bytes may have been accepted before.
    """

    ends_case: bool = False
    off_record: bool = False
    again: bool = False
    renew_key: bool = False
    last_sequence: int | None = None


class ReceiptArrived(Answered, frozen=True, kw_only=True):
    """The server has the license back; `generation` is the highest that the receipt names."""

    license_id: LicenseId
    generation: int


class WindowArrived(Answered, frozen=True, kw_only=True):
    """The declared change is coordinated, within this period and scope."""

    license_id: LicenseId
    window: WindowSummary


class TruthArrived(Answered, frozen=True, kw_only=True):
    """What the server holds for this device; `license_id` and `generation` are of its license."""

    held: bool
    hold: bool
    license_id: LicenseId | None = None
    generation: int = 0
    cases: tuple[CaseSummary, ...] = ()
    window: WindowSummary | None = None
    renew_key: bool = False
    suspended: bool = False
    announcements: tuple[Announcement, ...] = ()
    offers: tuple[Offer, ...] = ()
    holidays: tuple[str, ...] = ()


class Look(Value, frozen=True, kw_only=True):
    """What every look at the machine brings; an empty `boot_id`, an `uptime` of 0: unreadable."""

    at: Timestamp
    boot_id: str = ""
    uptime: int = 0


class DriftSeen(Look, frozen=True, kw_only=True):
    """The machine positively differs from the enrolled one."""


class HiddenSeen(Look, frozen=True, kw_only=True):
    """What was known at enrolment cannot be read now, so nobody can tell."""


class MatchSeen(Look, frozen=True, kw_only=True):
    """The machine is the enrolled one, and enough of it was read to say so."""


AskedEvent = (
    ActivateAsked
    | ReleaseAsked
    | ProofRenewed
    | WithdrawAsked
    | NoticeAsked
    | CheckInSent
    | CaseAsked
)
AnswerEvent = (
    LicenseArrived | CaseArrived | RefusalArrived | ReceiptArrived | WindowArrived | TruthArrived
)
LookEvent = DriftSeen | HiddenSeen | MatchSeen
Event = AskedEvent | Exported | LookEvent | AnswerEvent
