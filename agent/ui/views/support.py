"""The vendor's phone, the codes that it asks for, and what the portal has."""

from datetime import date
from typing import NamedTuple

from agent.announcing import holidays
from agent.doctor import Outcome
from agent.support_hours import WEEK, Opening, opening_at
from agent.texts import PORTAL, SUPPORT_PHONE
from agent.ui.jobs import Known
from agent.ui.jobs.support import ChallengeAnswered, Examination
from agent.ui.views.findings import FoundRow, found_rows
from agent.ui.views.overview import support_code
from agent.ui.views.tones import Code, Rows, Tone
from agent.ui.wording import WindowTexts
from protocol.values import Timestamp

PORTAL_ADDRESS = f"https://{PORTAL}/"
# The days that have the same hours, in the order of the week here, which begins on Saturday.
_SATURDAY, _WEDNESDAY, _THURSDAY = 5, 2, 3
# From here on the day of the week does not say which one is meant.
_WEEK_DAYS = 7


class Examined(NamedTuple):
    """What was found, with a sentence before it; the same advice is given once."""

    tone: Tone
    summary: str
    rows: tuple[FoundRow, ...]


class Support(NamedTuple):
    """The page."""

    tone: Tone
    opening: str
    hours: Rows
    codes: tuple[Code, ...]
    portal: Code


def examined_of(found: Examination, texts: WindowTexts) -> Examined:
    """Say what was found so far."""
    rows, given = [], set()
    for row in found_rows(found.findings, texts):
        rows.append(row._replace(advice="") if row.advice in given else row)
        given.add(row.advice)
    wrong = sum(finding.outcome is not Outcome.OK for finding in found.findings)
    if not found.files:
        return Examined(Tone.WAITING, texts.gettext("Examining…"), tuple(rows))
    if not wrong:
        return Examined(Tone.GOOD, texts.gettext("Nothing is wrong"), tuple(rows))
    said = texts.gettext("To be looked at: {count:number}", count=wrong)
    return Examined(Tone.WARNING, said, tuple(rows))


def support_of(known: Known, now: Timestamp, texts: WindowTexts) -> Support:
    """Say whether somebody answers, and what to have at hand."""
    found = opening_at(now, holidays(known.view))
    phone = Code(
        texts.gettext("Phone"),
        texts.number(SUPPORT_PHONE),
        SUPPORT_PHONE,
        texts.gettext("Have the support code and the number of the screen at hand."),
    )
    code = support_code(known.view, texts) if known.view is not None else None
    return Support(
        tone=Tone.GOOD if found.is_open else Tone.CALM,
        opening=_opening(found, texts),
        hours=_hours(texts),
        codes=(phone,) if code is None else (phone, code),
        portal=Code(
            texts.gettext("Customer portal"),
            PORTAL,
            PORTAL_ADDRESS,
            texts.gettext(
                "Tickets, films, documents, knowledge base, news and orders. Without internet on "
                "this server, open the address on another computer."
            ),
        ),
    )


def answer_of(answered: ChallengeAnswered, texts: WindowTexts) -> Code:
    """Show the answer to a challenge code, to be read out."""
    code = texts.latin(texts.number(answered.code))
    return Code(
        texts.gettext("Answer to the code {code:words}", code=code),
        texts.number(answered.answer),
        answered.answer,
        texts.gettext("Read it out group by group. It is good once, for the call that you are in."),
    )


def _opening(found: Opening, texts: WindowTexts) -> str:
    if found.until is None:
        return _closed(found, texts)
    clock = texts.number(found.until.strftime("%H:%M"))
    if found.is_open:
        return texts.gettext("Open now, until {clock:words} (Tehran)", clock=clock)
    return texts.gettext(
        "{closed:words}; opens on {day:words} at {clock:words} (Tehran)",
        closed=_closed(found, texts),
        day=_day(found.today, found.until.date(), texts),
        clock=clock,
    )


def _closed(found: Opening, texts: WindowTexts) -> str:
    if found.is_holiday:
        return texts.gettext("Today is an official holiday")
    return texts.gettext("Closed now")


def _day(today: date, day: date, texts: WindowTexts) -> str:
    weekday = texts.name("weekday", str(day.weekday()))
    is_near = (day - today).days < _WEEK_DAYS
    return weekday if is_near else f"{weekday} {texts.date(day.isoformat())}"


def _hours(texts: WindowTexts) -> Rows:
    days = texts.gettext(
        "{first:words} to {last:words}",
        first=texts.name("weekday", str(_SATURDAY)),
        last=texts.name("weekday", str(_WEDNESDAY)),
    )
    thursday = texts.name("weekday", str(_THURSDAY))
    return ((days, _shift(_SATURDAY, texts)), (thursday, _shift(_THURSDAY, texts)))


def _shift(weekday: int, texts: WindowTexts) -> str:
    opens, closes = (texts.number(at.strftime("%H:%M")) for at in WEEK[weekday])
    return texts.gettext("{first:words} to {last:words}", first=opens, last=closes)
