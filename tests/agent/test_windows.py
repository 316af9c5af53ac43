"""A declared change: the window granted, what it covers, online and without a server (§4, §7)."""

from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from agent.errors import NotAllowed, ServerRefused, ServerUnreachable
from agent.notices import Declaration, declared
from agent.ports import PaperKind
from agent.public_status import read_public_status
from protocol.documents import Activate, Notice, Permit
from protocol.envelope import open_device_document
from protocol.problems import RefusalCode
from protocol.values import ReleaseReason, Standing, Timestamp
from protocol.views import StatusView
from tests import machines
from tests.agent.carrying import carry
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_ID, LICENSE_KEY, NOW

HOUR = 3600
DAY = 24 * HOUR
COPIES = {"license.jws", "permit.jws"}


def declaration(scope: str = "board", start: int = 0, days: int = 10) -> Declaration:
    begins = Timestamp(NOW + start)
    ends = Timestamp(begins + days * DAY)
    return declared(scope, begins, ends, reason="new board", contact="Sara, 021-1")


@pytest.fixture
def noticed(active: World) -> World:
    active.agent.notice(declaration())
    active.clock.time = Timestamp(NOW + DAY)
    return active


def run_for(world: World, hours: int) -> None:
    uptime = world.hardware.uptime_seconds + hours * HOUR
    world.become(replace(world.hardware, uptime_seconds=uptime))


def go_offline(world: World) -> None:
    world.server.lose_next_request(times=999)


def go_online(world: World) -> None:
    world.server.lose_next_request(times=0)


def codes_of(view: StatusView) -> list[str]:
    return [message.code for message in view.messages]


def permit(world: World) -> Permit:
    raw = (world.home.public / "permit.jws").read_bytes()
    decoder = msgspec.json.Decoder(Permit)
    return open_device_document(raw, Permit.typ, world.machine.identity.device, decoder)


def test_a_notice_is_answered_by_a_window_that_is_kept(active: World) -> None:
    view = active.agent.notice(declaration("board,nic"))
    assert (view.standing, view.usable) == (Standing.ACTIVE, True)
    assert view.window is not None
    assert (view.window.scope, view.window.ends_at) == (("board", "nic"), NOW + 10 * DAY)
    assert codes_of(view)[1:] == ["window-granted", "recovery-advised"]
    notice = active.server.received[-1].request
    assert isinstance(notice, Notice)
    assert (notice.reason, notice.contact, notice.drift) == ("new board", "Sara, 021-1", None)
    with active.machine.store.reading() as memory:
        (paper,) = memory.papers(PaperKind.WINDOW)
    assert (paper.license_id, paper.generation) == (LICENSE_ID, 1)
    assert [entry.event for entry in active.agent.history()[-2:]] == [
        "notice-asked",
        "window-received",
    ]


def test_a_notice_waits_for_the_server_and_costs_no_right_to_run(active: World) -> None:
    active.server.lose_next_answer()
    with pytest.raises(ServerUnreachable):
        active.agent.notice(declaration())
    view = active.agent.status()
    assert (view.usable, view.request is not None and view.request.op) == (True, "notice")
    assert active.agent.check().window is not None
    assert active.state.request is None


def test_a_refused_notice_changes_nothing_and_another_may_follow(active: World) -> None:
    active.server.answer_next_with = lambda server, signed: server.refusal(
        signed, RefusalCode.WINDOW_TOO_SOON
    )
    before = active.state
    with pytest.raises(ServerRefused):
        active.agent.notice(declaration())
    assert (active.state.request, active.state.window) == (None, before.window)
    assert active.agent.notice(declaration()).window is not None


def test_an_earlier_wish_is_finished_before_a_notice(active: World) -> None:
    active.server.lose_next_answer()
    with pytest.raises(ServerUnreachable):
        active.agent.notice(declaration("nic"))
    view = active.agent.notice(declaration("board"))
    assert view.window is not None
    assert view.window.scope == ("board",)


def test_only_a_license_that_runs_can_be_spoken_of(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.agent.notice(declaration())
    world.agent.activate(LICENSE_KEY)
    world.agent.release(ReleaseReason.HARDWARE)
    with pytest.raises(NotAllowed):
        world.agent.notice(declaration())


def test_a_covered_change_is_bound_anew_by_itself(noticed: World) -> None:
    noticed.become(machines.with_other_board(noticed.hardware))
    view = noticed.agent.check()
    assert (view.standing, view.usable, view.generation) == (Standing.ACTIVE, True, 2)
    asked = noticed.server.received[-1].request
    assert isinstance(asked, Activate)
    assert asked.drift is not None
    assert view.window is not None
    with noticed.machine.store.reading() as memory:
        first = memory.papers(PaperKind.LICENSE)[0]
    assert asked.shown == first.raw.decode()  # the window proves no generation


def test_offline_a_covered_change_runs_until_72_hours_after_the_window(noticed: World) -> None:
    go_offline(noticed)
    noticed.become(machines.with_other_board(noticed.hardware))
    view = noticed.agent.check()
    nine_days_and_three = 9 * 24 + 72
    assert (view.standing, view.grace_hours_left) == (Standing.DRIFTED, nine_days_and_three)
    assert codes_of(view)[:2] == ["standing-drifted-covered", "window-covers"]
    assert view.actions == ("check", "reactivate", "release")
    run_for(noticed, nine_days_and_three - 1)
    view = noticed.agent.check()
    assert (view.usable, view.grace_hours_left) == (True, 1)
    assert noticed.published() >= COPIES
    assert permit(noticed).grace_hours_left == 1
    assert read_public_status(noticed.home).view.usable
    run_for(noticed, 1)
    assert not noticed.agent.check().usable
    assert not COPIES & noticed.published()
    assert not read_public_status(noticed.home).view.usable


def test_without_a_network_a_covered_change_is_bound_as_its_advice_says(
    noticed: World, tmp_path: Path
) -> None:
    go_offline(noticed)
    noticed.become(machines.with_other_board(noticed.hardware))
    noticed.agent.check()
    noticed.agent.export_check(tmp_path / "request.jws")
    view = carry(noticed, tmp_path / "request.jws")
    assert (view.standing, view.usable, view.generation) == (Standing.ACTIVE, True, 2)


def test_the_time_of_a_window_never_starts_again(noticed: World) -> None:
    go_offline(noticed)
    enrolled = noticed.hardware
    changed = machines.with_other_board(enrolled)
    noticed.become(changed)
    noticed.agent.check()
    run_for(noticed, 100)
    noticed.agent.check()
    noticed.become(replace(enrolled, uptime_seconds=noticed.hardware.uptime_seconds))
    noticed.agent.check()
    noticed.clock.time = Timestamp(noticed.clock.time + 100 * HOUR)
    noticed.become(replace(changed, uptime_seconds=noticed.hardware.uptime_seconds))
    view = noticed.agent.check()
    left_of_the_window = 10 * 24 + 72 - 24 - 100
    assert view.grace_hours_left == left_of_the_window - 100


def test_once_the_server_answers_the_covered_change_is_bound_however_late(noticed: World) -> None:
    go_offline(noticed)
    noticed.become(machines.with_other_board(noticed.hardware))
    noticed.agent.check()
    run_for(noticed, 400)
    noticed.clock.time = Timestamp(NOW + 17 * DAY)
    assert not noticed.agent.check().usable
    go_online(noticed)
    noticed.server.window = None  # more than 72 hours after its end it is told of no more
    noticed.server.now = Timestamp(NOW + 17 * DAY)
    view = noticed.agent.check()
    assert (view.standing, view.usable, view.generation) == (Standing.ACTIVE, True, 2)
    assert noticed.agent.check().window is None


def test_a_window_that_the_vendor_closed_covers_nothing(noticed: World) -> None:
    go_offline(noticed)
    noticed.become(machines.with_other_board(noticed.hardware))
    noticed.agent.check()
    go_online(noticed)
    noticed.server.window = None
    view = noticed.agent.check()
    assert (view.standing, view.window, view.grace_hours_left) == (Standing.DRIFTED, None, 72)
    assert noticed.server.generation == 1


def test_a_window_that_staff_opened_is_heard_of_at_the_check(active: World) -> None:
    active.agent.notice(declaration())
    window, active.server.window = active.server.window, None
    active.agent.check()
    assert active.agent.status().window is None
    active.server.window = window
    assert active.agent.check().window is not None


def test_what_exceeds_the_scope_is_named_and_has_its_own_grace(noticed: World) -> None:
    both = machines.with_other_cpu(machines.with_other_board(noticed.hardware))
    noticed.become(both)
    view = noticed.agent.check()
    assert (view.standing, view.grace_hours_left) == (Standing.DRIFTED, 72)
    exceeded = view.messages[1]
    assert (exceeded.code, exceeded.parameters["parts"]) == ("window-exceeded", "cpu")
    assert noticed.server.generation == 1


def test_an_undeclared_system_exceeds_the_scope_too(noticed: World) -> None:
    noticed.become(machines.with_upgraded_os(noticed.hardware))
    view = noticed.agent.check()
    assert view.messages[1].parameters["parts"] == "os"


def test_what_had_changed_before_the_notice_is_left_out(noticed: World) -> None:
    window = noticed.server.window
    assert window is not None
    noticed.server.window = replace(window, not_covered=("board",))
    noticed.agent.check()
    noticed.become(machines.with_other_board(noticed.hardware))
    view = noticed.agent.check()
    assert view.messages[1].parameters["parts"] == "board"
    assert "window-leaves-out" in codes_of(view)
    assert noticed.server.generation == 1


def test_a_change_before_its_window_is_not_asked_for_unasked(active: World) -> None:
    active.agent.notice(declaration(start=2 * DAY))
    active.clock.time = Timestamp(NOW + DAY)
    active.become(machines.with_other_board(active.hardware))
    view = active.agent.check()
    assert (view.standing, active.server.generation) == (Standing.DRIFTED, 1)
    assert codes_of(view)[:2] == ["standing-drifted", "window-missed"]


def test_another_machine_is_never_covered(noticed: World) -> None:
    strange = machines.with_other_system(machines.with_other_board(noticed.hardware))
    strange = machines.with_other_disk(machines.with_other_cards(strange))
    noticed.become(machines.with_other_cpu(machines.with_other_memory(strange)))
    view = noticed.agent.check()
    assert (view.usable, view.grace_hours_left) == (False, 0)
    assert noticed.server.generation == 1


def test_hiding_what_changed_buys_no_time_of_the_window(noticed: World) -> None:
    noticed.become(machines.with_upgraded_os(noticed.hardware))
    assert noticed.agent.check().grace_hours_left == 72
    noticed.become(replace(noticed.hardware, machine_id="", os_release="", debian_version=""))
    view = noticed.agent.check()
    assert (view.os and view.os.verdict) == "unknown"
    assert (view.standing, view.grace_hours_left) == (Standing.DRIFTED, 72)


@pytest.mark.parametrize(("years", "hours"), [(-20, 10 * 24 + 72), (20, 72)])
def test_no_clock_takes_the_own_grace_or_gives_more_than_the_window(
    noticed: World, years: int, hours: int
) -> None:
    go_offline(noticed)
    noticed.clock.time = Timestamp(NOW + years * 8766 * HOUR)
    noticed.become(machines.with_other_board(noticed.hardware))
    view = noticed.agent.check()
    assert (view.usable, view.grace_hours_left) == (True, hours)
    for later in (-10, 30):
        noticed.clock.time = Timestamp(NOW + later * 8766 * HOUR)
        assert noticed.agent.check().grace_hours_left == hours


def test_a_window_that_is_over_says_so_and_is_forgotten(noticed: World) -> None:
    noticed.clock.time = Timestamp(NOW + 10 * DAY + 1)
    assert codes_of(noticed.agent.status())[1] == "window-over"
    noticed.clock.time = Timestamp(NOW + 13 * DAY + 1)
    view = noticed.agent.status()
    assert (view.window, codes_of(view)) == (None, ["standing-active", "not-confirmed"])


@pytest.mark.parametrize("is_covered", [True, False])
def test_a_release_says_whether_what_changed_before_it_was_declared(
    noticed: World, *, is_covered: bool
) -> None:
    changed = machines.with_other_board(noticed.hardware)
    noticed.become(changed if is_covered else machines.with_other_disk(changed))
    assert [w.code for w in noticed.agent.before_release()] == (
        [] if is_covered else ["release-of-changed"]
    )
    go_offline(noticed)
    view = noticed.agent.release(ReleaseReason.HARDWARE)
    assert ("released-changed" in codes_of(view)) is not is_covered
    go_online(noticed)
    first = "standing-released" if is_covered else "standing-released-changed"
    assert codes_of(noticed.agent.check())[0] == first
