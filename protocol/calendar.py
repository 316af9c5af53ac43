"""The Persian calendar, in which administrators, letters and support name a day.

The Jalali leap years follow the arithmetic 33-year cycle, which agrees with the astronomical
calendar from 1178 to 1633 (1799 to 2254 of the common era). Loads nothing: a first picture waits.
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

_DAYS_BEFORE_MONTH = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_CYCLE_YEARS = 33
_CYCLE_DAYS = 12053
_FOUR_YEARS = 1461
_YEAR = 365
# A cycle begins with -1595; its first day against 1 January of the common era's year 0.
_EPOCH_YEAR = -1595
_EPOCH_DAYS = 355666
# The day that this count gives 1 January of the year 1, as `date` counts.
_EPOCH_ORDINAL = 356033
_YEARS = range(1178, 1634)
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


def from_jalali(year: int, month: int, day: int) -> "date":
    """Convert a date of the Persian calendar (years 1178 to 1633).

    Raises:
        ValueError: there is no such day.
    """
    # Only a date that was typed pays for it.
    from datetime import date

    if year not in _YEARS:
        raise ValueError("beyond the cycle's reach")
    cycles, years = divmod(year - _EPOCH_YEAR, _CYCLE_YEARS)
    fours, ordinary = divmod(years, 4)
    long_months = min(month - 1, 6)
    days = (
        cycles * _CYCLE_DAYS
        + fours * _FOUR_YEARS
        + ordinary * _YEAR
        + (ordinary > 0)  # the first year of the four is the leap year
        + long_months * _LONG_MONTH
        + (month - 1 - long_months) * _SHORT_MONTH
        + day
        - 1
    )
    found = date.fromordinal(days - _EPOCH_ORDINAL + 1)
    if to_jalali(found.year, found.month, found.day) != (year, month, day):
        raise ValueError("no such day")
    return found
