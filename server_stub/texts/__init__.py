"""What `faragostar-server` says, in English and Persian, looked up by code; a table per subject.

Among Persian words a number gets Persian digits, and what stays Latin (codes, devices, times)
stands in isolates: without them a terminal shows a support code with its groups turned round.
"""

import os
import re
from collections.abc import Mapping
from enum import StrEnum

from server_stub.texts import (
    announcements,
    backups,
    cases,
    challenges,
    failures,
    keys,
    licenses,
    names,
    operating,
    people,
    windows,
)
from server_stub.texts.table import Table


class Language(StrEnum):
    """The two languages of the program."""

    ENGLISH = "en"
    PERSIAN = "fa"


def system_language(environment: Mapping[str, str] = os.environ) -> Language:
    """Persian where the system speaks it."""
    named = next(
        (environment[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(n)), ""
    )
    return Language.PERSIAN if named.lower().startswith("fa") else Language.ENGLISH


def say(language: Language, code: str, *, plain: bool = False, **parameters: object) -> str:
    """The sentence of that code, filled in; `plain` for programs."""
    english, persian = TEXTS[code]
    if language is Language.ENGLISH:
        return english.format_map(parameters)
    shown = {name: _among_persian(name, value, plain=plain) for name, value in parameters.items()}
    return persian.format_map(shown)


def _among_persian(name: str, value: object, *, plain: bool) -> object:
    text = str(value)
    word = TEXTS.get(f"{_FAMILIES.get(name, '')}.{text}")
    if word is not None:
        return word[1]
    if plain or _PERSIAN_LETTER.search(text) or not _LATIN.search(text):
        return value
    if isinstance(value, int) or _COUNT.fullmatch(text):
        return text.replace(",", "٬").translate(_PERSIAN_DIGITS)
    return f"{_BEGIN_ISOLATE}{text}{_END_ISOLATE}"


_PERSIAN_LETTER = re.compile("[\u0600-\u06ff]")
_LATIN = re.compile("[A-Za-z0-9]")
_COUNT = re.compile(r"\d{1,6}|\d{1,3}(,\d{3})+")
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_BEGIN_ISOLATE, _END_ISOLATE = "\u2066", "\u2069"
# The parameters whose values are codes of the books, and the family of their names.
_FAMILIES = {
    "role": "role",
    "needed": "role",
    "state": "state",
    "standing": "standing",
    "op": "op",
    "outcome": "outcome",
    "currency": "currency",
    "what": "spoken",
}
TEXTS: Table = {
    code: sentence
    for subject in (
        failures,
        backups,
        operating,
        licenses,
        windows,
        cases,
        challenges,
        people,
        announcements,
        keys,
        names,
    )
    for code, sentence in subject.TEXTS.items()
}
