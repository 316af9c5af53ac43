"""What the vendor tells all administrators, in the reader's language."""

from typing import NamedTuple

import msgspec

from agent.layout import Lines, wrapped
from agent.texts import Texts
from protocol.values import Timestamp
from protocol.views import StatusView

_OPENED = ("https://", "http://")


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
