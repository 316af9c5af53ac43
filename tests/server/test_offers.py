"""What the vendor gives beside the protocol: told by name to every machine, until it is ended."""

import pytest

from protocol.documents import Offer, Truth
from server_stub import denials, errors
from server_stub.licensing.services import offers
from tests.server.conftest import Office
from tests.server.devices import Device

PAGE = "https://portal.faragostar.net/tickets"


def told(office: Office, device: Device) -> tuple[Offer, ...]:
    answer = office.answer(device.check_in())
    assert isinstance(answer, Truth)
    return tuple(offer for offer in answer.offers if offer.url is not None)


def test_it_is_told_with_its_page_until_it_is_ended(office: Office) -> None:
    device = office.device()
    office.bound(device, office.issue().license_key)
    assert told(office, device) == ()
    offers.offer(office.server, "tickets", "https://old.example/")
    offers.offer(office.server, "tickets", PAGE)
    assert told(office, device) == (Offer(name="tickets", url=PAGE),)
    offers.end(office.server, "tickets")
    offers.end(office.server, "tickets")
    assert told(office, device) == ()
    offers.offer(office.server, "tickets", PAGE)
    assert told(office, device) == (Offer(name="tickets", url=PAGE),)


def test_what_no_agent_has_a_place_for_is_refused_by_name(office: Office) -> None:
    with pytest.raises(denials.OfferUnknown):
        offers.offer(office.server, "films", PAGE)


def test_what_was_never_offered_cannot_be_ended(office: Office) -> None:
    with pytest.raises(errors.NotFound):
        offers.end(office.server, "tickets")
