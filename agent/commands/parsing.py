"""The parser that every command is read by: help in the reader's language, options in any place."""

import argparse
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, NoReturn

from agent.texts import LANGUAGES, Texts

COLUMNS = 80
Parser = argparse.ArgumentParser
Configure = Callable[[Parser, Texts], object]


class UsageError(Exception):
    """A command line that was not understood."""


class Command(NamedTuple):
    """One command: what it is for, its arguments, and where it is done."""

    purpose: str
    configure: Configure
    done_by: str


class _Parser(Parser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def top_parser(texts: Texts, name: str, purpose: str) -> Parser:
    """Make the parser of the whole command line."""
    parser = _Parser(prog=name, **_manners(texts, purpose))
    _common(parser, texts)
    return parser


def add_commands(  # noqa: PLR0913 - two of them name what argparse asks for
    parser: Parser,
    texts: Texts,
    commands: Iterable[tuple[str, Command]],
    dest: str,
    *,
    metavar: str | None = None,
    required: bool = True,
) -> None:
    """Add commands below another; each takes the common options too."""
    acts = parser.add_subparsers(
        dest=dest, metavar=metavar, required=required, parser_class=_Parser
    )
    for name, command in commands:
        purpose = texts.gettext(command.purpose)
        below = acts.add_parser(name, help=purpose, **_manners(texts, purpose))
        _common(below, texts)
        below.set_defaults(done_by=command.done_by)
        command.configure(below, texts)


def nothing(parser: Parser, texts: Texts) -> None:
    """Configure a command that has no arguments of its own."""


def _manners(texts: Texts, purpose: str) -> dict[str, Any]:
    return {
        "description": purpose,
        "formatter_class": _formatter(texts),
        "add_help": False,
        "allow_abbrev": False,
    }


def _formatter(texts: Texts) -> type[argparse.HelpFormatter]:
    headings = {
        "positional arguments": texts.gettext("arguments"),
        "options": texts.gettext("options"),
    }

    class Formatter(argparse.HelpFormatter):
        """Help in the reader's language."""

        def __init__(self, prog: str) -> None:
            # Told no width, argparse loads every compressor (through shutil) to measure the
            # terminal, for commands that print no help too.
            super().__init__(prog, width=COLUMNS - 2)

        def start_section(self, heading: str | None) -> None:
            super().start_section(headings.get(heading or "", heading))

        def add_usage(
            self,
            usage: str | None,
            actions: Iterable[argparse.Action],
            groups: Iterable[argparse._MutuallyExclusiveGroup],
            prefix: str | None = None,
        ) -> None:
            named = texts.gettext("usage: ") if prefix is None else prefix
            super().add_usage(usage, actions, groups, named)

    return Formatter


def _common(parser: Parser, texts: Texts) -> None:
    """Add what may stand before or after the command; unset, so that neither place hides both."""
    unset = argparse.SUPPRESS
    parser.add_argument(
        "-h", "--help", action="help", default=unset, help=texts.gettext("show this help and end")
    )
    parser.add_argument(
        "--json",
        action="store_true",
        default=unset,
        help=texts.gettext("print one JSON object"),
    )
    parser.add_argument(
        "--lang", choices=LANGUAGES, default=unset, help=texts.gettext("language of the output")
    )
    parser.add_argument(
        "--home", metavar="DIR", default=unset, help=texts.gettext("folder of this program's state")
    )
    parser.add_argument(
        "--yes",
        action="store_true",
        default=unset,
        help=texts.gettext("answer yes to what would be asked"),
    )
