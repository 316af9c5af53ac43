"""The agent's memory: one SQLite file, one durable commit per step, locked between processes.

`journal_mode=DELETE` with `synchronous=EXTRA`: when a commit returns, it survives a power cut,
folder entry included. Each `transaction()` is one `BEGIN IMMEDIATE … COMMIT`; nothing may leave
the machine before it returned (docs/protocol.md §4). A damaged file is set aside, never
overwritten. Deliberately absent: any rule of the lifecycle, and the network.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NoReturn

import msgspec

from agent.errors import (
    AdminRightsNeeded,
    AgentError,
    NotSetUp,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreNewer,
    StoreReadOnly,
    StoreUnusable,
)
from agent.files import OWNER_ONLY, sync_folder, translated
from agent.ports import HistoryEntry, LicenseKey, PaperKind, StoredPaper
from agent.state import State
from protocol.exchange import pack_roots, unpack_roots
from protocol.trust import RootSignatures
from protocol.values import Digest, LicenseId, RequestId, Timestamp

SCHEMA_VERSION = 1
BUSY_SECONDS = 15
_SCHEMA = """
CREATE TABLE memory (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE journal (
    request_id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, op TEXT NOT NULL, raw BLOB NOT NULL,
    created_at INTEGER NOT NULL, answer BLOB, answered_at INTEGER);
CREATE TABLE papers (
    digest TEXT PRIMARY KEY, kind TEXT NOT NULL, license_id TEXT NOT NULL,
    generation INTEGER NOT NULL, raw BLOB NOT NULL, stored_at INTEGER NOT NULL);
CREATE TABLE license_keys (
    key_id TEXT PRIMARY KEY, license_key TEXT NOT NULL, license_id TEXT, reactivation_code TEXT);
CREATE TABLE history (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, event TEXT NOT NULL, detail BLOB NOT NULL);
"""
_STATE = "state"
_ROOTS = "roots"
_LICENSE = "license"
_INVENTORY = "inventory"
_BUSY_CODES = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGE_CODES = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PRIMARY_CODE = 0xFF


class SqliteTransaction:
    """One step in the making; `ports.Transaction`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def state(self) -> State:
        """The lifecycle's state as last saved."""
        raw = self._recall(_STATE)
        return State() if raw is None else msgspec.json.decode(raw, type=State)

    def save(self, state: State) -> None:
        """Keep a state."""
        self._remember(_STATE, msgspec.json.encode(state))

    @property
    def roots(self) -> tuple[RootSignatures, ...]:
        """The pinned root and every later one; empty before the first is pinned."""
        raw = self._recall(_ROOTS)
        return () if raw is None else unpack_roots(raw)

    def save_roots(self, roots: tuple[RootSignatures, ...]) -> None:
        """Keep a chain that was verified."""
        self._remember(_ROOTS, pack_roots(roots))

    @property
    def license_document(self) -> bytes | None:
        """The installed license document; None after its tombstone."""
        return self._recall(_LICENSE)

    @property
    def inventory(self) -> bytes | None:
        """What the machine looked like at enrolment, readable; never leaves this machine."""
        return self._recall(_INVENTORY)

    def install(self, document: bytes, inventory: bytes) -> None:
        """Put a license document in the place of any other."""
        self._remember(_LICENSE, document)
        self._remember(_INVENTORY, inventory)

    def bury(self, tombstone: bytes) -> None:
        """Replace the license document with its tombstone."""
        self._connection.execute("DELETE FROM memory WHERE name = ?", (_LICENSE,))
        self._remember("tombstone", tombstone)

    def remember_proposal(self, inventory: bytes) -> None:
        """Keep the inventory that an open activation was asked with."""
        self._remember("proposal", inventory)

    @property
    def proposal(self) -> bytes | None:
        """The inventory of the open activation."""
        return self._recall("proposal")

    def journal(
        self, request_id: RequestId, sequence: int, op: str, raw: bytes, at: Timestamp
    ) -> None:
        """Keep a signed request for resending until it is answered, and for the record."""
        self._connection.execute(
            "INSERT INTO journal (request_id, sequence, op, raw, created_at) VALUES (?,?,?,?,?)",
            (request_id, sequence, op, raw, at),
        )

    def forget_check_ins(self) -> None:
        """Drop earlier check-ins: only the newest one's answer counts, and a year has 8,760."""
        self._connection.execute("DELETE FROM journal WHERE op = 'check-in'")

    def journaled(self, request_id: RequestId) -> bytes:
        """The very bytes of a journaled request."""
        row = self._connection.execute(
            "SELECT raw FROM journal WHERE request_id = ?", (request_id,)
        ).fetchone()
        if row is None:
            raise StoreDamaged(path="journal")
        return bytes(row[0])

    def answered(self, request_id: RequestId, answer: bytes, at: Timestamp) -> None:
        """Keep the answer beside its request."""
        self._connection.execute(
            "UPDATE journal SET answer = ?, answered_at = ? WHERE request_id = ?",
            (answer, at, request_id),
        )

    def keep_paper(self, paper: StoredPaper) -> None:
        """Keep a signed document for ever; keeping it twice is harmless."""
        self._connection.execute(
            "INSERT OR IGNORE INTO papers VALUES (?,?,?,?,?,?)",
            (
                paper.digest,
                paper.kind.value,
                paper.license_id,
                paper.generation,
                paper.raw,
                paper.stored_at,
            ),
        )

    def papers(self, kind: PaperKind | None = None) -> tuple[StoredPaper, ...]:
        """Kept documents, oldest first."""
        rows = self._connection.execute(
            "SELECT digest, kind, license_id, generation, raw, stored_at FROM papers"
            " WHERE kind = ?1 OR ?1 IS NULL ORDER BY rowid",
            (kind.value if kind else None,),
        )
        return tuple(
            StoredPaper(
                digest=Digest(digest),
                kind=PaperKind(found),
                license_id=LicenseId(license_id),
                generation=generation,
                raw=raw,
                stored_at=Timestamp(stored_at),
            )
            for digest, found, license_id, generation, raw, stored_at in rows
        )

    def keep_key(self, key: LicenseKey) -> None:
        """Keep a license key with what is known of its license."""
        self._connection.execute(
            "INSERT OR REPLACE INTO license_keys VALUES (?,?,?,?)",
            (key.key_id, key.license_key, key.license_id, key.reactivation_code),
        )

    def license_keys(self) -> tuple[LicenseKey, ...]:
        """Every license key that was used here."""
        rows = self._connection.execute("SELECT * FROM license_keys ORDER BY rowid")
        return tuple(
            LicenseKey(
                key_id=key_id,
                license_key=license_key,
                license_id=LicenseId(license_id) if license_id else None,
                reactivation_code=code,
            )
            for key_id, license_key, license_id, code in rows
        )

    def record(self, at: Timestamp, event: str, **detail: str) -> None:
        """Add a line to the history."""
        self._connection.execute(
            "INSERT INTO history (at, event, detail) VALUES (?,?,?)",
            (at, event, msgspec.json.encode(detail)),
        )

    def history(self) -> tuple[HistoryEntry, ...]:
        """Everything that happened, oldest first."""
        rows = self._connection.execute("SELECT at, event, detail FROM history ORDER BY id")
        return tuple(
            HistoryEntry(
                at=Timestamp(at),
                event=event,
                detail=msgspec.json.decode(detail, type=dict[str, str]),
            )
            for at, event, detail in rows
        )

    def _recall(self, name: str) -> bytes | None:
        row = self._connection.execute(
            "SELECT value FROM memory WHERE name = ?", (name,)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def _remember(self, name: str, value: bytes) -> None:
        self._connection.execute("INSERT OR REPLACE INTO memory VALUES (?,?)", (name, value))


class SqliteStore:
    """The store in one file; `ports.Store`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def create(self) -> None:
        """Make an empty store, or leave the one that is there."""
        with translated(self._path):
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, OWNER_ONLY))
        with self._connected() as connection, _step(connection):
            if _version(connection) == 0:
                # executescript would commit; one statement at a time stays in this transaction.
                for statement in _SCHEMA.strip().split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        with translated(self._path.parent):
            sync_folder(self._path.parent)

    @contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        """One step: durable when the block ends, as if never begun when it raises.

        Raises:
            NotSetUp, AdminRightsNeeded, StoreBusy, StoreUnusable, StoreDamaged: see `errors`.
        """
        with self._opened() as connection, _step(connection):
            yield SqliteTransaction(connection)

    @contextmanager
    def reading(self) -> Iterator[SqliteTransaction]:
        """A consistent look that writes nothing."""
        with self._opened() as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            yield SqliteTransaction(connection)

    def set_aside(self, at: Timestamp) -> Path:
        """Move a damaged store out of the way, whole, and return where it went."""
        kept = self._path.with_name(f"{self._path.name}.damaged-{at}")
        with translated(self._path):
            journal = self._path.with_name(f"{self._path.name}-journal")
            if journal.exists():
                journal.rename(kept.with_name(f"{kept.name}-journal"))
            self._path.rename(kept)
            sync_folder(self._path.parent)
        return kept

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with translated(self._path):
            try:
                os.close(os.open(self._path, os.O_RDONLY))
            except FileNotFoundError as cause:
                raise NotSetUp(path=self._path) from cause
        with self._connected() as connection:
            version = _version(connection)
            if version > SCHEMA_VERSION:
                raise StoreNewer(path=self._path, version=version)
            sound = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            if not sound or version == 0:
                raise StoreDamaged(path=self._path)
            yield connection

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """Open, translate what SQLite says, and close whatever happens."""
        try:
            with closing(
                sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
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
        except msgspec.DecodeError as cause:
            raise StoreDamaged(path=self._path) from cause

    def _raise(self, cause: sqlite3.DatabaseError) -> NoReturn:
        """Name what SQLite reports (https://sqlite.org/rescode.html)."""
        code = getattr(cause, "sqlite_errorcode", 0) & _PRIMARY_CODE
        found: AgentError
        if code in _BUSY_CODES:
            found = StoreBusy(path=self._path)
        elif code in _DAMAGE_CODES:
            found = StoreDamaged(path=self._path)
        elif code == sqlite3.SQLITE_FULL:
            found = StoreFull(path=self._path)
        elif code == sqlite3.SQLITE_READONLY:
            found = StoreReadOnly(path=self._path)
        elif code in (sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
            found = AdminRightsNeeded(path=self._path)
        else:
            found = StoreUnusable(path=self._path, reason=cause)
        raise found from cause


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


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
