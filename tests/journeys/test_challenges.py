"""Support asks over the phone, the machine answers, and the vendor knows where it stands (§10)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from protocol.values import ReleaseReason, Standing
from tests import machines
from tests.journeys.desk import Desk
from tests.journeys.site import Host, Site
from tests.journeys.test_forks import copy_of, go_on_and_put_back, other_hardware
from tests.server.live import IssuedLicense

Said = tuple[int, dict[str, Any]]


class Phone:
    """Leila of support, with the vendor's own command over the site's books."""

    def __init__(
        self, site: Site, issued: IssuedLicense, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.site, self.issued, self._capsys = site, issued, capsys
        self._say("staff", "add", "Leila", "--role", "support")

    def ask(self) -> str:
        code, told = self._say("challenge", self.issued.support_code, "--by", "Leila")
        assert code == 0, told
        return str(told["code"])

    def hear(self, code: str, answer: str) -> Said:
        return self._say("challenge", "check", code, answer, "--by", "Leila")

    def proves(self, host: Host) -> tuple[str, str, int, str]:
        """Ask a machine and say what its answer proves."""
        asked = self.ask()
        before = host.state
        code, told = self.hear(asked, host.agent.respond(asked).answer)
        assert code == 0, told
        assert host.state == before, "it only reads"
        assert told["device"] in host.agent.device or told["in_books"] == "ended"
        return told["standing"], told["drift"], told["generation"], told["in_books"]

    def _say(self, *words: str) -> Said:
        self._capsys.readouterr()
        code = self.site.server.command(*words, "--json")
        return code, json.loads(self._capsys.readouterr().out)


@pytest.fixture
def phone(site: Site, issued: IssuedLicense, capsys: pytest.CaptureFixture[str]) -> Phone:
    return Phone(site, issued, capsys)


def test_a_machine_tells_where_it_stands_through_its_whole_life(phone: Phone, active: Host) -> None:
    assert phone.proves(active) == ("active", "no-drift", 1, "bound")
    enrolled = active.hardware
    active.become(machines.with_other_board(enrolled))
    assert phone.proves(active) == ("drifted", "drift", 1, "bound")
    active.become(enrolled)
    server = phone.site.server
    server.stop()
    active.agent.release(ReleaseReason.HARDWARE)
    assert phone.proves(active) == ("releasing", "not-compared", 1, "bound")
    server.start()
    active.agent.check()
    assert phone.proves(active) == ("released", "not-compared", 1, "ended")
    active.agent.reactivate()
    assert phone.proves(active) == ("active", "no-drift", 2, "bound")
    phone.site.assert_nothing_lost_or_doubled()


def test_parts_that_cannot_be_read_are_told_from_those_that_changed(
    phone: Phone, active: Host
) -> None:
    active.become(replace(active.hardware, uuid="", boards=(), memory=()))
    assert phone.proves(active) == ("active", "hidden", 1, "bound")


def test_a_copy_that_was_superseded_says_so_and_one_that_runs_on_is_found_out(
    phone: Phone, active: Host, issued: IssuedLicense
) -> None:
    desk = Desk(phone.site)
    active.agent.check()
    heir = phone.site.host(machines.VIRTUAL_MACHINE)
    opened = heir.agent.activate(issued.license_key).case
    assert opened is not None
    with desk.open() as staff:
        staff.approve(opened.case_id, "Sara")
        staff.approve(opened.case_id, "Reza")
    assert heir.agent.check().standing is Standing.ACTIVE
    assert phone.proves(active) == ("active", "no-drift", 1, "ended")
    assert active.agent.check().standing is Standing.SUPERSEDED
    assert phone.proves(active) == ("superseded", "not-compared", 1, "ended")
    assert phone.proves(heir) == ("active", "no-drift", 2, "bound")
    phone.site.assert_nothing_lost_or_doubled()


def test_a_machine_with_a_renewed_key_answers_under_it_and_its_copy_under_the_former(
    phone: Phone, active: Host
) -> None:
    active.agent.check()
    copy = copy_of(phone.site, active, other_hardware(active.hardware))
    go_on_and_put_back(active)
    active.agent.check()
    assert phone.proves(active) == ("active", "no-drift", 2, "bound")
    assert phone.proves(copy) == ("drifted", "drift", 1, "ended")


def test_a_whole_copy_answers_like_the_original(phone: Phone, active: Host) -> None:
    """A stated limit: what has the keys and looks alike is the machine, on the phone too."""
    copy = copy_of(phone.site, active, active.hardware)
    asked = phone.ask()
    assert copy.agent.respond(asked) == active.agent.respond(asked)


def test_an_answer_is_taken_once_and_a_wrong_machine_is_told(
    phone: Phone, active: Host, site: Site
) -> None:
    stranger = site.host(machines.VIRTUAL_MACHINE)
    stranger.agent.activate(site.issue().license_key)
    asked = phone.ask()
    code, told = phone.hear(asked, stranger.agent.respond(asked).answer)
    assert (code, told["error"], told["parameters"]["left"]) == (51, "answer-wrong", "4")
    answer = active.agent.respond(asked).answer
    assert phone.hear(asked, answer)[0] == 0
    code, told = phone.hear(asked, answer)
    assert (code, told["error"]) == (51, "challenge-used")


@pytest.mark.parametrize("spoken", [str, lambda code: code.replace("-", " ")])
def test_what_a_person_types_is_forgiven(
    phone: Phone, active: Host, spoken: Callable[[str], str]
) -> None:
    asked = phone.ask()
    persian = spoken(asked).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    answer = active.agent.respond(persian).answer
    assert phone.hear(asked, answer.replace("-", ""))[0] == 0
