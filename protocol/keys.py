"""Public and private keys as documents name them (RFC 7517, RFC 7638, RFC 8037).

Two algorithms: `Ed25519` for devices, `ES256` (or `Ed25519`) for the server. The algorithm is a
property of the key, never of a message. Private keys live in `SigningKey` values; where they are
kept is not this package's business.
"""

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from msgspec import Meta

from protocol.encoding import canonical, from_base64url, sha256, to_base64url
from protocol.problems import BadSignature, MalformedEnvelope
from protocol.values import DeviceId, Document, KeyId, RawKey

SIGNATURE_BYTES = 64
_COORDINATE_BYTES = 32
_VERIFY_ES256 = ec.ECDSA(SHA256())
# RFC 6979: a server resumed from a snapshot may draw the same random numbers again, and two
# messages signed with one of them tell the private key.
_SIGN_ES256 = ec.ECDSA(SHA256(), deterministic_signing=True)
_P25519 = 2**255 - 19
_ORDER_EIGHT = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = frozenset({0, 1, _ORDER_EIGHT, _P25519 - _ORDER_EIGHT, _P25519 - 1})


class Algorithm(StrEnum):
    """Signature algorithms of the profile, by their JOSE names (RFC 9864, RFC 7518 §3.4)."""

    ED25519 = "Ed25519"
    ES256 = "ES256"


class OkpJwk(Document, frozen=True, kw_only=True, tag_field="kty", tag="OKP"):
    """An Ed25519 public key (RFC 8037 §2)."""

    crv: Annotated[str, Meta(pattern=r"^Ed25519\Z")]
    x: RawKey


class EcJwk(Document, frozen=True, kw_only=True, tag_field="kty", tag="EC"):
    """A P-256 public key (RFC 7518 §6.2)."""

    crv: Annotated[str, Meta(pattern=r"^P-256\Z")]
    x: RawKey
    y: RawKey


Jwk = OkpJwk | EcJwk


class PublicKey:
    """A loaded public key: verifies bytes or raises."""

    def __init__(self, jwk: Jwk) -> None:
        """Load lazily: a root names keys that a given document never needs."""
        self.jwk = jwk
        self.algorithm = Algorithm.ED25519 if isinstance(jwk, OkpJwk) else Algorithm.ES256

    @cached_property
    def kid(self) -> KeyId:
        """RFC 7638 thumbprint: the canonical spelling of a JWK is exactly its required members."""
        return KeyId(sha256(canonical(self.jwk)))

    @cached_property
    def _loaded(self) -> ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey:
        x = from_base64url(self.jwk.x.encode())
        try:
            if isinstance(self.jwk, OkpJwk):
                _refuse_weak(x)
                return ed25519.Ed25519PublicKey.from_public_bytes(x)
            point = b"\x04" + x + from_base64url(self.jwk.y.encode())
            return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        except ValueError as cause:
            raise MalformedEnvelope("not a public key of its curve") from cause

    def verify(self, signature: bytes, signed: bytes) -> None:
        """Check a JOSE signature (`R || S` for ES256, RFC 7518 §3.4).

        Raises:
            BadSignature: of a wrong length, or not made by this key over these bytes.
            MalformedEnvelope: the key itself is no key.
        """
        if len(signature) != SIGNATURE_BYTES:
            raise BadSignature("wrong signature length")
        loaded = self._loaded
        try:
            if isinstance(loaded, ed25519.Ed25519PublicKey):
                loaded.verify(signature, signed)
            else:
                r = int.from_bytes(signature[:_COORDINATE_BYTES])
                s = int.from_bytes(signature[_COORDINATE_BYTES:])
                loaded.verify(encode_dss_signature(r, s), signed, _VERIFY_ES256)
        except InvalidSignature as cause:
            raise BadSignature("signature does not match") from cause


class SigningKey(Protocol):
    """What can sign: a key in memory, in a file, or behind PKCS#11."""

    @property
    def public(self) -> PublicKey:
        """The public half."""

    def sign(self, message: bytes) -> bytes:
        """Return the 64 signature bytes in JOSE form."""


class Ed25519Key:
    """A private Ed25519 key in memory (RFC 8032)."""

    def __init__(self, secret: bytes) -> None:
        """`secret`: the 32-byte seed.

        Raises:
            ValueError: not 32 bytes.
        """
        self._private = ed25519.Ed25519PrivateKey.from_private_bytes(secret)

    @cached_property
    def public(self) -> PublicKey:
        """The public half."""
        raw = self._private.public_key().public_bytes_raw()
        return PublicKey(OkpJwk(crv="Ed25519", x=to_base64url(raw)))

    def sign(self, message: bytes) -> bytes:
        """Sign; deterministic."""
        return self._private.sign(message)


class Es256Key:
    """A private P-256 key in memory."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        """`private`: a key on P-256.

        Raises:
            ValueError: a key on another curve.
        """
        if private.curve.name != ec.SECP256R1.name:
            raise ValueError(f"ES256 signs on P-256, not on {private.curve.name}")
        self._private = private

    @cached_property
    def public(self) -> PublicKey:
        """The public half."""
        numbers = self._private.public_key().public_numbers()
        x, y = (to_base64url(n.to_bytes(_COORDINATE_BYTES)) for n in (numbers.x, numbers.y))
        return PublicKey(EcJwk(crv="P-256", x=x, y=y))

    def sign(self, message: bytes) -> bytes:
        """Sign and return `R || S`; deterministic."""
        r, s = decode_dss_signature(self._private.sign(message, _SIGN_ES256))
        return r.to_bytes(_COORDINATE_BYTES) + s.to_bytes(_COORDINATE_BYTES)


def device_id(key: PublicKey) -> DeviceId:
    """A device is its key: the thumbprint names both."""
    return DeviceId(key.kid)


def _refuse_weak(x: bytes) -> None:
    """Refuse what OpenSSL lets pass: points of small order, and a second spelling of a point.

    Under a key of small order one signature fits many messages, and nobody owns it (RFC 8032 §5.1.3
    asks for y < p; the list is complete: the eight points have five values of y).
    """
    y = int.from_bytes(x, "little") & (2**255 - 1)
    if y >= _P25519 or y in _SMALL_ORDER:
        raise ValueError("a point that no private key makes")
