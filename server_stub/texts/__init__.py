"""What `faragostar-server` says, in English and Persian, looked up by code; a table per subject."""

import os
from collections.abc import Mapping
from enum import StrEnum

from server_stub.texts import backups, cases, failures, keys, licenses, operating, people, windows
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


def say(language: Language, code: str, **parameters: object) -> str:
    """The sentence of that code, filled in."""
    english, persian = TEXTS[code]
    return (persian if language is Language.PERSIAN else english).format_map(parameters)


TEXTS: Table = {
    code: sentence
    for subject in (failures, backups, operating, licenses, windows, cases, people, keys)
    for code, sentence in subject.TEXTS.items()
}
