"""What a command hands back to be shown, and how its parser is made."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from server_stub.home import Home
from server_stub.texts import Language, say


@dataclass(frozen=True)
class Shown:
    """One JSON object, and the same for people."""

    json: dict[str, object]
    lines: tuple[str, ...]


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
        return say(self.language, code, **parameters)


Command = Callable[[Call], Shown]


class Parsers(Protocol):
    """Adds one command's parser, with the options that every command takes."""

    def __call__(self, name: str, run: Command | None, summary: str) -> argparse.ArgumentParser:
        """`run` is None for a command that only has subcommands."""


def moment(at: int) -> str:
    """A time for people: UTC, to the second."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
