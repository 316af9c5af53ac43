"""A declaration while it is typed: what was understood, and what is still missing.

Moments are written as the reader's calendar has them, in this machine's time zone.
"""

import time
from datetime import datetime, timedelta
from typing import NamedTuple

from agent.errors import InputInvalid
from agent.moments import moment_of
from agent.texts.marking import _
from agent.ui.jobs.notices import Declare
from agent.ui.views.tones import Tone
from agent.ui.wording import WindowTexts
from protocol.calendar import to_jalali
from protocol.values import Timestamp
from protocol.windows import LONGEST_WINDOW_SECONDS

_HOUR, _MINUTE = 3600, 60
_NIGHT_BEGINS, _NIGHT_HOURS = 22, 8
_DAY_BEGINS, _DAY_HOURS = 8, 12
_FRIDAY = 4
_WEEK_DAYS = 7

Said = tuple[Tone, str]


class Judged(NamedTuple):
    """What is said beside both moments and below everything; `is_whole`: it can be sent."""

    begins: Said
    ends: Said
    missing: str
    is_whole: bool


class Period(NamedTuple):
    """A time that changes are often made in: its name, and how both moments are spelled."""

    name: str
    begins: str
    ends: str


def judged(wish: Declare, now: int, texts: WindowTexts) -> Judged:
    """Say of a declaration that is being typed how it is understood."""
    begins, ends = _read(wish.begins), _read(wish.ends)
    said_of_end = _on_end(wish.ends, begins, ends, now, texts)
    missing = tuple(_missing(wish, texts))
    # An end without a beginning is judged by itself, but it cannot be sent.
    is_period = begins is not None and ends is not None and said_of_end[0] is Tone.GOOD
    return Judged(
        begins=_on_moment(wish.begins, begins, now, texts),
        ends=said_of_end,
        missing=_still_missing(missing, texts),
        is_whole=is_period and not missing,
    )


def spelled(instant: int, texts: WindowTexts) -> str:
    """Spell a moment as it may be typed."""
    at = time.localtime(instant)
    clock = f"{at.tm_hour:02}:{at.tm_min:02}"
    if not texts.is_persian:
        return f"{at.tm_year:04}-{at.tm_mon:02}-{at.tm_mday:02} {clock}"
    day = to_jalali(at.tm_year, at.tm_mon, at.tm_mday)
    return texts.number(f"{day.year:04}/{day.month:02}/{day.day:02} {clock}")


def told(instant: int, texts: WindowTexts) -> str:
    """Tell a moment with its weekday: a wrong day is seen by it first."""
    weekday = texts.name("weekday", str(time.localtime(instant).tm_wday))
    between = " " if texts.is_persian else ", "
    return f"{weekday}{between}{texts.moment(instant)}"


def periods(now: int, texts: WindowTexts) -> tuple[Period, ...]:
    """Offer the two nights that come next, and the next Friday by day."""
    here = datetime.fromtimestamp(now)  # noqa: DTZ006 - the administrator's own clock is meant
    night = _next(here, _NIGHT_BEGINS, None)
    day = _next(here, _DAY_BEGINS, _FRIDAY)
    return (
        *(
            _period(begins, _NIGHT_HOURS, _("{day:words} night, 22 to 6"), texts)
            for begins in (night, night + timedelta(days=1))
        ),
        _period(day, _DAY_HOURS, _("{day:words}, 8 to 20"), texts),
    )


def _next(here: datetime, hour: int, weekday: int | None) -> datetime:
    """The next time that the clock shows this hour, on that day of the week if one is given."""
    first = here.replace(hour=hour, minute=0, second=0, microsecond=0)
    days = (first + timedelta(days=ahead) for ahead in range(_WEEK_DAYS + 1))
    return next(d for d in days if d > here and weekday in (None, d.weekday()))


def _read(typed: str) -> Timestamp | None:
    try:
        return moment_of(typed)
    except InputInvalid:
        return None


def _on_moment(typed: str, read: Timestamp | None, now: int, texts: WindowTexts) -> Said:
    if read is not None:
        return Tone.GOOD, told(read, texts)
    example = texts.latin(spelled(now - now % _HOUR + _HOUR, texts))
    if not typed.strip():
        return Tone.CALM, texts.gettext(
            "Day and hour, for example {example:words}", example=example
        )
    return Tone.CALM, texts.gettext(
        "Not understood yet: day and hour, for example {example:words}", example=example
    )


def _on_end(
    typed: str, begins: Timestamp | None, ends: Timestamp | None, now: int, texts: WindowTexts
) -> Said:
    tone, said = _on_moment(typed, ends, now, texts)
    if ends is None:
        return tone, said
    wrong = _wrong_period(begins, ends, now)
    if wrong:
        return Tone.WARNING, f"{said}. {texts.text(wrong)}. {texts.advice(wrong)}"
    if begins is not None:
        hours, minutes = divmod((ends - begins) // _MINUTE, _HOUR // _MINUTE)
        length = f"{hours}:{minutes:02}" if minutes else str(hours)
        lasts = texts.gettext("{hours:number} {hours:hour|hours}", hours=length)
        return Tone.GOOD, f"{said} ({lasts})"
    return tone, said


def _wrong_period(begins: Timestamp | None, ends: Timestamp, now: int) -> str:
    """Name what the agent or the signing server would refuse, by the code of its sentence."""
    if begins is not None and ends <= begins:
        return "window-backwards"
    if begins is not None and ends - begins > LONGEST_WINDOW_SECONDS:
        return "window-over-14-days"
    return "refused-window-past" if ends <= now else ""


def _missing(wish: Declare, texts: WindowTexts) -> list[str]:
    needed = (
        (bool(wish.changes), texts.gettext("what will change")),
        (_read(wish.begins) is not None, texts.gettext("from when")),
        (_read(wish.ends) is not None, texts.gettext("until when")),
        (bool(wish.reason.strip()), texts.gettext("why")),
        (bool(wish.contact.strip()), texts.gettext("whom the vendor may ask")),
    )
    return [name for is_there, name in needed if not is_there]


def _still_missing(missing: tuple[str, ...], texts: WindowTexts) -> str:
    if not missing:
        return ""
    between = "، " if texts.is_persian else ", "
    return texts.gettext("Still missing: {what:words}", what=between.join(missing))


def _period(begins: datetime, hours: int, name: str, texts: WindowTexts) -> Period:
    day = texts.name("weekday", str(begins.weekday()))
    first = int(begins.timestamp())
    last = int((begins + timedelta(hours=hours)).timestamp())
    return Period(
        texts.gettext(name, day=day),
        spelled(first, texts),
        spelled(last, texts),
    )
