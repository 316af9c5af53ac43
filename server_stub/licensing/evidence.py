"""The evidence spool: what was signed is recorded in a second place before it leaves (§5).

One file of JSON lines, one for each transaction in the order of the books, each with the hash of
the line before. The file itself is the truth of what is recorded; nothing in the database says so.
Several processes may append: each locks the file and reads what the others wrote. A line that a
crash left torn is cut off and written again, because its answer never left.
"""

import fcntl
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from server_stub.errors import DocumentInvalid, StoreUnreadable
from server_stub.home import SECRET_FILE, SECRET_FOLDER, sync_folder
from server_stub.licensing.records import (
    EvidenceRecord,
    damaged,
    hash_of,
    is_changed,
    read_records,
)

SPOOL_NAME = "evidence.jsonl"
_BLOCK = 1024 * 1024
_SPOOL = os.O_RDWR | os.O_CREAT | os.O_APPEND
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL

# What was committed after one audit index and up to another: (its last index, its redo log).
Pending = Callable[[int, int], Iterable[tuple[int, bytes]]]
# Every line that a spool should have; None where it has them already.
Whole = Callable[[], Iterable[bytes] | None]


class _Tail(msgspec.Struct, frozen=True):
    index: int
    hash: str


_tails = msgspec.json.Decoder(_Tail)


@dataclass
class _Seen:
    """What was read of one spool file so far.

    `is_durable`: whether it was synced since; what a killed process wrote may not have been.
    """

    inode: int = 0
    size: int = 0
    lines: int = 0
    newest: int = -1
    last_hash: str = ""
    last_size: int = 0
    is_durable: bool = True

    def add(self, line: bytes) -> None:
        tail = _tails.decode(line)
        self.newest = max(self.newest, tail.index)
        self.last_hash = tail.hash
        self.last_size = len(line)
        self.size += self.last_size
        self.lines += 1


class EvidenceSpool:
    """Appends records durably, once each and in order."""

    def __init__(self, folder: Path) -> None:
        """Touch nothing yet."""
        self.path = folder / SPOOL_NAME
        self._lock = threading.Lock()
        self._seen = _Seen()

    def ensure(self, through: int, pending: Pending) -> None:
        """Record durably everything up to an audit index that is not recorded yet.

        Raises:
            StoreUnreadable: the second place cannot be written; nothing may leave.
            DocumentInvalid: the spool was damaged; the auditor says where.
        """
        with self._caught_up() as descriptor:
            after = self._seen.newest
            found = tuple(pending(after, through)) if after < through else ()
            if found:
                self._append(descriptor, found)
            else:
                self._make_durable(descriptor)

    @property
    def known_newest(self) -> int:
        """The newest index that this process has seen recorded, without a look at the file."""
        return self._seen.newest if self._seen.is_durable else -1

    def newest(self) -> int:
        """The highest index that is recorded, durably; -1 before the first. Makes no file."""
        return self.ready() if self.path.exists() else -1

    def ready(self) -> int:
        """The same before something is committed: the file is there, and can be written.

        Raises:
            StoreUnreadable, DocumentInvalid: as `ensure`.
        """
        with self._caught_up() as descriptor:
            self._make_durable(descriptor)
            return self._seen.newest

    def records(self) -> Iterator[EvidenceRecord]:
        """Read every record; for the auditor, and to bring older books up to date.

        Raises:
            DocumentInvalid: as `read_records`.
        """
        if self.path.exists():
            yield from read_records(self.path)

    def copy_to(self, file: BinaryIO) -> None:
        """Copy what is recorded now; what others append meanwhile is not in it.

        Raises:
            StoreUnreadable, DocumentInvalid: as `ensure`.
        """
        with self._caught_up():
            left = self._seen.size
            # While it is locked: a restore may put another file under this name.
            spool = self.path.open("rb")
        with spool:
            while block := spool.read(min(left, _BLOCK)):
                file.write(block)
                left -= len(block)

    def become(self, whole: Whole) -> None:
        """Be these lines from now on, durably, or still what it was; `whole` must have all of it.

        `whole` is asked while nobody appends. Whoever waits to append finds the new file.

        Raises:
            StoreUnreadable: it is what it was.
            DocumentInvalid: as `ensure`, or what `whole` raises.
        """
        begun = self.path.with_name(f".{SPOOL_NAME}.begun")
        with self._caught_up():
            if (lines := whole()) is None:
                return
            # Left by a restore that was killed.
            begun.unlink(missing_ok=True)
            try:
                with os.fdopen(os.open(begun, _NEW, SECRET_FILE), "wb") as file:
                    file.writelines(lines)
                    file.flush()
                    os.fsync(file.fileno())
                begun.replace(self.path)
            finally:
                begun.unlink(missing_ok=True)
            sync_folder(self.path.parent)

    @contextmanager
    def _caught_up(self) -> Iterator[int]:
        """Lock the file against threads and processes, and know all of it."""
        try:
            with self._lock:
                self.path.parent.mkdir(mode=SECRET_FOLDER, parents=True, exist_ok=True)
                descriptor = self._locked()
                try:
                    self._catch_up(descriptor)
                    yield descriptor
                finally:
                    os.close(descriptor)
        except OSError as cause:
            raise StoreUnreadable(str(cause), detail=str(self.path)) from cause

    def _locked(self) -> int:
        """The file that has the name once it is locked: who waited may have opened another."""
        while True:
            descriptor = os.open(self.path, _SPOOL, SECRET_FILE)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                if self._is_here(descriptor):
                    return descriptor
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)

    def _is_here(self, descriptor: int) -> bool:
        with suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(descriptor), self.path.stat())
        return False

    def _catch_up(self, descriptor: int) -> None:
        """Read what others appended, and cut a torn last line."""
        status = os.fstat(descriptor)
        if not self._goes_on(descriptor, status):
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
                    raise damaged(self.path, self._seen.lines + 1) from cause
                self._seen.is_durable = False

    def _goes_on(self, descriptor: int, status: os.stat_result) -> bool:
        """Whether it begins as what was read; the number of a file that is gone is given again."""
        seen = self._seen
        if status.st_ino != seen.inode or status.st_size < seen.size:
            return False
        if status.st_size == seen.size:
            return True
        last = os.pread(descriptor, seen.last_size, seen.size - seen.last_size)
        with suppress(msgspec.DecodeError):
            return not last or _tails.decode(last).hash == seen.last_hash
        return False

    def _make_durable(self, descriptor: int) -> None:
        if not self._seen.is_durable:
            os.fsync(descriptor)
            sync_folder(self.path.parent)  # it may have died over the very first line
            self._seen.is_durable = True

    def _append(self, descriptor: int, found: Iterable[tuple[int, bytes]]) -> None:
        lines = tuple(_lines(found, self._seen.last_hash))
        block = b"".join(lines)
        is_recorded = False
        try:
            if os.write(descriptor, block) != len(block):
                raise StoreUnreadable("a short write", detail=str(self.path))
            os.fsync(descriptor)
            if not self._seen.size:
                sync_folder(self.path.parent)
            is_recorded = True
        finally:
            # Not whole or not durable, so not recorded: the next attempt writes it anew.
            if not is_recorded:
                os.ftruncate(descriptor, self._seen.size)
        for line in lines:
            self._seen.add(line)
        self._seen.is_durable = True


def _lines(found: Iterable[tuple[int, bytes]], previous: str) -> Iterator[bytes]:
    for index, body in found:
        hashed = hash_of(index, body, previous)
        record = EvidenceRecord(index=index, body=msgspec.Raw(body), previous=previous, hash=hashed)
        yield msgspec.json.encode(record) + b"\n"
        previous = hashed


def require_unchanged(records: Iterable[EvidenceRecord]) -> Iterator[EvidenceRecord]:
    """Pass on records that are what was written, wherever they came from.

    Raises:
        DocumentInvalid: one was changed.
    """
    for record in records:
        if is_changed(record):
            raise DocumentInvalid("a changed record", file=f"{SPOOL_NAME} ({record.index})")
        yield record
