"""Where papers outlast a change of this machine: memory sticks, shares, the caller's own drive."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from agent.files import named_file
from agent.ui.jobs import Look, Word, Workplace


class Shelf(Struct, frozen=True):
    """A volume that may be written to; `kind` names it in the catalog."""

    path: Path
    kind: str


class Shelves(Word, frozen=True):
    """All that were found."""

    shelves: tuple[Shelf, ...]


class Saved(Word, frozen=True):
    """Where something was written, and whether that outlasts the license's disk."""

    path: Path
    off_this_disk: bool


class FindShelves(Look, frozen=True):
    """Look for them."""

    def done(self, at: Workplace) -> Shelves | None:
        """Do it; nothing is said where somebody would not wait for a share that does not answer."""
        for found in at.patient.each(_all_at(at.home.folder)):
            return Shelves(found)
        return None


def _all_at(folder: Path) -> Iterator[tuple[Shelf, ...]]:
    from agent.hardware.volumes import shelves_here

    yield tuple(Shelf(Path(shelf.path), shelf.kind.value) for shelf in shelves_here(folder))


def saved(path: Path, at: Workplace) -> Saved:
    """Say where it was written, and find out whether that outlasts the license's disk.

    Raises:
        FileUnreadable: it cannot be seen.
    """
    from agent.hardware.volumes import is_elsewhere

    with named_file(path):
        return Saved(path, is_elsewhere(path, at.home.folder))
