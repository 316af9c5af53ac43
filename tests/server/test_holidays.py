"""The days on which nobody answers the phone: told while they are near, by Tehran's calendar."""

from datetime import date, datetime, timedelta

import pytest

from protocol.documents import Truth
from protocol.tehran import TEHRAN
from server_stub import denials, errors
from server_stub.licensing.services import holidays
from tests.server.command import Server
from tests.server.conftest import Office
from tests.server.devices import Device


@pytest.fixture
def device(office: Office) -> Device:
    found = office.device()
    office.bound(found, office.issue().license_key)
    return found


def today(office: Office) -> date:
    return datetime.fromtimestamp(office.time[0], TEHRAN).date()


def told(office: Office, device: Device) -> tuple[str, ...]:
    answer = office.answer(device.check_in())
    assert isinstance(answer, Truth)
    return answer.holidays


def test_those_of_yesterday_and_of_two_months_are_told_the_oldest_first(
    office: Office, device: Device
) -> None:
    begin = today(office) - timedelta(days=1)
    days = [(begin + timedelta(days=n)).isoformat() for n in range(80)]
    assert holidays.add(office.server, days[::-1]) == tuple(days)
    assert told(office, device) == tuple(days[:62])
    office.time[0] += 86_400
    assert told(office, device) == tuple(days[1:63])


def test_the_day_is_tehrans(office: Office, device: Device) -> None:
    midnight = datetime.combine(today(office) + timedelta(days=1), datetime.min.time(), TEHRAN)
    office.time[0] = int(midnight.timestamp()) - 1
    eve = today(office) - timedelta(days=1)
    holidays.add(office.server, [eve.isoformat()])
    assert told(office, device) == (eve.isoformat(),)
    office.time[0] += 1
    assert told(office, device) == ()


def test_to_add_one_twice_is_harmless_and_one_that_was_removed_comes_back(
    office: Office, device: Device
) -> None:
    day = today(office).isoformat()
    assert holidays.add(office.server, [day, day]) == (day,)
    assert holidays.add(office.server, [day]) == ()
    holidays.remove(office.server, day)
    assert told(office, device) == ()
    with pytest.raises(errors.NotFound):
        holidays.remove(office.server, day)
    assert holidays.add(office.server, [day]) == (day,)
    assert told(office, device) == (day,)


def test_where_one_of_them_is_over_none_is_added(office: Office, device: Device) -> None:
    day = today(office)
    over = day - timedelta(days=2)
    with pytest.raises(denials.HolidayOver) as refused:
        holidays.add(office.server, [day.isoformat(), over.isoformat()])
    assert refused.value.parameters == {"day": over.isoformat()}
    assert told(office, device) == ()


def test_they_are_added_listed_and_removed_by_the_command(founded: Server) -> None:
    assert "No holiday" in founded("holiday", "list").out
    added = founded("holiday", "add", "1499/01/01..1499/01/04", "2120-04-02", "--json").json
    nowruz = [f"2120-03-{day}" for day in range(21, 25)]
    assert added == {"added": [*nowruz, "2120-04-02"]}
    assert "already" in founded("holiday", "add", "1499/01/02").out
    shown = founded("holiday", "list", "--lang", "fa").out.splitlines()
    assert shown[0] == "  پنجشنبه ۱۴۹۹/۰۱/۰۱"
    assert "  Thursday 2120-03-21" in founded("holiday", "list").out
    assert "Tuesday 2120-04-02" in founded("holiday", "remove", "۱۴۹۹/۱/۱۳").out
    assert founded("holiday", "list", "--json").json == {"holidays": nowruz}
    assert founded("verify-audit").code == 0


def test_a_day_that_cannot_be_is_refused_as_its_reader_writes_days(founded: Server) -> None:
    over = founded("holiday", "add", "1404/01/01", "--lang", "fa")
    assert (over.code, "۱۴۰۴/۰۱/۰۱ گذشته است" in over.err) == (50, True)
    assert founded("holiday", "add", "1404/01/01", "--json").json["error"] == "holiday-over"
    none = founded("holiday", "remove", "1499/01/01", "--lang", "fa")
    assert (none.code, "۱۴۹۹/۰۱/۰۱" in none.err) == (36, True)
    assert "No holiday" in founded("holiday", "list").out


@pytest.mark.parametrize(
    "wrong",
    ["tomorrow", "1406/01/01..", "1406/01/04..1406/01/01", "1406/01/01..1407/01/01", "..1406/1/1"],
)
def test_what_is_no_day_is_a_usage_error(server: Server, wrong: str) -> None:
    assert server("holiday", "add", wrong).code == 2
