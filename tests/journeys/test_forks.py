"""Stores put back and machines copied, over real HTTP: one goes on, nobody is stopped (§5)."""

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from agent.errors import ServerRefused
from protocol.values import CaseKind, ReleaseReason, Standing
from protocol.views import StatusView
from tests import machines
from tests.journeys.site import Host, Site
from tests.server.live import IssuedLicense


def device(host: Host) -> str:
    return host.agent.device


def copy_of(site: Site, host: Host, hardware: machines.Machine) -> Host:
    """Boot a copy of a machine's disk on some hardware."""
    copy = site.host(hardware)
    shutil.rmtree(copy.home.folder)
    shutil.copytree(host.home.folder, copy.home.folder)
    return copy


def other_hardware(hardware: machines.Machine) -> machines.Machine:
    other = machines.with_other_system(machines.with_other_board(hardware))
    other = machines.with_other_disk(machines.with_other_cards(other))
    return machines.with_other_cpu(machines.with_other_memory(other))


def go_on_and_put_back(host: Host, name: str = "backup") -> None:
    """Take a snapshot, go on, and put it back."""
    backup = host.snapshot(name)
    for _ in range(3):
        host.agent.check()
    host.put_back(backup)


def put_back_and_check(host: Host, name: str) -> StatusView:
    host.agent.check()
    go_on_and_put_back(host, name)
    view = host.agent.check()
    assert view.usable
    return view


def bindings(site: Site) -> list[dict[str, Any]]:
    return site.server.rows("Binding", state="active")


def test_an_honest_snapshot_heals_by_itself_at_the_next_check(site: Site, active: Host) -> None:
    active.agent.check()
    former = device(active)
    go_on_and_put_back(active)
    view = active.agent.check()
    assert (view.standing, view.usable, view.case) == (Standing.ACTIVE, True, None)
    assert "key-renewed" in [message.code for message in view.messages]
    assert device(active) != former
    assert [b["device_id"] for b in bindings(site)] == [device(active)]
    site.assert_nothing_lost_or_doubled()
    assert active.agent.check().usable
    assert active.agent.release(ReleaseReason.HARDWARE).standing is Standing.RELEASED
    assert active.agent.reactivate().usable
    site.assert_nothing_lost_or_doubled()


def test_a_snapshot_from_before_the_license_was_bound_anew_takes_it_again_when_asked(
    site: Site, active: Host
) -> None:
    """An old generation never runs beside a newer one, whoever shows it."""
    active.agent.check()
    backup = active.snapshot("backup")
    active.become(machines.with_other_cpu(active.hardware))
    assert active.agent.check().generation == 2
    active.agent.check()
    active.put_back(backup)
    assert active.agent.check().standing is Standing.SUPERSEDED
    view = active.agent.reactivate()
    assert (view.standing, view.usable, view.case) == (Standing.ACTIVE, True, None)
    assert (view.generation, [b["generation"] for b in bindings(site)]) == (3, [3])
    site.assert_nothing_lost_or_doubled()


def test_an_old_copy_on_other_hardware_is_superseded_by_the_newer_generation(
    site: Site, active: Host
) -> None:
    active.agent.check()
    copy = copy_of(site, active, other_hardware(active.hardware))
    active.become(machines.with_other_cpu(active.hardware))
    assert active.agent.check().generation == 2
    active.agent.check()
    assert copy.agent.check().standing is Standing.SUPERSEDED
    assert active.agent.check().usable
    site.assert_nothing_lost_or_doubled()


def test_a_store_put_back_alone_heals_too(site: Site, active: Host) -> None:
    active.agent.check()
    old = active.home.store.read_bytes()
    for _ in range(3):
        active.agent.check()
    active.home.store.write_bytes(old)
    assert active.agent.check().usable
    assert active.agent.check().usable
    site.assert_nothing_lost_or_doubled()


def test_a_reactivation_from_a_store_put_back_renews_the_key_on_its_way(
    site: Site, active: Host
) -> None:
    active.agent.check()
    go_on_and_put_back(active)
    former = device(active)
    active.become(machines.with_other_cards(active.hardware))
    assert active.agent.check().usable
    assert device(active) != former
    site.assert_nothing_lost_or_doubled()


def test_a_copy_on_other_hardware_takes_nothing_and_production_goes_on(
    site: Site, active: Host
) -> None:
    active.agent.check()
    copy = copy_of(site, active, other_hardware(active.hardware))
    assert not copy.agent.check().usable
    for _ in range(2):
        assert active.agent.check().usable
        copy.agent.check()
    assert active.agent.check().usable
    assert not copy.usable
    assert [b["device_id"] for b in bindings(site)] == [device(active)]
    assert not copy.published() & {"license.jws", "permit.jws"}
    site.server.assert_invariants()


def test_the_copy_is_superseded_once_production_has_its_new_key(site: Site, active: Host) -> None:
    active.agent.check()
    copy = copy_of(site, active, other_hardware(active.hardware))
    for _ in range(3):
        active.agent.check()
    copy.agent.check()  # under a sequence that production had used
    active.agent.check()  # which heals
    view = copy.agent.check()
    assert (view.standing, view.usable) == (Standing.SUPERSEDED, False)
    assert active.agent.check().usable
    site.server.assert_invariants()


def test_when_both_match_a_case_is_opened_and_nobody_is_stopped(site: Site, active: Host) -> None:
    active.agent.check()
    twin = copy_of(site, active, active.hardware)
    for _ in range(2):
        active.agent.check()
    twin.agent.check()
    for _ in range(3):
        assert active.agent.check().usable
        assert twin.agent.check().usable
    cases = site.server.rows("Case", state="open")
    assert {case["kind"] for case in cases} == {CaseKind.FORK.value}
    assert len(bindings(site)) == 1
    shown = [host.agent.status().case for host in (active, twin)]
    assert any(case is not None and case.kind is CaseKind.FORK for case in shown)


def test_a_second_fork_within_a_month_is_for_people_to_decide(site: Site, active: Host) -> None:
    assert put_back_and_check(active, "first").case is None
    case = put_back_and_check(active, "second").case
    assert case is not None
    assert case.kind is CaseKind.FORK
    for _ in range(3):
        assert active.agent.check().usable
    site.server.decide_case(case.case_id, "approved")
    bound = active.agent.check().generation
    for _ in range(2):
        view = active.agent.check()
        assert view.generation == bound
        assert "case-carried-out" in [message.code for message in view.messages]
    assert active.usable
    site.assert_nothing_lost_or_doubled()


def test_the_home_of_before_a_renewal_runs_on_until_somebody_decides(
    active: Host,
) -> None:
    put_back_and_check(active, "first")
    active.put_back(active.folder / "first")
    for _ in range(3):
        assert active.agent.check().usable
    case = active.agent.check().case
    assert case is not None
    assert case.kind is CaseKind.FORK


def test_a_recovery_file_of_before_a_renewal_is_told_who_holds_the_license(
    site: Site, active: Host, issued: IssuedLicense
) -> None:
    recovery = active.agent.recovery()
    go_on_and_put_back(active)
    active.agent.check()
    fresh = site.host(machines.with_reinstalled_os(active.hardware))
    fresh.agent.restore(recovery)
    try:
        view = fresh.agent.reactivate()
    except ServerRefused as refusal:
        pytest.fail(f"no way on: {refusal}")
    assert (view.usable, view.case is not None) == (False, True)
    assert active.agent.check().usable
    assert issued.license_key


def test_a_recovery_file_loaded_on_other_hardware_takes_nothing_from_the_machine_that_runs(
    site: Site, active: Host
) -> None:
    active.agent.check()
    second = site.host(other_hardware(active.hardware))
    second.agent.restore(active.agent.recovery())
    view = second.agent.reactivate()
    assert (view.usable, view.case is not None) == (False, True)
    for _ in range(2):
        assert active.agent.check().usable
        assert not second.agent.check().usable
    site.server.assert_invariants()


def test_a_recovery_file_loaded_on_a_machine_that_looks_alike_leaves_one_that_runs(
    site: Site, active: Host
) -> None:
    active.agent.check()
    twin = site.host(active.hardware)
    twin.agent.restore(active.agent.recovery())
    assert twin.agent.reactivate().usable
    view = active.agent.check()
    assert (view.standing, view.usable) == (Standing.SUPERSEDED, False)
    assert twin.agent.check().usable
    site.server.assert_invariants()


def test_a_recovery_file_loaded_after_a_mistaken_activation_is_no_copy(
    site: Site, active: Host, issued: IssuedLicense
) -> None:
    recovery = active.agent.recovery()
    for _ in range(4):
        active.agent.check()
    fresh = site.host(active.hardware)
    assert fresh.agent.activate(issued.license_key).case is not None
    fresh.agent.withdraw()
    fresh.agent.restore(recovery)
    assert fresh.agent.reactivate().usable
    assert not [row for row in site.server.rows("Device") if row["forked_at"]]


def test_a_release_in_the_midst_of_a_renewal_leaves_the_license_free(
    site: Site, active: Host, issued: IssuedLicense, tmp_path: Path
) -> None:
    active.agent.check()
    go_on_and_put_back(active)
    while not active.state.renew_key:
        file = tmp_path / f"check{active.state.sequence}"
        active.agent.export_check(file)
        with suppress(ServerRefused):
            active.agent.import_(site.server.answer(file.read_bytes()))
    active.agent.export_check(tmp_path / "renewal")
    lost = site.server.answer(tmp_path.joinpath("renewal").read_bytes())
    assert [b["device_id"] for b in bindings(site)] != [device(active)]
    view = active.agent.release(ReleaseReason.MOVE)
    assert (view.standing, bindings(site)) == (Standing.RELEASED, [])
    assert active.agent.import_(lost).standing is Standing.RELEASED
    other = site.host(machines.VIRTUAL_MACHINE)
    assert other.agent.activate(issued.license_key, active.agent.reactivation_code()).usable
    site.assert_nothing_lost_or_doubled()
