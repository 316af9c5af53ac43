"""Restores at their worst: torn, damaged, stale or doubled evidence, and a second restore (§5)."""

import shutil
import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from server_stub.errors import BooksBehind, DocumentInvalid
from server_stub.home import Home
from server_stub.licensing import snapshots
from server_stub.licensing.models import Customer, Exchange, ServerState
from server_stub.licensing.roots import published
from server_stub.licensing.server import Books
from server_stub.licensing.services import exchange
from server_stub.licensing.services.issuing import add_customer
from server_stub.licensing.services.restoring import Kept, reconcile
from server_stub.licensing.verification import verify
from tests.databases import Kind, lose_books, only_on
from tests.kills.tracing import require_tracing
from tests.server.command import Server
from tests.server.restores import Day, a_new_home, backed_up, day, keep, lines_of, traced_restore
from tests.server.serving import address, started_from
from tests.server.tables import all_tables

__all__ = ["backed_up", "day"]

KILLS = 12


def test_a_torn_last_line_keeps_no_restore_from_its_work(day: Day) -> None:
    document = day.move()
    with day.office.server.evidence.path.open("ab") as spool:
        spool.write(b'{"index":99,"body":{"ep')
    day.empty()
    restored = day.restore()
    assert (restored.replayed, restored.held) == (2, 0)
    assert day.held(day.other, document).held
    assert verify(published(), day.office.server.evidence).faults == ()


def test_a_record_that_was_changed_is_never_replayed(day: Day) -> None:
    add_customer(day.office.server, "Binalud")
    kept = lines_of(day.office)
    keep(day.office, [line.replace(b"Binalud", b"Binalod") for line in kept])
    day.empty()
    with pytest.raises(DocumentInvalid):
        day.restore()
    assert not Customer.objects.exists()
    keep(day.office, kept)
    day.restore()
    assert Customer.objects.filter(name="Binalud").exists()


def test_evidence_that_ends_before_the_backup_proves_nothing_of_what_came_after(day: Day) -> None:
    stale = lines_of(day.office)[:-1]
    day.move()
    keep(day.office, stale)
    day.empty()
    assert day.restore(is_lost=True).held == 1


def test_books_that_the_second_place_has_not_heard_of_yet_lose_nothing(day: Day) -> None:
    kept = lines_of(day.office)
    day.move()
    keep(day.office, kept)
    restored = reconcile(day.office.server)
    assert (restored.held, restored.lost_from) == (0, None)
    assert verify(published(), day.office.server.evidence).faults == ()


def test_a_second_restore_follows_the_evidence_over_what_the_first_lost(
    day: Day,
) -> None:
    day.move()
    lines = lines_of(day.office)
    keep(day.office, [*lines[:-2], lines[-1]])
    day.empty()
    first = day.restore(is_lost=True)
    assert first.held == 1
    add_customer(day.office.server, "Binalud")
    tables = all_tables()
    day.empty()
    second = day.restore()
    assert (second.epoch, second.lost_from) == (first.epoch + 1, None)
    brought = all_tables()
    del brought["AuditEntry"][ServerState.objects.get().audit_index]
    assert brought == tables
    day.office.server.evidence.path.unlink()
    day.office.unrecorded = Exchange.objects.count()


def test_two_restores_of_one_backup_that_both_lost_something_share_no_epoch(day: Day) -> None:
    epochs = []
    for _ in range(2):
        day.office.time[0] += 3600
        day.office.server.evidence.path.unlink()
        day.empty()
        epochs.append(day.restore(is_lost=True).epoch)
    assert epochs[1] > epochs[0] > 1


def test_nothing_is_written_into_books_that_are_older_than_their_evidence(day: Day) -> None:
    day.move()
    day.empty()
    with snapshots.Backup.opened(day.backup) as backup:
        backup.load()
    tables = all_tables()
    with pytest.raises(BooksBehind):
        exchange.answer(day.office.server, day.office.device("stranger").activate(day.key))
    for books in (day.office.server, Books.of(day.office.home)):
        with pytest.raises(BooksBehind):
            add_customer(books, "Binalud")
    assert all_tables() == tables
    assert reconcile(day.office.server).held == 0


@pytest.mark.timeout(900)
def test_a_restore_that_was_killed_is_begun_again_by_the_same_command(
    founded: Server, backed_up: Path, tmp_path: Path
) -> None:
    """Killed at calls all over its way: moments would be others on every machine."""
    require_tracing()
    code, calls = traced_restore(a_new_home(founded, tmp_path / "undisturbed"), (backed_up,))
    assert code == 0
    for number in range(KILLS):
        call = calls[len(calls) * number // KILLS]
        home = a_new_home(founded, tmp_path / f"killed-{number}")
        kill = f"inject={call.name}:signal=KILL:when={call.nth}"
        assert traced_restore(home, (backed_up,), "-e", kill)[0] == -signal.SIGKILL, kill
        again = home("--json", "restore", str(backed_up))
        assert again.code in {0, 34}, again.err
        assert home("verify-audit").code == 0
        assert home("customer", "add", "Binalud").code == 0


@only_on(Kind.SQLITE, "its tables come one by one")
def test_a_restore_that_was_killed_among_its_tables_is_begun_again(
    founded: Server, backed_up: Path, tmp_path: Path
) -> None:
    new = a_new_home(founded, tmp_path / "new")
    with closing(sqlite3.connect(Home(new.home).database)) as books:
        books.execute("CREATE TABLE licensing_auditentry (index_ INTEGER)")
    assert new("--json", "restore", str(backed_up)).code == 0
    assert new("verify-audit").code == 0


def test_a_restore_that_is_refused_leaves_no_keys_for_the_next(
    founded: Server, backed_up: Path, tmp_path: Path
) -> None:
    new = a_new_home(founded, tmp_path / "new")
    spool = new.home / "evidence/evidence.jsonl"
    kept = spool.read_bytes()
    spool.write_bytes(kept.replace(b"Alborz", b"Alburz"))
    done = new("--json", "restore", str(backed_up))
    assert (done.code, done.json["error"]) == (22, "document-invalid")
    assert sorted(p.name for p in new.home.rglob("*") if p.is_file()) == ["evidence.jsonl"]
    spool.write_bytes(kept)
    assert new("restore", str(backed_up)).code == 0


def test_a_home_with_other_keys_gets_the_backups_beside_them(
    founded: Server, backed_up: Path, tmp_path: Path
) -> None:
    new = a_new_home(founded, tmp_path / "new")
    (new.home / "keys").mkdir()
    (new.home / "keys/document-1.pem").write_text("another server's, or half a key")
    assert new("restore", str(backed_up)).code == 0
    key = (founded.home / "keys/document-1.pem").read_bytes()
    assert (new.home / "keys/document-2.pem").read_bytes() == key
    with started_from(new) as start:
        address(start())


def test_two_restores_at_once_make_one_server(
    founded: Server, backed_up: Path, tmp_path: Path
) -> None:
    new = a_new_home(founded, tmp_path / "new")
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: new("restore", str(backed_up)).code, range(3)))
    assert done.count(0) == 1, done
    assert set(done) <= {0, 31, 34}
    assert new("verify-audit").code == 0


def faults(day: Day, *older: Path) -> tuple[str, ...]:
    return verify(published(), day.office.server.evidence, older).faults


def test_what_a_restore_lost_is_no_fault_in_the_books_for_ever(day: Day) -> None:
    day.move()
    lines = lines_of(day.office)
    keep(day.office, [*lines[2:-2], lines[-1]])
    day.empty()
    assert day.restore(is_lost=True).lost_from is not None
    assert faults(day) == ()
    add_customer(day.office.server, "Binalud")
    day.office.server.evidence.path.unlink()
    day.empty()
    assert day.restore(is_lost=True).held == 1
    assert faults(day) == ()
    document = day.machine.activate(day.key)
    assert day.office.code(document) == "on-hold"
    day.office.server.evidence.path.unlink()
    assert len(faults(day)) == 1, "the newest exchange has no such excuse"
    day.office.unrecorded = Exchange.objects.count()


def test_evidence_that_was_moved_away_is_heard_again_in_any_order(day: Day, tmp_path: Path) -> None:
    document = day.move()
    lines = lines_of(day.office)
    oldest, older = tmp_path / "z.jsonl", tmp_path / "a.jsonl"
    oldest.write_bytes(b"".join(lines[:3]))
    older.write_bytes(b"".join(lines[3:-1]))
    keep(day.office, lines[-1:])
    assert any("not in the evidence" in fault for fault in faults(day))
    assert faults(day, oldest, older) == ()
    assert any("does not follow" in fault for fault in faults(day, oldest))
    day.empty()
    with snapshots.Backup.opened(day.backup) as backup:
        assert reconcile(day.office.server, Kept((older, oldest)), backup=backup).held == 0
    assert day.held(day.other, document).held
    assert lines_of(day.office)[: len(lines)] == lines
    assert faults(day) == ()


def test_a_record_of_something_else_is_a_fault_with_a_name(day: Day) -> None:
    kept = lines_of(day.office)
    keep(day.office, [b'{"index":1,"body":{},"previous":"","hash":"x"}\n', *kept[1:]])
    assert any("tells of no transaction" in fault for fault in faults(day))
    keep(day.office, kept)


@only_on(Kind.POSTGRESQL, "moves the books between the two databases")
def test_a_backup_moves_the_books_to_the_other_database_and_back(
    founded: Server, backed_up: Path, tmp_path: Path
) -> None:
    lite = tmp_path / "lite"
    lite.mkdir()
    shutil.copytree(founded.home / "evidence", lite / "evidence")
    embedded = Server(lite, DATABASE_URL=f"sqlite:///{lite / 'server.sqlite3'}")
    assert embedded("restore", str(backed_up)).code == 0
    assert embedded("customer", "add", "Binalud").code == 0
    assert embedded("verify-audit").code == 0
    assert embedded("backup", str(tmp_path / "back.zip")).code == 0
    again = a_new_home(embedded, tmp_path / "again")
    assert again("restore", str(tmp_path / "back.zip")).code == 0
    assert again("--json", "customer", "add", "Binalud").json["error"] == "already-exists"
    assert again("customer", "add", "Sabalan").code == 0, "new rows are numbered after the old"
    assert again("verify-audit").code == 0


def test_a_server_whose_database_is_gone_says_so_and_is_restored(
    founded: Server, backed_up: Path
) -> None:
    lose_books(founded.home)
    for words in (("restore",), ("serve",), ("customer", "add", "Binalud"), ("key", "list")):
        done = founded("--json", *words)
        assert (done.code, done.json["error"]) == (33, "books-missing"), words
    assert founded("restore", str(backed_up)).code == 0
    assert founded("verify-audit").code == 0
