"""The store's file: opened, locked, committed durably, and set aside when it is damaged.

`journal_mode=DELETE` with `synchronous=EXTRA`: when a commit returns, it survives a power cut,
folder entry included. Each `transaction()` is one `BEGIN IMMEDIATE … COMMIT`; nothing may leave
the machine before it returned (docs/protocol.md §4). A damaged file is set aside, never
overwritten. Deliberately absent: any rule of the lifecycle, and the network.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import msgspec

from agent.errors import (
    AdminRightsNeeded,
    AgentError,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreNewer,
    StoreUnusable,
)
from agent.files import OWNER_ONLY, sync_folder, translated
from agent.license_store.rows import SCHEMA, SCHEMA_VERSION, SqliteTransaction
from protocol.values import Timestamp

BUSY_SECONDS = 15.0
_NAMES: dict[int, type[AgentError]] = {
    sqlite3.SQLITE_BUSY: StoreBusy,
    sqlite3.SQLITE_LOCKED: StoreBusy,
    sqlite3.SQLITE_FULL: StoreFull,
    sqlite3.SQLITE_PERM: AdminRightsNeeded,
    sqlite3.SQLITE_AUTH: AdminRightsNeeded,
}
# The file, or a journal beside it, could not be opened, or not for writing.
_NOT_OPENED = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}
# What it says of a file that is not what it wrote, and of one that the disk does not hand over.
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PRIMARY_CODE = 0xFF


class SqliteStore:
    """The store in one file; `ports.Store`."""

    def __init__(self, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        """`busy_seconds`: how long to wait for another process."""
        self._path = path
        self._busy_seconds = busy_seconds
        self._opened_file: int | None = None

    def create(self) -> None:
        """Make an empty store, or leave the one that is there."""
        with translated(self._path):
            self._remember_file(os.open(self._path, os.O_RDWR | os.O_CREAT, OWNER_ONLY))
        with self._connected() as connection, _step(connection):
            if _version(connection) == 0:
                # executescript would commit; one statement at a time stays in this transaction.
                for statement in SCHEMA.strip().split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        with translated(self._path.parent):
            sync_folder(self._path.parent)

    @contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        """One step: durable when the block ends, as if never begun when it raises.

        Raises:
            AdminRightsNeeded, StoreBusy, StoreUnusable, StoreDamaged: see `errors`.
        """
        # SQLite would open a file it may not write for reading, and complain too late to say why.
        with self._opened(os.O_RDWR) as connection, _step(connection):
            # The last step's process may have died, or the disk have refused, between removing the
            # journal and syncing its absence: what is read here could still be undone by a power
            # cut, and a proof may be sent on its word.
            with translated(self._path.parent):
                sync_folder(self._path.parent)
            yield SqliteTransaction(connection, self._path)

    @contextmanager
    def reading(self) -> Iterator[SqliteTransaction]:
        """A consistent look that writes nothing.

        Raises:
            AdminRightsNeeded, StoreBusy, StoreUnusable, StoreDamaged: see `errors`.
        """
        with self._opened(os.O_RDONLY) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            yield SqliteTransaction(connection, self._path)

    def set_aside(self, at: Timestamp) -> Path | None:
        """Move the damaged store that was opened last out of the way, whole.

        Returns where it went; None when another process did it first, so that the sound store
        which that process began is left alone.
        """
        with translated(self._path), self._alone():
            if self._file() != self._opened_file:
                return None
            kept = self._free_name(at)
            # In this order: a journal that lost its database is a leftover, and harmless; a
            # database that lost its journal could pass for a sound one.
            for suffix in ("", "-journal"):
                with suppress(FileNotFoundError):
                    self._beside(suffix).rename(f"{kept}{suffix}")
            sync_folder(self._path.parent)
        return kept

    def _free_name(self, at: Timestamp) -> Path:
        """Find a name that nothing has: the clock may have gone back since the last damage."""
        kept = self._beside(f".damaged-{at}")
        while kept.exists():
            kept = kept.with_name(f"{kept.name}+")
        return kept

    def _beside(self, suffix: str) -> Path:
        return self._path.with_name(f"{self._path.name}{suffix}")

    def _remember_file(self, handle: int) -> None:
        """Remember which file was opened: only that one may be set aside."""
        self._opened_file = os.fstat(handle).st_ino
        os.close(handle)

    def _file(self) -> int | None:
        """Tell this file from one that takes its place."""
        try:
            return self._path.stat().st_ino
        except FileNotFoundError:
            return None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other processes from setting aside at the same time; SQLite locks everywhere."""
        path = self._beside(".lock")
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY))
        with self._connected(path) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            yield

    @contextmanager
    def _opened(self, flags: int) -> Iterator[sqlite3.Connection]:
        """Open a store that must be there: a home without one has lost it."""
        self._opened_file = None
        with translated(self._path):
            try:
                self._remember_file(os.open(self._path, flags))
            except FileNotFoundError as cause:
                raise StoreDamaged(path=self._path) from cause
        with self._connected() as connection:
            version = _version(connection)
            if version > SCHEMA_VERSION:
                raise StoreNewer(path=self._path, version=version)
            if not _is_sound(connection):
                self._judge()
            if version == 0:
                raise StoreDamaged(path=self._path)
            yield connection

    def _judge(self) -> NoReturn:
        """Call damage only what the disk hands over whole, and what reads back wrong again.

        SQLite calls a page that it does not get a fault of the file (since 3.22 even by the code).
        A store set aside for a disk's bad moment would take what waits in it along: a proof that
        nobody has received yet.

        Raises:
            StoreUnusable: the disk does not hand it over, or did not a moment ago.
            StoreDamaged: it does, and it is not what was written.
        """
        with translated(self._path):
            self._path.read_bytes()
        try:
            with closing(sqlite3.connect(self._path, timeout=self._busy_seconds)) as again:
                damaged = not _is_sound(again)
        except sqlite3.DatabaseError as cause:
            damaged = _primary_code(cause) in _DAMAGE
        if damaged:
            raise StoreDamaged(path=self._path)
        raise StoreUnusable(path=self._path)

    @contextmanager
    def _connected(self, path: Path | None = None) -> Iterator[sqlite3.Connection]:
        """Open, translate what SQLite says, and close whatever happens."""
        try:
            with closing(
                sqlite3.connect(
                    path or self._path, timeout=self._busy_seconds, isolation_level=None
                )
            ) as connection:
                for pragma in (
                    "journal_mode = DELETE",
                    "synchronous = EXTRA",
                    "secure_delete = ON",
                ):
                    connection.execute(f"PRAGMA {pragma}")
                yield connection
        except sqlite3.DatabaseError as cause:
            self._raise(cause)
        except (msgspec.DecodeError, UnicodeDecodeError) as cause:
            # A stored value that its reader could not read, or a schema that SQLite quotes.
            raise StoreDamaged(path=self._path) from cause

    def _raise(self, cause: sqlite3.DatabaseError) -> NoReturn:
        """Name what SQLite reports (https://sqlite.org/rescode.html)."""
        code = _primary_code(cause)
        try:
            if code in _DAMAGE:
                self._judge()
            if code in _NOT_OPENED:
                self._try_to_write()
        except AgentError as found:
            raise found from cause
        raise _NAMES.get(code, StoreUnusable)(path=self._path, reason=cause) from cause

    def _try_to_write(self) -> None:
        """Ask the system itself why: SQLite has one word for no rights, no room and a bad disk.

        Raises:
            AdminRightsNeeded, StoreFull, StoreReadOnly, StoreUnusable: what the system says.
        """
        trial = self._beside(f".{os.getpid()}")
        with translated(self._path):
            os.close(os.open(self._path, os.O_RDWR))
            os.close(os.open(trial, os.O_WRONLY | os.O_CREAT, OWNER_ONLY))
            trial.unlink()


@contextmanager
def _step(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _primary_code(error: sqlite3.DatabaseError) -> int:
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE


def _is_sound(connection: sqlite3.Connection) -> bool:
    found: tuple[str] = connection.execute("PRAGMA quick_check(1)").fetchone()
    return found == ("ok",)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
