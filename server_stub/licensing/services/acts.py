"""An act of the vendor's people: one transaction, its audit entry, and evidence to replay it by.

The audit entry names the rows that the act wrote; the evidence holds them whole. So what was
decided after a backup was made is put back by `replay`, whatever the act was, and a crash between
commit and evidence is made good by `record_missing`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from django.apps import apps
from django.core import serializers
from django.db.models import Model

from server_stub.licensing.audit import Facts, Journal
from server_stub.licensing.evidence import EvidenceRecord
from server_stub.licensing.models import AuditEntry
from server_stub.licensing.server import Books
from server_stub.licensing.transactions import writing

_ROWS = "rows"


class Act:
    """One act while its transaction is open."""

    def __init__(self, journal: Journal) -> None:
        """The journal is the open transaction's."""
        self.journal = journal
        self.evidence: list[EvidenceRecord] = []

    @property
    def now(self) -> int:
        """The one time of the whole act."""
        return self.journal.now

    def record(
        self,
        event: str,
        *rows: Model,
        license: str = "",
        device: str = "",
        facts: Facts | None = None,
    ) -> AuditEntry:
        """Say in the books what happened; `rows` are saved, and stand in the evidence as now."""
        named = {**(facts or {}), _ROWS: " ".join(_name(row) for row in rows)}
        entry = self.journal.record(event, license=license, device=device, facts=named)
        self.evidence.append(_evidence(entry, rows))
        return entry


@contextmanager
def acting(books: Books) -> Iterator[Act]:
    """Open an act; once the block ends it is committed and stands in the second place.

    Raises:
        ServerError: the database or the second place failed.
    """
    with writing(books.clock()) as journal:
        act = Act(journal)
        yield act
    for record in act.evidence:
        books.evidence.ensure(record)


def replay(record: EvidenceRecord) -> tuple[Model, ...]:
    """Put the rows of one act back as they were when it was recorded.

    Records are replayed in the order of their index, inside one write transaction; a record that
    is no act's puts nothing back.
    """
    found = list(serializers.deserialize("json", record.facts.get(_ROWS, "[]")))
    for row in found:
        row.save()
    return tuple(row.object for row in found)


def record_missing(books: Books) -> int:
    """Make good the evidence of acts that a crash left out; how many there were.

    The rows are recorded as they are today: later acts of theirs say the same again.
    """
    entries = AuditEntry.objects.filter(detail__contains=f'"{_ROWS}":').order_by("index")
    missing = [entry for entry in entries if not books.evidence.holds(entry.index)]
    for entry in missing:
        names = str(msgspec.json.decode(entry.detail)[_ROWS]).split()
        books.evidence.ensure(_evidence(entry, tuple(_named(name) for name in names)))
    return len(missing)


def _evidence(entry: AuditEntry, rows: tuple[Model, ...]) -> EvidenceRecord:
    return EvidenceRecord(
        index=entry.index,
        audit_hash=entry.hash,
        event=entry.event,
        facts={_ROWS: serializers.serialize("json", rows)},
    )


def _name(row: Model) -> str:
    return f"{row._meta.model_name}/{row.pk}"  # noqa: SLF001 (Django's documented door)


def _named(name: str) -> Model:
    table, _, key = name.partition("/")
    row: Model = apps.get_model("licensing", table)._default_manager.get(pk=key)  # noqa: SLF001
    return row
