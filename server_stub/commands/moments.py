"""Points in time: as the vendor's people read them, and as they type them.

Readers of Persian see the calendar and the clock of Iran, as their callers do; English is in UTC.
"""

import argparse
import re
from datetime import UTC, date, datetime, time, timedelta

from protocol.calendar import from_jalali, to_jalali
from protocol.codes import to_ascii_digits
from protocol.tehran import TEHRAN
from protocol.values import Timestamp

_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_JALALI_DAY = re.compile(r"(1[34][0-9]{2})[/-]([0-9]{1,2})[/-]([0-9]{1,2})")
_DAY = re.compile(r"[0-9]{4}([/-]?)[0-9]{1,2}\1[0-9]{1,2}")
_DAY_SECONDS = 86_400
_MOST_DAYS = 31
_JALALI_MOMENT = re.compile(rf"{_JALALI_DAY.pattern}(?:[T ]+(.+))?")


def moment(at: int, *, is_persian: bool) -> str:
    """Spell a time for people, to the second."""
    if not is_persian:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    here = datetime.fromtimestamp(at, TEHRAN)
    return f"{_jalali(here.date())} {here:%H:%M:%S}".translate(_PERSIAN_DIGITS)


def day(iso: str, *, is_persian: bool) -> str:
    """Spell a day, given as `YYYY-MM-DD`."""
    return _jalali(date.fromisoformat(iso)) if is_persian else iso


def typed_moment(value: str) -> Timestamp:
    """Read ISO 8601, in UTC where it names no zone, or a day of the Persian calendar, in Iran.

    Raises:
        ArgumentTypeError: it is neither.
    """
    try:
        at = _moment(to_ascii_digits(value.strip()))
    except ValueError as cause:
        raise argparse.ArgumentTypeError(
            "YYYY-MM-DD[THH:MM[+ZZ:ZZ]], or 1405/09/10 08:00 in Iran's time"
        ) from cause
    seconds = int(at.timestamp())
    if seconds < 0:
        raise argparse.ArgumentTypeError("after 1970")
    return Timestamp(seconds)


def typed_end(value: str) -> Timestamp:
    """Read a moment; a day alone is meant with its evening.

    Raises:
        ArgumentTypeError: it is none.
    """
    at = typed_moment(value)
    is_day = _DAY.fullmatch(to_ascii_digits(value.strip()))
    return Timestamp(at + _DAY_SECONDS) if is_day else at


def typed_day(value: str) -> str:
    """Read a day of either calendar; return it as `YYYY-MM-DD`.

    Raises:
        ArgumentTypeError: it is none.
    """
    digits = to_ascii_digits(value.strip())
    found = _JALALI_DAY.fullmatch(digits)
    try:
        return (_day(found) if found else date.fromisoformat(digits)).isoformat()
    except ValueError as cause:
        raise argparse.ArgumentTypeError("YYYY-MM-DD, or 1405/09/10") from cause


def typed_days(value: str) -> tuple[str, ...]:
    """Read a day of either calendar, or two with `..` between: those, and all days between them.

    Raises:
        ArgumentTypeError: it is neither, or more than a month.
    """
    first, is_range, last = value.partition("..")
    begin = date.fromisoformat(typed_day(first))
    end = date.fromisoformat(typed_day(last)) if is_range else begin
    count = (end - begin).days + 1
    if not 1 <= count <= _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"FROM..UNTIL, at most {_MOST_DAYS} days")
    return tuple((begin + timedelta(n)).isoformat() for n in range(count))


def _jalali(at: date) -> str:
    year, month, day = to_jalali(at.year, at.month, at.day)
    return f"{year}/{month:02}/{day:02}".translate(_PERSIAN_DIGITS)


def _moment(digits: str) -> datetime:
    found = _JALALI_MOMENT.fullmatch(digits)
    if found is None:
        at = datetime.fromisoformat(digits)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    clock = time.fromisoformat(found[4] or "00:00")
    return datetime.combine(_day(found), clock, clock.tzinfo or TEHRAN)


def _day(found: re.Match[str]) -> date:
    return from_jalali(int(found[1]), int(found[2]), int(found[3]))
