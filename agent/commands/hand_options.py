"""The arguments of what is carried by hand, and of `plan`."""

from agent.commands.change_options import notice_options
from agent.commands.options import release_options
from agent.commands.parsing import Command, Parser, add_commands
from agent.texts import Texts
from agent.texts.marking import _


def export_options(parser: Parser, texts: Texts) -> None:
    """Add one command for each request that can be carried."""
    acts = (
        ("activate", Command(_("ask for the license of a key"), _activate, _DONE_BY)),
        ("release", Command(_("give the license back before a change"), _release, _DONE_BY)),
        ("check", Command(_("say what is held here and ask for the truth"), _file, _DONE_BY)),
        ("notice", Command(_("declare a coming change"), _notice, _DONE_BY)),
        (
            "withdraw",
            Command(_("take back an unanswered activation or an open case"), _file, _DONE_BY),
        ),
    )
    add_commands(parser, texts, acts, "act", metavar=texts.gettext("COMMAND"))


def import_options(parser: Parser, texts: Texts) -> None:
    """Add where the answer is."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help=texts.gettext(
            "answer file, text with its parts, or a picture of its QR codes; `-` reads text from"
            " standard input"
        ),
    )


def report_options(parser: Parser, texts: Texts) -> None:
    """Add where the report goes."""
    _file(parser, texts)


def plan_options(parser: Parser, texts: Texts) -> None:
    """Add the planned changes."""
    from protocol.windows import Change  # loads every document, which other commands do without

    parser.add_argument(
        "changes",
        nargs="+",
        choices=[change.value for change in Change],
        metavar="CHANGE",
        help=texts.gettext(
            "what is going to change: {known}", known=", ".join(change.value for change in Change)
        ),
    )


def _file(parser: Parser, texts: Texts) -> None:
    parser.add_argument("file", metavar="FILE", help=texts.gettext("the file to write"))
    parser.add_argument(
        "--qr", metavar="PNG", help=texts.gettext("draw it as numbered QR codes, too")
    )


def _activate(parser: Parser, texts: Texts) -> None:
    _file(parser, texts)
    parser.add_argument(
        "--key",
        metavar="KEY",
        help=texts.gettext(
            "license key; `-` reads it from standard input, without it the one in use"
        ),
    )
    parser.add_argument(
        "--code", metavar="CODE", help=texts.gettext("reactivation code of the last release")
    )


def _release(parser: Parser, texts: Texts) -> None:
    _file(parser, texts)
    release_options(parser, texts)


def _notice(parser: Parser, texts: Texts) -> None:
    _file(parser, texts)
    notice_options(parser, texts)


_DONE_BY = "by_hand:export"
