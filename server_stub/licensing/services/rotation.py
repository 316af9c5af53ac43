"""Keys and roots change hands without a stop (docs/protocol.md §2).

A root is published in one transaction with the audit entry that says so: what has a higher index
is signed by the new key, in every worker. So a retired key's last index is known for certain.
"""

from collections.abc import Iterable
from itertools import pairwise

import msgspec

from protocol import jws
from protocol.exchange import pack_roots
from protocol.keys import SigningKey
from protocol.trust import KeyRecord, KeyUse, Root, RootSignatures, Trust
from protocol.values import MAX_INTEGER, KeyThumbprint, Timestamp
from server_stub.errors import NotFound, RootNotSigned
from server_stub.licensing import models, signer
from server_stub.licensing.audit import Journal
from server_stub.licensing.drafts import Draft
from server_stub.licensing.losses import declarations
from server_stub.licensing.roots import advanced, published
from server_stub.licensing.server import Books
from server_stub.licensing.services.acts import acting


def publish(books: Books, signatures: RootSignatures) -> Trust:
    """Make a root the newest; agents get it with their next answer.

    Raises:
        RootNotSigned: it does not follow the published one by its rules.
    """
    with acting(books) as act:
        return _published(act, published(), signatures)


def rotate(books: Books, new_key: SigningKey, root_keys: Iterable[SigningKey]) -> Trust:
    """Let a new document key sign from now on and retire the ones before it, in one step.

    Raises:
        RootNotSigned: these root keys do not meet the threshold.
    """
    with acting(books) as act:
        trust = published()
        root = with_new_key(trust, new_key, act.now, retired_at=_last_signed(act.next_index))
        draft = Draft.after(trust, root)
        for key in root_keys:
            draft = draft.signed_by(key)
        return _published(act, trust, draft.packed())


def with_new_key(
    trust: Trust, key: SigningKey, now: Timestamp, *, retired_at: int | None = None
) -> Root:
    """Draw up the next root with one more document key.

    `retired_at`: the index after which the earlier ones are believed no more. Without it they stay
    in force, for nobody knows yet when the root will be published.
    """
    keys = dict(trust.root.keys)
    if retired_at is not None:
        for kid, record in keys.items():
            if record.use is KeyUse.DOCUMENT and record.retired_at is None and not record.revoked:
                keys[kid] = msgspec.structs.replace(record, retired_at=retired_at)
    # In force as long as the server is: whoever sets its clock back goes on signing.
    keys |= signer.records_of([key], KeyUse.DOCUMENT, _founded_at(trust))
    return _next(trust, now, keys=keys)


def without_keys(
    trust: Trust, now: Timestamp, *, retired: Iterable[str] = (), revoked: Iterable[str] = ()
) -> Root:
    """Draw up the next root, in which some document keys are retired or revoked.

    A key is retired at the index at which a later one took its place.

    Raises:
        NotFound: no document key by that thumbprint (or the beginning of one), or the one that
            signs now.
    """
    keys = dict(trust.root.keys)
    for wanted in retired:
        kid, record = _document_key(keys, wanted)
        keys[kid] = msgspec.structs.replace(record, retired_at=_replaced_at(trust, kid))
    for wanted in revoked:
        kid, record = _document_key(keys, wanted)
        keys[kid] = msgspec.structs.replace(record, revoked=True)
    return _next(trust, now, keys=keys)


def with_root_keys(
    trust: Trust, new_keys: Iterable[SigningKey], threshold: int, now: Timestamp
) -> Root:
    """Draw up the next root with other root keys; the old ones must sign it as well."""
    kept = {kid: r for kid, r in trust.root.keys.items() if r.use is KeyUse.DOCUMENT}
    keys = {**kept, **signer.records_of(list(new_keys), KeyUse.ROOT, now)}
    return _next(trust, now, keys=keys, threshold=threshold)


def _next(trust: Trust, now: Timestamp, **changes: object) -> Root:
    issued_at = max(now, trust.root.issued_at)
    version = trust.root.version + 1
    return msgspec.structs.replace(trust.root, version=version, issued_at=issued_at, **changes)


def _founded_at(trust: Trust) -> Timestamp:
    return trust.roots()[0].issued_at


def _published(act: Journal, trust: Trust, signatures: RootSignatures) -> Trust:
    before, trust = trust.root, advanced(trust, signatures)
    _require_kept(before, trust.root)
    enter(act, trust.root.version, signatures)
    return trust


def enter(act: Journal, version: int, signatures: RootSignatures) -> None:
    """Make a root that follows by the rules the newest of the books."""
    models.Root.objects.create(
        version=version, signatures=pack_roots((signatures,)), audit_index=act.next_index
    )
    act.state.root_version = version
    act.record("root-published", facts={"version": version})


def _require_kept(before: Root, root: Root) -> None:
    """Refuse a root under which a document that was honestly signed would be believed no more.

    Revoking a key is the one way to do that, and it says so.

    Raises:
        RootNotSigned: it leaves out a key, or retires one before the newest that it signed.
    """
    for kid, record in before.keys.items():
        later = root.keys.get(kid)
        if record.use is not KeyUse.DOCUMENT:
            continue
        if later is None:
            raise RootNotSigned(kid, detail=f"{kid} is left out")
        if later.retired_at is not None and later != record and not later.revoked:
            newest = _newest_signed(kid, later.retired_at)
            if newest > later.retired_at:
                raise RootNotSigned(kid, detail=f"{kid} signed entry {newest} too")


def _newest_signed(kid: str, after: int) -> int:
    """The index of the newest answer by that key, or `after` where none is later."""
    later = models.Exchange.objects.filter(audit_id__gt=after).order_by("-audit_id")
    answers = later.values_list("audit_id", "answer").iterator()
    return next((index for index, raw in answers if jws.split(bytes(raw)).kid == kid), after)


def _document_key(
    keys: dict[KeyThumbprint, KeyRecord], wanted: str
) -> tuple[KeyThumbprint, KeyRecord]:
    found = [
        (kid, record)
        for kid, record in keys.items()
        if kid.startswith(wanted) and record.use is KeyUse.DOCUMENT
    ]
    if len(found) != 1:
        raise NotFound(wanted, name=wanted)
    return found[0]


def _replaced_at(trust: Trust, kid: str) -> int:
    """The index of the entry that published a later document key, or of what was signed since.

    A server that had lost the later key's file went on with the earlier one.
    """
    for version, (earlier, later) in enumerate(pairwise(trust.roots()), 2):
        added = {k for k, r in later.keys.items() if r.use is KeyUse.DOCUMENT} - earlier.keys.keys()
        if kid in earlier.keys and added:
            replaced_at = models.Root.objects.get(version=version).audit_index
            return _last_signed(_newest_signed(kid, replaced_at))
    raise NotFound(kid, name=kid)


def _last_signed(index: int) -> int:
    """The last index that a key may have signed: this one, as far as the books know.

    Books that lost entries do not know. What was signed meanwhile may have any later index, and
    runs somewhere: no license is lost because its key was retired.
    """
    return MAX_INTEGER if any(declared.by for declared in declarations()) else index
