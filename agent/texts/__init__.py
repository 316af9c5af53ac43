"""What the agent says, in English and Persian, by stable codes.

`Texts(language)` fills a sentence and its advice for every code of `agent.errors`, of the views'
messages and of the history. Persian gets Persian digits, Jalali dates, and its Latin fragments in
isolates, or a terminal turns them round. `plain=True` is for programs: ISO dates, Latin digits, no
isolates. Deliberately absent: where a text is shown.
"""

import os
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from agent.texts.instants import IRAN, UTC, local, utc
from agent.texts.marking import Sentences, _
from protocol.calendar import to_jalali

DOMAIN = "faragostar-man"
LANGUAGES = ("fa", "en")
LOCALE_FOLDER = Path(__file__).parent.parent / "locale"
SUPPORT_PHONE = "021-42623"
PORTAL = "portal.faragostar.net"
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_LATIN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")
_BEGIN_ISOLATE, _BEGIN_FOREIGN, _END_ISOLATE = "\u2066", "\u2068", "\u2069"
_UNKNOWN = (
    _("The code {code} came, which this version does not know"),
    _("Install the newest version of this program, or read the code to support ({phone})."),
)


def isolate(fragment: str) -> str:
    """Keep a Latin fragment (phone, serial, path, code, command) in its own order."""
    return f"{_BEGIN_ISOLATE}{fragment}{_END_ISOLATE}"


def choose_language(*wishes: str | None) -> str:
    """Take the first wish there is, then the system's language.

    On Windows the fallback is English: its consoles cannot shape Persian.
    """
    for wish in wishes:
        if wish in LANGUAGES:
            return wish
    if sys.platform != "win32":
        for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
            if value := os.environ.get(name):
                return "fa" if value.startswith("fa") else "en"
    return "en"


class Digits(StrEnum):
    """With which digits a Persian sentence counts; an English one has its own."""

    PERSIAN = "persian"
    LATIN = "latin"


class Texts:
    """Sentences of one language."""

    def __init__(
        self, language: str, *, plain: bool = False, digits: Digits = Digits.PERSIAN
    ) -> None:
        self.language = language
        self.plain = plain
        self.digits = digits
        self.is_persian = language == "fa"
        self._translate = _translation(language, digits)
        self._isolating = self.is_persian and not plain

    def plainly(self) -> "Texts":
        """Return the same language for programs."""
        return Texts(self.language, plain=True)

    def gettext(self, message: str, **parameters: object) -> str:
        """Translate a message of this program and fill it."""
        return self._fill(self._translate(message), parameters)

    def text(self, code: str, parameters: Mapping[str, object] | None = None) -> str:
        """Say what the code means."""
        return self._sentence(code, 0, parameters or {})

    def advice(self, code: str, parameters: Mapping[str, object] | None = None) -> str:
        """Say what to do next."""
        return self._sentence(code, 1, parameters or {})

    def name(self, family: str, value: str) -> str:
        """Name a part, a verdict or a step; an unknown one keeps its code."""
        from agent.texts.names import NAMES

        name = NAMES.get(f"{family}.{value}")
        return self.latin(value) if name is None else self._translate(name)

    def number(self, value: object) -> str:
        """Spell a number in the language's digits."""
        text = str(value)
        has_own_digits = self._isolating and self.digits is Digits.PERSIAN
        return text.translate(_PERSIAN_DIGITS) if has_own_digits else text

    def latin(self, fragment: object) -> str:
        """Show what stays Latin in every language: serials, paths, codes."""
        return isolate(str(fragment)) if self._isolating else str(fragment)

    def foreign(self, words: str) -> str:
        """Show what others wrote (a customer's name): in its own order, in whatever script."""
        return f"{_BEGIN_FOREIGN}{words}{_END_ISOLATE}" if self._isolating else words

    def command(self, words: str) -> str:
        """Show a command of this program inside a sentence."""
        return isolate(words) if self._isolating else f"`{words}`"

    def moment(self, instant: int) -> str:
        """Spell an instant, in this machine's time zone; UTC for programs.

        A Persian moment without a zone is Iran's, as the vendor's: any other zone is named.
        """
        if self.plain:
            return utc(instant)
        shown = local(instant)
        if not self.is_persian:
            return shown
        date, clock, zone = shown.split(" ")
        told = {"date": self.date(date), "clock": self.number(clock)}
        if zone == IRAN:
            return self.gettext("{date:words} at {clock:words}", **told)
        named = "UTC" if zone == UTC else self.number(f"{zone[:3]}:{zone[3:]}")
        return self.gettext(
            "{date:words} at {clock:words} ({zone:words})", **told, zone=self.latin(named)
        )

    def date(self, iso: str) -> str:
        """Spell a date that is given as `2026-07-30`."""
        if not self._isolating:
            return iso
        found = to_jalali(*(int(part) for part in iso.split("-")))
        month = self.name("month", str(found.month))
        return f"{self.number(found.day)} {month} {self.number(found.year)}"

    def _sentence(self, code: str, which: int, parameters: Mapping[str, object]) -> str:
        sentence = _sentences().get(code)
        if sentence is None and code.startswith("refused-"):
            sentence = _sentences()["server-refused"]
            parameters = {"refusal": code.removeprefix("refused-"), **parameters}
        message = (sentence or _UNKNOWN)[which]
        return self._fill(self._translate(message), {"code": code, **parameters})

    def _fill(self, template: str, parameters: Mapping[str, object]) -> str:
        # Every second piece stands between backticks: a command.
        pieces = template.split("`")
        pieces[1::2] = [self.command(piece) for piece in pieces[1::2]]
        return "".join(pieces).format_map(_Shown(self, parameters))


class _Shown(dict[str, object]):
    """Parameters by name; a missing one must not cost the reader the sentence."""

    def __init__(self, texts: Texts, parameters: Mapping[str, object]) -> None:
        known = {"phone": SUPPORT_PHONE, "portal": PORTAL, "command": DOMAIN}
        super().__init__({n: _Value(texts, n, v) for n, v in {**known, **parameters}.items()})
        self._texts = texts

    def __missing__(self, name: str) -> "_Value":
        return _Value(self._texts, name, "")


class _Value:
    """One parameter, shown as its place in the sentence asks: `{hours:number}`."""

    def __init__(self, texts: Texts, name: str, value: object) -> None:
        self._texts = texts
        self._name = name
        self._value = str(value)

    def __format__(self, kind: str) -> str:
        texts, value = self._texts, self._value
        match kind:
            case "words":
                shown = value
            case "foreign":
                shown = texts.foreign(value)
            case "number":
                shown = texts.number(value or "…")
            case "moment":
                shown = texts.moment(int(value)) if value.isdigit() else "…"
            case "rule" | "component" | "reason" | "system":
                shown = texts.name(kind, value)
            case "components":
                between = "، " if texts.is_persian else ", "
                shown = between.join(texts.name("component", part) for part in value.split(","))
            case "points":
                shown = self._points()
            case "group":
                shown = texts.gettext(" (group {number:number})", number=value) if value else ""
            case _ if "|" in kind:
                shown = kind.split("|")[value != "1"]
            case _:
                shown = self._fragment()
        return shown

    def _points(self) -> str:
        """Spell `nic:10,cpu:5`: parts with their points."""
        texts = self._texts
        pairs = (part.split(":") for part in self._value.split(",") if part)
        between = "، " if texts.is_persian else ", "
        return between.join(f"{texts.name('component', i)} ({texts.number(n)})" for i, n in pairs)

    def _fragment(self) -> str:
        texts = self._texts
        if self._name == "phone":
            return texts.latin(texts.number(self._value))
        return texts.latin(self._value) if self._value else "…"


def _translation(language: str, digits: Digits) -> Callable[[str], str]:
    if language != "fa":
        return str
    translate = _catalog()
    if digits is Digits.PERSIAN:
        return translate
    return lambda message: translate(message).translate(_LATIN_DIGITS)


@cache
def _catalog() -> Callable[[str], str]:
    # Only Persian pays for it.
    from agent.texts.catalog import Catalog

    return Catalog(LOCALE_FOLDER / "fa" / "LC_MESSAGES" / f"{DOMAIN}.mo").gettext


def _sentences() -> Sentences:
    from agent.texts.sentences import SENTENCES

    return SENTENCES
