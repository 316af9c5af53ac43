"""Drift on recorded machines: seen, counted in running hours, and never started anew (§4, §7)."""

from pathlib import Path

from msgspec.structs import replace

from protocol.documents import Activate
from protocol.values import OsAxis, ReleaseReason, Standing
from tests import machines
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, SimulatedServer

HOUR = 3600
COPIES = {"license.jws", "permit.jws"}


def run_for(world: World, hours: int) -> None:
    uptime = world.hardware.uptime_seconds + hours * HOUR
    world.become(replace(world.hardware, uptime_seconds=uptime))


def test_grace_counts_running_hours_and_ends_with_the_copies_gone(active: World) -> None:
    active.become(machines.with_other_board(active.hardware))
    assert active.agent.check().grace_hours_left == 72
    run_for(active, 71)
    assert active.agent.check().grace_hours_left == 1
    assert active.published() >= COPIES
    run_for(active, 1)
    view = active.agent.status()
    assert (view.standing, view.usable, view.grace_hours_left) == (Standing.DRIFTED, False, 0)
    active.agent.check()
    assert not COPIES & active.published()
    assert active.agent.release(ReleaseReason.HARDWARE).standing is Standing.RELEASED


def test_no_clock_shortens_or_lengthens_grace(active: World) -> None:
    active.become(machines.with_other_board(active.hardware))
    active.agent.check()
    for years in (10, -20):
        active.clock.time += years * 8766 * HOUR  # type: ignore[assignment]  # a NewType
        assert active.agent.check().grace_hours_left == 72


def test_coming_back_keeps_the_grace_that_was_used(active: World) -> None:
    enrolled = active.hardware
    active.become(machines.with_other_board(enrolled))
    active.agent.check()
    run_for(active, 30)
    active.agent.check()
    active.become(replace(enrolled, uptime_seconds=active.hardware.uptime_seconds))
    view = active.agent.check()
    assert (view.standing, view.grace_hours_left) == (Standing.ACTIVE, None)
    run_for(active, 10)
    active.agent.check()
    active.become(machines.with_other_board(active.hardware))
    assert active.agent.check().grace_hours_left == 42


def test_a_reboot_counts_the_new_uptime(active: World) -> None:
    active.become(machines.with_other_board(active.hardware))
    active.agent.check()
    active.become(replace(machines.rebooted(active.hardware), uptime_seconds=5 * HOUR))
    assert active.agent.check().grace_hours_left == 67


def test_another_machine_has_no_grace(active: World) -> None:
    strange = machines.with_other_system(machines.with_other_board(active.hardware))
    strange = machines.with_other_disk(machines.with_other_cards(strange))
    active.become(machines.with_other_cpu(machines.with_other_memory(strange)))
    view = active.agent.check()
    assert (view.standing, view.usable, view.grace_hours_left) == (Standing.DRIFTED, False, 0)
    assert not COPIES & active.published()


def test_an_unreadable_source_is_never_drift(active: World) -> None:
    active.become(replace(active.hardware, readable_table=False))
    assert active.agent.check().standing is Standing.ACTIVE


def test_an_unreadable_source_does_not_end_drift(active: World) -> None:
    active.become(machines.with_other_board(active.hardware))
    active.agent.check()
    active.become(replace(active.hardware, readable_table=False, boards=(), disks=()))
    assert active.agent.check().standing is Standing.DRIFTED


def test_a_tolerated_change_is_bound_anew_by_itself_and_once(active: World) -> None:
    active.become(machines.with_other_cards(active.hardware))
    view = active.agent.check()
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)
    assert view.drift is not None
    assert view.drift.verdict == "match"
    assert active.agent.check().generation == 2


def test_a_tolerated_change_is_not_asked_about_while_a_part_is_hidden(active: World) -> None:
    whole = machines.with_other_cards(active.hardware)
    active.become(replace(whole, memory=()))
    view = active.agent.check()
    assert (view.standing, view.drift and view.drift.verdict) == (Standing.ACTIVE, "tolerated")
    assert activations(active) == 1
    active.become(whole)
    assert active.agent.check().generation == 2
    assert activations(active) == 2


def activations(world: World) -> int:
    return sum(isinstance(signed.request, Activate) for signed in world.server.received)


def test_an_upgraded_system_is_drift_where_the_license_counts_it(active: World) -> None:
    active.become(machines.with_upgraded_os(active.hardware))
    view = active.agent.check()
    assert view.standing is Standing.DRIFTED
    assert view.os is not None
    assert view.os.verdict == "upgrade"
    assert (view.os.was, view.os.now) == ("debian 12", "debian 13")
    assert "os-upgrade" in [message.code for message in view.messages]


def test_a_patched_system_is_none(active: World) -> None:
    active.become(machines.with_patched_os(active.hardware))
    view = active.agent.check()
    assert view.standing is Standing.ACTIVE
    assert "os-patch" in [message.code for message in view.messages]


def test_a_license_that_counts_no_system_counts_no_upgrade(tmp_path: Path) -> None:
    server = SimulatedServer()
    server.policy = replace(server.policy, os_axis=OsAxis.NONE)
    world = World(tmp_path, server)
    world.agent.activate(LICENSE_KEY)
    world.become(machines.with_reinstalled_os(world.hardware))
    assert world.agent.check().standing is Standing.ACTIVE


def test_a_drifted_machine_is_bound_anew_when_its_admin_asks(active: World) -> None:
    active.become(machines.with_other_board(active.hardware))
    active.agent.check()
    view = active.agent.reactivate()
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)
    asked = active.server.received[-1].request
    assert isinstance(asked, Activate)
    assert asked.drift is not None


def test_a_machine_that_cannot_be_told_from_others_runs_and_never_drifts(tmp_path: Path) -> None:
    world = World(tmp_path, SimulatedServer())
    bare = replace(machines.VIRTUAL_MACHINE, uuid="", disks=(), cards=(), machine_id="", memory=())
    world.become(bare)
    view = world.agent.activate(LICENSE_KEY)
    assert view.usable
    assert view.drift is not None
    assert view.drift.verdict == "insufficient"
    assert "hardware-insufficient" in [message.code for message in view.messages]
    assert world.agent.check().usable


def test_a_license_that_nobody_confirmed_for_a_week_says_so_and_runs(active: World) -> None:
    active.clock.time += 8 * 24 * HOUR  # type: ignore[assignment]  # a NewType
    active.server.lose_next_request(9)
    view = active.agent.check()
    assert (view.usable, view.stale) == (True, True)
    codes = [message.code for message in view.messages]
    assert "not-confirmed" in codes
    assert "server-unreachable" in codes
