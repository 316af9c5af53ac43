"""Dates as people read them: Jalali in Persian, ISO in English, in this machine's time zone.

The Jalali leap years follow the arithmetic 33-year cycle, which agrees with the astronomical
calendar from 1178 to 1633 (1799 to 2254 of the common era).
"""

import time
from typing import NamedTuple

_DAYS_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_CYCLE_YEARS = 33
_CYCLE_DAYS = 12053
_FOUR_YEARS = 1461
_YEAR = 365
# A cycle begins with -1595; its first day against 1 January of the common era's year 0.
_EPOCH_YEAR = -1595
_EPOCH_DAYS = 355666
_LONG_MONTHS_DAYS = 186
_LONG_MONTH = 31
_SHORT_MONTH = 30
_FEBRUARY = 2


class Jalali(NamedTuple):
    """A date of the Persian calendar."""

    year: int
    month: int
    day: int


def to_jalali(year: int, month: int, day: int) -> Jalali:
    """Convert a Gregorian date (years 1799 to 2254)."""
    leap_until = year + 1 if month > _FEBRUARY else year
    days = (
        _EPOCH_DAYS
        + _YEAR * year
        + (leap_until + 3) // 4
        - (leap_until + 99) // 100
        + (leap_until + 399) // 400
        + day
        + _DAYS_BEFORE_MONTH[month - 1]
    )
    cycles, days = divmod(days, _CYCLE_DAYS)
    fours, days = divmod(days, _FOUR_YEARS)
    jalali_year = _EPOCH_YEAR + _CYCLE_YEARS * cycles + 4 * fours
    if days >= _YEAR + 1:
        # The first year of the four is the leap year.
        ordinary, days = divmod(days - 1, _YEAR)
        jalali_year += ordinary
    if days < _LONG_MONTHS_DAYS:
        return Jalali(jalali_year, 1 + days // _LONG_MONTH, 1 + days % _LONG_MONTH)
    days -= _LONG_MONTHS_DAYS
    return Jalali(jalali_year, 7 + days // _SHORT_MONTH, 1 + days % _SHORT_MONTH)


def utc(instant: int) -> str:
    """Spell an instant for programs: `2026-07-30T12:00:00Z`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(instant))


def local(instant: int) -> str:
    """Spell an instant for readers of English: `2026-07-30 15:30 +0330`."""
    return time.strftime("%Y-%m-%d %H:%M %z", time.localtime(instant))
