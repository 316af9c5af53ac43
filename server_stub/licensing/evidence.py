"""The evidence spool: what was signed is recorded in a second place before it leaves (§5).

One file of JSON lines, each with the hash of the line before. The file itself is the truth of what
is recorded; nothing in the database says so. Several processes may append: each locks the file and
reads what the others wrote. A line that a crash left torn is cut off and written again, because
its answer never left.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from protocol.encoding import canonical, sha256
from server_stub.errors import DocumentInvalid, StoreUnreadable
from server_stub.home import SECRET_FILE, SECRET_FOLDER, sync_folder

SPOOL_NAME = "evidence.jsonl"


class EvidenceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One audit entry that something signed, or a secret shown once, depends on.

    `facts` of an exchange: request and answer. Of an issued license: what its row held.
    """

    index: int
    audit_hash: str
    event: str
    facts: dict[str, str]
    previous: str = ""
    hash: str = ""


class _Tail(msgspec.Struct, frozen=True):
    index: int
    hash: str


_tails = msgspec.json.Decoder(_Tail)
_records = msgspec.json.Decoder(EvidenceRecord)


def hash_of(record: EvidenceRecord) -> str:
    """What the record's hash must be, from its other fields."""
    return sha256(canonical(msgspec.structs.replace(record, hash="")))


@dataclass
class _Seen:
    """What was read of one spool file so far."""

    inode: int = 0
    size: int = 0
    lines: int = 0
    last_hash: str = ""
    # A byte for each audit index: ten million exchanges cost ten megabytes.
    indexes: bytearray = field(default_factory=bytearray)

    def add(self, line: bytes) -> None:
        tail = _tails.decode(line)
        if tail.index >= len(self.indexes):
            self.indexes.extend(bytes(tail.index + 1024 - len(self.indexes)))
        self.indexes[tail.index] = 1
        self.last_hash = tail.hash
        self.size += len(line)
        self.lines += 1

    def holds(self, index: int) -> bool:
        return index < len(self.indexes) and bool(self.indexes[index])


class EvidenceSpool:
    """Appends records durably, once each."""

    def __init__(self, folder: Path) -> None:
        """Touch nothing yet."""
        self.path = folder / SPOOL_NAME
        self._lock = threading.Lock()
        self._seen = _Seen()

    def ensure(self, record: EvidenceRecord) -> None:
        """Record it durably unless it is recorded already.

        Raises:
            StoreUnreadable: the second place cannot be written; nothing may leave.
            DocumentInvalid: the spool was damaged; the auditor says where.
        """
        with self._caught_up() as descriptor:
            if not self._seen.holds(record.index):
                self._append(descriptor, record)

    def holds(self, index: int) -> bool:
        """Whether the entry of that index is recorded."""
        with self._caught_up():
            return self._seen.holds(index)

    def newest(self) -> int:
        """The highest index that is recorded; -1 before the first."""
        with self._caught_up():
            return self._seen.indexes.rfind(1)

    def records(self) -> Iterator[EvidenceRecord]:
        """Read every record; for the auditor.

        Raises:
            DocumentInvalid: a line is no record.
        """
        if not self.path.exists():
            return
        with self.path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield _records.decode(line)
                except msgspec.DecodeError as cause:
                    raise self._damaged(number) from cause

    @contextmanager
    def _caught_up(self) -> Iterator[int]:
        """Lock the file against threads and processes, and know all of it."""
        try:
            with self._lock:
                self.path.parent.mkdir(mode=SECRET_FOLDER, parents=True, exist_ok=True)
                flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
                descriptor = os.open(self.path, flags, SECRET_FILE)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX)
                    self._catch_up(descriptor)
                    yield descriptor
                finally:
                    os.close(descriptor)
        except OSError as cause:
            raise StoreUnreadable(str(cause), detail=str(self.path)) from cause

    def _catch_up(self, descriptor: int) -> None:
        """Read what others appended, and cut a torn last line."""
        status = os.fstat(descriptor)
        if status.st_ino != self._seen.inode or status.st_size < self._seen.size:
            # Moved away or replaced: this is another spool, to be read from its beginning.
            self._seen = _Seen(inode=status.st_ino)
        if status.st_size == self._seen.size:
            return
        with os.fdopen(os.dup(descriptor), "rb") as file:
            file.seek(self._seen.size)
            for line in file:
                if not line.endswith(b"\n"):
                    os.ftruncate(descriptor, self._seen.size)
                    return
                try:
                    self._seen.add(line)
                except msgspec.DecodeError as cause:
                    raise self._damaged(self._seen.lines + 1) from cause

    def _append(self, descriptor: int, record: EvidenceRecord) -> None:
        record = msgspec.structs.replace(record, previous=self._seen.last_hash)
        line = msgspec.json.encode(msgspec.structs.replace(record, hash=hash_of(record))) + b"\n"
        try:
            if os.write(descriptor, line) == len(line):
                os.fsync(descriptor)
                if not self._seen.size:
                    sync_folder(self.path.parent)
                self._seen.add(line)
        finally:
            # Not whole or not durable, so not recorded: the next attempt writes it anew.
            if not self._seen.holds(record.index):
                os.ftruncate(descriptor, self._seen.size)
        if not self._seen.holds(record.index):
            raise StoreUnreadable("a short write", detail=str(self.path))

    def _damaged(self, line: int) -> DocumentInvalid:
        return DocumentInvalid(f"line {line} is no record", file=f"{self.path}:{line}")


def spool_faults(records: Iterator[EvidenceRecord]) -> Iterator[str]:
    """Every place where the spool's own chain does not hold."""
    previous = ""
    for record in records:
        if record.previous != previous:
            yield f"evidence of entry {record.index} does not follow the record before it"
        if hash_of(record) != record.hash:
            yield f"evidence of entry {record.index} was changed"
        previous = record.hash
