"""What can be wrong with a document, and why a server refuses: stable codes, shared by both sides.

`ProtocolError` leaves are raised by this package when bytes do not obey docs/protocol.md §1–§3.
`RefusalCode` is what a signed refusal says. Wording for people lives with the agent and the
server; here are names only.
"""

from enum import StrEnum
from typing import ClassVar


class ProtocolError(Exception):
    """A document or code was not accepted; nothing of it may be used."""

    code: ClassVar[str] = "document-invalid"


class MalformedEnvelope(ProtocolError):
    """Not three base64url parts in their only spelling, or a header outside the profile."""

    code = "document-malformed"


class TooLarge(MalformedEnvelope):
    """More bytes than any honest document has (docs/protocol.md §1: 64 KiB)."""

    code = "document-too-large"


class TooDeep(MalformedEnvelope):
    """Nested deeper than any honest document (docs/protocol.md §1: 8)."""

    code = "document-too-deep"


class WrongType(ProtocolError):
    """A genuine document of one type was offered as another."""

    code = "document-wrong-type"


class AlgorithmRefused(ProtocolError):
    """The header names another algorithm than the key's own record, or none."""

    code = "document-wrong-algorithm"


class UnknownKey(ProtocolError):
    """Signed by a key that the trusted root does not name for this use."""

    code = "document-unknown-key"


class BadSignature(ProtocolError):
    """The signature does not belong to these bytes: edited, truncated or forged."""

    code = "document-bad-signature"


class NotCanonical(ProtocolError):
    """Signed, but not in the one spelling a document has."""

    code = "document-not-canonical"


class NotTheSchema(ProtocolError):
    """Signed and well spelled, but not the fields and types of its document."""

    code = "document-wrong-fields"


class KeyRevoked(ProtocolError):
    """The signing key was revoked: what it signed must be issued again."""

    code = "key-revoked"


class KeyRetired(ProtocolError):
    """Signed by a retired key after its retirement."""

    code = "key-retired"


class KeyOutOfDates(ProtocolError):
    """Signed outside the dates in which the key was allowed to sign."""

    code = "key-out-of-dates"


class RootInvalid(ProtocolError):
    """A root document that contradicts itself."""

    code = "root-invalid"


class RootOutOfOrder(ProtocolError):
    """A root that is not the direct successor of the trusted one: skipped, old or replayed."""

    code = "root-out-of-order"


class ThresholdNotMet(ProtocolError):
    """Too few root keys signed, by the rule of this root or of the one before it."""

    code = "root-threshold-not-met"


class AnswerMismatch(ProtocolError):
    """A genuine answer, but to another request."""

    code = "answer-of-another-request"


class PictureUnreadable(ProtocolError):
    """Bytes that should be a picture (`scans`), and cannot be opened as one."""

    code = "picture-unreadable"


class PictureWithoutCode(ProtocolError):
    """A picture in which no QR code can be read."""

    code = "picture-without-code"


class PartsProblem(ProtocolError):
    """Numbered parts of a document (`parts`) that give no document."""

    code = "parts-invalid"

    def __init__(self, reason: str, **parameters: object) -> None:
        """`parameters` name the parts for the sentence shown."""
        super().__init__(reason)
        self.parameters = {name: str(value) for name, value in parameters.items()}


class PartsAbsent(PartsProblem):
    """Text without any part in it."""

    code = "parts-absent"


class PartsMixed(PartsProblem):
    """Parts of two documents together."""

    code = "parts-mixed"


class PartDamaged(PartsProblem):
    """One part was cut, or a letter of it was misread."""

    code = "part-damaged"

    def __init__(self, number: int | None) -> None:
        """`number` is None when not even that can be read."""
        super().__init__("not as it was written", number="?" if number is None else number)


class PartsMissing(PartsProblem):
    """Some parts are still to be read."""

    code = "parts-missing"

    def __init__(self, numbers: tuple[int, ...], total: int) -> None:
        """`numbers` are the missing ones, of `total`."""
        named = ", ".join(map(str, numbers))
        super().__init__(f"{named} of {total}", numbers=named, total=total)


class CodeMistyped(ProtocolError):
    """A license key, a code or the answer to one whose check characters do not fit."""

    code = "code-mistyped"

    def __init__(self, reason: str, group: int | None = None) -> None:
        """`group` counts from 1; None when the length or an unknown letter is at fault."""
        super().__init__(reason)
        self.group = group


class RefusalCode(StrEnum):
    """Why the signing server refused. A refusal is final for its request and changes nothing."""

    LICENSE_UNKNOWN = "license-unknown"
    LICENSE_SUSPENDED = "license-suspended"
    CODE_WRONG = "reactivation-code-wrong"
    AUDIENCE_WRONG = "audience-wrong"
    REQUEST_ID_REUSED = "request-id-reused"
    SEQUENCE_COVERED = "sequence-covered"
    SEQUENCE_USED = "sequence-used"
    OLDER_THAN_BINDING = "older-than-binding"
    DOCUMENT_INVALID = "document-invalid"
    DEVICE_MISMATCH = "device-mismatch"
    DEVICE_UNKNOWN = "device-unknown"
    CASE_UNKNOWN = "case-unknown"
    ON_HOLD = "on-hold"
    SERVER_BEHIND = "server-behind"
    TOO_MANY_CASES = "too-many-cases"
    KEY_RENEWAL_NEEDED = "key-renewal-needed"
    WINDOW_SCOPE_UNKNOWN = "window-scope-unknown"
    WINDOW_PAST = "window-past"
    WINDOW_TOO_LONG = "window-too-long"
    WINDOW_TOO_FAR = "window-too-far"
    WINDOW_TOO_SOON = "window-too-soon"
    WINDOW_STANDS = "window-stands"
    WINDOWS_USED_UP = "windows-used-up"
