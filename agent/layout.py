"""Lines for a terminal: columns aligned by what it shows, paragraphs within 80 columns."""

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

Lines = list[str]
COLUMNS = 80
_NO_BREAK = "\u00a0"


def table(rows: Sequence[Sequence[str]]) -> Lines:
    """Align columns by what a terminal shows of them."""
    widths = [max(map(shown_width, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (width - shown_width(cell))
            for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def shown_width(text: str) -> int:
    """Count the cells that a terminal needs: marks and isolates have none."""
    if text.isascii():
        return len(text)
    return sum(1 for c in text if unicodedata.category(c) not in ("Mn", "Cf"))


def wrapped(text: str, indent: str = "") -> Lines:
    """Break a paragraph into lines; a command is never broken, so that it can be copied."""
    held = "".join(_held_together(text))
    lines = textwrap.wrap(
        held,
        COLUMNS - 1,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return [line.replace(_NO_BREAK, " ") for line in lines]


def indented(lines: Iterable[str]) -> Lines:
    """Move lines in by two."""
    return [f"  {line}" for line in lines]


def _held_together(text: str) -> Iterator[str]:
    inside = False
    for letter in text:
        if letter == "`":
            inside = not inside
        elif letter in "\u2066\u2069":
            inside = letter == "\u2066"
        yield _NO_BREAK if inside and letter == " " else letter
