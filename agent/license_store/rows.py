"""What stands in the store: its tables, and one transaction's rows as values.

A row that does not read back as what this program writes is damage, whatever SQLite thinks of its
page. Deliberately absent: opening, locking and committing (`store`).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from agent.errors import StoreDamaged
from agent.ports import HistoryEntry, LicenseKey, PaperKind, StoredAnswer, StoredPaper
from agent.state import State
from protocol.exchange import pack_roots, unpack_roots
from protocol.problems import ProtocolError
from protocol.trust import RootSignatures
from protocol.values import Digest, LicenseId, RequestId, Timestamp

SCHEMA_VERSION = 1
SCHEMA = """
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


class SqliteTransaction:
    """One step in the making; `ports.Transaction`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        # SQLite's own complaint about a text that is none would carry no code to tell it by.
        connection.text_factory = bytes.decode

    @property
    def state(self) -> State:
        """The lifecycle's state as last saved."""
        raw = self._recall(_STATE)
        with self._legible():
            return State() if raw is None else msgspec.json.decode(raw, type=State)

    def save(self, state: State) -> None:
        """Keep a state."""
        self._remember(_STATE, msgspec.json.encode(state))

    @property
    def roots(self) -> tuple[RootSignatures, ...]:
        """The pinned root and every later one; empty before the first is pinned."""
        raw = self._recall(_ROOTS)
        with self._legible():
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
        self.forget_document()
        self._remember("tombstone", tombstone)

    def forget_document(self) -> None:
        """Keep the license document no more, if there is one: it names another device."""
        self._connection.execute("DELETE FROM memory WHERE name = ?", (_LICENSE,))

    def remember_proposal(self, inventory: bytes) -> None:
        """Keep the inventory that an open activation was asked with."""
        self._remember("proposal", inventory)

    @property
    def believed(self) -> bytes | None:
        """What `believe` kept."""
        return self._recall("believed")

    def believe(self, digest: bytes) -> None:
        """Keep the word that these bytes of document and roots were verified."""
        self._remember("believed", digest)

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
        with self._legible():
            return _blob((self.find_journaled(request_id),))

    def find_journaled(self, request_id: RequestId) -> bytes | None:
        """The very bytes of a request, if it was journaled here."""
        row = self._connection.execute(
            "SELECT raw FROM journal WHERE request_id = ?", (request_id,)
        ).fetchone()
        with self._legible():
            return None if row is None else _blob(row)

    def has_answer(self, request_id: RequestId) -> bool:
        """Whether an answer to a journaled request came and was applied."""
        found = self._connection.execute(
            "SELECT 1 FROM journal WHERE request_id = ? AND answer IS NOT NULL", (request_id,)
        )
        return found.fetchone() is not None

    def newest_answer(self) -> StoredAnswer | None:
        """The latest of the answered requests with its answer.

        By their sequence: a clock that was wrong once would make an old answer the newest for ever.
        """
        row = self._connection.execute(
            "SELECT raw, answer, answered_at FROM journal WHERE answer IS NOT NULL"
            " ORDER BY sequence DESC LIMIT 1"
        ).fetchone()
        with self._legible():
            if row is None:
                return None
            return StoredAnswer(
                request=_blob(row[:1]),
                answer=_blob(row[1:]),
                answered_at=Timestamp(int(row[2])),
            )

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
        with self._legible():
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
        with self._legible():
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
        with self._legible():
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
        with self._legible():
            return None if row is None else _blob(row)

    def _remember(self, name: str, value: bytes) -> None:
        self._connection.execute("INSERT OR REPLACE INTO memory VALUES (?,?)", (name, value))

    @contextmanager
    def _legible(self) -> Iterator[None]:
        """Call what does not read back damage.

        Raises:
            StoreDamaged: the row is not what this program writes.
        """
        try:
            yield
        except (TypeError, ValueError, msgspec.DecodeError, ProtocolError) as cause:
            raise StoreDamaged(path=self._path) from cause


def _blob(row: tuple[object, ...] | None) -> bytes:
    if row is None or not isinstance(row[0], bytes):
        raise TypeError("not the bytes that were stored")
    return row[0]
