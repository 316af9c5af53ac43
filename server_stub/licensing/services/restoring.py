"""Bring books that fell behind up to the evidence, or say what was lost (docs/protocol.md §5).

Evidence is written before anything leaves. So books that follow it to its end have everything that
was ever told, and go on as if nothing had happened, in a new epoch. Where a record is missing,
nobody can say what was bound meanwhile: nothing is done before the operator says that it is lost,
and then every license is on hold.
"""

import heapq
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from protocol.trust import RootSignatures
from server_stub.errors import (
    DocumentInvalid,
    EvidenceForeign,
    EvidenceIncomplete,
    EvidenceMissing,
    StoreBusy,
)
from server_stub.licensing import redo
from server_stub.licensing.audit import RESTORED, Fact, Facts, Journal
from server_stub.licensing.evidence import (
    SPOOL_NAME,
    EvidenceSpool,
    require_unchanged,
)
from server_stub.licensing.losses import declarations, holes_of
from server_stub.licensing.mending import mend
from server_stub.licensing.models import AuditEntry, License, Root, ServerState
from server_stub.licensing.records import EvidenceRecord, read_records
from server_stub.licensing.redo import Entry, RedoLog
from server_stub.licensing.roots import continued, published
from server_stub.licensing.server import Books
from server_stub.licensing.services import rotation
from server_stub.licensing.snapshots import Backup
from server_stub.licensing.transactions import long_reading, record_evidence, store_errors, writing
from server_stub.progress import SILENT, Progress, Step

_COMPARED_AT_ONCE = 500


class Restored(NamedTuple):
    """What came of it: transactions put back, licenses on hold, entries known to be lost.

    `complete`: nothing that was ever answered is missing. `roots`: published again.
    """

    epoch: int
    replayed: int
    held: int
    complete: bool
    roots: int
    lost_from: int | None = None
    lost_to: int | None = None


class Kept(NamedTuple):
    """What was kept elsewhere: evidence, in files of any names; a chain of roots.

    `declared_by`: who says that there is nothing more of it.
    """

    evidence: tuple[Path, ...] = ()
    roots: tuple[RootSignatures, ...] = ()
    declared_by: str = ""


NOTHING_KEPT = Kept()


def reconcile(
    books: Books,
    kept: Kept = NOTHING_KEPT,
    *,
    is_lost: bool = False,
    backup: Backup | None = None,
    progress: Progress = SILENT,
) -> Restored:
    """Replay the evidence onto the books and begin a new epoch; one transaction.

    `kept`: what the books lack of its roots is published again. `is_lost`: the operator knows that
    evidence is gone, so that its end proves nothing. `backup`: fills empty tables first, so that
    nobody ever finds old books in an old epoch.

    Raises:
        EvidenceIncomplete: something was told of which there is no evidence, and nobody said that
            it is lost; nothing was changed.
        EvidenceForeign: evidence of other books.
        RootsForeign: roots of other books.
        DocumentInvalid: a record is damaged.
        StoreUnreadable: nothing was changed.
        StoreBusy: somebody else writes books or evidence; nothing was changed.
    """
    # Without limits of time: large evidence is read and written while the transaction waits.
    with store_errors(), transaction.atomic(), long_reading():
        if backup is not None:
            backup.load(progress)
        with writing(books.clock()) as journal:
            replay = _Replay(journal.state)
            missing = _replay(replay, books.evidence, kept.evidence, progress)
            if missing is not None and not is_lost:
                raise missing
            roots = _unknown(kept.roots)
            _mend(books.evidence, kept.evidence)
            declared = replay.declared(books.evidence, kept.declared_by) if is_lost else {}
            restored = _conclude(journal, replay, declared, is_lost=is_lost)
            _publish_again(journal, roots)
            redo.count_on()
    record_evidence(books.evidence, journal.state.audit_index)
    return restored._replace(roots=len(roots))


def _mend(spool: EvidenceSpool, found: tuple[Path, ...]) -> None:
    """Leave the spool whole, so that nobody needs what was found again.

    Once nothing is refused any more, and before the commit: a restore that is killed between the
    two is begun again, and a spool that has what was told is right whatever becomes of the books.
    """
    if found:
        mend(spool, found, [span for each in declarations() for span in each.lost])


def _replay(
    replay: "_Replay", spool: EvidenceSpool, older: tuple[Path, ...], progress: Progress
) -> EvidenceIncomplete | None:
    """Bring the books to the end of the evidence; what is missing where that is not the end."""
    # By their indexes: what was found again may belong between two records of the spool.
    places = (*map(read_records, older), spool.records())
    records = heapq.merge(*places, key=lambda record: record.index)
    for record in require_unchanged(progress.over(Step.REPLAYING, records)):
        replay.take(record)
    replay.compare()
    newest = spool.newest()
    if newest > max(replay.newest, replay.head):
        raise StoreBusy(str(spool.path), detail=str(spool.path))
    if replay.gap is not None:
        return _incomplete(*replay.gap)
    # Only the spool itself can say where it ends: what was moved out of it has a successor, and one
    # that ends before what was found elsewhere was put back.
    if newest < max(replay.newest, 0):
        return EvidenceMissing(folder=str(spool.path.parent), known=str(replay.head))
    if not redo.waits(replay.newest, replay.head):
        return _incomplete(replay.newest + 1, replay.head)
    return None


def _incomplete(first: int, last: int) -> EvidenceIncomplete:
    return EvidenceIncomplete(f"{first} to {last}", first=str(first), last=str(last))


def _conclude(journal: Journal, replay: "_Replay", declared: Facts, *, is_lost: bool) -> Restored:
    """Begin the epoch, and hold what nobody can vouch for."""
    state = journal.state
    # Epochs may be lost too, even where nothing seems to be, and none is given twice.
    state.epoch = max(state.epoch + 1, replay.epoch + 1, journal.now)
    state.root_version = Root.objects.order_by("-version").values_list("version", flat=True)[0]
    facts: dict[str, Fact] = {"epoch": state.epoch, "replayed": replay.replayed, **declared}
    lost: tuple[int, int] | None = None
    if replay.gap is not None:
        lost = replay.head + 1, replay.newest
        facts |= {"lost_from": lost[0], "lost_to": lost[1]}
        # No index is given twice: what was signed under it may be out there.
        state.audit_index = replay.newest
    licenses = list(License.objects.all()) if is_lost else []
    journal.record(RESTORED, facts={**facts, "held": len(licenses)})
    for license in licenses:
        license.hold, license.hold_first_by = True, ""
        license.save(update_fields=["hold", "hold_first_by"])
    return Restored(
        state.epoch, replay.replayed, len(licenses), not is_lost, 0, *(lost or (None, None))
    )


def _unknown(roots: tuple[RootSignatures, ...]) -> tuple[RootSignatures, ...]:
    """The roots that the books do not have.

    Raises:
        RootsForeign: they do not follow those that the books have.
    """
    known = published()
    return continued(known, roots).chain[len(known.chain) :]


def _publish_again(journal: Journal, roots: tuple[RootSignatures, ...]) -> None:
    """Agents follow no other root of a version that they have heard of: it must be that one."""
    for version, signatures in enumerate(roots, journal.state.root_version + 1):
        rotation.enter(journal, version, signatures)


class _Replay:
    """How far the books have come, and how far the evidence goes.

    `gap`: the first entries that the evidence leaves out, after which nothing could be replayed.
    """

    def __init__(self, state: ServerState) -> None:
        self._state = state
        self.oldest, self.newest = 0, -1
        self.epoch = 0
        self.replayed = 0
        self.gap: tuple[int, int] | None = None
        self._known: list[Entry] = []
        self._skipped: list[int] = []

    def declared(self, spool: EvidenceSpool, by: str) -> Facts:
        """What the books will say of what is lost, and of the spool that was left."""
        return {"by": by, "unproven": self._unproven(), **holes_of(spool)}

    def _unproven(self) -> list[int]:
        """Where the books have entries and the evidence has none: first, last, first, last."""
        if self.newest < 0:
            return [1, self.head]
        before = [1, self.oldest - 1] if self.oldest > 1 else []
        after = [self.newest + 1, self.head] if self.newest < self.head else []
        return [*before, *self._skipped, *after]

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
        if 0 <= self.newest < min(first.index - 1, self.head):
            self._skipped += [self.newest + 1, min(first.index - 1, self.head)]
        self.oldest = min(self.oldest or first.index, first.index)
        self.newest, self.epoch = max(self.newest, last.index), max(self.epoch, log.epoch)
        if last.index <= self.head:
            self._known.append(last)
            if len(self._known) >= _COMPARED_AT_ONCE:
                self.compare()
            return
        self.compare()
        if self._follows(first):
            redo.apply(log)
            self.gap = None
            self._state.audit_index, self._state.audit_hash = last.index, last.hash
            self._state.epoch = max(self._state.epoch, log.epoch)
            self.replayed += 1
        elif self.gap is None:
            self.gap = self._gap_before(first)

    def _follows(self, first: Entry) -> bool:
        return first.previous_hash == self._state.audit_hash

    def _gap_before(self, first: Entry) -> tuple[int, int]:
        if first.index <= self.head + 1:
            raise EvidenceForeign(str(first.index), index=str(first.index))
        return self.head + 1, first.index - 1

    def compare(self) -> None:
        """Compare what the books have already, many at once.

        Raises:
            EvidenceForeign: an entry is not the one in the books.
        """
        known = AuditEntry.objects.filter(index__in=[entry.index for entry in self._known])
        hashes = dict(known.values_list("index", "hash"))
        for entry in self._known:
            if hashes.get(entry.index, entry.hash) != entry.hash:
                raise EvidenceForeign(str(entry.index), index=str(entry.index))
        self._known.clear()
