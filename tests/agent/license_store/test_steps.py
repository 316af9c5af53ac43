"""The store on real files: what it keeps, each step whole, one process at a time."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.errors import (
    StoreBusy,
    StoreDamaged,
    StoreUnusable,
)
from agent.license_store import SqliteStore
from agent.ports import LicenseKey, PaperKind, StoredAnswer, StoredPaper
from agent.state import State
from protocol.values import Digest, LicenseId, RequestId, Timestamp
from tests.agent.stores import NOW, SAVED, child, killed_in_a_step, state_of

LICENSE = LicenseId("license")


def test_an_empty_store_remembers_nothing(path: Path) -> None:
    store = SqliteStore(path)
    store.create()
    with store.reading() as memory:
        assert memory.state == State()
        assert memory.roots == ()
        assert memory.license_document is None
        assert memory.inventory is None
        assert memory.proposal is None
        assert memory.papers() == ()
        assert memory.license_keys() == ()
        assert memory.history() == ()
        assert memory.newest_answer() is None


def test_everything_reads_back_after_the_process_has_gone(store: SqliteStore, path: Path) -> None:
    roots = ((b"root.1",), (b"root.2", b"root.2b"))
    paper = StoredPaper(
        digest=Digest("d"),
        kind=PaperKind.LICENSE,
        license_id=LICENSE,
        generation=1,
        raw=b"license",
        stored_at=NOW,
    )
    key = LicenseKey(key_id="k", license_key="KEY", license_id=LICENSE, reactivation_code="CODE")
    with store.transaction() as tx:
        tx.save_roots(roots)
        tx.install(b"license", b"inventory")
        tx.remember_proposal(b"proposal")
        tx.journal(RequestId("r"), 1, "activate", b"request", NOW)
        tx.answered(RequestId("r"), b"answer", NOW)
        tx.keep_paper(paper)
        tx.keep_paper(paper)
        tx.keep_key(key)
        tx.record(NOW, "installed", by="test")
    with SqliteStore(path).reading() as memory:
        assert memory.state == SAVED
        assert memory.roots == roots
        assert memory.license_document == b"license"
        assert memory.inventory == b"inventory"
        assert memory.proposal == b"proposal"
        assert memory.journaled(RequestId("r")) == b"request"
        assert memory.papers() == memory.papers(PaperKind.LICENSE) == (paper,)
        assert memory.papers(PaperKind.RECEIPT) == ()
        assert memory.license_keys() == (key,)
        assert [(e.at, e.event, dict(e.detail)) for e in memory.history()] == [
            (NOW, "installed", {"by": "test"})
        ]


def test_the_newest_answer_is_that_of_the_latest_request_whatever_the_clock_said(
    store: SqliteStore,
) -> None:
    later = Timestamp(NOW + 9)
    with store.transaction() as tx:
        for sequence, name in enumerate(("first", "second", "third")):
            tx.journal(RequestId(name), sequence, "check-in", name.encode(), NOW)
        assert tx.newest_answer() is None
        tx.answered(RequestId("second"), b"answer", NOW)
        tx.answered(RequestId("first"), b"earlier", later)
        assert tx.newest_answer() == StoredAnswer(
            request=b"second", answer=b"answer", answered_at=NOW
        )


def test_a_tombstone_takes_the_documents_place(store: SqliteStore, path: Path) -> None:
    with store.transaction() as tx:
        tx.install(b"the license document", b"inventory")
        tx.bury(b"tombstone")
    with store.reading() as memory:
        assert memory.license_document is None
    assert b"the license document" not in path.read_bytes()


def test_the_key_used_last_stands_last(store: SqliteStore) -> None:
    with store.transaction() as tx:
        for key_id in ("a", "b", "a"):
            tx.keep_key(LicenseKey(key_id=key_id, license_key=key_id))
    with store.reading() as memory:
        assert [key.key_id for key in memory.license_keys()] == ["b", "a"]
        assert repr(memory.license_keys()[0]) == "LicenseKey(b)"


def test_earlier_check_ins_go_and_other_requests_stay(store: SqliteStore) -> None:
    with store.transaction() as tx:
        tx.journal(RequestId("c"), 1, "check-in", b"check", NOW)
        tx.journal(RequestId("r"), 2, "release", b"proof", NOW)
        tx.forget_check_ins()
    with store.reading() as memory:
        assert memory.journaled(RequestId("r")) == b"proof"
        with pytest.raises(StoreDamaged):
            memory.journaled(RequestId("c"))


def test_creating_twice_leaves_what_is_there(store: SqliteStore) -> None:
    store.create()
    assert state_of(store) == SAVED


def test_a_commit_is_durable_to_the_folder_entry(path: Path) -> None:
    store = SqliteStore(path)
    store.create()
    with store.transaction() as tx:
        ask = tx._connection.execute
        assert ask("PRAGMA journal_mode").fetchone() == ("delete",)
        assert ask("PRAGMA synchronous").fetchone() == (3,)  # EXTRA
        assert ask("PRAGMA secure_delete").fetchone() == (1,)
        assert tx._connection.in_transaction


def test_a_new_store_is_its_owners_alone_whatever_the_umask(path: Path) -> None:
    before = os.umask(0)
    try:
        SqliteStore(path).create()
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_step_that_raises_was_never_begun(store: SqliteStore, error: type[BaseException]) -> None:
    def half() -> None:
        with store.transaction() as tx:
            tx.save(State(sequence=99))
            tx.record(NOW, "half")
            raise error

    with pytest.raises(error):
        half()
    with store.reading() as memory:
        assert (memory.state, memory.history()) == (SAVED, ())


def test_a_step_whose_transaction_sqlite_ended_is_not_ended_twice(store: SqliteStore) -> None:
    def half() -> None:
        with store.transaction() as tx:
            tx.save(State(sequence=99))
            tx._connection.execute("ROLLBACK")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert state_of(store) == SAVED


def test_reading_cannot_write(store: SqliteStore) -> None:
    with pytest.raises(StoreUnusable), store.reading() as memory:
        memory.save(State())
    assert state_of(store) == SAVED


def test_a_reader_sees_one_moment(store: SqliteStore, path: Path) -> None:
    with store.reading() as memory:
        assert memory.state == SAVED
        with pytest.raises(StoreBusy), SqliteStore(path, busy_seconds=0).transaction() as tx:
            tx.save(State(sequence=99))
        assert memory.state == SAVED
    assert state_of(store) == SAVED


HOLDER = """
import sys
from pathlib import Path
from agent.license_store import SqliteStore
from agent.state import State
with SqliteStore(Path(sys.argv[1])).transaction() as tx:
    tx.save(State(sequence=tx.state.sequence + 1))
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(store: SqliteStore, path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process in the middle of a step; a line on its stdin lets it end."""
    del store
    with child(HOLDER, path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_process_waits_its_turn(holder: "subprocess.Popen[str]", path: Path) -> None:
    with child(HOLDER, path) as second:
        holder.communicate("go on\n")
        second.communicate("go on\n")
        assert (holder.returncode, second.returncode) == (0, 0)
    assert state_of(SqliteStore(path)).sequence == SAVED.sequence + 2


@pytest.mark.usefixtures("holder")
def test_a_store_held_for_too_long_is_busy_and_readers_see_the_last_commit(path: Path) -> None:
    store = SqliteStore(path, busy_seconds=0)
    with pytest.raises(StoreBusy), store.transaction():
        pass
    assert state_of(store) == SAVED


def test_a_killed_holder_leaves_no_lock(holder: "subprocess.Popen[str]", path: Path) -> None:
    holder.kill()
    holder.wait()
    with SqliteStore(path, busy_seconds=0).transaction() as tx:
        assert tx.state == SAVED


def test_a_reader_rolls_back_what_a_killed_process_left(store: SqliteStore, path: Path) -> None:
    with store.transaction() as tx:
        tx.install(b"before" * 100_000, b"")
    journal = killed_in_a_step(path)
    with SqliteStore(path).reading() as memory:
        assert memory.state == SAVED
        assert memory.license_document == b"before" * 100_000
    assert not journal.exists()


def test_a_writer_rolls_back_too(store: SqliteStore, path: Path) -> None:
    del store
    killed_in_a_step(path)
    with SqliteStore(path).transaction() as tx:
        assert tx.state == SAVED
