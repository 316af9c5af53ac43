"""A restore leaves the evidence whole: nobody needs what was found for it again (§5)."""

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection

from server_stub.errors import DocumentInvalid, StoreBusy, StoreUnreadable
from server_stub.licensing import redo, snapshots
from server_stub.licensing.evidence import SPOOL_NAME, EvidenceSpool
from server_stub.licensing.mending import mend
from server_stub.licensing.models import Redo, ServerState
from server_stub.licensing.records import EvidenceRecord, spool_faults
from server_stub.licensing.roots import published
from server_stub.licensing.services.issuing import add_customer
from server_stub.licensing.services.restoring import Kept, Restored, reconcile
from server_stub.licensing.verification import verify
from server_stub.progress import Progress, Step
from tests.databases import Kind, only_on
from tests.kills.tracing import require_tracing
from tests.server.command import Server
from tests.server.restores import (
    Day,
    a_new_home,
    backed_up,
    day,
    keep,
    lines_of,
    traced_restore,
)
from tests.server.tables import all_tables
from tests.waiting import until

__all__ = ["backed_up", "day"]

T = TypeVar("T")


def restored(day: Day, *found: Path, is_lost: bool = False) -> Restored:
    with snapshots.Backup.opened(day.backup) as backup:
        return reconcile(day.office.server, Kept(found), is_lost=is_lost, backup=backup)


def faults(day: Day, *older: Path) -> tuple[str, ...]:
    return verify(published(), day.office.server.evidence, older).faults


def a_file(path: Path, lines: list[bytes]) -> Path:
    path.write_bytes(b"".join(lines))
    return path


def test_what_was_found_lies_in_the_spool_as_it_once_did(day: Day, tmp_path: Path) -> None:
    day.move()
    lines = lines_of(day.office)
    found = (
        a_file(tmp_path / "z.jsonl", lines[:2]),
        a_file(tmp_path / "a.jsonl", [lines[-2], lines[-1]]),
        # What lies in two places is put back once.
        a_file(tmp_path / "b.jsonl", lines[1:-1]),
    )
    keep(day.office, [*lines[2:4], lines[-1]])
    day.empty()
    assert restored(day, *found).complete
    assert lines_of(day.office)[:-1] == lines
    assert faults(day) == ()
    assert [file.name for file in day.office.home.evidence.iterdir()] == [SPOOL_NAME]
    day.empty()
    assert restored(day).complete, "it is all that another restore needs"


def test_evidence_that_is_lost_is_made_whole_as_far_as_it_is_found(
    day: Day, tmp_path: Path
) -> None:
    """What hangs together with nothing after it is not left out."""
    for name in ("Binalud", "Sabalan", "Damavand"):
        add_customer(day.office.server, name)
    lines = lines_of(day.office)
    found = a_file(tmp_path / "found.jsonl", [lines[0], lines[-3]])
    keep(day.office, [*lines[1:-3], lines[-1]])
    day.empty()
    assert restored(day, found, is_lost=True).replayed == 1
    assert lines_of(day.office)[:-1] == [*lines[:-2], lines[-1]]
    day.office.server.evidence.path.unlink()
    day.office.unrecorded = 1


def test_a_spool_that_was_begun_anew_follows_nothing(day: Day, tmp_path: Path) -> None:
    """Its records have hashes of their own: what was moved away stays where it was put."""
    moved = tmp_path / "moved.jsonl"
    spool = day.office.server.evidence.path
    spool.rename(moved)
    # As on a server that has long been at work.
    Redo.objects.all().delete()
    add_customer(day.office.server, "Binalud")
    lines = lines_of(day.office)
    day.empty()
    assert restored(day, moved).complete
    assert lines_of(day.office)[:-1] == lines
    assert faults(day, moved) == ()
    assert any("not in the evidence" in fault for fault in faults(day))
    day.office.server.evidence.path.unlink()
    moved.rename(spool)


def test_what_was_found_of_a_declared_loss_stays_outside(day: Day, tmp_path: Path) -> None:
    """Its entries are lost to these books: they went on without them."""
    day.move()
    lines = lines_of(day.office)
    keep(day.office, [*lines[:-2], lines[-1]])
    day.empty()
    assert restored(day, is_lost=True).lost_from is not None
    after = lines_of(day.office)
    reconcile(day.office.server, Kept((a_file(tmp_path / "late.jsonl", lines[-2:]),)))
    assert lines_of(day.office)[:-1] == after
    day.office.server.evidence.path.unlink()
    day.office.unrecorded = 1


def test_a_record_that_changes_while_it_is_put_back_is_not(day: Day, tmp_path: Path) -> None:
    lines = lines_of(day.office)
    keep(day.office, [lines[0], *lines[2:]])
    before = lines_of(day.office)
    for wrong in (lines[1].replace(b"Alborz", b"Alburz"), b"nonsense\n"):
        assert wrong != lines[1]
        found = a_file(tmp_path / "found.jsonl", [wrong])
        with pytest.raises(DocumentInvalid):
            mend(day.office.server.evidence, [found], [])
        assert lines_of(day.office) == before
        assert [file.name for file in day.office.home.evidence.iterdir()] == [SPOOL_NAME]
    keep(day.office, lines)


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_disk_that_fails_leaves_the_spool_and_the_books_as_they_were(
    day: Day, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    lines = lines_of(day.office)
    found = a_file(tmp_path / "found.jsonl", [lines[1]])
    keep(day.office, [lines[0], *lines[2:]])
    before = lines_of(day.office)
    tables = all_tables()

    def broken(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, failing, broken)
        with pytest.raises(StoreUnreadable):
            reconcile(day.office.server, Kept((found,)))
    assert lines_of(day.office) == before
    assert all_tables() == tables
    assert [file.name for file in day.office.home.evidence.iterdir()] == [SPOOL_NAME]
    assert reconcile(day.office.server, Kept((found,))).complete
    assert lines_of(day.office)[:-1] == lines


def one_more(index: int) -> Callable[[int, int], Iterable[tuple[int, bytes]]]:
    return lambda *_: [(index, b"{}")]


def test_who_waits_to_append_finds_the_mended_spool(day: Day) -> None:
    """It opened the old file before, and that file has no name any more."""
    lines = lines_of(day.office)
    spool, other = day.office.server.evidence, EvidenceSpool(day.office.home.evidence)
    newest = other.newest()
    waiting = threading.Thread(target=other.ensure, args=(newest + 1, one_more(newest + 1)))

    def opened() -> int:
        links = Path("/proc/self/fd").iterdir()
        return sum(link.resolve() == spool.path for link in links)

    def meanwhile() -> Iterator[bytes]:
        waiting.start()
        until(lambda: opened() == 2)
        yield from lines

    spool.become(meanwhile)
    waiting.join()
    assert lines_of(day.office)[:-1] == lines
    assert list(spool_faults(spool.records())) == []
    assert spool.newest() == other.newest() == newest + 1
    keep(day.office, lines)


def test_another_file_under_the_number_of_one_that_is_gone_is_read_anew(day: Day) -> None:
    """Numbers of files are given again: an idle worker may have missed two restores."""
    lines = lines_of(day.office)
    spool = day.office.server.evidence
    keep(day.office, lines[2:4])
    assert spool.newest() == record(lines[3]).index
    keep(day.office, lines)
    add_customer(day.office.server, "Binalud")
    assert list(spool_faults(spool.records())) == []
    assert spool.newest() == ServerState.objects.get().audit_index


def record(line: bytes) -> EvidenceRecord:
    from server_stub.licensing.records import read_record

    return read_record(line)


class Meanwhile(Progress):
    """Something happens once all evidence is read."""

    def __init__(self, happens: Callable[[], object]) -> None:
        self.happens = happens

    def over(self, step: Step, things: Iterable[T]) -> Iterator[T]:
        yield from things
        if step is Step.REPLAYING:
            self.happens()


def test_a_second_server_that_writes_evidence_stops_the_restore(day: Day) -> None:
    lines, tables = lines_of(day.office), all_tables()
    other = EvidenceSpool(day.office.home.evidence)
    newest = other.newest() + 1
    second = Meanwhile(lambda: other.ensure(newest, one_more(newest)))
    with pytest.raises(StoreBusy):
        reconcile(day.office.server, progress=second)
    assert all_tables() == tables
    keep(day.office, lines)


def test_a_server_of_the_same_books_may_still_be_writing_what_it_committed(day: Day) -> None:
    lines = lines_of(day.office)
    day.move()
    whole = lines_of(day.office)
    keep(day.office, lines)
    other = EvidenceSpool(day.office.home.evidence)
    head = ServerState.objects.get().audit_index
    behind = Meanwhile(lambda: other.ensure(head, redo.pending))
    assert reconcile(day.office.server, progress=behind).complete
    assert lines_of(day.office)[:-1] == whole


@only_on(Kind.POSTGRESQL, "its sessions have limits")
def test_a_restore_may_take_as_long_as_it_takes(day: Day) -> None:
    """A large spool is read and written for minutes, and the transaction waits."""
    shown = []

    def look() -> None:
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            with connection.cursor() as cursor:
                cursor.execute(f"SHOW {limit}")
                shown.append(cursor.fetchone())

    reconcile(day.office.server, progress=Meanwhile(look))
    assert shown == [("0",), ("0",)]


@pytest.mark.timeout(900)
def test_a_restore_that_was_killed_over_the_spool_loses_no_record(
    founded: Server, backed_up: Path, tmp_path: Path
) -> None:
    """Killed at every call with which it changes the evidence."""
    require_tracing()
    for name in ("Binalud", "Sabalan"):
        assert founded("customer", "add", name).code == 0
    lines = (founded.home / "evidence" / SPOOL_NAME).read_bytes().splitlines(keepends=True)
    found = a_file(tmp_path / "found.jsonl", [lines[1], lines[-2]])
    words = (backed_up, "--evidence", found)
    cut = [lines[0], *lines[2:-2], lines[-1]]

    def a_home(name: str) -> Server:
        new = a_new_home(founded, tmp_path / name)
        a_file(new.home / "evidence" / SPOOL_NAME, cut)
        return new

    undisturbed = a_home("undisturbed")
    code, calls = traced_restore(undisturbed, words)
    assert code == 0
    calls = [call for call in calls if call.concerns(undisturbed.home / "evidence")]
    assert {"rename", "fsync", "write"} <= {call.name for call in calls}
    for number, call in enumerate(calls):
        home = a_home(f"killed-{number}")
        kill = f"inject={call.name}:signal=KILL:when={call.nth}"
        assert traced_restore(home, words, "-e", kill)[0] == -signal.SIGKILL, kill
        spool = home.home / "evidence" / SPOOL_NAME
        left = spool.read_bytes().splitlines(keepends=True)
        assert left in (cut, lines) or left[:-1] == lines, kill
        again = home("--json", "restore", *map(str, words))
        assert again.code in {0, 34}, again.err
        assert home("verify-audit").code == 0
        assert spool.read_bytes().splitlines(keepends=True)[: len(lines)] == lines
        names = sorted(file.name for file in spool.parent.iterdir())
        assert names == [SPOOL_NAME], kill
