"""`key list`, `key rotate`, `root new`, `root sign` and `root publish` (docs/protocol.md §2)."""

import argparse
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol.keys import SigningKey
from protocol.trust import KeyUse, Root, Trust
from server_stub.clock import system_clock
from server_stub.commands import root_pages
from server_stub.commands.files import named_file
from server_stub.commands.opening import published_roots
from server_stub.commands.shown import Call, Parsers, Shown
from server_stub.errors import (
    AlreadyExists,
    DocumentInvalid,
    NotConfirmed,
    PassphraseNeeded,
    RootKeysMissing,
    RootNotSigned,
    SigningKeyMissing,
    UsageError,
)
from server_stub.home import write_durably, write_new
from server_stub.licensing import signer
from server_stub.licensing.drafts import Draft
from server_stub.passphrase import known_passphrase, new_passphrase

_MOST_ROOT_KEYS = 16


def add_parsers(add: Parsers) -> None:
    """Add the five commands."""
    add("key", None, "the keys that sign documents")
    add("key list", list_keys, "every key of the newest root")
    rotate = add("key rotate", rotate_key, "sign with a new document key from now on")
    rotate.add_argument("--passphrase-file", metavar="FILE")
    rotate.add_argument("--draft", metavar="FILE", type=Path, help="for root keys kept elsewhere")
    add("root", None, "who is to be believed")
    new = add("root new", draft_root, "draw up the next root")
    new.add_argument("file", metavar="DRAFT", type=Path)
    by_key = "its thumbprint or how it begins; write --option=KEY, for one may begin with a dash"
    new.add_argument("--retire", metavar="KEY", action="append", default=[], help=by_key)
    new.add_argument("--revoke", metavar="KEY", action="append", default=[], help=by_key)
    new.add_argument("--keys", metavar="N", type=_count, help="make new root keys")
    new.add_argument("--threshold", metavar="N", type=_count, help="how many of them must sign")
    new.add_argument("--keys-dir", metavar="DIR", type=Path, help="where the new root keys go")
    new.add_argument("--passphrase-file", metavar="FILE")
    sign = add("root sign", sign_root, "sign a draft where a root key is")
    sign.add_argument("file", metavar="DRAFT", type=Path)
    sign.add_argument("--key", metavar="PEM", type=Path, required=True)
    sign.add_argument("--passphrase-file", metavar="FILE")
    sign.add_argument("--yes", action="store_true", help="ask nothing")
    publish = add("root publish", publish_root, "make a signed draft the newest root")
    publish.add_argument("file", metavar="DRAFT", type=Path)
    publish.add_argument("--passphrase-file", metavar="FILE")


def list_keys(call: Call) -> Shown:
    """Every key of the newest root, and what it may still do."""
    trust = published_roots(call)
    keys = trust.root.keys.items()
    roots = trust.roots()
    named = {kid: roots[version - 1] for kid, version in signer.key_order(trust).items()}
    rows = [
        {
            **root_pages.key_facts(kid, record),
            "root": named[kid].version,
            "named_at": named[kid].issued_at,
        }
        for kid, record in keys
    ]
    lines = [call.say("key.root", version=trust.root.version, threshold=trust.root.threshold)]
    lines += [root_pages.key_line(call, kid, record, named[kid]) for kid, record in keys]
    root = {"version": trust.root.version, "threshold": trust.root.threshold}
    return Shown({**root, "keys": rows}, tuple(lines))


def rotate_key(call: Call) -> Shown:
    """Make a new document key and let it sign, or draw up the root that would."""
    trust = published_roots(call)
    passphrase = _passphrase(call)
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import rotation

    root_keys = _root_keys(call, trust, passphrase)
    if call.arguments.draft is None and len(root_keys) < trust.root.threshold:
        raise RootKeysMissing("too few root keys here", count=str(trust.root.threshold))
    if call.arguments.draft is not None:
        _require_new(call.arguments.draft)
    # A mistyped passphrase would make a key that no worker can open. A key that is lost is what
    # this makes good.
    try:
        signer.document_key(call.home.keys, trust, passphrase, system_clock())
    except SigningKeyMissing:
        if passphrase is not None and not root_keys:
            # Nothing here was encrypted with it: it is a new one, typed twice.
            passphrase = new_passphrase(call.arguments.passphrase_file, call.language)
    private = signer.new_document_key()
    path = _unused(call.home.keys, "document")
    signer.keep(path, private, passphrase)
    key = signer.as_signing_key(private)
    if call.arguments.draft is not None:
        root = rotation.with_new_key(trust, key, system_clock())
        return _drafted(call, Draft.after(trust, root), call.arguments.draft, key_file=str(path))
    trust = rotation.rotate(Books.of(call.home), key, root_keys)
    facts: dict[str, object] = {"version": trust.root.version, "key": key.public.kid}
    return Shown({**facts, "key_file": str(path)}, (call.say("key.rotated", file=path, **facts),))


def draft_root(call: Call) -> Shown:
    """Draw up a root that retires or revokes keys, or that has other root keys."""
    chosen = call.arguments
    trust = published_roots(call)
    _require_new(chosen.file)
    from server_stub.licensing.services import rotation

    if bool(chosen.keys) == bool(chosen.retire or chosen.revoke):
        raise UsageError("root new", detail="root new: --keys N, or --retire KEY / --revoke KEY")
    if not chosen.keys:
        root = rotation.without_keys(
            trust, system_clock(), retired=chosen.retire, revoked=chosen.revoke
        )
        return _drafted(call, Draft.after(trust, root), chosen.file)
    threshold = chosen.threshold or min(2, chosen.keys)
    if threshold > chosen.keys:
        raise UsageError("threshold", detail="--threshold ≤ --keys")
    files = _new_root_keys(call, trust.root.version + 1)
    keys = [signer.as_signing_key(private) for _, private in files]
    root = rotation.with_root_keys(trust, keys, threshold, system_clock())
    named = " ".join(str(path) for path, _ in files)
    return _drafted(call, Draft.after(trust, root), chosen.file, root_keys=named)


def sign_root(call: Call) -> Shown:
    """Add one root key's signature; needs no home, for root keys live elsewhere.

    Raises:
        NotConfirmed: who sits at the terminal does not want it.
    """
    chosen = call.arguments
    draft = _read(chosen.file)
    changes = root_pages.changes(call, draft)
    if sys.stdin.isatty() and not chosen.yes:
        _require_yes(call, changes)
        changes = ()
    draft = draft.signed_by(_root_key(call))
    with named_file(chosen.file):
        write_durably(chosen.file, draft.written())
    return Shown(_facts(draft, chosen.file), (*changes, _quorum_line(call, draft)))


def _require_yes(call: Call, changes: tuple[str, ...]) -> None:
    """What is signed stands before the question, wherever stdout goes."""
    sys.stderr.write("\n".join((*changes, call.say("ask.sign-root"))))
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise NotConfirmed


def _root_key(call: Call) -> SigningKey:
    file: Path = call.arguments.key
    with named_file(file):
        try:
            key = signer.load(file, None)
        except PassphraseNeeded:
            key = signer.load(file, known_passphrase(call.arguments.passphrase_file, call.language))
    if key is None:
        raise DocumentInvalid("no signing key", file=str(file))
    return key


def publish_root(call: Call) -> Shown:
    """Make a draft that enough keys have signed the newest root."""
    draft = _read(call.arguments.file)
    trust = published_roots(call)
    if any(quorum.signed < quorum.threshold for quorum in draft.quorums()):
        raise RootNotSigned("too few signatures", detail=_quorum_line(call, draft))
    from server_stub.licensing.roots import advanced
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import rotation

    # A root whose key is not here would stop the server at its next answer.
    later = advanced(trust, draft.packed())
    key = signer.document_key(call.home.keys, later, _passphrase(call), system_clock())
    signer.require_newest(key, later, call.home.keys)
    trust = rotation.publish(Books.of(call.home), draft.packed())
    facts: dict[str, object] = {"version": trust.root.version}
    return Shown(facts, (call.say("root.published", **facts),))


def _passphrase(call: Call) -> bytes | None:
    if call.home.config().demo:
        return None
    return known_passphrase(call.arguments.passphrase_file, call.language)


def _root_keys(call: Call, trust: Trust, passphrase: bytes | None) -> list[SigningKey]:
    """The root keys that were left here, and that this root names."""
    found = (signer.load(path, passphrase) for path in sorted(call.home.keys.glob("root-*.pem")))
    return [key for key in found if key and _is_root_key(trust.root, key)]


def _is_root_key(root: Root, key: SigningKey) -> bool:
    record = root.keys.get(key.public.kid)
    return record is not None and record.use is KeyUse.ROOT


def _new_root_keys(call: Call, version: int) -> list[tuple[Path, Ed25519PrivateKey]]:
    chosen = call.arguments
    folder: Path = chosen.keys_dir or chosen.file.absolute().parent
    demo = call.home.config().demo
    passphrase = None if demo else new_passphrase(chosen.passphrase_file, call.language)
    made = []
    for number in range(1, chosen.keys + 1):
        private = signer.new_root_key()
        path = folder / f"root-{version}-{number}.pem"
        _require_new(path)
        signer.keep(path, private, passphrase)
        made.append((path, private))
    return made


def _unused(folder: Path, kind: str) -> Path:
    number = 1
    while (folder / f"{kind}-{number}.pem").exists():
        number += 1
    return folder / f"{kind}-{number}.pem"


def _require_new(path: Path) -> None:
    if path.exists():
        raise AlreadyExists(str(path), name=str(path))


def _read(file: Path) -> Draft:
    with named_file(file):
        return Draft.read(file.read_bytes(), str(file))


def _drafted(call: Call, draft: Draft, file: Path, **more: str) -> Shown:
    with named_file(file):
        write_new(file, draft.written())
    lines = [call.say("root.drafted", version=draft.root.version, file=file)]
    lines += [call.say(f"root.{name.replace('_', '-')}", files=text) for name, text in more.items()]
    return Shown({**_facts(draft, file), **more}, (*lines, _quorum_line(call, draft)))


def _facts(draft: Draft, file: Path) -> dict[str, object]:
    former, own = draft.quorums()
    return {
        "draft": str(file),
        "version": draft.root.version,
        "former": former._asdict(),
        "own": own._asdict(),
        **root_pages.change_facts(draft),
    }


def _quorum_line(call: Call, draft: Draft) -> str:
    former, own = draft.quorums()
    return call.say(
        "root.quorum",
        former=former.signed,
        former_threshold=former.threshold,
        own=own.signed,
        own_threshold=own.threshold,
    )


def _count(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= _MOST_ROOT_KEYS:
        raise argparse.ArgumentTypeError(f"1 to {_MOST_ROOT_KEYS}")
    return int(value)
