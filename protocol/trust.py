"""Which keys are believed, and since when: TUF's root rules in our envelope (docs/protocol.md §2).

`root.N` names the document keys and is signed by a threshold of offline root keys over
byte-identical payloads. Whoever trusts N accepts N+1 only if it meets the threshold of both.
Pure: bytes in, `Trust` out, or a `ProtocolError`.
"""

from enum import StrEnum
from typing import Annotated, Self

import msgspec
from msgspec import Meta

from protocol import jws
from protocol.encoding import decode_canonical, from_base64url
from protocol.keys import Algorithm, Jwk, PublicKey
from protocol.problems import (
    KeyOutOfDates,
    KeyRetired,
    KeyRevoked,
    ProtocolError,
    RootInvalid,
    RootOutOfOrder,
    ThresholdNotMet,
    UnknownKey,
)
from protocol.values import (
    Count,
    Document,
    Instant,
    KeyId,
    KeyThumbprint,
    Positive,
    RawKey,
    ShortText,
)

ROOT_TYPE = "root+jws"

RootSignatures = tuple[bytes, ...]

_MAX_KEYS = 64
_MAX_SIGNATURES = 2 * _MAX_KEYS  # the keys of this root and of the one before it


class KeyUse(StrEnum):
    """What a key may sign; no key has two uses."""

    ROOT = "root"
    DOCUMENT = "document"


class KeyRecord(Document, frozen=True, kw_only=True):
    """A key as a root names it; the algorithm is a property of this record."""

    alg: Algorithm
    use: KeyUse
    jwk: Jwk
    not_before: Instant
    not_after: Instant | None = None
    retired_at: Count | None = None
    revoked: bool = False


class Root(Document, frozen=True, kw_only=True):
    """One version of who is to be believed."""

    version: Positive
    issued_at: Instant
    audience: ShortText
    threshold: Annotated[int, Meta(ge=1, le=16)]
    keys: Annotated[dict[KeyThumbprint, KeyRecord], Meta(min_length=2, max_length=_MAX_KEYS)]
    agreement_key: RawKey


_root_decoder = msgspec.json.Decoder(Root)


class Trust:
    """A verified root, and the chain of bytes that led to it.

    Only `pin` and `advance` make one, so holding a `Trust` means that its rules were checked.
    """

    def __init__(self, root: Root, chain: tuple[RootSignatures, ...]) -> None:
        """Keep verified values; callers use `pin` and `advance`."""
        self.root = root
        self.chain = chain
        self._keys = {kid: PublicKey(record.jwk) for kid, record in root.keys.items()}

    @classmethod
    def pin(cls, signatures: RootSignatures) -> Self:
        """Trust a root on the word of whoever installed it; it must still meet its own threshold.

        Raises:
            ProtocolError: not a root, or not signed by its own threshold of root keys.
        """
        root, envelopes = _read(signatures)
        _require_threshold(envelopes, root)
        return cls(root, (signatures,))

    @classmethod
    def follow(cls, chain: tuple[RootSignatures, ...]) -> Self:
        """Pin the first root of a chain and walk every later one.

        Raises:
            ProtocolError: an empty chain, or one that breaks somewhere.
        """
        if not chain:
            raise RootInvalid("no root at all")
        trust = cls.pin(chain[0])
        for signatures in chain[1:]:
            trust = trust.advance(signatures)
        return trust

    @classmethod
    def remembered(cls, chain: tuple[RootSignatures, ...]) -> Self:
        """Trust a chain again that was followed before; checks no signature.

        Only for bytes that the caller has kept where nobody else writes, together with the word
        that they were verified.

        Raises:
            ProtocolError: the last root cannot be read.
        """
        root, _ = _read(chain[-1])
        return cls(root, chain)

    def roots(self) -> tuple[Root, ...]:
        """Every root of the chain, the oldest first."""
        return tuple(_read(signatures)[0] for signatures in self.chain)

    def advance(self, signatures: RootSignatures) -> Self:
        """Accept the direct successor of this root.

        Raises:
            RootOutOfOrder: not version N+1, or for another audience.
            ThresholdNotMet: by this root's rule or by its own.
        """
        root, envelopes = _read(signatures)
        if root.version != self.root.version + 1:
            raise RootOutOfOrder(f"root {root.version} after root {self.root.version}")
        if root.audience != self.root.audience:
            raise RootOutOfOrder("a root of another signing server")
        _require_threshold(envelopes, self.root)
        _require_threshold(envelopes, root)
        return type(self)(root, (*self.chain, signatures))

    def has_passed(self, signatures: RootSignatures) -> bool:
        """Tell whether a root is behind this one or is this very one, whoever else signed it.

        It is only ever passed over, so what it says of itself need not be believed.

        Raises:
            ProtocolError: not a root.
        """
        root, _ = _read(signatures)
        return root.version < self.root.version or root == self.root

    def open(self, envelope: jws.Unverified) -> bytes:
        """Verify a server document's signature under its document key and return its payload.

        Raises:
            UnknownKey: no document key of this root, or a key smuggled into the header.
            KeyRevoked: the key verifies nothing any more.
        """
        self.require_believed(envelope)
        return envelope.verified_by(self._keys[envelope.kid])

    def require_believed(self, envelope: jws.Unverified) -> None:
        """Refuse an envelope whose key is not believed for documents, whatever it signed.

        Raises:
            UnknownKey: no document key of this root, or a key smuggled into the header.
            KeyRevoked: the key verifies nothing any more.
        """
        record = self.root.keys.get(envelope.kid)
        if record is None or record.use is not KeyUse.DOCUMENT or envelope.header.jwk is not None:
            raise UnknownKey("not a document key of the trusted root")
        if record.revoked:
            raise KeyRevoked(f"key {envelope.kid} was revoked")

    def require_in_force(self, kid: KeyId, server_time: int, audit_index: int) -> None:
        """Refuse a document that its key was not (or no longer) allowed to sign.

        Dates are compared with the server's signed time, never with this machine's clock: a
        perpetual license never stops because of a clock.

        Raises:
            KeyRetired: signed after the audit index of the key's retirement.
            KeyOutOfDates: signed outside the key's dates.
        """
        record = self.root.keys[kid]
        if record.retired_at is not None and audit_index > record.retired_at:
            raise KeyRetired(f"key {kid} was retired at {record.retired_at}")
        too_late = record.not_after is not None and server_time > record.not_after
        if server_time < record.not_before or too_late:
            raise KeyOutOfDates(f"key {kid} could not sign at {server_time}")


def _read(signatures: RootSignatures) -> tuple[Root, tuple[jws.Unverified, ...]]:
    """Parse a root whose own keys will be asked next; nothing of it is believed before that."""
    if not 1 <= len(signatures) <= _MAX_SIGNATURES:
        raise RootInvalid(f"{len(signatures)} signatures")
    envelopes = tuple(jws.split(raw, ROOT_TYPE) for raw in signatures)
    if any(envelope.header.jwk is not None for envelope in envelopes):
        raise UnknownKey("a root key is named by the root, never by the envelope")
    if len({envelope.encoded_payload for envelope in envelopes}) != 1:
        raise RootInvalid("the signatures are over different bytes")
    root = decode_canonical(from_base64url(envelopes[0].encoded_payload), _root_decoder)
    for kid, record in root.keys.items():
        key = PublicKey(record.jwk)
        if key.kid != kid or key.algorithm is not record.alg:
            raise RootInvalid(f"record {kid} is not of its key")
    if sum(_may_sign_roots(record) for record in root.keys.values()) < root.threshold:
        raise RootInvalid("its threshold can never be met")
    return root, envelopes


def _may_sign_roots(record: KeyRecord) -> bool:
    return record.use is KeyUse.ROOT and not record.revoked and record.retired_at is None


def _require_threshold(envelopes: tuple[jws.Unverified, ...], judge: Root) -> None:
    """Count the distinct root keys of `judge` that signed; foreign signatures do not count."""
    signers: set[str] = set()
    for envelope in envelopes:
        record = judge.keys.get(envelope.kid)
        if record is None or not _may_sign_roots(record):
            continue
        try:
            envelope.verified_by(PublicKey(record.jwk))
        except ProtocolError:
            continue
        signers.add(envelope.kid)
    if len(signers) < judge.threshold:
        raise ThresholdNotMet(f"{len(signers)} of {judge.threshold} root keys signed")
