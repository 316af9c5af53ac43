"""Places where the books do not hold, and which of them one cause explains. Values only."""

from collections.abc import Iterable
from typing import NamedTuple


class Fault(NamedTuple):
    """One place: from one entry of the books to another, or of no entry (both 0)."""

    text: str
    first: int = 0
    last: int = 0

    @classmethod
    def at(cls, entry: int, text: str) -> "Fault":
        """A fault of one entry."""
        return cls(text, entry, entry)


class Cause(NamedTuple):
    """The fault that is looked at first, and how many others its entries touch."""

    fault: Fault
    others: int
    first: int
    last: int


def causes_of(faults: Iterable[Fault]) -> tuple[Cause, ...]:
    """Gather faults whose entries touch: an entry that was cut out breaks what stands around it.

    The first of each gathering, in the order in which they were found, stands for all. A fault of
    no entry stands for itself.
    """
    numbered = list(enumerate(faults))
    placed = sorted((n for n in numbered if n[1].last), key=lambda n: (n[1].first, n[0]))
    gathered: list[list[tuple[int, Fault]]] = []
    reached = 0
    for numbered_fault in placed:
        fault = numbered_fault[1]
        if not gathered or fault.first > reached + 1:
            gathered.append([])
        gathered[-1].append(numbered_fault)
        reached = max(reached, fault.last)
    gathered += [[n] for n in numbered if not n[1].last]
    return tuple(_cause(together) for together in sorted(gathered, key=min))


def _cause(together: list[tuple[int, Fault]]) -> Cause:
    faults = [fault for _, fault in together]
    first, last = min(fault.first for fault in faults), max(fault.last for fault in faults)
    return Cause(min(together)[1], len(together) - 1, first, last)
