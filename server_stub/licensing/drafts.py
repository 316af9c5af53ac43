"""The next root on its way to its signers: a file that is carried to where the root keys are.

Holds the root, who may sign it and what they have signed. Nothing in it is believed: whoever
publishes it walks the chain as every agent does.
"""

from enum import StrEnum
from typing import NamedTuple, Self

import msgspec

from protocol import jws
from protocol.encoding import canonical, from_base64url
from protocol.keys import PublicKey, SigningKey
from protocol.problems import ProtocolError
from protocol.trust import ROOT_TYPE, KeyRecord, KeyUse, Root, RootSignatures, Trust
from protocol.values import KeyId, KeyThumbprint
from server_stub.errors import DocumentInvalid, RootNotSigned


class Quorum(NamedTuple):
    """How many of one root's keys have signed, and how many must."""

    signed: int
    threshold: int


class Change(StrEnum):
    """What a root does to one key of the root before it."""

    COMES = "comes"
    GOES = "goes"
    STAYS = "stays"
    RETIRES = "retires"
    REVOKED = "revoked"
    # Anything else, or one of these with more.
    ALTERED = "altered"


class KeyChange(NamedTuple):
    """One key, as the next root has it or, if it goes, as the former had it.

    `altered`: the fields of its record that are not what they were.
    """

    kid: KeyThumbprint
    record: KeyRecord
    change: Change
    altered: tuple[str, ...] = ()


class Draft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The next root, the one before it, and the signatures so far."""

    root: Root
    former: Root
    signatures: tuple[str, ...] = ()

    @classmethod
    def after(cls, trust: Trust, root: Root) -> Self:
        """Begin a draft; nobody has signed."""
        return cls(root=root, former=trust.root)

    @classmethod
    def read(cls, raw: bytes, file: str) -> Self:
        """Read a draft back, and check what was signed.

        Raises:
            DocumentInvalid: no draft, or a signature that is none.
        """
        try:
            draft = msgspec.json.decode(raw, type=cls)
            for signature in draft.signatures:
                draft.signer_of(signature)
        except (msgspec.DecodeError, ProtocolError) as cause:
            raise DocumentInvalid(str(cause), file=file) from cause
        return draft

    def written(self) -> bytes:
        """Spell the draft, readable: who signs should see what."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"

    def signed_by(self, key: SigningKey) -> Self:
        """Add a signature; doing it twice is harmless.

        Raises:
            RootNotSigned: no root key of this root nor of the one before it.
        """
        kid = key.public.kid
        if not any(_is_root_key(root, kid) for root in (self.root, self.former)):
            raise RootNotSigned(f"{kid} signs neither root", detail=kid)
        kept = tuple(text for text in self.signatures if self.signer_of(text) != kid)
        signature = jws.sign(self.root, ROOT_TYPE, key).decode()
        return msgspec.structs.replace(self, signatures=(*kept, signature))

    def changes(self) -> tuple[KeyChange, ...]:
        """Every key of both roots: the former is the draft's own word, so none is left unsaid."""
        now = tuple(
            _change(kid, self.former.keys.get(kid), record)
            for kid, record in self.root.keys.items()
        )
        gone = self.former.keys.keys() - self.root.keys.keys()
        return now + tuple(
            KeyChange(kid, self.former.keys[kid], Change.GOES) for kid in sorted(gone)
        )

    def quorums(self) -> tuple[Quorum, Quorum]:
        """By the former root's rule and by its own: both must be met."""
        signers = [self.signer_of(text) for text in self.signatures]
        former, own = (
            Quorum(sum(_is_root_key(root, kid) for kid in signers), root.threshold)
            for root in (self.former, self.root)
        )
        return former, own

    def packed(self) -> RootSignatures:
        """The signatures as a chain carries them."""
        return tuple(text.encode() for text in self.signatures)

    def signer_of(self, signature: str) -> KeyId:
        """Verify one signature over this root.

        Raises:
            ProtocolError: not genuine, or over another root.
            DocumentInvalid: by a key that neither root names.
        """
        envelope = jws.split(signature.encode(), ROOT_TYPE)
        records = {**self.former.keys, **self.root.keys}
        record = next((r for kid, r in records.items() if kid == envelope.kid), None)
        if record is None or from_base64url(envelope.encoded_payload) != canonical(self.root):
            raise DocumentInvalid("a signature of something else", file=envelope.kid)
        envelope.verified_by(PublicKey(record.jwk))
        return envelope.kid


def _change(kid: KeyThumbprint, former: KeyRecord | None, record: KeyRecord) -> KeyChange:
    if former is None:
        return KeyChange(kid, record, Change.COMES)
    fields = KeyRecord.__struct_fields__
    altered = tuple(name for name in fields if getattr(former, name) != getattr(record, name))
    match altered:
        case ():
            change = Change.STAYS
        case ("revoked",) if record.revoked:
            change = Change.REVOKED
        case ("retired_at",) if former.retired_at is None:
            change = Change.RETIRES
        case _:
            # Who signs must not take two things for the one that was announced.
            change = Change.ALTERED
    return KeyChange(kid, record, change, altered)


def _is_root_key(root: Root, kid: str) -> bool:
    return any(name == kid and record.use is KeyUse.ROOT for name, record in root.keys.items())
