"""Parts that cannot be read: nothing for three days, then the vendor's word, then drift (§4).

All of it counts running time, so no clock starts, shortens or lengthens any of it.
"""

from pathlib import Path

import pytest
from msgspec.structs import replace

from protocol.documents import Activate
from protocol.values import OsAxis, ReleaseReason, Standing
from protocol.views import StatusView
from tests import machines
from tests.agent.carrying import answered
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, SimulatedServer

HOUR = 3600
DAY = 24 * HOUR
MONTH = 30 * 24
COPIES = {"license.jws", "permit.jws"}


def hide(world: World) -> None:
    """The table and the fields are there no more: neither board nor UUID can be read."""
    world.become(replace(world.hardware, uuid="", boards=(), memory=()))


def run_for(world: World, hours: int) -> StatusView:
    """Run that long without the server; the agent looks before and after it."""
    world.server.lose_next_request(9)
    world.agent.check()
    uptime = world.hardware.uptime_seconds + hours * HOUR
    world.become(replace(world.hardware, uptime_seconds=uptime))
    view = world.agent.check()
    world.server.lose_next_request(0)
    return view


def codes(view: StatusView) -> list[str]:
    return [message.code for message in view.messages]


def test_nothing_happens_in_the_first_three_days(active: World) -> None:
    hide(active)
    view = active.agent.check()
    assert "hidden-lately" in codes(view)
    view = run_for(active, 71)
    assert (view.standing, view.usable) == (Standing.ACTIVE, True)
    said = next(message for message in view.messages if message.code == "hidden-lately")
    assert said.parameters == {"hours": "1"}
    assert active.published() >= COPIES


def test_afterwards_it_runs_as_long_as_check_ins_are_answered(active: World) -> None:
    hide(active)
    active.agent.check()
    for _month in range(3):
        view = run_for(active, MONTH - 1)
        assert (view.standing, view.usable) == (Standing.ACTIVE, True)
        view = active.agent.check()
        said = next(message for message in view.messages if message.code == "hidden-long")
        assert said.parameters == {"days": "30"}


def test_without_an_answer_for_thirty_days_it_counts_as_changed(active: World) -> None:
    hide(active)
    active.agent.check()
    assert run_for(active, MONTH - 1).standing is Standing.ACTIVE
    view = run_for(active, 1)
    assert (view.standing, view.usable, view.grace_hours_left) == (Standing.DRIFTED, True, 72)
    assert codes(view)[0] == "standing-drifted-hidden"
    view = run_for(active, 72)
    assert (view.usable, codes(view)[0]) == (False, "standing-drifted-hidden-stopped")
    active.server.lose_next_request(9)
    active.agent.check()
    assert not COPIES & active.published()


@pytest.mark.parametrize(("hours", "runs"), [(1, True), (72, False)])
def test_an_answer_ends_it_also_when_it_had_stopped(
    active: World, hours: int, *, runs: bool
) -> None:
    hide(active)
    run_for(active, MONTH)
    assert run_for(active, hours).usable is runs
    view = active.agent.check()
    assert (view.standing, view.usable, view.grace_hours_left) == (Standing.ACTIVE, True, None)
    assert active.published() >= COPIES
    assert active.state.generation == 1


def test_an_answer_that_was_carried_by_hand_counts(active: World, tmp_path: Path) -> None:
    hide(active)
    run_for(active, MONTH + 1)
    file = tmp_path / "check.jws"
    active.agent.export_check(file)
    view = active.agent.import_(answered(active, file))
    assert (view.standing, view.usable) == (Standing.ACTIVE, True)
    # The same answer once more is no answer of today.
    run_for(active, MONTH)
    assert active.agent.import_(answered(active, file)).standing is Standing.DRIFTED


def test_the_first_thing_to_do_is_a_check(active: World) -> None:
    hide(active)
    assert run_for(active, MONTH).actions == ("check", "reactivate", "release")


def test_no_difference_is_claimed_that_nobody_saw(active: World) -> None:
    hide(active)
    run_for(active, MONTH)
    active.agent.reactivate()
    asked = active.server.received[-1].request
    assert isinstance(asked, Activate)
    assert asked.drift is None


def test_parts_that_come_back_end_it_and_nothing_of_the_three_days_is_used(active: World) -> None:
    enrolled = active.hardware
    hide(active)
    run_for(active, MONTH + 24)
    active.become(replace(enrolled, uptime_seconds=active.hardware.uptime_seconds))
    active.server.lose_next_request(9)
    view = active.agent.check()
    assert (view.standing, view.usable) == (Standing.ACTIVE, True)
    active.server.lose_next_request(0)
    active.agent.check()
    hide(active)
    said = active.agent.check().messages
    assert next(m for m in said if m.code == "hidden-lately").parameters == {"hours": "72"}


def test_silence_before_counts_so_that_hiding_wins_no_month(active: World) -> None:
    run_for(active, 2 * MONTH)
    assert active.agent.status().usable
    hide(active)
    assert run_for(active, 71).standing is Standing.ACTIVE
    assert run_for(active, 1).standing is Standing.DRIFTED


def test_no_clock_moves_it(active: World) -> None:
    hide(active)
    active.agent.check()
    for years in (10, -20):
        active.clock.time += years * 8766 * HOUR  # type: ignore[assignment]  # a NewType
        active.server.lose_next_request(9)
        view = active.agent.check()
        assert view.standing is Standing.ACTIVE
        assert "hidden-lately" in codes(view)


def test_a_part_that_is_seen_to_differ_is_drift_at_once(active: World) -> None:
    enrolled = active.hardware
    hide(active)
    run_for(active, MONTH + 24)
    first = active.state.drifted_at
    active.clock.time += DAY  # type: ignore[assignment]  # a NewType
    active.become(machines.with_other_board(replace(enrolled, boot_id="another")))
    active.server.lose_next_request(9)
    view = active.agent.check()
    assert codes(view)[0] == "standing-drifted"
    assert active.state.drifted_at == (first or 0) + DAY
    # And what has differed once differs still when it is hidden again.
    hide(active)
    active.server.lose_next_request(0)
    assert active.agent.check().standing is Standing.DRIFTED


def test_a_machine_whose_parts_are_hidden_may_give_its_license_back_clean(active: World) -> None:
    hide(active)
    run_for(active, MONTH + 24)
    assert not active.agent.before_release()
    view = active.agent.release(ReleaseReason.HARDWARE)
    assert (view.standing, codes(view)[0]) == (Standing.RELEASED, "standing-released")


def test_a_system_that_hides_counts_too_where_the_license_counts_it(tmp_path: Path) -> None:
    for axis, told in ((OsAxis.UPGRADE, True), (OsAxis.PATCH, True), (OsAxis.NONE, False)):
        server = SimulatedServer()
        server.policy = replace(server.policy, os_axis=axis)
        world = World(tmp_path / axis.value, server)
        world.agent.activate(LICENSE_KEY)
        world.become(replace(world.hardware, os_release=""))
        assert ("hidden-lately" in codes(world.agent.check())) is told


def test_a_patch_that_hides_counts_only_where_the_license_counts_patches(tmp_path: Path) -> None:
    for axis, told in ((OsAxis.UPGRADE, False), (OsAxis.PATCH, True)):
        server = SimulatedServer()
        server.policy = replace(server.policy, os_axis=axis)
        world = World(tmp_path / axis.value, server)
        world.agent.activate(LICENSE_KEY)
        world.become(replace(world.hardware, debian_version=""))
        assert ("hidden-lately" in codes(world.agent.check())) is told


def test_a_machine_that_was_enrolled_with_little_is_never_hidden(tmp_path: Path) -> None:
    world = World(tmp_path, SimulatedServer())
    hide(world)
    world.agent.activate(LICENSE_KEY)
    assert not {"hidden-lately", "hidden-long"} & {*codes(run_for(world, MONTH + 200))}
    assert world.agent.status().usable
