"""What restores declared to be lost: an entry of the books says it, so it cannot be said later.

Two things may be lost of an entry: itself, when the books were put back and no evidence brought it
again; or its evidence alone. The declaration names each hole of the spool by the hashes around it,
and how the spool ended, so that nothing that lay beside a hole can be altered or lost after it.
"""

from collections.abc import Container, Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

import msgspec

from server_stub.licensing.audit import RESTORED, Fact
from server_stub.licensing.evidence import EvidenceSpool
from server_stub.licensing.models import AuditEntry
from server_stub.licensing.records import EvidenceRecord, Hole, SpoolFault, spool_faults

Spans = tuple[range, ...]


class Declaration(NamedTuple):
    """What one restore could not bring back, when, and who said that it is gone.

    `lost`: entries that the books do not have. `unproven`: entries of which there is no evidence.
    `holes`: where the spool, which ended with `end`, has none.
    """

    entry: int
    at: int
    by: str
    lost: Spans
    unproven: Spans
    holes: frozenset[Hole]
    end: str

    def explains(self, fault: SpoolFault, hashes: Container[str]) -> bool:
        """Whether that hole was there, in evidence that still ends, or goes on, as it did."""
        return fault.follows is not None and fault.hole in self.holes and self.end in hashes


class LossKind(StrEnum):
    """What is lost of an entry."""

    ENTRIES = "entries"
    EVIDENCE = "evidence"


class Loss(NamedTuple):
    """A known loss, from one entry to another."""

    kind: LossKind
    first: int
    last: int
    declared_at: int
    declared_by: str
    declared_in: int


class _Facts(msgspec.Struct, frozen=True):
    by: str = ""
    lost_from: int | None = None
    lost_to: int | None = None
    unproven: tuple[int, ...] = ()
    holes: tuple[str, ...] = ()
    evidence_end: str = ""


def holes_of(spool: EvidenceSpool) -> dict[str, Fact]:
    """The facts of a declaration about a spool as it is now."""
    last = ""

    def read() -> Iterator[EvidenceRecord]:
        nonlocal last
        for record in spool.records():
            last = record.hash
            yield record

    holes = [fault.hole for fault in spool_faults(read()) if fault.follows is not None]
    return {"holes": [end for hole in holes for end in hole], "evidence_end": last}


def declarations() -> Iterator[Declaration]:
    """Read them all, the oldest first."""
    for entry in AuditEntry.objects.filter(event=RESTORED).order_by("index"):
        facts = msgspec.json.decode(entry.detail, type=_Facts)
        lost = (facts.lost_from, facts.lost_to) if facts.lost_from and facts.lost_to else ()
        yield Declaration(
            entry=entry.index,
            at=entry.at,
            by=facts.by,
            lost=_spans(lost),
            unproven=_spans(facts.unproven),
            holes=frozenset(map(Hole, facts.holes[::2], facts.holes[1::2])),
            end=facts.evidence_end,
        )


def known_losses(declared: Iterable[Declaration], told: Container[int]) -> Iterator[Loss]:
    """What is lost, by what was declared; evidence that is here, for it tells, is not."""
    gone: list[range] = []
    for each in declared:
        gone += each.lost
        for span in each.lost:
            yield _loss(LossKind.ENTRIES, span, each)
        for span in each.unproven:
            missing = [n for n in span if n not in told and not any(n in lost for lost in gone)]
            if missing:
                yield _loss(LossKind.EVIDENCE, range(missing[0], missing[-1] + 1), each)


def _loss(kind: LossKind, span: range, declared: Declaration) -> Loss:
    return Loss(kind, span[0], span[-1], declared.at, declared.by, declared.entry)


def _spans(ends: tuple[int, ...]) -> Spans:
    return tuple(range(a, b + 1) for a, b in zip(ends[::2], ends[1::2], strict=True))
