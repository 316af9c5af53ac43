"""The words that documents are made of: identifiers, closed sets and bounded numbers.

Values only. Times are whole seconds since 1970-01-01 UTC; hashes and keys are unpadded base64url;
numbers stay below 2**53 so that every platform's JSON reads them exactly.
"""

from enum import StrEnum
from typing import Annotated, NewType

import msgspec
from msgspec import Meta

MAX_INTEGER = 2**53 - 1

RequestId = NewType("RequestId", str)
DeviceId = NewType("DeviceId", str)
LicenseId = NewType("LicenseId", str)
KeyId = NewType("KeyId", str)
Digest = NewType("Digest", str)
Timestamp = NewType("Timestamp", int)

# Lengths are checked in C; a pattern costs a call of `re` each, so only what is kept in databases
# and file names has one. `\Z`, not `$`: `$` would let a trailing newline pass.
_SHA256 = Meta(min_length=43, max_length=43)
_UUID7 = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z"

Count = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
Positive = Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
Instant = Annotated[Timestamp, Meta(ge=0, le=MAX_INTEGER)]
Hash = Annotated[Digest, _SHA256]
KeyThumbprint = Annotated[KeyId, _SHA256]
DeviceThumbprint = Annotated[DeviceId, _SHA256]
RequestUuid = Annotated[RequestId, Meta(pattern=_UUID7)]
LicenseUuid = Annotated[LicenseId, Meta(pattern=_UUID7)]
RawKey = Annotated[str, _SHA256]
Tag = Annotated[str, Meta(min_length=22, max_length=22)]
# Of one component: the first in their order, for a document has its bounds.
MOST_TAGS = 64
Name = Annotated[str, Meta(min_length=1, max_length=64)]
# `[0-9]`, not `\d`: that would take Persian digits, a second spelling of the same day.
IsoDate = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
ShortText = Annotated[str, Meta(max_length=200)]
LongText = Annotated[str, Meta(max_length=2000)]
Jws = Annotated[str, Meta(max_length=64 * 1024)]


class Document(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Base of everything on the wire: strict fields, one spelling.

    A field at its default is absent, so a document signed before a field existed keeps its one
    canonical spelling for ever: the license is perpetual, and so is its signature.
    """


class Standing(StrEnum):
    """What the agent may say of itself (docs/protocol.md §4)."""

    UNLICENSED = "unlicensed"
    ACTIVATING = "activating"
    ACTIVE = "active"
    DRIFTED = "drifted"
    RELEASING = "releasing"
    RELEASED = "released"
    SUPERSEDED = "superseded"
    DAMAGED = "damaged"

    @property
    def holds_document(self) -> bool:
        """Whether a license document is installed, so that it may run."""
        return self in (Standing.ACTIVE, Standing.DRIFTED)


class MachineClass(StrEnum):
    """Which weight table applies: a virtual machine has other anchors than bare metal."""

    BARE = "bare"
    VM = "vm"


class Level(StrEnum):
    """How much hardware change a license tolerates without the vendor."""

    STRICT = "strict"
    NORMAL = "normal"
    LOOSE = "loose"


class OsAxis(StrEnum):
    """From which kind of operating-system change on a license counts it as drift."""

    UPGRADE = "upgrade"
    PATCH = "patch"
    NONE = "none"


class ComponentStatus(StrEnum):
    """One component, at enrolment against now."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    UNKNOWN = "unknown"


class ReleaseReason(StrEnum):
    """Why the administrator gives the license back."""

    HARDWARE = "hardware"
    OS = "os"
    MOVE = "move"
    RETIRE = "retire"


class CaseKind(StrEnum):
    """Why the vendor's staff must decide (docs/protocol.md §5)."""

    BOUND_ELSEWHERE = "bound-elsewhere"
    RIGHT_MISSING = "right-missing"
    CHANGED = "changed"
    COVERAGE_LOWERED = "coverage-lowered"
    FORK = "fork"


class CaseState(StrEnum):
    """How far the vendor's decision has come."""

    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class Coordination(StrEnum):
    """Whether a change was agreed before it happened (terms: clause 4)."""

    COORDINATED = "coordinated"
    UNCOORDINATED = "uncoordinated"
    UNDETERMINED = "undetermined"


class OfferName(StrEnum):
    """What a vendor may give administrators beside the protocol (docs/protocol.md §2, `truth`)."""

    CHALLENGE = "challenge"
    TICKETS = "tickets"


class OsTags(Document, frozen=True, kw_only=True):
    """The operating system's three tags; None where its source could not be read."""

    release: Tag | None = None
    patch: Tag | None = None
    instance: Tag | None = None


class Fingerprint(Document, frozen=True, kw_only=True):
    """Keyed hashes of a machine's components; a component that is unknown is absent."""

    machine_class: MachineClass
    components: Annotated[
        dict[Name, Annotated[tuple[Tag, ...], Meta(min_length=1, max_length=MOST_TAGS)]],
        Meta(max_length=32),
    ]
    os: OsTags


class Weight(Document, frozen=True, kw_only=True):
    """How much one component counts, by machine class."""

    bare: Annotated[int, Meta(ge=0, le=1000)]
    vm: Annotated[int, Meta(ge=0, le=1000)]


class Policy(Document, frozen=True, kw_only=True):
    """What the license demands of a fingerprint; signed inside the license document."""

    level: Level
    weights: Annotated[dict[Name, Weight], Meta(min_length=1, max_length=32)]
    grace_hours: Annotated[int, Meta(ge=0, le=8760)]
    os_axis: OsAxis


class DriftRecord(Document, frozen=True, kw_only=True):
    """When a difference was first seen: between these two readings the change took place."""

    last_match: Instant
    first_difference: Instant


Statuses = Annotated[dict[Name, ComponentStatus], Meta(max_length=32)]
