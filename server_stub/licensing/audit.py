"""The hash-chained book of everything that changed.

Each entry's hash covers its fields and the hash before it; the head stands in the server's state
row and, with every answer, in the evidence spool. So an entry cannot be edited, dropped, moved or
cut off without one of the three disagreeing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from protocol.encoding import canonical, sha256
from protocol.values import Timestamp
from server_stub.licensing.faults import Fault
from server_stub.licensing.models import AuditEntry, Redo, ServerState
from server_stub.licensing.models.recorded import Row
from server_stub.licensing.redo import redo_body

# What a restore writes first, with what it could not bring back.
RESTORED = "server-restored"

Fact = str | int | bool | list[int] | list[str] | None
Facts = Mapping[str, Fact]

_encoder = msgspec.json.Encoder(order="sorted")


class _Hashed(msgspec.Struct, frozen=True, kw_only=True):
    index: int
    at: int
    event: str
    license: str
    device: str
    detail: str
    previous: str


class Journal:
    """Appends entries inside one write transaction; the state row is locked by whoever made it."""

    def __init__(self, state: ServerState, now: Timestamp) -> None:
        """`now` is the one time of the whole transaction."""
        self.state = state
        self.now = now
        self._entries: list[AuditEntry] = []

    @property
    def next_index(self) -> int:
        """The index that the next entry will get; a signed answer names it before it exists."""
        return self.state.audit_index + 1

    def record(
        self, event: str, *, license: str = "", device: str = "", facts: Facts | None = None
    ) -> AuditEntry:
        """Append what happened."""
        entry = AuditEntry(
            index=self.next_index,
            at=self.now,
            event=event,
            license=license,
            device=device,
            detail=_encoder.encode(facts or {}).decode(),
            previous_hash=self.state.audit_hash,
        )
        entry.hash = hash_of(entry)
        self._entries.append(entry)
        self.state.audit_index, self.state.audit_hash = entry.index, entry.hash
        return entry

    def close(self, rows: Sequence[Row] = ()) -> None:
        """Write the entries, the head they lead to, and what a second place must know of it all.

        The transaction's last act; `rows` is everything else that it saved.

        Raises:
            AssertionError: it changed something and no entry says so: no evidence would have it.
        """
        if rows and not self._entries:
            raise AssertionError("rows were saved and nothing was recorded")
        AuditEntry.objects.bulk_create(self._entries)
        self.state.save(force_update=True)
        if self._entries:
            body = redo_body(self.state.epoch, self._entries, rows)
            Redo.objects.create(last_index=self.state.audit_index, body=body)


def hash_of(entry: AuditEntry) -> str:
    """What the entry's hash must be, from its fields."""
    hashed = _Hashed(
        index=entry.index,
        at=entry.at,
        event=entry.event,
        license=entry.license,
        device=entry.device,
        detail=entry.detail,
        previous=entry.previous_hash,
    )
    return sha256(canonical(hashed))


def chain_faults(entries: Iterable[AuditEntry], state: ServerState) -> Iterator[Fault]:
    """Every place where the chain does not hold; nothing when it is whole.

    A restore that lost entries says which, and goes on after them.
    """
    index, previous = 0, ""
    for entry in entries:
        expected = index + 1 + _said_to_be_lost(entry, index + 1)
        if entry.index != expected:
            text = f"entries {index + 1} to {entry.index - 1} are missing"
            yield Fault(text, *sorted((index + 1, entry.index - 1)))
        elif entry.previous_hash != previous:
            yield Fault.at(entry.index, f"entry {entry.index} does not follow the one before it")
        if hash_of(entry) != entry.hash:
            yield Fault.at(entry.index, f"entry {entry.index} was changed")
        index, previous = entry.index, entry.hash
    if (index, previous) != (state.audit_index, state.audit_hash):
        text = f"the chain ends at {index}, the server's state says {state.audit_index}"
        yield Fault(text, *sorted((index, state.audit_index)))


def _said_to_be_lost(entry: AuditEntry, first: int) -> int:
    """How many entries before this one a restore has lost, by its own word."""
    if entry.event != RESTORED:
        return 0
    facts = msgspec.json.decode(entry.detail)
    lost = facts.get("lost_from"), facts.get("lost_to")
    return entry.index - first if lost == (first, entry.index - 1) else 0
