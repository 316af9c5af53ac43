"""What the vendor gives administrators beside the protocol: told by name until it is ended."""

from protocol import documents
from protocol.values import OfferName
from server_stub.denials import OfferUnknown
from server_stub.errors import NotFound
from server_stub.licensing.models import Offer
from server_stub.licensing.server import Books
from server_stub.licensing.services.acts import acting

# What is given on a page that somebody must name; an agent knows the place of each.
_ON_A_PAGE = (OfferName.TICKETS,)


def offer(books: Books, name: str, url: str) -> Offer:
    """Tell it with the next check-in of each machine, or tell of its other page from now on.

    Raises:
        OfferUnknown: nothing of that name is given on a page.
    """
    if name not in _ON_A_PAGE:
        known = ", ".join(_ON_A_PAGE)
        raise OfferUnknown(name, name=name, known=known)
    with acting(books) as act:
        found = Offer.objects.filter(name=name).first() or Offer(name=name)
        found.url, found.offered_at, found.ended_at = url, act.now, None
        found.save()
        act.record("offered", facts={"offer": name, "url": url})
    return found


def end(books: Books, name: str) -> Offer:
    """Tell it no more; to end it twice is harmless.

    Raises:
        NotFound: it was never offered.
    """
    with acting(books) as act:
        found = Offer.objects.filter(name=name).first()
        if found is None:
            raise NotFound(name, name=name)
        if found.ended_at is None:
            found.ended_at = act.now
            found.save(update_fields=["ended_at"])
            act.record("offer-ended", facts={"offer": name})
    return found


def told() -> tuple[documents.Offer, ...]:
    """What is offered now: what every server of ours does itself, and what has a page, by name."""
    running = Offer.objects.filter(ended_at__isnull=True).order_by("name")
    on_a_page = (documents.Offer(name=found.name, url=found.url) for found in running)
    return (documents.Offer(name=OfferName.CHALLENGE), *on_a_page)
