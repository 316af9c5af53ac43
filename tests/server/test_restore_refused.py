"""Nothing is given up for lost before the operator says so, and what is found is taken (§5)."""

import fcntl
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from protocol.exchange import pack_roots
from server_stub.errors import EvidenceForeign, EvidenceIncomplete, EvidenceMissing
from server_stub.licensing import redo, snapshots
from server_stub.licensing.models import AuditEntry
from server_stub.licensing.records import read_records
from server_stub.licensing.roots import published
from server_stub.licensing.services.issuing import add_customer
from server_stub.licensing.services.restoring import Kept, Restored, reconcile
from server_stub.licensing.verification import verify
from tests.server.command import Server
from tests.server.restores import Day, backed_up, day, keep, lines_of
from tests.server.serving import address, started_from, trust_of
from tests.server.tables import all_tables

__all__ = ["backed_up", "day"]


def restored(day: Day, *evidence: Path) -> Restored:
    with snapshots.Backup.opened(day.backup) as backup:
        return reconcile(day.office.server, Kept(evidence), backup=backup)


def test_a_gap_is_named_and_closed_by_the_record_that_is_found(day: Day, tmp_path: Path) -> None:
    add_customer(day.office.server, "Binalud")
    document = day.move()
    spool = day.office.server.evidence.path
    *_, before, lost, _ = (record.index for record in read_records(spool))
    lines = lines_of(day.office)
    found = tmp_path / "found.jsonl"
    found.write_bytes(lines[-2])
    keep(day.office, [*lines[:-2], lines[-1]])
    day.empty()
    tables = all_tables()
    with pytest.raises(EvidenceIncomplete) as refused:
        day.restore()
    assert refused.value.parameters == {"first": str(before + 1), "last": str(lost)}
    assert all_tables() == tables
    assert restored(day, found).complete
    assert day.held(day.other, document).held
    assert lines_of(day.office)[: len(lines)] == lines


def test_evidence_that_ends_before_the_books_says_what_is_missing(day: Day) -> None:
    lines = lines_of(day.office)
    newest = AuditEntry.objects.order_by("-index")[0].index
    keep(day.office, lines[:-1])
    day.empty()
    with pytest.raises(EvidenceIncomplete) as refused:
        day.restore()
    assert refused.value.parameters["last"] == str(newest)
    keep(day.office, lines)
    assert day.restore().complete


def test_a_copy_in_a_third_place_is_taken_and_does_not_say_where_the_end_was(
    day: Day, tmp_path: Path
) -> None:
    document = day.move()
    third = tmp_path / "third.jsonl"
    spool = day.office.server.evidence.path
    spool.rename(third)
    day.empty()
    with pytest.raises(EvidenceMissing):
        restored(day, third)
    assert not spool.exists()
    with snapshots.Backup.opened(day.backup) as backup:
        done = reconcile(day.office.server, Kept((third,)), is_lost=True, backup=backup)
    assert (done.replayed, done.held, done.complete) == (2, 1, False)
    assert day.held(day.other, document).held
    assert verify(published(), day.office.server.evidence).faults == ()


def test_evidence_that_goes_on_from_other_books_is_foreign(day: Day, tmp_path: Path) -> None:
    """Nothing overlaps, so only the hash of the entry before tells."""
    mark = len(lines_of(day.office))
    add_customer(day.office.server, "Binalud")
    lines = lines_of(day.office)
    day.write(tmp_path / "evening.zip")
    day.empty()
    with snapshots.Backup.opened(day.backup) as backup:
        backup.load()
    redo.count_on()
    keep(day.office, lines[:mark])
    add_customer(day.office.server, "Sabalan")
    add_customer(day.office.server, "Damavand")
    others = lines_of(day.office)
    keep(day.office, others[mark + 1 :])
    day.empty()
    day.backup = tmp_path / "evening.zip"
    with pytest.raises(EvidenceForeign):
        day.restore()
    keep(day.office, lines)
    assert day.restore().complete


def test_many_known_records_are_compared_at_once(day: Day) -> None:
    for number in range(20):
        add_customer(day.office.server, f"customer {number}")
    asked = []

    def listen(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return run(sql, *rest)

    with connection.execute_wrapper(listen):
        reconcile(day.office.server)
    assert len([sql for sql in asked if "auditentry" in sql]) < 10


def test_a_server_without_licenses_never_says_that_nothing_is_missing(
    backed_up: Path, tmp_path: Path
) -> None:
    new = Server(tmp_path / "new")
    refused = new("--json", "restore", str(backed_up))
    assert (refused.code, refused.json["error"]) == (48, "evidence-missing")
    assert refused.json["parameters"]["folder"] == str(new.home / "evidence")
    done = new("restore", str(backed_up), "--evidence-lost", "--by", "Sara")
    assert done.code == 0, done.err
    assert "no license" in done.out
    assert "missing." not in done.out


def test_a_lost_root_is_published_again_and_its_lost_key_replaced(
    founded: Server, backed_up: Path, tmp_path: Path
) -> None:
    """The evidence and the backup know root 1; agents have heard of root 3."""
    for _ in range(2):
        assert founded("key", "rotate").code == 0
    roots, other = tmp_path / "roots.jws", tmp_path / "other.jws"
    assert founded("trust", "export", str(roots)).code == 0
    stranger = Server(tmp_path / "stranger")
    assert stranger("init", "--demo").code == 0
    assert stranger("trust", "export", str(other)).code == 0
    new = Server(tmp_path / "new")
    lossy = ("--json", "restore", str(backed_up), "--evidence-lost", "--by", "Sara", "--roots")
    refused = new(*lossy, str(other))
    assert (refused.code, refused.json["error"]) == (39, "roots-foreign")
    other.write_bytes(b"")
    assert new(*lossy, str(other)).json["error"] == "document-invalid"
    other.write_bytes(b"".join(roots.read_bytes().splitlines(keepends=True)[2:]))
    assert new(*lossy, str(other)).json["error"] == "roots-foreign", "one is left out"
    done = new(*lossy, str(roots))
    assert (done.code, done.json["roots"], done.json["key_state"]) == (0, 2, "missing"), done.err
    assert new("verify-audit").code == 0
    served = new("--json", "serve", "--port", "0")
    assert (served.code, served.json["error"]) == (22, "signing-key-missing")
    assert served.json["parameters"]["key"] == done.json["key"]
    for file in ("root-1.pem", "document-3.pem"):
        content = (founded.home / "keys" / file).read_bytes()
        (new.home / "keys" / file).write_bytes(content)
    with started_from(new) as start:
        told = trust_of(address(start()))
    assert pack_roots(told.chain) == roots.read_bytes()
    (new.home / "keys/document-3.pem").unlink()
    assert new("serve", "--port", "0").code == 22
    assert new("key", "rotate").code == 0
    with started_from(new) as start:
        assert trust_of(address(start())).root.version == 4


def test_a_key_that_cannot_be_looked_at_is_not_said_to_be_here(
    server: Server, tmp_path: Path
) -> None:
    secret, file = tmp_path / "secret", tmp_path / "backup.zip"
    secret.write_text("correct horse battery\n")
    given = ("--passphrase-file", str(secret))
    assert server("init", *given).code == 0
    assert server("backup", str(file)).code == 0
    assert server("--json", "restore").json["key_state"] == "unknown"
    assert "was not looked at" in server("restore").out
    assert server("--json", "restore", *given).json["key_state"] == "here"
    (server.home / "keys/document-1.pem").unlink()
    told = server("restore", *given)
    assert told.code == 0
    assert "Warning" in told.out


def test_a_backup_removes_what_killed_ones_left_and_nothing_else(day: Day, tmp_path: Path) -> None:
    left, at_work = tmp_path / ".faragostar-backup-a1", tmp_path / ".faragostar-backup-b2"
    precious, link = tmp_path / ".precious", tmp_path / ".faragostar-backup-c3"
    for file in (left, at_work, precious):
        file.write_text("keys")
    link.symlink_to(precious)
    with at_work.open() as another:
        fcntl.flock(another, fcntl.LOCK_EX)
        day.write(tmp_path / "evening.zip")
    assert not left.exists()
    assert at_work.exists()
    assert precious.read_text() == "keys"
    day.write(tmp_path / "night.zip")
    assert sorted(file.name for file in tmp_path.glob(".f*")) == [link.name]


def at_a_terminal(server: Server, *arguments: str) -> tuple[int, str]:
    """Its exit code, and what it wrote on the terminal of its stderr."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "server_stub.cli", *arguments]
    done = subprocess.run(
        command, env=server.environment, stderr=theirs, stdout=subprocess.DEVNULL, check=False
    )
    os.close(theirs)
    told = b""
    try:
        while block := os.read(ours, 4096):
            told += block
    except OSError:
        pass  # how a terminal says that nobody holds its other end
    os.close(ours)
    return done.returncode, told.decode()


def test_who_waits_at_a_terminal_is_told_how_far_it_is(founded: Server, tmp_path: Path) -> None:
    for words, told in (
        (("backup", str(tmp_path / "a.zip")), "0 rows written"),
        (("restore",), "0 records of evidence read"),
        (("verify-audit",), "0 exchanges verified"),
    ):
        code, line = at_a_terminal(founded, *words)
        assert (code, told in line) == (0, True), line
        assert line.endswith("\r\x1b[K"), "nothing of it stays"
    assert at_a_terminal(founded, "--json", "verify-audit") == (0, "")
    assert founded("verify-audit").err == ""


def test_progress_is_told_every_second_and_goes_on_counting(tmp_path: Path) -> None:
    import argparse
    import io

    from server_stub.commands.progress import TerminalProgress
    from server_stub.commands.shown import Call
    from server_stub.home import Home
    from server_stub.progress import Step
    from server_stub.texts import Language

    seconds = iter([0.0, 0.5, 1.0, 1.0, 1.2, 9.0, 9.5])
    call = Call(argparse.Namespace(), Home(tmp_path), None, Language.ENGLISH, as_json=False)
    terminal = io.StringIO()
    progress = TerminalProgress(call, terminal, lambda: next(seconds))
    assert list(progress.over(Step.WRITING, "ab")) == ["a", "b"]
    assert list(progress.over(Step.WRITING, "c")) == ["c"]
    told = terminal.getvalue().replace("\r\x1b[K", "|")
    assert told == "|0 rows written|2 rows written|2 rows written|3 rows written"


def test_a_spool_that_was_put_back_says_nothing_of_what_came_after_it(
    day: Day, tmp_path: Path
) -> None:
    """What lies in a third place may go further than a spool of last week; its end is not known."""
    day.move()
    lines = lines_of(day.office)
    third = tmp_path / "third.jsonl"
    third.write_bytes(b"".join(lines))
    keep(day.office, lines[:-2])
    day.empty()
    with pytest.raises(EvidenceMissing):
        restored(day, third)
    keep(day.office, lines)
    assert restored(day).complete
