"""What the vendor announces: told to every machine that checks in, the newest few, until ended."""

import pytest

from protocol.documents import Announcement, Truth
from server_stub import errors
from server_stub.licensing.services import announcements
from tests.server.command import Server
from tests.server.conftest import Office
from tests.server.devices import Device


def words(number: int, url: str = "") -> announcements.Words:
    return announcements.Words(text_fa=f"خبر {number}", text_en=f"News {number}", url=url)


def told(office: Office, device: Device) -> tuple[Announcement, ...]:
    answer = office.answer(device.check_in())
    assert isinstance(answer, Truth)
    return answer.announcements


def test_the_newest_few_are_told_until_they_are_ended(office: Office) -> None:
    device = office.device()
    office.bound(device, office.issue().license_key)
    assert told(office, device) == ()
    made = [announcements.announce(office.server, words(n)) for n in range(1, 6)]
    assert [found.text_en for found in told(office, device)] == ["News 5", "News 4", "News 3"]
    announcements.end(office.server, made[-1].pk)
    announcements.end(office.server, made[-1].pk)
    assert [found.text_fa for found in told(office, device)] == ["خبر 4", "خبر 3", "خبر 2"]


def test_an_address_is_told_where_there_is_one(office: Office) -> None:
    device = office.device()
    office.bound(device, office.issue().license_key)
    announcements.announce(office.server, words(1))
    announcements.announce(office.server, words(2, "https://portal.faragostar.net/"))
    second, first = told(office, device)
    assert (first.url, second.url) == (None, "https://portal.faragostar.net/")
    assert second.published_at == office.time[0]


def test_what_was_never_announced_cannot_be_ended(office: Office) -> None:
    with pytest.raises(errors.NotFound):
        announcements.end(office.server, 7)


def test_it_is_announced_listed_and_ended_by_the_command(founded: Server) -> None:
    assert "Nothing is announced" in founded("announce", "list").out
    said = ("--fa", "نسخهٔ تازه آماده است", "--en", "A newer version is ready")
    page = "https://portal.faragostar.net/"
    made = founded("announce", "add", *said, "--url", page, "--json").json
    assert (made["number"], made["url"], made["ended_at"]) == (1, page, None)
    shown = founded("announce", "list", "--lang", "fa").out
    assert "اطلاعیهٔ ۱" in shown
    assert "نسخهٔ تازه آماده است" in shown
    assert founded("announce", "end", "1").code == 0
    assert "Announcement 1, ended" in founded("announce", "list").out
    assert founded("announce", "end", "2", "--json").json["error"] == "not-found"
    assert founded("verify-audit").code == 0


@pytest.mark.parametrize(
    "wrong", ["ftp://x", "portal", "https://", "https://x y", "https://\u06a9"]
)
def test_an_address_that_is_none_is_a_usage_error(server: Server, wrong: str) -> None:
    said = ("--fa", "خبر", "--en", "News")
    assert server("announce", "add", *said, "--url", wrong).code == 2


def test_an_announcement_needs_no_address(founded: Server) -> None:
    assert founded("announce", "add", "--fa", "خبر", "--en", "News").code == 0
    assert "News" in founded("announce", "list").out
