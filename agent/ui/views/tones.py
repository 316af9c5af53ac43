"""What the views are made of: tones, rows of facts, codes to read aloud."""

from enum import StrEnum
from typing import NamedTuple

Rows = tuple[tuple[str, str], ...]


class Tone(StrEnum):
    """How a sentence is meant; it is always said in words and by a mark too."""

    GOOD = "good"
    CALM = "calm"
    WAITING = "waiting"
    WARNING = "warning"
    STOPPED = "stopped"


class Code(NamedTuple):
    """Something that is read aloud or typed elsewhere; `copied` is what the clipboard gets."""

    title: str
    groups: str
    copied: str
    hint: str

    def __repr__(self) -> str:
        """Show what kind of code it is, and nothing of the code."""
        return f"Code({self.title})"


class TableRow(NamedTuple):
    """One line of a table; the tone is that of its result."""

    values: tuple[str, ...]
    tone: Tone | None = None


class Listing(NamedTuple):
    """A table: what it is called, its columns and rows.

    `result` is the column that wears the rows' tones, `wide` those that share the room left over;
    `hints` say of each column what its heading means, where that needs explaining.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    wide: tuple[int, ...]
    result: int | None = None
    hints: tuple[str, ...] = ()
