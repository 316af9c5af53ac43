"""What the newest truth offers, as far as this window has a place for it."""

from typing import NamedTuple

from agent.announcing import offered, page_of
from agent.ui.jobs import Known
from protocol.values import OfferName


class Offers(NamedTuple):
    """The places that are there; `tickets` is the page where they are written, or empty.

    `challenge`: the vendor may ask for proof over the phone.
    """

    tickets: str = ""
    challenge: bool = False


def offers_of(known: Known) -> Offers:
    """Say what has a place; a name that nobody knows has none."""
    return Offers(
        tickets=page_of(offered(known.view, OfferName.TICKETS)),
        challenge=offered(known.view, OfferName.CHALLENGE) is not None,
    )
