"""Private keys: made, kept in PEM files, and loaded for signing.

PKCS #8, encrypted with a passphrase unless the home is a demonstration. A key is found by its
thumbprint in the trusted root, never by the name of its file.
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, x25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from protocol.encoding import to_base64url
from protocol.jws import sign
from protocol.keys import Ed25519Key, Es256Key, SigningKey
from protocol.trust import ROOT_TYPE, KeyRecord, KeyUse, Root, RootSignatures, Trust
from protocol.values import KeyThumbprint, Timestamp
from server_stub.errors import (
    AgreementKeyMissing,
    DocumentInvalid,
    PassphraseNeeded,
    ServerError,
    SigningKeyMissing,
)
from server_stub.home import write_new

# Each more would make a guess likelier; who is further behind checks in first.
_MOST_AGREEMENT_KEYS = 2

PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | x25519.X25519PrivateKey


def new_root_key() -> ed25519.Ed25519PrivateKey:
    """A key that signs roots, and belongs offline."""
    return ed25519.Ed25519PrivateKey.generate()


def new_document_key() -> ec.EllipticCurvePrivateKey:
    """A key that signs licenses and every other answer."""
    return ec.generate_private_key(ec.SECP256R1())


def new_agreement_key() -> x25519.X25519PrivateKey:
    """The key that challenge codes are agreed with."""
    return x25519.X25519PrivateKey.generate()


def public_agreement_key(key: x25519.X25519PrivateKey) -> str:
    """The public half as a root spells it."""
    return to_base64url(key.public_key().public_bytes_raw())


def keep(path: Path, key: PrivateKey, passphrase: bytes | None) -> None:
    """Write a private key into a new file of its own."""
    encryption: KeySerializationEncryption = NoEncryption()
    if passphrase is not None:
        encryption = BestAvailableEncryption(passphrase)
    write_new(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))


def load(path: Path, passphrase: bytes | None) -> SigningKey | None:
    """Load a signing key; None when the file holds a key of another kind.

    Raises:
        PassphraseNeeded, DocumentInvalid: as `_read`.
    """
    private = _read(path, passphrase)
    if isinstance(private, ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey):
        return as_signing_key(private)
    return None


def _read(path: Path, passphrase: bytes | None) -> PrivateKeyTypes:
    """Read the private key of a file.

    Raises:
        PassphraseNeeded: encrypted, and the passphrase is missing or wrong.
        DocumentInvalid: no private key at all.
    """
    pem = path.read_bytes()
    encrypted = b"ENCRYPTED" in pem
    if encrypted and passphrase is None:
        raise PassphraseNeeded("no passphrase for an encrypted key")
    try:
        return load_pem_private_key(pem, passphrase if encrypted else None)
    except ValueError as cause:
        if encrypted:
            raise PassphraseNeeded("wrong passphrase") from cause
        raise DocumentInvalid(str(cause), file=str(path)) from cause


def as_signing_key(private: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> SigningKey:
    """The key as documents are signed with it."""
    if isinstance(private, ed25519.Ed25519PrivateKey):
        return Ed25519Key(private.private_bytes_raw())
    return Es256Key(private)


def document_key(keys: Path, trust: Trust, passphrase: bytes | None, now: Timestamp) -> SigningKey:
    """The key that signs answers now: in force by the root, the newest of them.

    A file that cannot be opened (half written, under another passphrase) is passed over where
    another can: it may never have been published, and must not stop the server.

    Raises:
        PassphraseNeeded: as `load`.
        SigningKeyMissing: none of the key files is a document key in force.
        DocumentInvalid: the root has none.
    """
    order = key_order(trust)
    found: list[tuple[int, SigningKey]] = []
    faults: list[ServerError] = []
    for path in sorted(keys.glob("document-*.pem")):
        try:
            key = load(path, passphrase)
        except (PassphraseNeeded, DocumentInvalid) as fault:
            faults.append(fault)
            continue
        record = trust.root.keys.get(key.public.kid) if key else None
        if key and record and _signs_documents(record, now):
            found.append((order[key.public.kid], key))
    if not found:
        raise next(iter(faults), None) or _missing(trust, keys)
    return max(found, key=lambda candidate: candidate[0])[1]


def agreement_keys(
    keys: Path, trust: Trust, passphrase: bytes | None
) -> tuple[x25519.X25519PrivateKey, ...]:
    """The keys that challenge codes are agreed with, the newest root's first.

    A machine answers under the root that it has seen, so an earlier key counts as long as its file
    is here: one that leaked is taken away.

    Raises:
        PassphraseNeeded, DocumentInvalid: as `load`.
        AgreementKeyMissing: the newest root's is not here.
    """
    named = list(dict.fromkeys(root.agreement_key for root in reversed(trust.roots())))
    found: dict[str, x25519.X25519PrivateKey] = {}
    faults: list[ServerError] = []
    for path in sorted(keys.glob("agreement-*.pem")):
        try:
            private = _read(path, passphrase)
        except (PassphraseNeeded, DocumentInvalid) as fault:
            faults.append(fault)
            continue
        if isinstance(private, x25519.X25519PrivateKey):
            found[public_agreement_key(private)] = private
    if named[0] not in found:
        missing = AgreementKeyMissing(version=str(trust.root.version), folder=str(keys))
        raise next(iter(faults), missing)
    return tuple(found[name] for name in named if name in found)[:_MOST_AGREEMENT_KEYS]


def require_newest(key: SigningKey, trust: Trust, keys: Path) -> None:
    """Refuse a key that signs only because the one in its place is not here.

    Raises:
        SigningKeyMissing: the root names a later document key.
    """
    order = key_order(trust)
    newest = newest_key(trust)
    if newest is not None and order[key.public.kid] < order[newest]:
        raise _missing(trust, keys)


def newest_key(trust: Trust) -> KeyThumbprint | None:
    """The document key that should sign now; None where the root has none in force."""
    order = key_order(trust)
    in_force = (kid for kid, record in trust.root.keys.items() if _is_in_force(record))
    return max(in_force, key=order.__getitem__, default=None)


def key_order(trust: Trust) -> dict[str, int]:
    """The root version that named each key first: a later one takes the place of an earlier."""
    order: dict[str, int] = {}
    for version, root in enumerate(trust.roots(), 1):
        for kid in root.keys:
            order.setdefault(kid, version)
    return order


def _missing(trust: Trust, keys: Path) -> ServerError:
    newest = newest_key(trust)
    if newest is None:
        return DocumentInvalid("no document key in force", file=f"root {trust.root.version}")
    version = str(trust.root.version)
    return SigningKeyMissing(newest, key=newest, version=version, folder=str(keys))


def record_of(key: SigningKey, use: KeyUse, not_before: Timestamp) -> KeyRecord:
    """How a root names a key."""
    public = key.public
    return KeyRecord(alg=public.algorithm, use=use, jwk=public.jwk, not_before=not_before)


def records_of(
    keys: list[SigningKey], use: KeyUse, not_before: Timestamp
) -> dict[KeyThumbprint, KeyRecord]:
    """How a root names some keys of one use."""
    return {key.public.kid: record_of(key, use, not_before) for key in keys}


def sign_root(root: Root, root_keys: list[SigningKey]) -> RootSignatures:
    """Sign one root with each of its keys, over the same bytes."""
    return tuple(sign(root, ROOT_TYPE, key) for key in root_keys)


def _signs_documents(record: KeyRecord, now: Timestamp) -> bool:
    in_time = record.not_before <= now and (record.not_after is None or now <= record.not_after)
    return _is_in_force(record) and in_time


def _is_in_force(record: KeyRecord) -> bool:
    return record.use is KeyUse.DOCUMENT and record.retired_at is None and not record.revoked
