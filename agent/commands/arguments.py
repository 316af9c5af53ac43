"""What can be written on the command line; only the parser that is needed is built."""

import argparse
from collections.abc import Sequence

from agent.commands import change_options, hand_options, options
from agent.commands.parsing import Command, UsageError, add_commands, nothing, top_parser
from agent.texts import Texts
from agent.texts.marking import _

__all__ = ["COMMANDS", "PROGRAM", "UsageError", "parse", "wished"]

PROGRAM = "faragostar-man"
_TAKES_VALUE = ("--home", "--lang")


def parse(arguments: Sequence[str], texts: Texts) -> argparse.Namespace:
    """Read the command line.

    Raises:
        UsageError: it was not understood.
        SystemExit: help was asked for, and printed.
    """
    named = _command_in(arguments)
    parser = top_parser(texts, PROGRAM, texts.gettext("License control for this server."))
    parser.add_argument(
        "--version", action="store_true", help=texts.gettext("print the version and end")
    )
    needed = [(name, COMMANDS[name]) for name in ([named] if named else COMMANDS)]
    add_commands(parser, texts, needed, "command", metavar=texts.gettext("COMMAND"), required=False)
    given = parser.parse_args(arguments)
    if given.command is None and not given.version:
        parser.error(texts.gettext("a command is missing"))
    return given


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


COMMANDS: dict[str, Command] = {
    "setup": Command(_("first configuration"), options.setup_options, "setting_up:setup"),
    "status": Command(_("where the license stands"), nothing, "standing:status"),
    "fingerprint": Command(
        _("what this server is made of"), options.fingerprint_options, "machine:fingerprint"
    ),
    "compare": Command(
        _("compare two recorded machines"), options.compare_options, "machine:compare"
    ),
    "activate": Command(
        _("bind a license to this server"), options.activate_options, "standing:activate"
    ),
    "reactivate": Command(
        _("take the license again after a change"), nothing, "standing:reactivate"
    ),
    "release": Command(
        _("give the license back before a change"), options.release_options, "release:release"
    ),
    "check": Command(
        _("finish what is pending and hear the vendor's word"),
        options.check_options,
        "standing:check",
    ),
    "history": Command(_("what happened on this server"), nothing, "records:history"),
    "receipts": Command(
        _("the vendor's release receipts"), options.receipts_options, "records:receipts"
    ),
    "config": Command(_("show or change settings"), options.config_options, ""),
    "doctor": Command(
        _("examine everything that the license depends on"),
        options.doctor_options,
        "diagnosis:doctor",
    ),
    "withdraw": Command(
        _("take back an unanswered activation or an open case"), nothing, "standing:withdraw"
    ),
    "notice": Command(_("declare a coming change"), change_options.notice_options, "notice:notice"),
    "recovery": Command(_("save or load the recovery file"), change_options.recovery_options, ""),
    "export": Command(
        _("write a request into a file, to be carried by hand"), hand_options.export_options, ""
    ),
    "import": Command(
        _("take in an answer that came by hand"), hand_options.import_options, "by_hand:import_"
    ),
    "report": Command(
        _("write a signed report of the standing for support"),
        hand_options.report_options,
        "by_hand:report",
    ),
    "respond": Command(
        _("answer a challenge code that support reads over the phone"),
        options.respond_options,
        "responding:respond",
    ),
    "ui": Command(_("open the window"), options.ui_options, ""),
    "plan": Command(
        _("say what a planned change would mean"), hand_options.plan_options, "planning:plan"
    ),
}
