"""One compact JWS: three parts, one spelling, one key (docs/protocol.md §1, RFC 7515).

Signing and splitting only. Which key is to be trusted, and what a payload means, is decided by
`trust` and `envelope`.
"""

from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from protocol.encoding import canonical, decode_canonical, from_base64url, sha256, to_base64url
from protocol.keys import Jwk, PublicKey, SigningKey
from protocol.problems import AlgorithmRefused, MalformedEnvelope, NotTheSchema, TooLarge, WrongType
from protocol.values import Digest, Document, KeyId, KeyThumbprint

MAX_DOCUMENT_BYTES = 64 * 1024
_PARTS = 3


class Header(Document, frozen=True, kw_only=True):
    """All that a header may say; anything else is refused."""

    alg: Annotated[str, Meta(max_length=16)]
    kid: KeyThumbprint
    typ: Annotated[str, Meta(max_length=32)]
    jwk: Jwk | None = None


class Unverified(NamedTuple):
    """The parts of an envelope whose signature nobody has checked yet."""

    header: Header
    signed: bytes
    signature: bytes

    @property
    def kid(self) -> KeyId:
        """Which key claims to have signed."""
        return KeyId(self.header.kid)

    @property
    def digest(self) -> Digest:
        """Names the document: over what is signed, never over the signature (it is malleable)."""
        return sha256(self.signed)

    @property
    def encoded_payload(self) -> bytes:
        """The payload's base64url: equal for all who sign the same bytes."""
        return self.signed[self.signed.index(b".") + 1 :]

    def verified_by(self, key: PublicKey) -> bytes:
        """Return the payload, once the signature over the raw bytes holds.

        Raises:
            AlgorithmRefused: the header's `alg` is not the key's own.
            BadSignature: edited, truncated or forged.
            MalformedEnvelope: the payload is not base64url in its only spelling.
        """
        if self.header.alg != key.algorithm:
            raise AlgorithmRefused(f"alg {self.header.alg!r} for a key of {key.algorithm}")
        key.verify(self.signature, self.signed)
        return from_base64url(self.encoded_payload)


_header_decoder = msgspec.json.Decoder(Header)


def sign(document: Document, typ: str, key: SigningKey, *, carry_key: bool = False) -> bytes:
    """Sign the canonical spelling of a document; `carry_key` is for devices' documents.

    Constructing a struct checks nothing, so the document is read back first: a license that no
    reader accepts must not come into the world with a signature.

    Raises:
        NotTheSchema: a value outside the document's own bounds.
        TooDeep: nested deeper than any reader goes.
        TooLarge: over `MAX_DOCUMENT_BYTES`.
    """
    payload = canonical(document)
    decode_canonical(payload, msgspec.json.Decoder(type(document)))
    public = key.public
    header = Header(
        alg=public.algorithm.value,
        kid=public.kid,
        typ=typ,
        jwk=public.jwk if carry_key else None,
    )
    signed = _part(canonical(header)) + b"." + _part(payload)
    envelope = signed + b"." + _part(key.sign(signed))
    _refuse_size(envelope)
    return envelope


def split(raw: bytes, typ: str | None = None) -> Unverified:
    """Take an envelope apart without believing any of it; `typ` None leaves the type to the caller.

    Raises:
        TooLarge: over `MAX_DOCUMENT_BYTES`.
        MalformedEnvelope: not three parts, not base64url, or a header outside the profile.
        WrongType: a document of another type.
    """
    _refuse_size(raw)
    parts = raw.split(b".")
    if len(parts) != _PARTS:
        raise MalformedEnvelope(f"{len(parts)} parts instead of {_PARTS}")
    try:
        header = decode_canonical(from_base64url(parts[0]), _header_decoder)
    except NotTheSchema as cause:
        raise MalformedEnvelope(f"header: {cause}") from cause
    if typ is not None and header.typ != typ:
        raise WrongType(f"{header.typ!r} where {typ!r} is due")
    return Unverified(header, raw[: raw.rindex(b".")], from_base64url(parts[2]))


def digest(raw: bytes) -> Digest:
    """Name a document that this process has verified or made."""
    return sha256(raw[: raw.rindex(b".")])


def _refuse_size(raw: bytes) -> None:
    if len(raw) > MAX_DOCUMENT_BYTES:
        raise TooLarge(f"{len(raw)} bytes")


def _part(raw: bytes) -> bytes:
    return to_base64url(raw).encode()
