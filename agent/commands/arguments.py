"""What can be written on the command line; only the parser that is needed is built."""

import argparse
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, NoReturn

from agent.texts import LANGUAGES, Texts
from agent.texts.marking import _

PROGRAM = "faragostar-man"
COLUMNS = 80
_TAKES_VALUE = ("--home", "--lang")
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


def parse(arguments: Sequence[str], texts: Texts) -> argparse.Namespace:
    """Read the command line.

    Raises:
        UsageError: it was not understood.
        SystemExit: help was asked for, and printed.
    """
    named = _command_in(arguments)
    parser = _parser(texts, PROGRAM, texts.gettext("License control for this server."))
    parser.add_argument(
        "--version", action="store_true", help=texts.gettext("print the version and end")
    )
    commands = parser.add_subparsers(
        dest="command", metavar=texts.gettext("COMMAND"), parser_class=_Parser
    )
    for name in [named] if named else COMMANDS:
        command = COMMANDS[name]
        purpose = texts.gettext(command.purpose)
        below = commands.add_parser(
            name,
            help=purpose,
            **_manners(texts, purpose),
        )
        _common(below, texts)
        below.set_defaults(done_by=command.done_by)
        command.configure(below, texts)
    options = parser.parse_args(arguments)
    if options.command is None and not options.version:
        parser.error(texts.gettext("a command is missing"))
    return options


def wished(arguments: Sequence[str], option: str) -> str | None:
    """Find an option's value before the command line is understood (for help and usage errors)."""
    for place, argument in enumerate(arguments):
        name, sign, value = argument.partition("=")
        if name == option:
            return value if sign else next(iter(arguments[place + 1 :]), None)
    return None


def _command_in(arguments: Sequence[str]) -> str | None:
    """Find the command's name: the first word that is no option and no option's value."""
    waiting = iter(arguments)
    for argument in waiting:
        if argument in _TAKES_VALUE:
            next(waiting, None)
        elif not argument.startswith("-"):
            return argument if argument in COMMANDS else None
    return None


def _parser(texts: Texts, name: str, purpose: str) -> Parser:
    parser = _Parser(prog=name, **_manners(texts, purpose))
    _common(parser, texts)
    return parser


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


def _nothing(parser: Parser, texts: Texts) -> None:
    pass


def _setup(parser: Parser, texts: Texts) -> None:
    parser.add_argument(
        "--server", metavar="URL", help=texts.gettext("address of the signing server")
    )
    parser.add_argument("--root", metavar="FILE", help=texts.gettext("trust root from the vendor"))
    parser.add_argument("--proxy", metavar="URL", help=texts.gettext("proxy to the signing server"))
    parser.add_argument("--ca", metavar="FILE", help=texts.gettext("certificates to trust, as PEM"))


def _activate(parser: Parser, texts: Texts) -> None:
    parser.add_argument(
        "key",
        nargs="?",
        metavar="KEY",
        help=texts.gettext(
            "license key; `-` reads it from standard input, because other users of this machine"
            " can see a command line"
        ),
    )
    parser.add_argument(
        "--code", metavar="CODE", help=texts.gettext("reactivation code of the last release")
    )


def _release(parser: Parser, texts: Texts) -> None:
    reasons = ("hardware", "os", "move", "retire")
    parser.add_argument(
        "--reason", choices=reasons, required=True, help=texts.gettext("what is going to change")
    )
    parser.add_argument("--note", metavar="TEXT", help=texts.gettext("a word to the vendor"))


def _check(parser: Parser, texts: Texts) -> None:
    parser.add_argument(
        "--quiet", action="store_true", help=texts.gettext("say nothing when all is well")
    )


def _fingerprint(parser: Parser, texts: Texts) -> None:
    parser.add_argument(
        "--root", metavar="DIR", help=texts.gettext("read a recorded machine from this folder")
    )
    parser.add_argument(
        "--reveal", action="store_true", help=texts.gettext("show whole serial numbers")
    )


def _compare(parser: Parser, texts: Texts) -> None:
    recorded = texts.gettext("folder of a recorded machine")
    parser.add_argument("was", metavar="DIR", help=recorded)
    parser.add_argument("now", metavar="DIR", help=recorded)
    parser.add_argument(
        "--level",
        choices=("strict", "normal", "loose"),
        help=texts.gettext("how much change is tolerated"),
    )


def _receipts(parser: Parser, texts: Texts) -> None:
    parser.add_argument(
        "--out", metavar="DIR", help=texts.gettext("write the documents into this folder")
    )


def _config(parser: Parser, texts: Texts) -> None:
    acts = parser.add_subparsers(dest="act", required=True, parser_class=_Parser)
    purpose = texts.gettext("show what is set")
    below = acts.add_parser("show", help=purpose, **_manners(texts, purpose))
    _common(below, texts)
    below.set_defaults(done_by="setting_up:show_settings")
    purpose = texts.gettext("set one value; an empty one returns to the system's way")
    below = acts.add_parser("set", help=purpose, **_manners(texts, purpose))
    _common(below, texts)
    below.add_argument("name", metavar="NAME", help="server, proxy, ca_file, language")
    below.add_argument("value", metavar="VALUE", help=texts.gettext("the new value"))
    below.set_defaults(done_by="setting_up:change_setting")


COMMANDS = {
    "setup": Command(_("first configuration"), _setup, "setting_up:setup"),
    "status": Command(_("where the license stands"), _nothing, "standing:status"),
    "fingerprint": Command(_("what this server is made of"), _fingerprint, "machine:fingerprint"),
    "compare": Command(_("compare two recorded machines"), _compare, "machine:compare"),
    "activate": Command(_("bind a license to this server"), _activate, "standing:activate"),
    "reactivate": Command(
        _("take the license again after a change"), _nothing, "standing:reactivate"
    ),
    "release": Command(_("give the license back before a change"), _release, "release:release"),
    "check": Command(
        _("finish what is pending and hear the vendor's word"), _check, "standing:check"
    ),
    "history": Command(_("what happened on this server"), _nothing, "records:history"),
    "receipts": Command(_("the vendor's release receipts"), _receipts, "records:receipts"),
    "config": Command(_("show or change settings"), _config, ""),
    "doctor": Command(
        _("examine everything that the license depends on"), _nothing, "diagnosis:doctor"
    ),
}
