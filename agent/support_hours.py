"""When somebody answers the vendor's phone, by the clock of Tehran: no system's zones are needed.

Pure. The hours are those of the support terms; a holiday is known only where a truth told it.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from protocol.tehran import TEHRAN
from protocol.values import Timestamp

_DAYS_AHEAD = 30


class Shift(NamedTuple):
    """From when until when somebody answers on one day."""

    opens: time
    closes: time


_LONG, _SHORT = Shift(time(8), time(17)), Shift(time(9), time(12))
# By Python's weekday: Monday is 0. Nobody answers on Fridays.
WEEK: Mapping[int, Shift] = {5: _LONG, 6: _LONG, 0: _LONG, 1: _LONG, 2: _LONG, 3: _SHORT}


class Opening(NamedTuple):
    """Whether somebody answers now, and until when that stays so; both by the clock of Tehran.

    `is_holiday`: today nobody does, whatever the day of the week.
    """

    today: date
    is_open: bool
    is_holiday: bool
    until: datetime | None


def opening_at(now: Timestamp, holidays: Collection[date] = ()) -> Opening:
    """Say whether the phone is answered; after a month of holidays nobody can tell."""
    here = datetime.fromtimestamp(now, UTC).astimezone(TEHRAN)
    today = here.date()
    is_holiday = today in holidays
    for days in range(_DAYS_AHEAD):
        day = today + timedelta(days)
        shift = None if day in holidays else WEEK.get(day.weekday())
        if shift is None:
            continue
        opens, closes = (datetime.combine(day, at, TEHRAN) for at in shift)
        if here < opens:
            return Opening(today, is_open=False, is_holiday=is_holiday, until=opens)
        if here < closes:
            return Opening(today, is_open=True, is_holiday=is_holiday, until=closes)
    return Opening(today, is_open=False, is_holiday=is_holiday, until=None)
