"""What a command hands back to be shown, and how its parser is made."""

import argparse
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Protocol

from server_stub.commands.moments import day, moment
from server_stub.home import Home
from server_stub.texts import TEXTS, Language, say


@dataclass(frozen=True)
class Shown:
    """One JSON object, and the same for people; an exit code where "done" does not say it all."""

    json: dict[str, object]
    lines: tuple[str, ...]
    exit_code: int = 0


@dataclass(frozen=True)
class Call:
    """One call of one command."""

    arguments: argparse.Namespace
    home: Home
    database_url: str | None
    language: Language
    as_json: bool

    def say(self, code: str, **parameters: object) -> str:
        """The sentence in the caller's language."""
        return say(self.language, code, plain=self.as_json, **parameters)

    def moment(self, at: int) -> str:
        """A time for people, to the second."""
        return moment(at, is_persian=self._is_persian)

    def day(self, iso: str) -> str:
        """A day for people, of what the books keep as `YYYY-MM-DD`."""
        return day(iso, is_persian=self._is_persian)

    def dated(self, iso: str) -> str:
        """The same with its weekday: who typed another year or month sees it."""
        weekday = self.say(f"weekday.{date.fromisoformat(iso).weekday()}")
        return f"{weekday} {self.day(iso)}"

    @property
    def _is_persian(self) -> bool:
        return self.language is Language.PERSIAN and not self.as_json

    def components(self, parts: Iterable[str]) -> str:
        """Parts of a machine by name; an unknown one keeps its code."""
        codes = {part: f"component.{part}" for part in parts}
        return self.listed(self.say(c) if c in TEXTS else part for part, c in codes.items())

    def listed(self, items: Iterable[str]) -> str:
        """The items with the commas of the caller's language."""
        return ("، " if self.language is Language.PERSIAN else ", ").join(items)


Command = Callable[[Call], Shown]


class Parsers(Protocol):
    """Adds one command's parser, with the options that every command takes."""

    def __call__(self, name: str, run: Command | None, summary: str) -> argparse.ArgumentParser:
        """`run` is None for a command that only has subcommands."""


def columns(rows: Sequence[Sequence[str]], indent: str = "") -> tuple[str, ...]:
    """Rows as aligned lines; the last cell of each runs on."""
    widths = [max(map(_width, cells)) for cells in zip_longest(*rows, fillvalue="")]
    return tuple(indent + "  ".join(_padded(row, widths)).rstrip() if row else "" for row in rows)


def _padded(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for cell, width in zip(row[:-1], widths, strict=False):
        yield cell + " " * (width - _width(cell))
    yield row[-1]


def _width(text: str) -> int:
    """Places on a terminal: vowel signs and joiners of Persian take none."""
    return sum(1 for letter in text if unicodedata.category(letter) not in {"Mn", "Cf"})
