"""`backup`, `restore`, `export-evidence` and `license unhold` (docs/server.md, Backups)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from server_stub.clock import system_clock
from server_stub.commands import typed
from server_stub.commands.shown import Call, Parsers, Shown
from server_stub.databases import database_of
from server_stub.django_setup import set_up
from server_stub.errors import AuditBroken, FileExists, UsageError
from server_stub.founding import refound
from server_stub.home import SECRET_FOLDER, write_new

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
        "--evidence-lost", action="store_true", help="the newest evidence is gone: hold everything"
    )
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
    call.home.config()
    set_up(call.home, call.database_url)
    from server_stub.licensing import snapshots
    from server_stub.licensing.roots import published
    from server_stub.licensing.server import Books
    from server_stub.licensing.services.acts import acting
    from server_stub.licensing.transactions import store_errors

    with store_errors(), _writable(file):
        audience = published().root.audience
        manifest = snapshots.write_backup(file, call.home, audience, system_clock())
        with snapshots.Backup.opened(file) as backup:
            backup.check()
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
    """Load a backup where there is no database, or take the one that is there; then reconcile."""
    chosen = call.arguments
    set_up(call.home, call.database_url)
    from server_stub.licensing.evidence import in_order, read_records
    from server_stub.licensing.server import Books
    from server_stub.licensing.services.restoring import reconcile

    older = chain.from_iterable(read_records(file) for file in in_order(chosen.evidence))
    if chosen.file is None:
        restored = reconcile(Books.of(call.home), older, is_lost=chosen.evidence_lost)
    else:
        database = database_of(call.database_url, call.home)
        restored = refound(call.home, database, chosen.file, older, is_lost=chosen.evidence_lost)
    facts: dict[str, object] = restored._asdict()
    lines = [call.say("restored", **facts)]
    lines.append(call.say("restored.held" if restored.held else "restored.complete", **facts))
    if restored.lost_from is not None:
        lines.append(call.say("restored.lost", **facts))
    return Shown(facts, tuple(lines))


def export_evidence(call: Call) -> Shown:
    """Copy the spool under a name that says how far it goes, and read the copy.

    Raises:
        AuditBroken: the spool's own chain does not hold; nothing was copied.
    """
    folder: Path = call.arguments.folder
    call.home.config()
    set_up(call.home, call.database_url)
    from server_stub.licensing.evidence import EvidenceSpool, read_records, spool_faults

    spool = EvidenceSpool(call.home.evidence)
    newest = spool.newest()
    file = folder / f"evidence-{max(newest, 0)}.jsonl"
    if file.exists():
        raise FileExists(str(file), file=str(file))
    with _writable(folder):
        folder.mkdir(mode=SECRET_FOLDER, parents=True, exist_ok=True)
        write_new(file, b"")
        with file.open("r+b") as copy:
            spool.copy_to(copy)
            os.fsync(copy.fileno())
    faults = tuple(spool_faults(read_records(file)))
    if faults:
        file.unlink()
        raise AuditBroken(count=str(len(faults)), faults="\n".join(faults))
    facts: dict[str, object] = {"file": str(file), "newest": newest}
    return Shown(facts, (call.say("exported", **facts),))


def end_hold(call: Call) -> Shown:
    """Say that a license's holder is known by other means."""
    chosen = call.arguments
    call.home.config()
    set_up(call.home, call.database_url)
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


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError:
        raise
    except OSError as cause:
        raise UsageError(str(cause), detail=f"{path}: {cause.strerror}") from cause
