"""The guide: which chapter speaks of which page, how it reads in Qt, and how it is searched."""

import re
from collections.abc import Mapping
from enum import IntEnum

from agent.texts import Digits, isolate
from agent.ui.wording import Place, WindowTexts
from protocol.codes import to_ascii_digits


class Chapter(IntEnum):
    """The chapters, in the order in which they stand in every language."""

    HURRY = 0
    PURPOSE = 1
    SETTING_UP = 2
    ACTIVATING = 3
    STANDINGS = 4
    SERVER = 5
    PLANNING = 6
    DECLARING = 7
    RELEASING = 8
    REACTIVATING = 9
    BY_HAND = 10
    CASES = 11
    RECOVERY = 12
    RECORDS = 13
    PHONE = 14
    TROUBLE = 15
    WINDOWS = 16
    COMMANDS = 17
    SCREENS = 18
    WORDS = 19


CHAPTER_OF: Mapping[Place, Chapter] = {
    Place.OVERVIEW: Chapter.STANDINGS,
    Place.SERVER: Chapter.SERVER,
    Place.REPORT: Chapter.SERVER,
    Place.HISTORY: Chapter.RECORDS,
    Place.DOCUMENT: Chapter.RECORDS,
    Place.PLAN: Chapter.PLANNING,
    Place.PRINTED: Chapter.PLANNING,
    Place.CASES: Chapter.CASES,
    Place.EXCHANGE: Chapter.BY_HAND,
    Place.SUPPORT: Chapter.PHONE,
    Place.DIAGNOSTICS: Chapter.PHONE,
    Place.CHALLENGE: Chapter.PHONE,
    Place.SETTINGS: Chapter.SETTING_UP,
    Place.FIRST_RUN: Chapter.SETTING_UP,
    Place.ABOUT: Chapter.SETTING_UP,
    Place.ACTIVATE: Chapter.ACTIVATING,
    Place.REACTIVATE: Chapter.REACTIVATING,
    Place.RELEASE: Chapter.RELEASING,
    Place.CHECKS: Chapter.RELEASING,
    Place.CONFIRM_RELEASE: Chapter.RELEASING,
    Place.KEEP_PAPERS: Chapter.RELEASING,
    Place.NOTICE: Chapter.DECLARING,
    Place.SAVE_RECOVERY: Chapter.RECOVERY,
    Place.LOAD_RECOVERY: Chapter.RECOVERY,
    Place.GUIDE: Chapter.HURRY,
}
_CODE = re.compile("`([^`]+)`")
_ROW = re.compile(r"^\| (.+) \|$", re.MULTILINE)
_STEP = re.compile(r"^(\d+)\. ", re.MULTILINE)
# Letters that keyboards write in more than one way.
_ALIKE = ("یيى", "کك", "هة", "0۰٠", "1۱١", "2۲٢", "3۳٣", "4۴٤", "5۵٥", "6۶٦", "7۷٧", "8۸٨", "9۹٩")
_JOINER = "\u200c"


def shown(markdown: str, texts: WindowTexts) -> str:
    """Write the guide as Qt must have it to show it as it is meant.

    Qt lays tables out from left to right and numbers steps in Latin digits, whatever the language;
    and what is written from left to right needs isolates to stay in its order.
    """
    if not texts.is_persian:
        return markdown
    turned = _ROW.sub(lambda row: f"| {' | '.join(reversed(row[1].split(' | ')))} |", markdown)
    stepped = _STEP.sub(lambda step: f"\n**{texts.number(step[1])}.** ", turned)
    said = _CODE.sub(lambda code: f"`{isolate(code[1])}`", stepped)
    return to_ascii_digits(said) if texts.digits is Digits.LATIN else said


def sought(words: str) -> str:
    """Write a pattern that finds words however their letters and joints were typed."""
    return rf"[\s{_JOINER}]+".join(
        f"{_JOINER}?".join(map(_letter, part))
        for part in re.split(rf"[\s{_JOINER}]+", words)
        if part
    )


def _letter(letter: str) -> str:
    alike = next((each for each in _ALIKE if letter in each), "")
    return f"[{alike}]" if alike else re.escape(letter)
