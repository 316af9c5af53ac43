"""How often the vendor's server hears of a machine of which there is nothing to say."""

from msgspec.structs import replace

from agent.cli import main
from protocol.documents import CheckIn, Request
from protocol.envelope import open_request
from tests import machines
from tests.journeys.site import Host, Site

HOUR = 3600


def hear(host: Host, *arguments: str) -> tuple[int, list[type[Request]]]:
    """Run a command as the timer or a person does; what it asked of the server."""
    host.server.requests.clear()
    code = main(["--home", str(host.home.folder), *arguments], opener=lambda _: host.agent)
    return code, [type(open_request(raw).request) for raw in host.server.requests]


def run_for(host: Host, hours: int) -> None:
    host.become(replace(host.hardware, uptime_seconds=host.hardware.uptime_seconds + hours * HOUR))


def test_a_machine_asks_once_a_day_and_at_once_when_it_has_changed(
    site: Site, active: Host
) -> None:
    timer = ("check", "--quiet")
    assert hear(active, *timer) == (0, [CheckIn])
    assert hear(active, "config", "set", "check_interval", "24") == (0, [])
    permit = active.home.public / "permit.jws"
    permit.unlink()
    for _ in range(3):
        run_for(active, 7)
        assert hear(active, *timer) == (0, [])
    assert permit.exists(), "renewed by every run"
    assert hear(active, "check") == (0, [CheckIn])

    assert hear(active, *timer) == (0, [])
    run_for(active, 23)
    assert hear(active, *timer) == (0, []), "counted from the first look after the answer"
    run_for(active, 1)
    assert hear(active, *timer) == (0, [CheckIn])

    enrolled = active.hardware
    active.become(machines.with_other_board(enrolled))
    code, asked = hear(active, *timer)
    assert (code, asked[0]) == (13, CheckIn)
    active.become(enrolled)
    assert hear(active, *timer) == (0, [CheckIn]), "that it was undone is told at once"
    assert hear(active, *timer) == (0, [])
    site.assert_nothing_lost_or_doubled()
