"""What the vendor tells all administrators, as it can be shown; announcements in their language."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import msgspec

from agent.layout import Lines, wrapped
from agent.texts import Texts
from protocol.values import OfferName, Timestamp
from protocol.views import OfferView, StatusView

_OPENED = ("https://", "http://")
# Whoever follows an offer writes there: nobody on the way may read it or answer instead.
_SECURE = re.compile(r"https://[!-~]+")


class Told(NamedTuple):
    """One announcement; `key` names it for who has read it, `url` is empty without a page."""

    key: str
    text: str
    url: str
    published_at: Timestamp


def told(view: StatusView, texts: Texts) -> tuple[Told, ...]:
    """Say what is announced, the newest first; a signed copy of an older agent says nothing."""
    if view.announcements is msgspec.UNSET:
        return ()
    return tuple(
        Told(
            # Books that were lost give their numbers again; nothing else is published at its time.
            key=f"{each.announcement_id}@{each.published_at}",
            text=each.text_fa if texts.is_persian else each.text_en,
            url=each.url if each.url and each.url.startswith(_OPENED) else "",
            published_at=each.published_at,
        )
        for each in view.announcements
    )


def told_lines(view: StatusView, texts: Texts) -> Lines:
    """Say it on a terminal."""
    lines: Lines = []
    for each in told(view, texts):
        said = texts.gettext("The vendor announces: {text:words}", text=texts.foreign(each.text))
        lines += wrapped(said)
        if each.url:
            lines += wrapped(texts.latin(each.url), "  ")
    return lines


def offered(view: StatusView | None, name: OfferName) -> OfferView | None:
    """What is offered by that name; a signed copy of an older agent says nothing."""
    if view is None or view.offers is msgspec.UNSET:
        return None
    return next((offer for offer in view.offers if offer.name == name), None)


def page_of(offer: OfferView | None) -> str:
    """The page where it is given; empty where there is none that may be opened."""
    if offer is None or offer.url is None or _SECURE.fullmatch(offer.url) is None:
        return ""
    return offer.url


def holidays(view: StatusView | None) -> frozenset[date]:
    """The days near now on which nobody answers the phone, as far as somebody told them."""
    if view is None or view.holidays is msgspec.UNSET:
        return frozenset()
    return frozenset(_days(view.holidays))


def _days(told: tuple[str, ...]) -> Iterator[date]:
    for day in told:
        try:
            yield date.fromisoformat(day)
        except ValueError:
            # The 31st of a short month is spelled like a day: who told it meant none of ours.
            continue
