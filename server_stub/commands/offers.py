"""`offer add`, `offer list` and `offer end`."""

from typing import TYPE_CHECKING

from server_stub.commands import typed
from server_stub.commands.opening import open_books
from server_stub.commands.shown import Call, Parsers, Shown
from server_stub.django_setup import set_up

if TYPE_CHECKING:
    from server_stub.licensing.models import Offer


def add_parsers(add: Parsers) -> None:
    """Add the three commands."""
    add("offer", None, "what is given beside the protocol, by name")
    made = add("offer add", offer, "offer it with the next check-in of each machine")
    made.add_argument("name", metavar="NAME", type=typed.name, help="tickets")
    made.add_argument("--url", metavar="URL", type=typed.secure_address, required=True)
    add("offer list", list_offers, "what is offered, and what was")
    ended = add("offer end", end, "offer it no more")
    ended.add_argument("name", metavar="NAME", type=typed.name)


def offer(call: Call) -> Shown:
    """Offer it, or name its other page."""
    set_up(call.home, call.database_url)
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import offers

    chosen = call.arguments
    facts = _facts(offers.offer(Books.of(call.home), chosen.name, chosen.url))
    return Shown(facts, (call.say("offered", offer=chosen.name), f"  {chosen.url}"))


def list_offers(call: Call) -> Shown:
    """What is offered, and what was, by name."""
    open_books(call)
    from server_stub.licensing.models import Offer
    from server_stub.licensing.transactions import store_errors

    with store_errors():
        found = [_facts(each) for each in Offer.objects.order_by("name")]
    lines = [line for facts in found for line in (_head(call, facts), f"  {facts['url']}")]
    return Shown({"offers": found}, tuple(lines) or (call.say("offer.none"),))


def end(call: Call) -> Shown:
    """Offer it no more."""
    set_up(call.home, call.database_url)
    from server_stub.licensing.server import Books
    from server_stub.licensing.services import offers

    name = call.arguments.name
    facts = _facts(offers.end(Books.of(call.home), name))
    return Shown(facts, (call.say("offer-ended", offer=name),))


def _head(call: Call, facts: dict[str, object]) -> str:
    code = "offer.told" if facts["ended_at"] is None else "offer.over"
    return call.say(code, offer=facts["name"])


def _facts(found: "Offer") -> dict[str, object]:
    return {
        "name": found.name,
        "url": found.url,
        "offered_at": found.offered_at,
        "ended_at": found.ended_at,
    }
