"""Public and private keys as documents name them (RFC 7517, RFC 7638, RFC 8037).

Two algorithms: `Ed25519` for devices, `ES256` (or `Ed25519`) for the server. The algorithm is a
property of the key, never of a message. Private keys live in `SigningKey` values; where they are
kept is not this package's business.
"""

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Protocol

from msgspec import Meta

from protocol.encoding import canonical, from_base64url, sha256, to_base64url
from protocol.problems import BadSignature, MalformedEnvelope
from protocol.values import DeviceId, Document, KeyId, RawKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

    from protocol.signatures import Verifier

SIGNATURE_BYTES = 64
_P256 = "secp256r1"
_COORDINATE_BYTES = 32


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
    def _verifier(self) -> "Verifier":
        from protocol.signatures import Ed25519Verifier, P256Verifier

        x = from_base64url(self.jwk.x.encode())
        try:
            if isinstance(self.jwk, OkpJwk):
                return Ed25519Verifier(x)
            return P256Verifier(x, from_base64url(self.jwk.y.encode()))
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
        self._verifier.verify(signature, signed)


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
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._private = Ed25519PrivateKey.from_private_bytes(secret)

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

    def __init__(self, private: "EllipticCurvePrivateKey") -> None:
        """`private`: a key on P-256.

        Raises:
            ValueError: a key on another curve.
        """
        if private.curve.name != _P256:
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
        from protocol.signatures import sign_es256

        return sign_es256(self._private, message)


def device_id(key: PublicKey) -> DeviceId:
    """A device is its key: the thumbprint names both."""
    return DeviceId(key.kid)
