"""What the operating system refuses the store, and under which name it is told."""

import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.errors import (
    AdminRightsNeeded,
    AgentError,
    StoreBusy,
    StoreFull,
    StoreReadOnly,
    StoreUnusable,
)
from agent.license_store import SqliteStore
from agent.license_store import store as store_module
from agent.state import State
from protocol.values import Standing
from tests.agent.stores import NOW, SAVED, child, killed_in_a_step, state_of
from tests.rights import needs_mount


@pytest.fixture
def mounted() -> Iterator[Callable[[str], Path]]:
    """Small file systems of memory, gone after the test; others may enter the folder above."""
    folders: list[Path] = []

    def mount(options: str) -> Path:
        folder = Path(tempfile.mkdtemp())
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            folder.rmdir()
            pytest.skip(f"no tmpfs here: {done.stderr.decode().strip()}")
        folders.append(folder)
        return folder

    yield mount
    for folder in folders:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


@needs_mount
def test_a_read_only_file_system_is_read_and_named(mounted: Callable[[str], Path]) -> None:
    folder = mounted("size=1m")
    store = SqliteStore(folder / "store.sqlite3")
    store.create()
    with store.transaction() as tx:
        tx.save(SAVED)
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    assert state_of(store) == SAVED
    with pytest.raises(StoreReadOnly), store.transaction():
        pass
    with pytest.raises(StoreReadOnly):
        store.create()
    with pytest.raises(StoreReadOnly):
        store.set_aside(NOW)


@needs_mount
def test_a_full_file_system_loses_nothing(mounted: Callable[[str], Path]) -> None:
    store = SqliteStore(mounted("size=256k") / "store.sqlite3")
    store.create()
    with store.transaction() as tx:
        tx.save(SAVED)
    with pytest.raises(StoreFull), store.transaction() as tx:
        tx.install(b"x" * 500_000, b"")
    assert state_of(store) == SAVED


@needs_mount
def test_a_hot_journal_on_a_read_only_file_system_is_not_read_past(
    mounted: Callable[[str], Path],
) -> None:
    folder = mounted("size=8m")
    store = SqliteStore(folder / "store.sqlite3")
    store.create()
    killed_in_a_step(folder / "store.sqlite3")
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    with pytest.raises(StoreUnusable), store.reading():
        pass


AS_NOBODY = """
import os, sys
from pathlib import Path
from agent.errors import AgentError
from agent.license_store import SqliteStore
path = Path(sys.argv[1])
os.setgid(65534)
os.setuid(65534)
for step in (SqliteStore(path).reading, SqliteStore(path).transaction):
    try:
        with step() as memory:
            memory.state
            if step.__name__ == "transaction":
                memory.save(memory.state)
        print("allowed")
    except AgentError as error:
        print(error.code)
"""


@needs_mount
@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "told"),
    [
        pytest.param(0o700, 0o666, ["admin-rights-needed"] * 2, id="folder closed"),
        pytest.param(0o777, 0o600, ["admin-rights-needed"] * 2, id="file closed"),
        pytest.param(0o777, 0o644, ["allowed", "admin-rights-needed"], id="file to be read"),
        pytest.param(0o755, 0o666, ["allowed", "admin-rights-needed"], id="folder to be read"),
    ],
)
def test_without_rights_the_admin_is_asked_for(
    mounted: Callable[[str], Path], folder_mode: int, file_mode: int, told: list[str]
) -> None:
    folder = mounted("size=1m")
    path = folder / "store.sqlite3"
    SqliteStore(path).create()
    path.chmod(file_mode)
    folder.chmod(folder_mode)
    with child(AS_NOBODY, path, measured=False) as process:
        out, _ = process.communicate()
    assert out.split() == told


@pytest.mark.parametrize(
    ("code", "named"),
    [
        (sqlite3.SQLITE_BUSY, StoreBusy),
        (sqlite3.SQLITE_BUSY | 5 << 8, StoreBusy),
        (sqlite3.SQLITE_LOCKED, StoreBusy),
        (sqlite3.SQLITE_FULL, StoreFull),
        # SQLite has few words for a file that it cannot have; the system finds no fault here.
        (sqlite3.SQLITE_READONLY, StoreUnusable),
        (sqlite3.SQLITE_READONLY_DIRECTORY, StoreUnusable),
        (sqlite3.SQLITE_CANTOPEN, StoreUnusable),
        (sqlite3.SQLITE_PERM, AdminRightsNeeded),
        (sqlite3.SQLITE_AUTH, AdminRightsNeeded),
        (sqlite3.SQLITE_IOERR, StoreUnusable),
        (None, StoreUnusable),
    ],
)
def test_what_sqlite_reports_has_a_name_here(
    store: SqliteStore, code: int | None, named: type[AgentError]
) -> None:
    problem = sqlite3.OperationalError("as SQLite says")
    if code is not None:
        problem.sqlite_errorcode = code
    with pytest.raises(AgentError) as refusal, store.transaction():
        raise problem
    assert type(refusal.value) is named
    assert refusal.value.__cause__ is problem


def test_fifteen_seconds_are_enough_for_any_step() -> None:
    assert SqliteStore(Path("store"))._busy_seconds == store_module.BUSY_SECONDS == 15
    assert State().standing is Standing.UNLICENSED
