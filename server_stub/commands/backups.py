"""`backup`, `restore`, `export-evidence` and `license unhold` (docs/server.md, Backups)."""

import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from server_stub.clock import system_clock
from server_stub.commands import typed
from server_stub.commands.files import named_file
from server_stub.commands.losses import known_losses
from server_stub.commands.opening import open_books, published_roots
from server_stub.commands.progress import waited_for
from server_stub.commands.shown import Call, Parsers, Shown
from server_stub.databases import database_of
from server_stub.django_setup import set_up
from server_stub.errors import (
    AuditBroken,
    DeclaredByNobody,
    DocumentInvalid,
    FileExists,
    PassphraseNeeded,
)
from server_stub.founding import refound
from server_stub.home import SECRET_FOLDER, write_new
from server_stub.passphrase import known_passphrase

if TYPE_CHECKING:
    from server_stub.licensing.services.restoring import Restored

_WAITING = 23


def add_parsers(add: Parsers) -> None:
    """Add the four commands."""
    backup = add("backup", back_up, "write everything into one file, while the server works")
    backup.add_argument("file", metavar="FILE", type=Path)
    restore = add("restore", restore_books, "bring a backup, or an old database, up to date")
    restore.add_argument("file", metavar="FILE", type=typed.file, nargs="?")
    restore.add_argument(
        "--evidence", metavar="FILE", type=typed.file, action="append", default=[], help="older"
    )
    restore.add_argument(
        "--evidence-lost", action="store_true", help="evidence is gone for ever: hold everything"
    )
    restore.add_argument(
        "--by", metavar="NAME", type=typed.short_text, help="who declares evidence to be lost"
    )
    restore.add_argument(
        "--roots", metavar="FILE", type=typed.file, help="a kept chain, if roots were lost"
    )
    restore.add_argument("--passphrase-file", metavar="FILE")
    export = add("export-evidence", export_evidence, "copy the evidence to a third place")
    export.add_argument("folder", metavar="DIR", type=Path)
    unhold = add("license unhold", end_hold, "end a hold; two supervisors")
    unhold.add_argument("code", metavar="KEY_OR_CODE")
    unhold.add_argument("--by", metavar="NAME", type=typed.short_text, required=True)
    unhold.add_argument("--reason", metavar="TEXT", type=typed.long_text, required=True)


def back_up(call: Call) -> Shown:
    """Write a backup and read it back.

    Raises:
        FileExists: something has that name.
    """
    file: Path = call.arguments.file
    if file.exists():
        raise FileExists(str(file), file=str(file))
    open_books(call)
    from server_stub.licensing import snapshots
    from server_stub.licensing.roots import published
    from server_stub.licensing.server import Books
    from server_stub.licensing.services.acts import acting
    from server_stub.licensing.transactions import store_errors

    with waited_for(call) as progress, store_errors(), named_file(file):
        audience = published().root.audience
        manifest = snapshots.write_backup(file, call.home, audience, system_clock(), progress)
        with snapshots.Backup.opened(file) as backup:
            backup.check(progress)
    # Afterwards, for the books say what is true; the evidence brings this entry back too.
    with acting(Books.of(call.home)) as act:
        act.record("backup-made", facts={"file": file.name, "index": manifest.audit_index})
    rows = sum(table.rows for table in manifest.tables.values())
    facts: dict[str, object] = {
        "file": str(file),
        "rows": rows,
        "audit_index": manifest.audit_index,
        "epoch": manifest.epoch,
    }
    return Shown(facts, (call.say("backed-up", **facts), call.say("backed-up.keys")))


def restore_books(call: Call) -> Shown:
    """Load a backup where there is no database, or take the one that is there; then reconcile.

    Raises:
        DeclaredByNobody: evidence is lost and nobody says so, or the other way round.
    """
    chosen = call.arguments
    if chosen.evidence_lost is not bool(chosen.by):
        raise DeclaredByNobody
    set_up(call.home, call.database_url)
    from server_stub.licensing.roots import read_chain
    from server_stub.licensing.server import Books
    from server_stub.licensing.services.restoring import Kept, Restored, reconcile
    from server_stub.licensing.snapshots import Backup

    roots = read_chain(chosen.roots) if chosen.roots else ()
    kept = Kept(tuple(chosen.evidence), roots, chosen.by or "")
    with waited_for(call) as progress:

        def bring(books: Books, backup: Backup | None = None) -> Restored:
            is_lost = chosen.evidence_lost
            return reconcile(books, kept, is_lost=is_lost, backup=backup, progress=progress)

        if chosen.file is None:
            restored = bring(Books.of(call.home))
        else:
            database = database_of(call.database_url, call.home)
            restored = refound(call.home, database, chosen.file, bring, progress)
    key, state = _signing_key(call)
    facts: dict[str, object] = {**restored._asdict(), "key": key, "key_state": str(state)}
    return Shown(facts, tuple(_restored_lines(call, restored, facts)))


def _restored_lines(call: Call, restored: "Restored", facts: dict[str, object]) -> Iterator[str]:
    yield call.say("restored", **facts)
    if restored.complete:
        yield call.say("restored.complete")
    else:
        yield call.say("restored.held" if restored.held else "restored.none-held", **facts)
    if restored.lost_from is not None:
        yield call.say("restored.lost", **facts)
    if restored.roots:
        yield call.say("restored.roots", **facts)
    if facts["key_state"] != KeyState.HERE:
        yield call.say(f"restored.key-{facts['key_state']}", folder=call.home.keys, **facts)


class KeyState(StrEnum):
    """Whether the file of the key that should sign now is here."""

    HERE = "here"
    MISSING = "missing"
    # Its file may be one that nobody gave the passphrase of.
    UNKNOWN = "unknown"


def _signing_key(call: Call) -> tuple[str | None, KeyState]:
    """The key that should sign now; `serve` would say later that it is not here."""
    trust = published_roots(call)
    from server_stub.licensing import signer

    def look(passphrase: bytes | None) -> None:
        keys = call.home.keys
        key = signer.document_key(keys, trust, passphrase, system_clock())
        signer.require_newest(key, trust, keys)

    state = KeyState.HERE
    try:
        try:
            look(None)
        except PassphraseNeeded:
            look(known_passphrase(call.arguments.passphrase_file, call.language))
    except PassphraseNeeded:
        state = KeyState.UNKNOWN
    except DocumentInvalid:
        state = KeyState.MISSING
    return signer.newest_key(trust), state


def export_evidence(call: Call) -> Shown:
    """Copy the spool under a name that says how far it goes, and read the copy.

    Raises:
        AuditBroken: the spool's own chain does not hold, and no restore said so; nothing was
            copied.
    """
    folder: Path = call.arguments.folder
    open_books(call)
    from server_stub.licensing.evidence import EvidenceSpool
    from server_stub.licensing.transactions import store_errors
    from server_stub.licensing.verification import look_at

    spool = EvidenceSpool(call.home.evidence)
    newest = spool.newest()
    file = folder / f"evidence-{max(newest, 0)}.jsonl"
    if file.exists():
        raise FileExists(str(file), file=str(file))
    with named_file(folder):
        folder.mkdir(mode=SECRET_FOLDER, parents=True, exist_ok=True)
        write_new(file, b"")
        with file.open("r+b") as copy:
            spool.copy_to(copy)
            os.fsync(copy.fileno())
    with store_errors():
        faults, losses = look_at(file)
    if faults:
        file.unlink()
        raise AuditBroken(count=str(len(faults)), faults="\n".join(faults))
    facts: dict[str, object] = {"file": str(file), "newest": newest}
    return Shown(
        {**facts, "losses": [loss._asdict() for loss in losses]},
        (call.say("exported", **facts), *known_losses(call, losses)),
    )


def end_hold(call: Call) -> Shown:
    """Say that a license's holder is known by other means."""
    chosen = call.arguments
    open_books(call)
    from server_stub.licensing import selectors
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import holds
    from server_stub.licensing.transactions import store_errors

    with store_errors():
        license = selectors.find_license(chosen.code)
    is_ended = holds.end_by_staff(Books.of(call.home), license.license_id, chosen.by, chosen.reason)
    facts: dict[str, object] = {"license_id": license.license_id, "ended": is_ended}
    said = call.say("unheld" if is_ended else "unheld.first", name=license.support_code)
    return Shown(facts, (said,), 0 if is_ended else _WAITING)
