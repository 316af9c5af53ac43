"""The lines of an evidence file: one for each transaction, each with the hash of the one before."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from protocol.encoding import sha256
from server_stub.errors import DocumentInvalid
from server_stub.licensing.faults import Fault


class EvidenceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction: the index of its last audit entry, and its redo log (`licensing.redo`)."""

    index: int
    body: msgspec.Raw
    previous: str
    hash: str


_records = msgspec.json.Decoder(EvidenceRecord)


def hash_of(index: int, body: bytes, previous: str) -> str:
    """What a record's hash must be, from its other fields."""
    return sha256(f"{previous}|{index}|".encode() + body)


def read_records(path: Path) -> Iterator[EvidenceRecord]:
    """Read a spool, or one that was moved away.

    A last line that is not whole is passed over: it is torn, or being written now.

    Raises:
        DocumentInvalid: a line is no record.
        OSError: it cannot be read.
    """
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith(b"\n"):
                return
            try:
                yield read_record(line)
            except msgspec.DecodeError as cause:
                raise damaged(path, number) from cause


def read_record(line: bytes) -> EvidenceRecord:
    """Read one line.

    Raises:
        msgspec.DecodeError: it is no record.
    """
    return _records.decode(line)


def damaged(path: Path, line: int) -> DocumentInvalid:
    """What is said of a line that is no record."""
    return DocumentInvalid(f"line {line} is no record", file=f"{path}:{line}")


class Hole(NamedTuple):
    """Where records are missing: the hashes of the one before ("" at the beginning) and after."""

    before: str
    after: str


class SpoolFault(NamedTuple):
    """A place where a spool's own chain does not hold.

    `follows`: the hash of the record that is not there, but may be elsewhere.
    """

    fault: Fault
    hole: Hole
    follows: str | None = None


def spool_faults(records: Iterable[EvidenceRecord]) -> Iterator[SpoolFault]:
    """Every place where the spool's own chain does not hold."""
    previous, index = "", 0
    for record in records:
        # The record of a transaction is named by its last entry.
        first, last = sorted((index + 1, record.index))
        if record.previous != previous:
            text = f"evidence of entry {record.index} does not follow the record before it"
            fault = Fault(text, first, last)
            yield SpoolFault(fault, Hole(previous, record.hash), record.previous or None)
        if is_changed(record):
            fault = Fault(f"evidence of entry {record.index} was changed", first, last)
            yield SpoolFault(fault, Hole(previous, record.hash))
        previous, index = record.hash, record.index


def is_changed(record: EvidenceRecord) -> bool:
    """Whether it is not what was written."""
    return hash_of(record.index, bytes(record.body), record.previous) != record.hash
