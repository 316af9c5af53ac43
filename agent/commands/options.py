"""The arguments of the commands that set up, look and act online."""

from agent.commands.parsing import Command, Parser, add_commands, nothing
from agent.config import SETTING_NAMES
from agent.texts import Texts
from agent.texts.marking import _

REASONS = ("hardware", "os", "move", "retire")


def setup_options(parser: Parser, texts: Texts) -> None:
    """Add what is chosen once."""
    parser.add_argument(
        "--server", metavar="URL", help=texts.gettext("address of the signing server")
    )
    parser.add_argument("--root", metavar="FILE", help=texts.gettext("trust root from the vendor"))
    parser.add_argument("--proxy", metavar="URL", help=texts.gettext("proxy to the signing server"))
    parser.add_argument("--ca", metavar="FILE", help=texts.gettext("certificates to trust, as PEM"))


def ui_options(parser: Parser, texts: Texts) -> None:
    """Add the word to whoever waits for the window."""
    parser.add_argument(
        "--announce",
        action="store_true",
        help=texts.gettext("say on standard output when the window is open"),
    )


def activate_options(parser: Parser, texts: Texts) -> None:
    """Add the key and the code."""
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


def release_options(parser: Parser, texts: Texts) -> None:
    """Add why, and a word to the vendor."""
    parser.add_argument(
        "--reason", choices=REASONS, required=True, help=texts.gettext("what is going to change")
    )
    parser.add_argument("--note", metavar="TEXT", help=texts.gettext("a word to the vendor"))


def check_options(parser: Parser, texts: Texts) -> None:
    """Add the timer's silence."""
    parser.add_argument(
        "--quiet", action="store_true", help=texts.gettext("say nothing when all is well")
    )


def doctor_options(parser: Parser, texts: Texts) -> None:
    """Add where the bundle goes."""
    parser.add_argument(
        "--bundle",
        metavar="ZIP",
        help=texts.gettext("also write what support asks for into this new file"),
    )


def respond_options(parser: Parser, texts: Texts) -> None:
    """Add the code."""
    parser.add_argument(
        "code",
        metavar="CODE",
        nargs="+",
        help=texts.gettext("challenge code: ten digits, in any spelling"),
    )


def fingerprint_options(parser: Parser, texts: Texts) -> None:
    """Add which machine, and how much of it."""
    parser.add_argument(
        "--root", metavar="DIR", help=texts.gettext("read a recorded machine from this folder")
    )
    parser.add_argument(
        "--reveal", action="store_true", help=texts.gettext("show whole serial numbers")
    )
    parser.add_argument(
        "--record", metavar="DIR", help=texts.gettext("write what was read into this folder")
    )
    parser.add_argument(
        "--anonymous",
        action="store_true",
        help=texts.gettext("with --record: replace serial numbers, addresses, ids and names"),
    )


def compare_options(parser: Parser, texts: Texts) -> None:
    """Add two recorded machines."""
    recorded = texts.gettext("folder of a recorded machine")
    parser.add_argument("was", metavar="DIR", help=recorded)
    parser.add_argument("now", metavar="DIR", help=recorded)
    parser.add_argument(
        "--level",
        choices=("strict", "normal", "loose"),
        help=texts.gettext("how much change is tolerated"),
    )


def receipts_options(parser: Parser, texts: Texts) -> None:
    """Add where the documents go."""
    parser.add_argument(
        "--out", metavar="DIR", help=texts.gettext("write the documents into this folder")
    )


def config_options(parser: Parser, texts: Texts) -> None:
    """Add `show` and `set`."""
    acts = (
        ("show", Command(_("show what is set"), nothing, "setting_up:show_settings")),
        (
            "set",
            Command(
                _("set one value; an empty one returns to the system's way"),
                _setting,
                "setting_up:change_setting",
            ),
        ),
    )
    add_commands(parser, texts, acts, "act")


def _setting(parser: Parser, texts: Texts) -> None:
    parser.add_argument("name", metavar="NAME", help=", ".join(SETTING_NAMES))
    parser.add_argument("value", metavar="VALUE", help=texts.gettext("the new value"))
