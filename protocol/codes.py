"""Codes that people type and read aloud: license keys and reactivation codes.

A license key is 100 random bits in Crockford's letters, five groups of four and a check letter
each; a mistyped group is named before anything reaches the network. The key itself never travels:
`claim` finds the license by a hash and proves the key by an HMAC over one device and request.
"""

import hashlib
import hmac
import unicodedata

from protocol.digits import in_groups
from protocol.documents import LicenseClaim
from protocol.encoding import from_base64url, sha256, to_base64url
from protocol.problems import CodeMistyped
from protocol.values import DeviceId, Digest, RequestId

LICENSE_KEY_PREFIX = "FGM"
REACTIVATION_PREFIX = "FGR"
SECRET_BITS = 100

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FORGIVEN = str.maketrans("OIL", "011")
_GROUPS = 5
_GROUP_DATA = 4
_BITS_PER_LETTER = 5
_KEY_ID_BYTES = 16
_SPOKEN_GROUPS = 4
_SPOKEN_DIGITS = 3
# x^5 + x^2 + 1 is irreducible over GF(2): doubling modulo it is Damm's operation for 32 letters.
_GF32 = 0b100101


def format_code(prefix: str, secret: int) -> str:
    """Spell a secret of `SECRET_BITS` bits: `FGM-8Q2K5-…`.

    Raises:
        ValueError: more than 100 bits, or negative.
    """
    if not 0 <= secret < 1 << SECRET_BITS:
        raise ValueError("a code is 100 bits")
    shifts = range(SECRET_BITS - _BITS_PER_LETTER, -1, -_BITS_PER_LETTER)
    letters = [(secret >> shift) & 31 for shift in shifts]
    groups = []
    for number in range(_GROUPS):
        data = letters[number * _GROUP_DATA : (number + 1) * _GROUP_DATA]
        groups.append("".join(_LETTERS[v] for v in (*data, _check(data, number))))
    return "-".join((prefix, *groups))


def parse_code(prefix: str, text: str) -> str:
    """Read what a person typed and return the code in its one spelling.

    Case, spaces, dashes, Persian digits and the look-alikes O, I, L are forgiven.

    Raises:
        CodeMistyped: wrong length, a foreign letter, or a group whose check letter does not fit.
    """
    folded = unicodedata.normalize("NFKC", to_ascii_digits(text)).upper()
    plain = "".join(c for c in folded if c.isalnum())
    size = _GROUP_DATA + 1
    if len(plain) > _GROUPS * size:
        plain = plain.removeprefix(prefix)
    letters = plain.translate(_FORGIVEN)
    if len(letters) != _GROUPS * size:
        raise CodeMistyped(f"{len(letters)} letters instead of {_GROUPS * size}")
    groups = [letters[i : i + size] for i in range(0, len(letters), size)]
    for number, group in enumerate(groups):
        values = [_LETTERS.find(c) for c in group]
        if min(values) < 0 or _check(values[:-1], number) != values[-1]:
            raise CodeMistyped(f"group {number + 1} is mistyped", number + 1)
    return "-".join((prefix, *groups))


def key_id(license_key: str) -> str:
    """Find a license by its key without storing or telling the key."""
    digest = hashlib.sha256(b"faragostar-man/key-id/v1|" + license_key.encode()).digest()
    return to_base64url(digest[:_KEY_ID_BYTES])


def code_hash(code: str) -> Digest:
    """Return what the server keeps of a license key or reactivation code; it keys the proofs."""
    return sha256(b"faragostar-man/code/v1|" + code.encode())


def prove(stored: Digest, device: DeviceId, request_id: RequestId) -> Digest:
    """Prove a code for one device and request; `stored` is its `code_hash`."""
    key = from_base64url(stored.encode())
    proof = hmac.digest(key, f"{device}|{request_id}".encode(), "sha256")
    return Digest(to_base64url(proof))


def is_proof(offered: str, stored: Digest, device: DeviceId, request_id: RequestId) -> bool:
    """Compare in constant time; the one boolean here, about a code and not about a document."""
    # As bytes: `compare_digest` raises on text beyond ASCII, and `offered` is a stranger's.
    return hmac.compare_digest(offered.encode(), prove(stored, device, request_id).encode())


def claim(license_key: str, device: DeviceId, request_id: RequestId) -> LicenseClaim:
    """Show a license key to the server without telling it."""
    proof = prove(code_hash(license_key), device, request_id)
    return LicenseClaim(key_id=key_id(license_key), proof=proof)


def spoken(digest: Digest) -> str:
    """Say a digest over the telephone: four groups of four digits, the last of each a check."""
    length = _SPOKEN_GROUPS * _SPOKEN_DIGITS
    number = int.from_bytes(from_base64url(digest.encode())) % 10**length
    return " ".join(in_groups(str(number).zfill(length), _SPOKEN_DIGITS))


def to_ascii_digits(text: str) -> str:
    """Accept Persian and Arabic digits wherever digits are typed."""
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)


def _check(values: list[int], group: int) -> int:
    """Damm's check over GF(32), seeded with the group's number so that groups cannot be swapped."""
    interim = group + 1
    for value in values:
        interim = (interim ^ value) << 1
        if interim & 32:
            interim ^= _GF32
    return interim
