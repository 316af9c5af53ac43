"""Words of the window: its buttons, its places, and the commands that sentences name.

The catalog's advice is written for a terminal. In the window a command that has a button is named
by that button; one that has none yet stays the command that it is.
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import NamedTuple

from agent.texts import Digits, Texts
from agent.texts.marking import _
from protocol.digits import with_damm_digit


class Act(StrEnum):
    """What a button of the overview does; the values are those of `StatusView.actions`."""

    ACTIVATE = "activate"
    REACTIVATE = "reactivate"
    RELEASE = "release"
    CHECK = "check"
    WITHDRAW = "withdraw"


class Place(IntEnum):
    """A page, by the number that support asks for; the check digit is added where it is shown."""

    OVERVIEW = 101
    SERVER = 102
    HISTORY = 103
    PLAN = 104
    CASES = 105
    EXCHANGE = 106
    SUPPORT = 107
    SETTINGS = 108
    ACTIVATE = 111
    REACTIVATE = 112
    RELEASE = 121
    CONFIRM_RELEASE = 122
    KEEP_PAPERS = 123
    CHECKS = 124
    NOTICE = 131
    PRINTED = 132
    SAVE_RECOVERY = 141
    LOAD_RECOVERY = 142
    FIRST_RUN = 151
    DIAGNOSTICS = 161
    ABOUT = 162

    @property
    def screen_code(self) -> str:
        """Four digits that can be read over the phone."""
        return with_damm_digit(str(self.value))


BUTTONS: Mapping[Act, str] = {
    Act.ACTIVATE: _("Activate a license…"),
    Act.REACTIVATE: _("Activate again…"),
    Act.RELEASE: _("Give the license back…"),
    Act.CHECK: _("Check now"),
    Act.WITHDRAW: _("Take the request back"),
}
PLACES: Mapping[Place, str] = {
    Place.OVERVIEW: _("Overview"),
    Place.SERVER: _("This server"),
    Place.HISTORY: _("History"),
}
REASONS: Mapping[str, str] = {
    "hardware": _("Hardware of this server will change"),
    "os": _("The operating system will be updated or installed anew"),
    "move": _("The license moves to another server"),
    "retire": _("This server is taken out of service"),
}
_DOORS: tuple[tuple[str, str], ...] = (
    ("faragostar-man activate", BUTTONS[Act.ACTIVATE]),
    ("faragostar-man reactivate", BUTTONS[Act.REACTIVATE]),
    ("faragostar-man release", BUTTONS[Act.RELEASE]),
    ("faragostar-man check", BUTTONS[Act.CHECK]),
    ("faragostar-man withdraw", BUTTONS[Act.WITHDRAW]),
    ("faragostar-man status", PLACES[Place.OVERVIEW]),
    ("faragostar-man history", PLACES[Place.HISTORY]),
)
# Where naming the button is not enough: what a terminal is told would read oddly here.
_ADVICE: Mapping[str, str] = {
    "standing-unlicensed": _("You need the license key; it stands in the customer portal."),
    "standing-active": _(
        "Nothing to do. Before you change hardware or update the operating system, give the "
        "license back here first."
    ),
    "already-active": _("Nothing to do."),
    "standing-releasing": _(
        "You may make your change. The license cannot be taken elsewhere before the receipt has "
        "come: check again when the signing server can be reached."
    ),
    "standing-released": _(
        "After the change, activate again here. Another server needs the license key and the "
        "reactivation code: keep both off this disk."
    ),
    "standing-damaged": _(
        "Activate with your license key; this server is still known to the vendor by its device "
        "key."
    ),
    "admin-rights-needed": _("Open this program as administrator."),
    "not-set-up": _("Run `faragostar-man setup` as administrator, then open this window again."),
    "unexpected": _("Try again. If it happens again, call {phone} and read out what stands here."),
    "confirmation-wrong": _("Look the key up in the customer portal and type its end again."),
    "server-unreachable": _(
        "Check the network, then check again. What was written down is safe and will be sent again."
    ),
    "waiting-stopped": _("What was written down is safe. `faragostar-man check` goes on with it."),
    "store-busy": _("Wait until it has ended; this window goes on by itself."),
    "recovery-advised": _(
        "Before an operating system is installed anew, save the recovery file off this server: "
        "`faragostar-man recovery save FILE`."
    ),
}


class Manner(NamedTuple):
    """How a window speaks to its reader."""

    language: str
    digits: Digits = Digits.PERSIAN


class WindowTexts(Texts):
    """The catalog's sentences, as they read beside buttons."""

    def __init__(self, language: str, digits: Digits = Digits.PERSIAN) -> None:
        super().__init__(language, digits=digits)

    @property
    def manner(self) -> Manner:
        """How these speak."""
        return Manner(self.language, self.digits)

    def advice(self, code: str, parameters: Mapping[str, object] | None = None) -> str:
        """Say what to do next, here."""
        if code in _ADVICE:
            return self.gettext(_ADVICE[code], **(parameters or {}))
        return super().advice(code, parameters)

    def command(self, words: str) -> str:
        """Name the button that does it, or else the command."""
        for beginning, button in _DOORS:
            if words.startswith(beginning):
                name = self.gettext(button).rstrip("…")
                return f"«{name}»" if self.is_persian else f"“{name}”"
        return super().command(words)

    def anchored(self, line: str) -> str:
        """Keep a line of another script at this language's side: Qt asks its first letter."""
        return ("\u200f" if self.is_persian else "\u200e") + line

    def screen(self, place: Place) -> str:
        """Name the page as support does."""
        return self.gettext("Screen {code:number}", code=place.screen_code)
