"""When the vendor's phone is answered: in Tehran, whatever this machine's zone."""

from datetime import date, datetime, timedelta

import pytest

from agent.support_hours import opening_at
from protocol.tehran import TEHRAN
from protocol.values import Timestamp

# 2027-01-16 is a Saturday.
SATURDAY, WEDNESDAY, THURSDAY, FRIDAY = 16, 20, 21, 22


def at(day: int, hour: int, minute: int = 0) -> Timestamp:
    return Timestamp(int(datetime(2027, 1, day, hour, minute, tzinfo=TEHRAN).timestamp()))


@pytest.mark.parametrize(
    ("now", "answers", "until"),
    [
        (at(SATURDAY, 7, 59), False, (SATURDAY, 8)),
        (at(SATURDAY, 8, 0), True, (SATURDAY, 17)),
        (at(WEDNESDAY, 16, 59), True, (WEDNESDAY, 17)),
        (at(WEDNESDAY, 17, 0), False, (THURSDAY, 9)),
        (at(THURSDAY, 9, 0), True, (THURSDAY, 12)),
        (at(THURSDAY, 12, 0), False, (SATURDAY + 7, 8)),
        (at(FRIDAY, 10, 0), False, (SATURDAY + 7, 8)),
    ],
)
def test_hours_of_the_week(now: Timestamp, *, answers: bool, until: tuple[int, int]) -> None:
    found = opening_at(now)
    assert found.is_open is answers
    assert found.until == datetime(2027, 1, *until, tzinfo=TEHRAN)


def test_a_holiday_is_closed_once_somebody_told_it() -> None:
    found = opening_at(at(SATURDAY, 10), holidays=[date(2027, 1, SATURDAY)])
    assert (found.is_open, found.is_holiday) == (False, True)
    assert found.until == datetime(2027, 1, SATURDAY + 1, 8, tzinfo=TEHRAN)


def test_a_holiday_to_come_closes_nothing_today() -> None:
    found = opening_at(at(THURSDAY, 13), holidays=[date(2027, 1, SATURDAY + 7)])
    assert (found.today, found.is_holiday) == (date(2027, 1, THURSDAY), False)
    assert found.until == datetime(2027, 1, SATURDAY + 8, 8, tzinfo=TEHRAN)


def test_the_day_of_a_holiday_is_tehrans() -> None:
    eve = at(SATURDAY, 0) - 1
    assert not opening_at(Timestamp(eve), holidays=[date(2027, 1, SATURDAY)]).is_holiday
    assert opening_at(Timestamp(eve + 1), holidays=[date(2027, 1, SATURDAY)]).is_holiday


def test_after_a_month_of_holidays_nobody_can_tell() -> None:
    month = [date(2027, 1, SATURDAY) + timedelta(days) for days in range(31)]
    assert opening_at(at(SATURDAY, 10), month).until is None
