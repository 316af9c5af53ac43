"""The numbered letter that declares a change in writing, from one Iranian office to another.

It is Persian in every window. What nobody wrote yet is left to be filled in by hand.
"""

import hashlib
import time
from typing import NamedTuple

from agent.ui.jobs import Known
from agent.ui.jobs.notices import Declare
from agent.ui.jobs.planning import Planned
from agent.ui.views import paper
from agent.ui.views.notices import told
from agent.ui.views.planning import changes_named
from agent.ui.views.printed import Server
from agent.ui.views.tones import Rows
from agent.ui.wording import Act, WindowTexts
from protocol.calendar import to_jalali
from protocol.digits import with_damm_digit
from protocol.values import Timestamp
from protocol.views import LicenseView
from protocol.windows import Change, known_changes

_BLANK = "…" * 20
_TELLING_DIGITS = 1000


class Letter(NamedTuple):
    """What a letter declares; what nobody wrote yet is left to be filled in by hand."""

    changes: tuple[Change, ...]
    begins: Timestamp
    ends: Timestamp
    reason: str = ""
    contact: str = ""
    window_id: int | None = None


def letter_wanted(known: Known, planned: Planned | Declare | None) -> Letter | None:
    """Find what a letter would declare: what was typed, or else the window that stands."""
    window = known.view.window if known.view is not None else None
    if isinstance(planned, Declare):
        begins, ends = planned.period()
        return Letter(planned.changes, begins, ends, planned.reason, planned.contact)
    if window is None:
        return None
    scope = known_changes(window.scope)
    changes = tuple(change for change in Change if change in scope)
    return Letter(changes, window.starts_at, window.ends_at, window_id=window.window_id)


def may_declare(known: Known) -> bool:
    """Whether a change can be declared now."""
    return known.view is not None and Act.NOTICE.value in known.view.actions


def nothing_to_declare(texts: WindowTexts) -> str:
    """Say why there is no letter."""
    said = texts.gettext("The letter says what changes and when: declare the change first.")
    return paper.paper(texts, paper.paragraph(said, texts))


def letter_of(license: LicenseView, letter: Letter, server: Server, now: int) -> str:
    """Write the letter that declares a change, as HTML."""
    texts = WindowTexts("fa")
    number = texts.latin(texts.number(letter_number(license, letter, now)))
    parts = [
        paper.paragraph(texts.gettext("In the name of God"), texts, "middle"),
        paper.paragraph(f"{texts.gettext('Number')}: {number}", texts, "opposite"),
        paper.paragraph(f"{texts.gettext('Date')}: {_day(now, texts)}", texts, "opposite"),
        paper.paragraph(texts.gettext("Enclosures: none"), texts, "opposite"),
        paper.paragraph(texts.gettext("To: Faragostar, customer support"), texts, "strong"),
        paper.paragraph(
            texts.gettext("From: {customer:words}", customer=texts.foreign(license.customer)), texts
        ),
        paper.paragraph(
            texts.gettext("Subject: notice of a planned change to a licensed server"),
            texts,
            "strong",
        ),
        paper.paragraph(_request(letter, texts), texts, "apart"),
        paper.listing((), _declared(license, letter, server, texts), texts),
        paper.paragraph(texts.gettext("With regards,"), texts, "apart"),
        paper.facts(_signature(texts), texts),
    ]
    return paper.paper(texts, *parts)


def letter_number(license: LicenseView, letter: Letter, now: int) -> str:
    """Number a letter so that both sides can cite it, without a book to look it up in.

    The Jalali day, the license's support code, and three digits of what the letter says with a
    check digit behind them: the same letter of the same day has the same number wherever it is
    printed, another one has another.
    """
    at = time.localtime(now)
    day = to_jalali(at.tm_year, at.tm_mon, at.tm_mday)
    said = "\n".join(
        (
            license.id,
            ",".join(letter.changes),
            str(letter.begins),
            str(letter.ends),
            letter.reason.strip(),
            letter.contact.strip(),
        )
    )
    digest = int.from_bytes(hashlib.sha256(said.encode()).digest()[:4]) % _TELLING_DIGITS
    date = f"{day.year:04}{day.month:02}{day.day:02}"
    return f"{date}/{license.support_code}/{with_damm_digit(f'{digest:03}')}"


def _request(letter: Letter, texts: WindowTexts) -> str:
    if letter.window_id is None:
        return texts.gettext(
            "We give notice that the change below will be made to a server that holds a license of "
            "yours. Please record it as coordinated, and answer to the contact named below."
        )
    return texts.gettext(
        "We confirm in writing the change below to a server that holds a license of yours, for "
        "which the change window {window:number} was granted.",
        window=letter.window_id,
    )


def _declared(license: LicenseView, letter: Letter, server: Server, texts: WindowTexts) -> Rows:
    return (
        (texts.gettext("Product"), texts.foreign(license.product)),
        (texts.gettext("License number"), texts.latin(license.id)),
        (texts.gettext("Support code"), texts.latin(texts.number(license.support_code))),
        (texts.gettext("Server"), texts.latin(server.name or _BLANK)),
        (texts.gettext("Change"), changes_named(letter.changes, texts)),
        (texts.gettext("From"), told(letter.begins, texts)),
        (texts.gettext("Until"), told(letter.ends, texts)),
        (texts.gettext("Reason"), texts.foreign(letter.reason.strip() or _BLANK)),
        (texts.gettext("Contact"), texts.foreign(letter.contact.strip() or _BLANK)),
    )


def _signature(texts: WindowTexts) -> Rows:
    names = (texts.gettext("Name"), texts.gettext("Position"), texts.gettext("Signature and seal"))
    return tuple((name, _BLANK) for name in names)


def _day(now: int, texts: WindowTexts) -> str:
    return texts.date(time.strftime("%Y-%m-%d", time.localtime(now)))
