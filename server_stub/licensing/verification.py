"""Checks the books against themselves, against the evidence, and against the tables.

Three witnesses: the audit chain, the evidence spool in its second place, and the signed answers.
Whoever changes one leaves the others disagreeing.
"""

from bisect import bisect
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from django.db.models import QuerySet, Subquery

from protocol import envelope, jws
from protocol.documents import AnyAnswer
from protocol.problems import KeyRevoked, ProtocolError
from protocol.trust import Trust
from server_stub.errors import DocumentInvalid
from server_stub.licensing.audit import chain_faults
from server_stub.licensing.evidence import SPOOL_NAME, EvidenceSpool
from server_stub.licensing.faults import Fault
from server_stub.licensing.losses import Declaration, Loss, declarations, known_losses
from server_stub.licensing.models import AuditEntry, Binding, Exchange, ServerState
from server_stub.licensing.models.licenses import BindingState
from server_stub.licensing.models.recorded import Row, read_bytes
from server_stub.licensing.records import (
    EvidenceRecord,
    SpoolFault,
    read_records,
    spool_faults,
)
from server_stub.licensing.redo import RedoLog, read_redo
from server_stub.progress import SILENT, Progress, Step

Declared = tuple[Declaration, ...]


class Verification(NamedTuple):
    """What was looked at, and everything that does not hold.

    `gaps`: how many of the faults are that evidence is missing; some of it may be elsewhere.
    `losses`: what is missing by the word of a restore, which is no fault.
    """

    entries: int
    exchanges: int
    records: int
    found: tuple[Fault, ...]
    gaps: int
    losses: tuple[Loss, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        """Every fault, in words."""
        return tuple(fault.text for fault in self.found)


class Looked(NamedTuple):
    """Evidence by itself: where it does not hold, and what is known to be missing in it."""

    faults: tuple[str, ...]
    losses: tuple[Loss, ...]


def look_at(evidence: Path) -> Looked:
    """Look at one file of evidence, without the rest of the books."""
    told, declared = _Told({}, {}), tuple(declarations())
    illegible, broken = _told_by([read_records(evidence)], told, declared)
    faults = tuple(fault.text for fault in (*illegible, *(each.fault for each in broken)))
    return Looked(faults, tuple(known_losses(declared, told.entries)))


def verify(
    trust: Trust, spool: EvidenceSpool, older: Iterable[Path] = (), progress: Progress = SILENT
) -> Verification:
    """Read everything and change nothing; the server may go on working meanwhile.

    `older`: evidence that was moved out of the spool. What a restore lost is no fault: it said so,
    in an entry of the chain.
    """
    # What is appended after this row was read is the next verification's business.
    head = ServerState.objects.get(pk=1)
    entries = AuditEntry.objects.filter(index__lte=head.audit_index).order_by("index")
    exchanges = Exchange.objects.filter(audit_id__lte=head.audit_index).select_related("audit")
    faults = [
        *chain_faults(progress.over(Step.ENTRIES, entries.iterator()), head),
        *_entries_beyond_the_head(),
        *_exchange_faults(progress.over(Step.EXCHANGES, exchanges.iterator()), trust),
        *_binding_faults(head.audit_index),
    ]
    told, declared = _Told({}, {}), tuple(declarations())
    places = [progress.over(Step.RECORDS, records) for records in map(read_records, older)]
    places.append(progress.over(Step.RECORDS, spool.records()))
    illegible, broken = _told_by(places, told, declared)
    faults += illegible
    faults += [each.fault for each in broken if each.follows is None]
    compared = progress.over(Step.COMPARING, exchanges.iterator())
    faults += _evidence_faults(told, compared, declared)
    missing = [each.fault for each in broken if each.follows is not None]
    missing += _unrecorded(told, exchanges, declared)
    return Verification(
        entries=entries.count(),
        exchanges=exchanges.count(),
        records=len(told.entries),
        found=(*faults, *missing),
        gaps=len(missing),
        losses=tuple(known_losses(declared, told.entries)),
    )


class _Told(NamedTuple):
    """What the evidence says: entries by index, exchanges by the index of their entry."""

    entries: dict[int, str]
    exchanges: dict[int, tuple[str, str]]

    def take(self, log: RedoLog) -> None:
        self.entries.update((entry.index, entry.hash) for entry in log.entries)
        # The bodies are compared by hash below; keeping them all would not fit.
        self.exchanges.update(
            (row.fields["audit_id"], (_digest(row, "request"), _digest(row, "answer")))
            for row in log.rows
            if row.table == Exchange.__name__
        )


def _told_by(
    places: Iterable[Iterator[EvidenceRecord]], told: _Told, declared: Declared
) -> tuple[list[Fault], list[SpoolFault]]:
    """Read all evidence: what cannot be read, and where its chains do not hold."""
    illegible, files = list[Fault](), list[tuple[list[SpoolFault], set[str]]]()
    for records in places:
        broken, hashes = list[SpoolFault](), set[str]()
        files.append((broken, hashes))
        try:
            broken += spool_faults(_remember(records, told, hashes))
        except DocumentInvalid as cause:
            illegible.append(Fault(f"evidence: {cause}"))
    # What was taken out of one file may stand in another; within one, order is part of the chain.
    return illegible, [
        fault
        for broken, own in files
        for fault in broken
        if not any(fault.follows in other for _, other in files if other is not own)
        and not any(each.explains(fault, own) for each in declared)
    ]


def _remember(
    read: Iterator[EvidenceRecord], told: _Told, hashes: set[str]
) -> Iterator[EvidenceRecord]:
    for record in read:
        try:
            told.take(read_redo(bytes(record.body)))
        except (ValueError, LookupError, TypeError) as cause:
            detail = f"the record of entry {record.index} tells of no transaction"
            raise DocumentInvalid(detail, file=SPOOL_NAME) from cause
        hashes.add(record.hash)
        yield record


def _digest(row: Row, name: str) -> str:
    return jws.digest(read_bytes(row.fields[name]))


def _entries_beyond_the_head() -> Iterator[Fault]:
    # In one statement: a server at work moves the head with every entry.
    head = Subquery(ServerState.objects.values("audit_index"))
    for entry in AuditEntry.objects.filter(index__gt=head).order_by("index"):
        text = f"entry {entry.index} stands beyond the head of the chain"
        yield Fault.at(entry.index, text)


def _exchange_faults(exchanges: Iterator[Exchange], trust: Trust) -> Iterator[Fault]:
    for exchange in exchanges:
        number = exchange.audit_id
        request, answer = bytes(exchange.request), bytes(exchange.answer)
        facts = msgspec.json.decode(exchange.audit.detail)
        try:
            signed = envelope.open_request(request)
            opened = open_as_then(answer, trust)
        except ProtocolError as cause:
            text = f"the exchange of entry {number} does not verify: {cause.code}"
            yield Fault.at(number, text)
            continue
        if (facts.get("request"), facts.get("answer")) != (signed.digest, jws.digest(answer)):
            yield Fault.at(number, f"the exchange of entry {number} is not the one in the books")
        if (opened.audit_index, opened.request_hash) != (number, signed.digest):
            yield Fault.at(number, f"the answer of entry {number} answers something else")


def open_as_then(answer: bytes, trust: Trust) -> AnyAnswer:
    """Open what was honestly signed then, by a key that was revoked since.

    Raises:
        ProtocolError: no root ever believed it.
    """
    try:
        return envelope.open_answer(answer, trust)
    except KeyRevoked:
        if len(trust.chain) == 1:
            raise
        return open_as_then(answer, Trust.remembered(trust.chain[:-1]))


def _within(index: int, ranges: list[range]) -> bool:
    return any(index in each for each in ranges)


def _unrecorded(told: _Told, exchanges: QuerySet[Exchange], declared: Declared) -> Iterator[Fault]:
    unproven = [span for each in declared for span in each.unproven]
    known = sorted(told.entries)
    for index in exchanges.order_by("audit_id").values_list("audit_id", flat=True):
        if index not in told.exchanges and not _within(index, unproven):
            text = f"the exchange of entry {index} is not in the evidence"
            yield Fault(text, *_hole_around(index, known))


def _hole_around(index: int, known: list[int]) -> tuple[int, int]:
    """From where to where there is no evidence at all; this entry alone, where there is some."""
    place = bisect(known, index)
    before, after = known[place - 1 : place], known[place : place + 1]
    if before == [index]:
        return index, index
    return (before[0] + 1 if before else 1), (after[0] - 1 if after else index)


def _evidence_faults(
    told: _Told, exchanges: Iterator[Exchange], declared: Declared
) -> Iterator[Fault]:
    lost = [span for each in declared for span in each.lost]
    for exchange in exchanges:
        kept = told.exchanges.get(exchange.audit_id)
        held = jws.digest(bytes(exchange.request)), jws.digest(bytes(exchange.answer))
        if kept is not None and kept != held:
            text = f"the evidence of entry {exchange.audit_id} is of another exchange"
            yield Fault.at(exchange.audit_id, text)
    hashes = dict(AuditEntry.objects.values_list("index", "hash"))
    for index, told_hash in sorted(told.entries.items()):
        if hashes.get(index) != told_hash and not (index not in hashes and _within(index, lost)):
            yield Fault.at(index, f"the evidence knows another entry {index} than the books")


def _binding_faults(head: int) -> Iterator[Fault]:
    """Replay the books: the bindings that should stand, against the table."""
    standing: dict[str, tuple[str, int]] = {}
    events = AuditEntry.objects.filter(event__startswith="binding-", index__lte=head)
    for entry in events.order_by("index").iterator():
        generation = msgspec.json.decode(entry.detail).get("generation")
        if entry.event == "binding-made":
            standing[entry.license] = (entry.device, generation)
        elif standing.get(entry.license) == (entry.device, generation):
            del standing[entry.license]
    newer = AuditEntry.objects.filter(index__gt=head).values_list("license", flat=True)
    rows = Binding.objects.filter(state=BindingState.ACTIVE).exclude(license_id__in=newer)
    found = {row.license_id: (row.device_id, row.generation) for row in rows}
    for license_id in sorted(standing.keys() | found.keys()):
        if standing.get(license_id) != found.get(license_id) and license_id not in newer:
            yield Fault(f"the binding of license {license_id} is not the one in the books")
