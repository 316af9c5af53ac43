"""What the vendor tells all administrators: with the answer to a check-in, until it is ended."""

from dataclasses import dataclass

from protocol import documents
from protocol.values import Timestamp
from server_stub.errors import NotFound
from server_stub.licensing.models import Announcement
from server_stub.licensing.server import Books
from server_stub.licensing.services.acts import acting

# A word among many is read by nobody.
_MOST_TOLD = 3


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is announced; without an address, `url` is empty."""

    text_fa: str
    text_en: str
    url: str


def announce(books: Books, words: Words) -> Announcement:
    """Tell every administrator, with the next check-in of each machine."""
    with acting(books) as act:
        made = Announcement.objects.create(**vars(words), published_at=act.now)
        act.record("announced", facts={"announcement": made.pk, **vars(words)})
    return made


def end(books: Books, number: int) -> Announcement:
    """Tell it no more; to end it twice is harmless.

    Raises:
        NotFound: no such announcement.
    """
    with acting(books) as act:
        found = Announcement.objects.filter(pk=number).first()
        if found is None:
            raise NotFound(str(number), name=str(number))
        if found.ended_at is None:
            found.ended_at = act.now
            found.save(update_fields=["ended_at"])
            act.record("announcement-ended", facts={"announcement": found.pk})
    return found


def told() -> tuple[documents.Announcement, ...]:
    """The newest few that are not ended, the newest first."""
    running = Announcement.objects.filter(ended_at__isnull=True).order_by("-pk")
    return tuple(
        documents.Announcement(
            announcement_id=found.pk,
            published_at=Timestamp(found.published_at),
            text_fa=found.text_fa,
            text_en=found.text_en,
            url=found.url or None,
        )
        for found in running[:_MOST_TOLD]
    )
