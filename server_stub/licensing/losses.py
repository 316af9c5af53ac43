"""What restores declared to be lost: an entry of the books says it, so it cannot be said later."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from server_stub.licensing.audit import RESTORED
from server_stub.licensing.models import AuditEntry


class Declaration(NamedTuple):
    """What one restore could not bring back.

    `lost`: entries that the books do not have. `unproven`: entries of which there is no evidence.
    """

    lost: tuple[range, ...]
    unproven: tuple[range, ...]


class _Facts(msgspec.Struct, frozen=True):
    lost_from: int | None = None
    lost_to: int | None = None
    unproven: tuple[int, ...] = ()


def declarations() -> Iterator[Declaration]:
    """Read them all, the oldest first."""
    for entry in AuditEntry.objects.filter(event=RESTORED).order_by("index"):
        facts = msgspec.json.decode(entry.detail, type=_Facts)
        lost = (facts.lost_from, facts.lost_to) if facts.lost_from and facts.lost_to else ()
        yield Declaration(lost=_spans(lost), unproven=_spans(facts.unproven))


def _spans(ends: tuple[int, ...]) -> tuple[range, ...]:
    return tuple(range(a, b + 1) for a, b in zip(ends[::2], ends[1::2], strict=True))
