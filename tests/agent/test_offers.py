"""What the newest truth offers, and the days that it calls holidays."""

from datetime import date

import msgspec
import pytest
from msgspec.structs import replace

from agent.announcing import holidays, offered, page_of
from protocol.documents import Offer
from protocol.values import OfferName
from protocol.views import OfferView, StatusView
from tests.agent.worlds import World

PAGE = "https://portal.faragostar.net/tickets"


@pytest.fixture
def view(active: World) -> StatusView:
    active.server.offers, active.server.holidays = (
        (Offer(name="tickets", url=PAGE),),
        ("2027-03-21",),
    )
    view = active.agent.check()
    assert offered(view, OfferName.TICKETS)
    assert holidays(view)
    return view


def test_the_newest_truth_says_what_is_offered(active: World) -> None:
    active.server.offers = (Offer(name="films", url=PAGE), Offer(name="tickets", url=PAGE))
    found = offered(active.agent.check(), OfferName.TICKETS)
    assert found == OfferView(name="tickets", url=PAGE)
    assert page_of(found) == PAGE
    active.server.offers = ()
    assert offered(active.agent.check(), OfferName.TICKETS) is None


@pytest.mark.parametrize(
    "url", [None, "", "http://portal.faragostar.net/", "https://", "https://a b", "file:///etc"]
)
def test_a_page_that_is_not_secure_is_opened_by_nobody(url: str | None) -> None:
    assert page_of(OfferView(name="tickets", url=url)) == ""


def test_what_is_not_offered_has_no_page() -> None:
    assert page_of(None) == ""


def test_the_days_that_a_truth_told_are_holidays(active: World) -> None:
    active.server.holidays = ("2027-03-21", "2027-02-31", "2027-03-22")
    told = holidays(active.agent.check())
    assert told == {date(2027, 3, 21), date(2027, 3, 22)}, "and what is no day is none"


def test_a_copy_of_an_older_agent_tells_of_neither(view: StatusView) -> None:
    old = replace(view, offers=msgspec.UNSET, holidays=msgspec.UNSET)
    assert (offered(old, OfferName.TICKETS), holidays(old)) == (None, frozenset())


def test_where_nothing_is_known_nothing_is_offered() -> None:
    assert (offered(None, OfferName.TICKETS), holidays(None)) == (None, frozenset())
