"""A change declared in time, and a device recovered after it, over real HTTP (§4, §7)."""

import time

import pytest

from agent.errors import ServerRefused, StoreDamaged
from agent.notices import Declaration, declared
from protocol.values import ReleaseReason, Standing, Timestamp
from protocol.views import StatusView
from tests import machines
from tests.journeys.site import Host, Site
from tests.server.live import IssuedLicense

DAY = 24 * 3600


def declaration(scope: str) -> Declaration:
    now = int(time.time())
    return declared(
        scope, Timestamp(now - 3600), Timestamp(now + 5 * DAY), reason="repair", contact="Sara"
    )


def codes_of(view: StatusView) -> list[str]:
    return [message.code for message in view.messages]


def test_a_declared_change_is_bound_anew_by_itself_and_costs_nothing(
    site: Site, active: Host
) -> None:
    view = active.agent.notice(declaration("board"))
    assert view.window is not None
    active.become(machines.with_other_board(active.hardware))
    view = active.agent.check()
    assert (view.standing, view.generation, view.case) == (Standing.ACTIVE, 2, None)
    assert site.server.rows("Case") == []
    site.assert_nothing_lost_or_doubled()


def test_offline_a_declared_change_runs_and_is_bound_once_the_server_is_back(
    site: Site, active: Host
) -> None:
    active.agent.notice(declaration("board,cpu"))
    site.server.stop()
    active.become(machines.with_other_cpu(machines.with_other_board(active.hardware)))
    view = active.agent.check()
    assert (view.standing, view.usable) == (Standing.DRIFTED, True)
    assert view.grace_hours_left is not None
    assert view.grace_hours_left > 72
    assert codes_of(view)[0] == "standing-drifted-covered"
    site.server.start()
    assert active.agent.check().generation == 2
    site.assert_nothing_lost_or_doubled()


def test_what_was_not_declared_is_for_people_to_decide(site: Site, active: Host) -> None:
    active.agent.notice(declaration("board"))
    active.become(machines.with_upgraded_os(machines.with_other_board(active.hardware)))
    view = active.agent.check()
    assert (view.standing, view.usable) == (Standing.DRIFTED, True)
    assert view.messages[1].parameters["parts"] == "os"
    assert site.server.rows("Case") == []
    assert active.agent.reactivate().case is not None
    site.assert_nothing_lost_or_doubled()


def test_what_had_changed_before_the_notice_is_not_washed_clean(active: Host) -> None:
    active.become(machines.with_other_board(active.hardware))
    view = active.agent.notice(declaration("board"))
    assert "window-exceeded" in codes_of(view)
    assert "window-leaves-out" in codes_of(view)
    assert active.agent.check().standing is Standing.DRIFTED


def test_a_second_window_is_refused_while_one_stands(active: Host) -> None:
    active.agent.notice(declaration("board"))
    with pytest.raises(ServerRefused) as refusal:
        active.agent.notice(declaration("cpu"))
    assert refusal.value.text_code == "refused-window-stands"
    view = active.agent.check()
    assert view.window is not None
    assert view.window.scope == ("board",)


def test_a_new_operating_system_takes_its_license_with_the_recovery_file(
    site: Site, active: Host
) -> None:
    device = active.agent.device
    active.agent.release(ReleaseReason.OS)
    recovery = active.agent.recovery()
    fresh = site.host(machines.with_reinstalled_os(active.hardware))
    fresh.agent.restore(recovery)
    view = fresh.agent.reactivate()
    assert (view.standing, view.case) == (Standing.ACTIVE, None)
    assert fresh.agent.device == device
    assert len(fresh.agent.receipts()) == 1
    site.server.assert_invariants()


def test_a_declared_reinstallation_needs_no_release(site: Site, active: Host) -> None:
    active.agent.notice(declaration("os-reinstall"))
    recovery = active.agent.recovery()
    fresh = site.host(machines.with_reinstalled_os(active.hardware))
    fresh.agent.restore(recovery)
    view = fresh.agent.reactivate()
    assert (view.standing, view.generation, view.case) == (Standing.ACTIVE, 2, None)
    assert site.server.rows("Case") == []
    site.server.assert_invariants()


def test_without_the_recovery_file_a_new_system_is_a_stranger_and_nothing_is_lost(
    site: Site, active: Host, issued: IssuedLicense
) -> None:
    active.agent.notice(declaration("os-reinstall"))
    fresh = site.host(machines.with_reinstalled_os(active.hardware))
    view = fresh.agent.activate(issued.license_key)
    assert (view.usable, view.case is not None) == (False, True)


@pytest.mark.parametrize("standing", ["active", "releasing", "released"])
@pytest.mark.parametrize("damage", ["garbage", "gone", "old"])
def test_a_damaged_store_finds_its_way_back_by_the_recovery_file(
    site: Site, active: Host, standing: str, damage: str
) -> None:
    old = active.home.store.read_bytes()
    active.agent.check()
    recovery = active.agent.recovery()
    if standing == "releasing":
        site.server.stop()
    if standing != "active":
        active.agent.release(ReleaseReason.HARDWARE)
        recovery = active.agent.recovery()
    if standing == "releasing":
        site.server.start()
    if damage == "garbage":
        active.home.store.write_bytes(b"garbage" * 999)
    elif damage == "gone":
        active.home.store.unlink()
    else:
        active.home.store.write_bytes(old)
    if damage == "old":
        view = active.agent.check()
        if standing == "released":
            # The server holds it for nobody; what this machine is told is that it must ask.
            assert view.standing is Standing.SUPERSEDED
            view = active.agent.reactivate()
        assert view.usable
    else:
        assert active.agent.status().standing is Standing.DAMAGED
        with pytest.raises(StoreDamaged):
            active.agent.check()
        view = active.agent.restore(recovery)
        assert (view.standing, view.actions[0]) == (Standing.DAMAGED, "reactivate")
        assert len(active.agent.receipts()) == (standing == "released")
        assert active.agent.reactivate().usable
    assert active.agent.check().usable
    site.assert_nothing_lost_or_doubled()
