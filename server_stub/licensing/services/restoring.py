"""Bring books that fell behind up to the evidence, or say what was lost (docs/protocol.md §5).

Evidence is written before anything leaves. So books that follow it to its end have everything that
was ever told, and go on as if nothing had happened, in a new epoch. Where a record is missing,
nobody can say what was bound meanwhile: then every license is on hold.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction

from server_stub.errors import DocumentInvalid, EvidenceForeign
from server_stub.licensing import redo
from server_stub.licensing.audit import RESTORED, Fact, Journal
from server_stub.licensing.evidence import SPOOL_NAME, EvidenceRecord, require_unchanged
from server_stub.licensing.models import AuditEntry, License, Root, ServerState
from server_stub.licensing.redo import Entry, RedoLog
from server_stub.licensing.server import Books
from server_stub.licensing.snapshots import Backup
from server_stub.licensing.transactions import record_evidence, store_errors, writing


class Restored(NamedTuple):
    """What came of it: transactions put back, licenses on hold, entries known to be lost."""

    epoch: int
    replayed: int
    held: int
    lost_from: int | None = None
    lost_to: int | None = None


def reconcile(
    books: Books,
    older: Iterable[EvidenceRecord] = (),
    *,
    is_lost: bool = False,
    backup: Backup | None = None,
) -> Restored:
    """Replay the evidence onto the books and begin a new epoch; one transaction.

    `older`: records that were moved out of the spool, in their order. `is_lost`: the operator knows
    that the newest evidence is gone, so that its end proves nothing. `backup`: fills empty tables
    first, so that nobody ever finds old books in an old epoch.

    Raises:
        EvidenceForeign: evidence of other books.
        DocumentInvalid: a record is damaged.
        StoreUnreadable, StoreBusy: nothing was changed.
    """
    with store_errors(), transaction.atomic():
        if backup is not None:
            backup.load()
        journal, restored = _replay(books, older, is_lost=is_lost)
    record_evidence(books.evidence, journal.state.audit_index)
    return restored


def _replay(
    books: Books, older: Iterable[EvidenceRecord], *, is_lost: bool
) -> tuple[Journal, Restored]:
    with writing(books.clock()) as journal:
        replay = _Replay(journal.state)
        for record in require_unchanged(older):
            replay.take(record)
        # Only the spool itself can say where it ends: what was moved out of it has a successor.
        has_end = False
        for record in require_unchanged(books.evidence.records()):
            replay.take(record)
            has_end = True
        is_lost = is_lost or not has_end or not redo.waits(replay.newest, replay.head)
        restored = _conclude(journal, replay, is_lost=is_lost)
        redo.count_on()
    return journal, restored


def _conclude(journal: Journal, replay: "_Replay", *, is_lost: bool) -> Restored:
    """Begin the epoch, and hold what nobody can vouch for."""
    state = journal.state
    state.epoch = max(state.epoch, replay.epoch) + 1
    if is_lost or replay.is_broken:
        # Epochs may be lost too, and none is given twice: one second has one restore.
        state.epoch = max(state.epoch, journal.now)
    state.root_version = Root.objects.order_by("-version").values_list("version", flat=True)[0]
    facts: dict[str, Fact] = {"epoch": state.epoch, "replayed": replay.replayed}
    if is_lost or replay.is_broken:
        facts["unproven"] = replay.unproven()
    lost: tuple[int, int] | None = None
    if replay.is_broken:
        lost = replay.head + 1, replay.newest
        facts |= {"lost_from": lost[0], "lost_to": lost[1]}
        # No index is given twice: what was signed under it may be out there.
        state.audit_index = replay.newest
    licenses = list(License.objects.all()) if is_lost or lost else []
    journal.record(RESTORED, facts={**facts, "held": len(licenses)})
    for license in licenses:
        license.hold, license.hold_first_by = True, ""
        license.save(update_fields=["hold", "hold_first_by"])
    return Restored(state.epoch, replay.replayed, len(licenses), *(lost or ()))


class _Replay:
    """How far the books have come, and how far the evidence goes."""

    def __init__(self, state: ServerState) -> None:
        self._state = state
        self.oldest, self.newest = 0, -1
        self.epoch = 0
        self.replayed = 0
        self.is_broken = False

    def unproven(self) -> list[int]:
        """Where the books have entries and the evidence has none: first, last, first, last."""
        if self.newest < 0:
            return [1, self.head]
        before = [1, self.oldest - 1] if self.oldest > 1 else []
        return before + ([self.newest + 1, self.head] if self.newest < self.head else [])

    @property
    def head(self) -> int:
        return int(self._state.audit_index)

    def take(self, record: EvidenceRecord) -> None:
        """Apply a transaction that comes next; compare one that the books have already.

        What an earlier restore lost stays lost; what it wrote then follows what it had.
        """
        try:
            self._take(redo.read_redo(bytes(record.body)))
        except (ValueError, LookupError, TypeError) as cause:
            raise DocumentInvalid(str(cause), file=f"{SPOOL_NAME} ({record.index})") from cause

    def _take(self, log: RedoLog) -> None:
        first, last = log.entries[0], log.entries[-1]
        self.oldest = min(self.oldest or first.index, first.index)
        self.newest, self.epoch = max(self.newest, last.index), max(self.epoch, log.epoch)
        if last.index <= self.head:
            self._require_same(last)
        elif self._follows(first):
            redo.apply(log)
            self.is_broken = False
            self._state.audit_index, self._state.audit_hash = last.index, last.hash
            self._state.epoch = max(self._state.epoch, log.epoch)
            self.replayed += 1
        else:
            self.is_broken = True

    def _follows(self, first: Entry) -> bool:
        return first.previous_hash == self._state.audit_hash

    def _require_same(self, entry: Entry) -> None:
        known = AuditEntry.objects.filter(index=entry.index).values_list("hash", flat=True).first()
        if known not in {None, entry.hash}:
            raise EvidenceForeign(str(entry.index), index=str(entry.index))
