"""The arguments of `notice` and `recovery`."""

from agent.commands.parsing import Command, Parser, add_commands
from agent.texts import Texts
from agent.texts.marking import _


def notice_options(parser: Parser, texts: Texts) -> None:
    """Add what will change, when and why."""
    from protocol.windows import Change  # loads every document, which other commands do without

    known = ", ".join(change.value for change in Change)
    for option, place, meta, purpose in (
        (
            "--scope",
            "scope",
            "CHANGE,…",
            texts.gettext("changes with commas between them: {known}", known=known),
        ),
        (
            "--from",
            "starts",
            "TIME",
            texts.gettext(
                "when the change may begin, by this server's own time unless a zone is named:"
                " `1405/09/10 22:00`, `2026-12-01T22:00+03:30`"
            ),
        ),
        ("--until", "ends", "TIME", texts.gettext("when it will be done, at most 14 days later")),
        ("--reason", "reason", "TEXT", texts.gettext("why the change is made")),
        ("--contact", "contact", "TEXT", texts.gettext("whom the vendor may ask")),
    ):
        parser.add_argument(option, dest=place, metavar=meta, required=True, help=purpose)


def recovery_options(parser: Parser, texts: Texts) -> None:
    """Add `save` and `load`."""
    acts = (
        (
            "save",
            Command(
                _("write the recovery file, sealed by a passphrase"), _recovery, "recovery:save"
            ),
        ),
        (
            "load",
            Command(_("be the device of a recovery file again"), _recovery, "recovery:load"),
        ),
    )
    add_commands(parser, texts, acts, "act", metavar=texts.gettext("COMMAND"))


def _recovery(parser: Parser, texts: Texts) -> None:
    parser.add_argument("file", metavar="FILE", help=texts.gettext("the recovery file"))
    parser.add_argument(
        "--passphrase-file",
        metavar="FILE",
        help=texts.gettext("file whose first line is the passphrase"),
    )
