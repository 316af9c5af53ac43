"""Words of the window: its buttons, its places, and the commands that sentences name.

The catalog's advice is written for a terminal. In the window a command that has a button is named
by that button; one that has none yet stays the command that it is.
"""

from collections.abc import Mapping
from enum import Enum, IntEnum, StrEnum
from typing import NamedTuple

from agent.texts import Digits, Texts
from agent.texts.marking import _
from agent.ui.advice import BY_HAND
from agent.ui.terms import TERMS
from protocol.digits import with_damm_digit

# What a window says to whoever waits until it can be seen.
ANNOUNCED = "opened"


class Act(StrEnum):
    """What a button of the overview does; the values are those of `StatusView.actions`."""

    ACTIVATE = "activate"
    REACTIVATE = "reactivate"
    RELEASE = "release"
    CHECK = "check"
    WITHDRAW = "withdraw"
    NOTICE = "notice"


class Phase(Enum):
    """How far a job is."""

    LOOKING = "looking"
    ASKING = "asking"
    RIGHTS = "rights"
    # What is done stays the same; it may be left behind now.
    GATHERING = "gathering"


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
    REPORT = 163
    DOCUMENT = 164
    GUIDE = 165
    CHALLENGE = 171

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
    Act.NOTICE: _("Declare a change…"),
}
PLACES: Mapping[Place, str] = {
    Place.OVERVIEW: _("Overview"),
    Place.SERVER: _("This server"),
    Place.PLAN: _("Plan a change"),
    Place.CASES: _("Cases"),
    Place.EXCHANGE: _("By file"),
    Place.HISTORY: _("History"),
    Place.SUPPORT: _("Support"),
    Place.SETTINGS: _("Settings"),
}
# To which place of the sidebar a step belongs, where that is not the overview.
PART_OF: Mapping[Place, Place] = {
    Place.REPORT: Place.SERVER,
    Place.DOCUMENT: Place.HISTORY,
    Place.DIAGNOSTICS: Place.SUPPORT,
    Place.CHALLENGE: Place.SUPPORT,
    Place.ABOUT: Place.SETTINGS,
    Place.NOTICE: Place.PLAN,
    Place.PRINTED: Place.PLAN,
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
    ("faragostar-man notice", BUTTONS[Act.NOTICE]),
    ("faragostar-man export", PLACES[Place.EXCHANGE]),
    ("faragostar-man import", PLACES[Place.EXCHANGE]),
    ("faragostar-man plan", PLACES[Place.PLAN]),
    ("faragostar-man recovery save", _("Save the recovery file…")),
    ("faragostar-man recovery load", _("Load the recovery file")),
    ("faragostar-man status", PLACES[Place.OVERVIEW]),
    ("faragostar-man history", PLACES[Place.HISTORY]),
    ("faragostar-man receipts", PLACES[Place.HISTORY]),
    ("faragostar-man fingerprint", PLACES[Place.SERVER]),
    ("faragostar-man report", PLACES[Place.SERVER]),
    ("faragostar-man config", PLACES[Place.SETTINGS]),
    ("faragostar-man doctor", _("Diagnostics")),
    ("faragostar-man respond", _("Answer a challenge code…")),
)
_BEFORE_A_CHANGE = _(
    "Before you change hardware or update the operating system, give the license back here first."
)
# Where naming the button is not enough: what a terminal is told would read oddly here.
_ADVICE: Mapping[str, str] = {
    **BY_HAND,
    "standing-unlicensed": _("You need the license key; it stands in the customer portal."),
    "standing-active": _BEFORE_A_CHANGE,
    "already-active": _BEFORE_A_CHANGE,
    "plan-nothing": _("Nothing needs to be done; check once after the change."),
    "plan-declare": _(
        "Declare it, make the change inside its change window, and check once afterwards; nothing "
        "else needs to be done."
    ),
    "plan-release": _(
        "Give it back, keep the reactivation code off this disk, make the change, and activate "
        "again afterwards: here with one button, on another server with license key and code."
    ),
    "plan-unlicensed": _("Plan again after the activation: the license says what counts."),
    "plan-boot-disk": _(
        "Copy the disk whole, or save the recovery file first: `faragostar-man recovery save "
        "FILE`. An empty disk means a reinstallation: tick that too."
    ),
    "plan-bios": _(
        "Where its maker says that board data is written anew, declare it all the same."
    ),
    "window-backwards": _("Exchange the two moments, or correct one of them."),
    "window-over-14-days": _("Choose an earlier end; a longer work is declared in parts."),
    "refused-window-past": _("Declare it again with a later end."),
    "refused-window-too-long": _("Declare it again with an earlier end."),
    "refused-window-too-soon": _(
        "Choose a later beginning, or ask the vendor by phone ({phone}) to open the window."
    ),
    "passphrase-short": _("Choose a longer one: several words that do not belong together."),
    "passphrase-differs": _("Type it the same twice."),
    "recovery-refused": _("Check which file it is, and choose it again."),
    "recovery-file-unknown": _("Choose the file that this program wrote as a recovery file."),
    "recovery-file-newer": _("Install that version, then load the file again."),
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
    "license-known": _(
        "`faragostar-man reactivate` takes the license again; neither the key nor a code is needed "
        "for that."
    ),
    "admin-rights-needed": _("Open this program as administrator."),
    "not-set-up": _("Set it up: open `faragostar-man status`."),
    "already-set-up": _(
        "Choose the root file that this server was set up with before, or call {phone}."
    ),
    "root-missing": _("Get the root file from the vendor and choose it here."),
    "root-invalid": _("Get the root file from the vendor again."),
    "root-threshold-not-met": _("Get the root file from the vendor again."),
    "server-missing": _("Type the address from the customer portal."),
    "server-url-insecure": _("Use the secure address that stands in the customer portal."),
    "setting-invalid": _("Allowed: {known}."),
    "document-malformed": _(
        "Get the file from the vendor again. If it came over the network, check the address under "
        "`faragostar-man config`: a page of the network may have come instead."
    ),
    "doctor-dns-fail": _("Check the address, and the DNS settings of this server."),
    "doctor-tcp-fail": _("Check the address; let the firewall pass it, or name a proxy."),
    "doctor-proxy-tcp-fail": _("Check the proxy's address, and its user name and password."),
    "doctor-tls-fail": _(
        "Check this server's clock. Behind a proxy that inspects, choose the file with its "
        "certificate."
    ),
    "doctor-answer-fail": _("Check the address, or try again in a few minutes."),
    "unexpected": _("Try again. If it happens again, call {phone} and read out what stands here."),
    "challenge-mistyped": _("Have support read it out again, group by group."),
    "confirmation-wrong": _("Look the key up in the customer portal and type its end again."),
    "server-unreachable": _(
        "Check the network, then check again; without a network go on here: `faragostar-man "
        "export`. What was written down is safe and will be sent again."
    ),
    "waiting-stopped": _("What was written down is safe. `faragostar-man check` goes on with it."),
    "input-invalid": _("Check it against the customer portal, then try again."),
    "file-unreadable": _("Check its name and its permissions, then try again."),
    "store-full": _("Free some space on that disk, then try again."),
    "store-read-only": _("Mount it writable, then try again."),
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
        self._explained: dict[str, str] | None = None

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

    def anchored(self, text: str) -> str:
        """Keep lines of another script at this language's side: Qt asks each one's first letter."""
        mark = "\u200f" if self.is_persian else "\u200e"
        return "\n".join(mark + line for line in text.split("\n"))

    def foreign(self, words: str) -> str:
        """Show what others wrote in its own order; a window can do that in every language."""
        return "\n".join(f"\u2068{line}\u2069" for line in words.split("\n"))

    def explained(self, shown: str) -> str:
        """What a word of the window means, as it is shown; empty where it needs no explaining."""
        if self._explained is None:
            self._explained = {
                self.gettext(word): self.gettext(term.says)
                for term in TERMS
                for word in (term.name, *term.seen_as)
            }
        return self._explained.get(shown, "")

    def screen(self, place: Place) -> str:
        """Name the page as support does."""
        return self.gettext("Screen {code:number}", code=place.screen_code)
