"""Points in time as administrators type them: ISO or Jalali, in Latin or Persian digits.

Local time unless a zone is named. A day alone is refused: nobody knows which end of it is meant.
"""

import re
import unicodedata
from datetime import date, datetime, time

from agent.errors import InputInvalid
from protocol.calendar import from_jalali
from protocol.codes import to_ascii_digits
from protocol.values import Timestamp

_MOMENT = re.compile(
    r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})"
    r"(?:T|\s+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
    r"\s*(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
)
# No Gregorian year of this program lies before it, no Jalali one after it.
_FIRST_GREGORIAN_YEAR = 1700


def moment_of(typed: str) -> Timestamp:
    """Read `2026-12-01T22:00`, `2026-12-01 22:00+03:30` or `1405/09/10 22:00`.

    Raises:
        InputInvalid: it is none of these, or there is no such day.
    """
    try:
        return _instant(_MOMENT.fullmatch(_plain(typed)))
    except (ValueError, OverflowError) as cause:
        raise InputInvalid(problem="time-unreadable", value=typed) from cause


def _plain(typed: str) -> str:
    """Drop the marks that turn text round, which come along when a line of ours is pasted."""
    seen = "".join(c for c in typed if unicodedata.category(c) != "Cf")
    return to_ascii_digits(seen).strip().upper()


def _instant(found: re.Match[str] | None) -> Timestamp:
    if found is None:
        raise ValueError("not a moment")
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    moment = datetime.combine(_day(found), time(hour, minute, second))
    if zone := found["zone"]:
        moment = datetime.strptime(f"{moment:%Y-%m-%dT%H:%M:%S}{zone}", "%Y-%m-%dT%H:%M:%S%z")
    instant = int(moment.timestamp())
    if instant < 0:
        raise ValueError("before the first second of all")
    return Timestamp(instant)


def _day(found: re.Match[str]) -> date:
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    if year < _FIRST_GREGORIAN_YEAR:
        return from_jalali(year, month, day)
    return date(year, month, day)
