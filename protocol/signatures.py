"""The arithmetic of keys: Ed25519 (RFC 8032) and ECDSA on P-256 with SHA-256 (RFC 7518 §3.4).

Apart from `keys` because the library behind it takes longer to load than most commands need to
answer; `keys` imports this where a signature is made or checked, and not before.
"""

from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256

from protocol.problems import BadSignature

COORDINATE_BYTES = 32
_VERIFY_ES256 = ec.ECDSA(SHA256())
# RFC 6979: a server resumed from a snapshot may draw the same random numbers again, and two
# messages signed with one of them tell the private key.
_SIGN_ES256 = ec.ECDSA(SHA256(), deterministic_signing=True)
_P25519 = 2**255 - 19
_ORDER_EIGHT = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = frozenset({0, 1, _ORDER_EIGHT, _P25519 - _ORDER_EIGHT, _P25519 - 1})


class Verifier(Protocol):
    """A loaded public key."""

    def verify(self, signature: bytes, signed: bytes) -> None:
        """Return, or raise `BadSignature`."""


class Ed25519Verifier:
    """Checks Ed25519 signatures."""

    def __init__(self, x: bytes) -> None:
        """`x`: the 32 bytes of the key.

        Raises:
            ValueError: no key that somebody could own.
        """
        _refuse_weak(x)
        self._public = ed25519.Ed25519PublicKey.from_public_bytes(x)

    def verify(self, signature: bytes, signed: bytes) -> None:
        """Check a signature.

        Raises:
            BadSignature: not made by this key over these bytes.
        """
        try:
            self._public.verify(signature, signed)
        except InvalidSignature as cause:
            raise BadSignature("signature does not match") from cause


class P256Verifier:
    """Checks `R || S` signatures on P-256."""

    def __init__(self, x: bytes, y: bytes) -> None:
        """`x`, `y`: the coordinates, 32 bytes each.

        Raises:
            ValueError: no point of the curve.
        """
        point = b"\x04" + x + y
        self._public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)

    def verify(self, signature: bytes, signed: bytes) -> None:
        """Check a signature.

        Raises:
            BadSignature: not made by this key over these bytes.
        """
        r = int.from_bytes(signature[:COORDINATE_BYTES])
        s = int.from_bytes(signature[COORDINATE_BYTES:])
        try:
            self._public.verify(encode_dss_signature(r, s), signed, _VERIFY_ES256)
        except InvalidSignature as cause:
            raise BadSignature("signature does not match") from cause


def sign_es256(private: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    """Sign and return `R || S`; deterministic."""
    r, s = decode_dss_signature(private.sign(message, _SIGN_ES256))
    return r.to_bytes(COORDINATE_BYTES) + s.to_bytes(COORDINATE_BYTES)


def _refuse_weak(x: bytes) -> None:
    """Refuse what OpenSSL lets pass: points of small order, and a second spelling of a point.

    Under a key of small order one signature fits many messages, and nobody owns it (RFC 8032 §5.1.3
    asks for y < p; the list is complete: the eight points have five values of y).
    """
    y = int.from_bytes(x, "little") & (2**255 - 1)
    if y >= _P25519 or y in _SMALL_ORDER:
        raise ValueError("a point that no private key makes")
