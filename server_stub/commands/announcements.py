"""`announce add`, `announce list` and `announce end`."""

from typing import TYPE_CHECKING

from server_stub.commands import typed
from server_stub.commands.opening import open_books
from server_stub.commands.shown import Call, Parsers, Shown
from server_stub.django_setup import set_up

if TYPE_CHECKING:
    from server_stub.licensing.models import Announcement


def add_parsers(add: Parsers) -> None:
    """Add the three commands."""
    add("announce", None, "what every administrator is told")
    made = add("announce add", announce, "tell it with the next check-in of each machine")
    made.add_argument("--fa", metavar="TEXT", type=typed.long_text, required=True)
    made.add_argument("--en", metavar="TEXT", type=typed.long_text, required=True)
    made.add_argument("--url", metavar="URL", type=typed.address)
    add("announce list", list_announcements, "what is told, and what was")
    ended = add("announce end", end, "tell it no more")
    ended.add_argument("number", metavar="N", type=typed.number)


def announce(call: Call) -> Shown:
    """Tell every administrator."""
    set_up(call.home, call.database_url)
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import announcements

    chosen = call.arguments
    words = announcements.Words(text_fa=chosen.fa, text_en=chosen.en, url=chosen.url or "")
    facts = _facts(announcements.announce(Books.of(call.home), words))
    return Shown(facts, (call.say("announced", **facts), *_lines(facts)))


def list_announcements(call: Call) -> Shown:
    """What is told, and what was, the newest first."""
    open_books(call)
    from server_stub.licensing.models import Announcement
    from server_stub.licensing.transactions import store_errors

    with store_errors():
        found = [_facts(each) for each in Announcement.objects.order_by("-pk")]
    lines = [line for facts in found for line in (_head(call, facts), *_lines(facts))]
    return Shown({"announcements": found}, tuple(lines) or (call.say("announcement.none"),))


def end(call: Call) -> Shown:
    """Tell it no more."""
    set_up(call.home, call.database_url)
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import announcements

    facts = _facts(announcements.end(Books.of(call.home), call.arguments.number))
    return Shown(facts, (call.say("announcement-ended", **facts),))


def _head(call: Call, facts: dict[str, object]) -> str:
    code = "announcement.told" if facts["ended_at"] is None else "announcement.over"
    return call.say(code, number=facts["number"])


def _lines(facts: dict[str, object]) -> tuple[str, ...]:
    words = (facts["text_fa"], facts["text_en"], facts["url"])
    return tuple(f"  {word}" for word in words if word)


def _facts(found: "Announcement") -> dict[str, object]:
    return {
        "number": found.pk,
        "text_fa": found.text_fa,
        "text_en": found.text_en,
        "url": found.url,
        "published_at": found.published_at,
        "ended_at": found.ended_at,
    }
