"""Days of the Persian calendar, there and back."""

import datetime as dt

import pytest

from protocol.calendar import from_jalali, to_jalali


@pytest.mark.parametrize(
    ("gregorian", "jalali"),
    [
        # Leap years of the calendar that is in force, and the days around them.
        ((2021, 3, 20), (1399, 12, 30)),
        ((2021, 3, 21), (1400, 1, 1)),
        ((2025, 3, 20), (1403, 12, 30)),
        ((2025, 3, 21), (1404, 1, 1)),
        ((2030, 3, 20), (1408, 12, 30)),
        ((2024, 2, 29), (1402, 12, 10)),
        ((1979, 2, 11), (1357, 11, 22)),
        ((1970, 1, 1), (1348, 10, 11)),
        ((2000, 1, 1), (1378, 10, 11)),
        ((2026, 7, 30), (1405, 5, 8)),
    ],
)
def test_dates_become_jalali(gregorian: tuple[int, int, int], jalali: tuple[int, int, int]) -> None:
    assert to_jalali(*gregorian) == jalali


def test_every_day_of_four_centuries_follows_the_one_before() -> None:
    day, one = dt.date(1850, 1, 1), dt.timedelta(days=1)
    before = to_jalali(day.year, day.month, day.day)
    while day < dt.date(2250, 1, 1):
        day += one
        after = to_jalali(day.year, day.month, day.day)
        year, month, last = before
        assert after in {(year, month, last + 1), (year, month + 1, 1), (year + 1, 1, 1)}
        assert after.day <= 31
        assert (after.day == 1) <= (last >= 29)
        before = after


def test_every_jalali_day_of_four_centuries_finds_its_way_back() -> None:
    day, one = dt.date(1850, 1, 1), dt.timedelta(days=1)
    while day < dt.date(2250, 1, 1):
        assert from_jalali(*to_jalali(day.year, day.month, day.day)) == day
        day += one


@pytest.mark.parametrize(
    "date",
    [(1404, 12, 30), (1405, 0, 1), (1405, 13, 1), (1405, 7, 31), (1405, 1, 0), (1177, 1, 1)],
)
def test_a_day_that_the_calendar_lacks_is_refused(date: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"day|cycle"):
        from_jalali(*date)
