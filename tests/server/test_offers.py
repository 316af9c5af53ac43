"""What the vendor gives beside the protocol: told by name to every machine, until it is ended."""

import pytest

from protocol.documents import Offer, Truth
from server_stub import denials, errors
from server_stub.licensing.services import offers
from tests.server.command import Server
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


def test_it_is_offered_listed_and_ended_by_the_command(founded: Server) -> None:
    assert "Nothing is offered" in founded("offer", "list").out
    made = founded("offer", "add", "tickets", "--url", PAGE, "--json").json
    assert (made["name"], made["url"], made["ended_at"]) == ("tickets", PAGE, None)
    assert PAGE in founded("offer", "list").out
    assert "no more" in founded("offer", "end", "tickets").out
    assert "tickets, ended" in founded("offer", "list").out
    assert "\u2066tickets\u2069، پایان" in founded("offer", "list", "--lang", "fa").out
    assert founded("offer", "end", "films", "--json").json["error"] == "not-found"
    assert founded("verify-audit").code == 0


def test_what_cannot_be_offered_is_named_with_what_can(founded: Server) -> None:
    refused = founded("offer", "add", "films", "--url", PAGE, "--json")
    assert (refused.code, refused.json["error"]) == (36, "offer-unknown")
    assert "tickets" in refused.json["advice"]
    assert "Nothing is offered" in founded("offer", "list").out


@pytest.mark.parametrize("wrong", ["http://portal.faragostar.net/", "portal", "https://x y"])
def test_a_page_that_is_not_secure_is_a_usage_error(server: Server, wrong: str) -> None:
    assert server("offer", "add", "tickets", "--url", wrong).code == 2
