"""What the lifecycle remembers of the license on this machine; values only.

The store keeps one `State`, whole, in every commit. Unknown fields mean a store of another version.
"""

import msgspec

from protocol.documents import Announcement, CaseSummary, Offer, WindowSummary
from protocol.values import DeviceId, Digest, LicenseId, RequestId, Standing, Timestamp


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the values below; stored as JSON, so unknown fields mean another version."""


class OpenRequest(Value, frozen=True, kw_only=True):
    """A journaled request whose answer is still to come.

    `device` signed it: its key may have been renewed since. `exported_to`: the file in which it was
    last given out, to be carried by hand; empty where it was shown and written nowhere.
    `after_case`: a check-in of the device's next key.
    """

    op: str
    request_id: RequestId
    sequence: int
    digest: Digest
    issued_at: Timestamp
    device: DeviceId | None = None
    exported_to: str | None = None
    after_case: bool = False


class Grace(Value, frozen=True, kw_only=True):
    """Running time, of which no clock knows (§7); that spent in drift never restarts.

    `boot_id` and `uptime` are of the last run that counted.
    """

    used_seconds: int = 0
    boot_id: str | None = None
    uptime: int = 0


class State(Value, frozen=True, kw_only=True):
    """All that the lifecycle remembers; the store keeps it, whole, in every commit.

    `last_answer` and `last_index` (the server's audit index) are of the newest verified answer: a
    late one must not look like a store that was put back (§5, fork). `renew_key`: the server asks
    for another device key; `renewal_asked_at` is when this device last asked with one. `decided`:
    the case that ended last. Declined or cancelled, it is told of until something else is asked;
    approved, for its fee and message; open, its license came before the word of its decision.
    `suspended`: the vendor binds this license to nobody anew, as it told while it was held here.
    `released_changed`: it was given back after a change that nobody was told of. `unheard`: the
    activation that a refusal closed which no server wrote down; it may have been given a license.

    `announcements`, `offers`, `holidays`: what the vendor told all administrators, as of the last
    truth; nothing is decided by them.

    `hidden`: how long parts that were known at enrolment have been unreadable; `silence`: how long
    no check-in has been answered, both in running time. `drifted_hidden`: the drift is that alone.
    """

    standing: Standing = Standing.UNLICENSED
    license_id: LicenseId | None = None
    generation: int = 0
    high_water: dict[LicenseId, int] = {}
    sequence: int = 0
    epoch_seen: int = 0
    last_answer: Digest | None = None
    last_index: int = 0
    confirmed_at: Timestamp | None = None
    request: OpenRequest | None = None
    check: OpenRequest | None = None
    unheard: RequestId | None = None
    case: CaseSummary | None = None
    decided: CaseSummary | None = None
    fall_back: Standing | None = None
    grace: Grace = Grace()
    last_match_at: Timestamp | None = None
    drifted_at: Timestamp | None = None
    window: WindowSummary | None = None
    renew_key: bool = False
    renewal_asked_at: Timestamp | None = None
    suspended: bool = False
    released_changed: bool = False
    hidden: Grace = Grace()
    silence: Grace = Grace()
    drifted_hidden: bool = False
    announcements: tuple[Announcement, ...] = ()
    offers: tuple[Offer, ...] = ()
    holidays: tuple[str, ...] = ()

    @property
    def mark(self) -> int:
        """The highest generation of this license that may never run here again."""
        return self.high_water.get(self.license_id, 0) if self.license_id else 0

    @property
    def holds_document(self) -> bool:
        """Whether an installed document still counts: I2's `generation > high_water`."""
        in_use = self.standing.holds_document
        return in_use and self.generation > self.mark

    @property
    def waits_as_successor(self) -> bool:
        """Whether the open case is of the device's next key, so that only that key hears of it.

        Of whatever kind: since this device was told to renew its key, the next one has asked.
        """
        has_asked = self.renew_key and self.renewal_asked_at is not None
        return has_asked and self.case is not None
