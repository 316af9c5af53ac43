"""Challenge codes: digits read over the phone that prove the state of a machine.

The vendor draws a code, the machine answers it under a secret that both agreed on, and the vendor
finds out which state the answer is of (docs/protocol.md §10). Values only: who asks, how often and
how long is the signing server's business, and nothing here moves a license.
"""

import hmac
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from protocol.codes import to_ascii_digits
from protocol.digits import in_groups, passes_damm
from protocol.encoding import from_base64url
from protocol.problems import CodeMistyped, MalformedEnvelope
from protocol.values import LicenseId, Standing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

CODE_DIGITS = 8
ANSWER_DIGITS = 12

_CODE_GROUP = 4
_ANSWER_GROUP = 3
# With those that check them.
CODE_SHOWN = CODE_DIGITS + CODE_DIGITS // _CODE_GROUP
ANSWER_SHOWN = ANSWER_DIGITS + ANSWER_DIGITS // _ANSWER_GROUP
_KEY_DOMAIN = b"faragostar-man/challenge-key/v1"
_ANSWER_DOMAIN = b"faragostar-man/challenge-answer/v1"
_KEY_BYTES = 32
_LENGTH_BYTES = 4


class DriftClass(StrEnum):
    """What a machine sees of itself beside what was enrolled, in so many words as a call needs."""

    NO_DRIFT = "no-drift"
    HIDDEN = "hidden"
    DRIFT = "drift"
    # No document to compare with, or one that is believed no more.
    NOT_COMPARED = "not-compared"


class MachineState(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer proves of a machine: the state of one license there."""

    license_id: LicenseId
    generation: int
    standing: Standing
    drift: DriftClass


def shown_code(digits: str) -> str:
    """Spell a code for the phone: two groups of five, the last of each its check digit."""
    return "-".join(in_groups(digits, _CODE_GROUP))


def shown_answer(digits: str) -> str:
    """Spell an answer for the phone: four groups of four, the last of each its check digit."""
    return "-".join(in_groups(digits, _ANSWER_GROUP))


def read_code(typed: str) -> str:
    """Return the digits of a code, without those that check them.

    Raises:
        CodeMistyped: wrong length, or a group whose check digit does not fit.
    """
    return _read(typed, CODE_SHOWN, _CODE_GROUP)


def read_answer(typed: str) -> str:
    """Return the digits of an answer, without those that check them.

    Raises:
        CodeMistyped: wrong length, or a group whose check digit does not fit.
    """
    return _read(typed, ANSWER_SHOWN, _ANSWER_GROUP)


def agreed_key(private: "X25519PrivateKey", public: str) -> bytes:
    """Derive the key that two agreement keys have in common; the same on both sides.

    Raises:
        MalformedEnvelope: the other side's public key is none, or agrees with everybody.
    """
    # Whoever only reads digits needs none of it.
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    own = private.public_key().public_bytes_raw()
    other = from_base64url(public.encode())
    try:
        secret = private.exchange(X25519PublicKey.from_public_bytes(other))
    except ValueError as cause:
        raise MalformedEnvelope("not a key to agree with") from cause
    # The keys themselves are in it: the secret alone does not name whose it is.
    info = _KEY_DOMAIN + b"".join(sorted((own, other)))
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(secret)


def answer(key: bytes, code: str, state: MachineState) -> str:
    """Return the digits that prove a state in answer to a code, for whoever has the key."""
    said = (
        code,
        state.license_id,
        str(state.generation),
        state.standing.value,
        state.drift.value,
    )
    fields = (_ANSWER_DOMAIN, *(field.encode() for field in said))
    # Each with its length before it: no two states are spelled alike.
    message = b"".join(len(field).to_bytes(_LENGTH_BYTES) + field for field in fields)
    number = int.from_bytes(hmac.digest(key, message, "sha256")) % 10**ANSWER_DIGITS
    return str(number).zfill(ANSWER_DIGITS)


def _read(typed: str, count: int, size: int) -> str:
    """`count` digits are shown, and `size` of each group are checked by the one after them."""
    plain = "".join(letter for letter in to_ascii_digits(typed) if letter.isalnum())
    if len(plain) != count:
        raise CodeMistyped(f"{len(plain)} digits instead of {count}")
    groups = [plain[at : at + size + 1] for at in range(0, count, size + 1)]
    for number, group in enumerate(groups, 1):
        if not passes_damm(group):
            raise CodeMistyped(f"group {number} is mistyped", number)
    return "".join(group[:-1] for group in groups)
