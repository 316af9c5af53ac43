"""The story that the product exists for, over real HTTP, with the invariants after each act."""

import pytest

from agent.errors import NotAllowed, ServerRefused, ServerUnreachable
from agent.presentation import status_lines
from agent.texts import Texts
from protocol.values import ReleaseReason, Standing
from tests import machines
from tests.journeys.site import Host, Site
from tests.server.live import IssuedLicense
from tests.simulated_server import OTHER_KEY


def test_activate_status_release_receipt_reactivate(
    site: Site, host: Host, issued: IssuedLicense
) -> None:
    assert host.agent.activate(issued.license_key).standing is Standing.ACTIVE
    site.assert_nothing_lost_or_doubled()

    view = host.agent.status()
    assert view.license is not None
    assert view.license.support_code == issued.support_code
    assert host.published() == {"roots.jws", "license.jws", "permit.jws", "status.jws"}

    assert host.agent.release(ReleaseReason.HARDWARE).standing is Standing.RELEASED
    site.assert_nothing_lost_or_doubled()
    assert host.published() == {"roots.jws", "status.jws"}
    assert len(host.agent.receipts()) == 1

    host.become(machines.with_other_board(host.hardware))
    view = host.agent.reactivate()
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)
    assert view.drift is not None
    assert view.drift.verdict == "match"
    site.assert_nothing_lost_or_doubled()


def test_a_change_without_notice_drifts_with_hours_and_the_reason_named(
    site: Site, active: Host
) -> None:
    active.become(machines.with_other_board(active.hardware))
    view = active.agent.check()
    assert (view.standing, view.usable, view.grace_hours_left) == (Standing.DRIFTED, True, 72)
    assert view.drift is not None
    assert [c.id for c in view.drift.components if c.status == "changed"] == ["board"]

    view = active.agent.reactivate()
    assert view.case is not None
    assert (view.standing, view.usable) == (Standing.DRIFTED, True)
    site.assert_nothing_lost_or_doubled()


def test_an_os_upgrade_without_notice_is_drift_too(active: Host) -> None:
    active.become(machines.with_upgraded_os(active.hardware))
    view = active.agent.check()
    assert view.standing is Standing.DRIFTED
    assert view.os is not None
    assert (view.os.verdict, view.os.was, view.os.now) == ("upgrade", "debian 12", "debian 13")


def test_putting_the_old_part_back_ends_the_drift(site: Site, active: Host) -> None:
    enrolled = active.hardware
    active.become(machines.with_other_board(enrolled))
    active.agent.check()
    active.become(enrolled)
    assert active.agent.check().standing is Standing.ACTIVE
    site.assert_nothing_lost_or_doubled()


def test_a_tolerated_change_is_bound_anew_by_itself(site: Site, active: Host) -> None:
    active.become(machines.with_other_cards(active.hardware))
    view = active.agent.check()
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)
    assert view.drift is not None
    assert view.drift.verdict == "match"
    site.assert_nothing_lost_or_doubled()


def test_a_release_from_a_store_put_back_frees_what_the_server_holds(
    site: Site, active: Host
) -> None:
    backup = active.snapshot("backup")
    site.server.stop()
    for _ in range(3):
        active.agent.check()  # sequences that the server never sees
    site.server.start()
    active.become(machines.with_other_cards(active.hardware))
    assert active.agent.check().generation == 2
    active.put_back(backup)
    assert active.agent.release(ReleaseReason.MOVE).standing is Standing.RELEASED
    assert site.server.rows("Binding", state="active") == []
    site.assert_nothing_lost_or_doubled()


def test_release_with_the_server_away_leaves_a_proof_and_the_receipt_follows(
    site: Site, active: Host
) -> None:
    site.server.stop()
    view = active.agent.release(ReleaseReason.OS)
    assert (view.standing, view.usable) == (Standing.RELEASING, False)
    assert active.agent.proof() is not None
    assert active.published() == {"roots.jws", "status.jws"}
    site.server.start()
    assert active.agent.check().standing is Standing.RELEASED
    site.assert_nothing_lost_or_doubled()


def test_a_license_keeps_running_while_the_server_is_away(site: Site, active: Host) -> None:
    site.server.stop()
    view = active.agent.check()
    assert (view.standing, view.usable) == (Standing.ACTIVE, True)
    assert "server-unreachable" in [m.code for m in view.messages]


def test_a_lost_answer_is_asked_for_again_and_binds_once(
    site: Site, host: Host, issued: IssuedLicense
) -> None:
    site.server.lose_next_answer(times=3)
    with pytest.raises(ServerUnreachable):
        host.agent.activate(issued.license_key)
    assert host.agent.check().generation == 1
    site.assert_nothing_lost_or_doubled()


def test_a_lost_request_is_sent_again(site: Site, host: Host, issued: IssuedLicense) -> None:
    site.server.drop_next_request(times=3)
    with pytest.raises(ServerUnreachable):
        host.agent.activate(issued.license_key)
    assert host.state.standing is Standing.ACTIVATING
    assert host.agent.check().standing is Standing.ACTIVE
    site.assert_nothing_lost_or_doubled()


def test_a_doubled_request_binds_once(site: Site, host: Host, issued: IssuedLicense) -> None:
    site.server.duplicate_next_request()
    assert host.agent.activate(issued.license_key).generation == 1
    site.server.duplicate_next_request()
    assert host.agent.release(ReleaseReason.OS).standing is Standing.RELEASED
    assert len(site.server.rows("Receipt")) == 1
    site.assert_nothing_lost_or_doubled()


def test_late_copies_of_old_requests_change_nothing(site: Site, active: Host) -> None:
    active.agent.release(ReleaseReason.OS)
    active.agent.reactivate()
    before = site.server.rows("Binding")
    for old in list(site.server.requests):
        site.server.answer(old)
    assert site.server.rows("Binding") == before
    site.assert_nothing_lost_or_doubled()


def test_another_machine_cannot_take_a_bound_license(
    site: Site, active: Host, issued: IssuedLicense
) -> None:
    stranger = site.host(machines.VIRTUAL_MACHINE)
    view = stranger.agent.activate(issued.license_key)
    assert (view.standing, view.usable) == (Standing.ACTIVATING, False)
    assert view.case is not None
    assert view.license is None
    assert view.case.message is None
    answer = site.server.rows("Exchange")[-1]["answer"]
    assert issued.license_id.encode() not in bytes(answer)
    assert active.agent.check().standing is Standing.ACTIVE
    site.assert_nothing_lost_or_doubled()


def test_after_a_release_another_machine_needs_the_reactivation_code(
    site: Site, active: Host, issued: IssuedLicense
) -> None:
    active.agent.release(ReleaseReason.MOVE)
    code = active.agent.reactivation_code()
    assert code is not None
    second = site.host(machines.VIRTUAL_MACHINE)

    assert second.agent.activate(issued.license_key).case is not None
    assert not second.usable
    wrong = code[:4] + "00000-00000"  # not even a code
    with pytest.raises(Exception, match="mistyped"):
        second.agent.activate(issued.license_key, wrong)

    view = second.agent.activate(issued.license_key, code)
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)
    site.assert_nothing_lost_or_doubled()


def test_a_code_of_another_release_is_refused(
    site: Site, active: Host, issued: IssuedLicense
) -> None:
    active.agent.release(ReleaseReason.MOVE)
    other = site.issue()
    elsewhere = site.host(machines.VIRTUAL_MACHINE)
    elsewhere.agent.activate(other.license_key)
    elsewhere.agent.release(ReleaseReason.MOVE)
    code = elsewhere.agent.reactivation_code()
    third = site.host(machines.VIRTUAL_MACHINE)
    with pytest.raises(ServerRefused, match="reactivation-code-wrong"):
        third.agent.activate(issued.license_key, code)
    assert third.state.standing is Standing.UNLICENSED


def test_an_old_backup_put_back_is_superseded_at_its_next_check_in(
    site: Site, active: Host, issued: IssuedLicense
) -> None:
    backup = active.snapshot("backup")
    active.agent.release(ReleaseReason.MOVE)
    second = site.host(machines.VIRTUAL_MACHINE)
    second.agent.activate(issued.license_key, active.agent.reactivation_code())
    active.put_back(backup)
    view = active.agent.check()
    assert (view.standing, view.usable) == (Standing.SUPERSEDED, False)
    assert active.published() == {"roots.jws", "status.jws"}
    site.assert_nothing_lost_or_doubled()


def test_an_old_backup_put_back_after_a_release_is_told_the_truth_and_takes_the_license_again(
    site: Site, active: Host
) -> None:
    backup = active.snapshot("backup")
    active.agent.release(ReleaseReason.OS)
    active.put_back(backup)
    view = active.agent.check()
    assert (view.standing, view.actions[0]) == (Standing.SUPERSEDED, "reactivate")
    told = " ".join(" ".join(status_lines(view, Texts("en"))).split())
    assert "given back, or activated on another server later" in told
    assert "Run `faragostar-man reactivate` to take it again" in told
    assert active.agent.reactivate().usable
    site.assert_nothing_lost_or_doubled()


def test_an_old_backup_on_the_bound_machine_heals_by_itself(site: Site, active: Host) -> None:
    backup = active.snapshot("backup")
    active.agent.check()
    active.agent.check()
    active.put_back(backup)
    assert active.agent.check().standing is Standing.ACTIVE
    assert active.agent.release(ReleaseReason.OS).standing is Standing.RELEASED
    site.assert_nothing_lost_or_doubled()


def test_a_backup_put_back_after_a_release_releases_again_or_learns_the_truth(
    site: Site, active: Host
) -> None:
    backup = active.snapshot("backup")
    active.agent.release(ReleaseReason.OS)
    active.put_back(backup)
    assert active.agent.check().standing is Standing.SUPERSEDED
    assert active.agent.reactivate().generation == 2
    site.assert_nothing_lost_or_doubled()


def test_a_running_license_is_not_replaced_by_another(site: Site, active: Host) -> None:
    other = site.issue()
    with pytest.raises(NotAllowed):
        active.agent.activate(other.license_key)
    assert active.usable


def test_a_second_proof_of_one_release_shows_no_code_that_opens_nothing(
    site: Site, active: Host
) -> None:
    backup = active.snapshot("backup")
    active.agent.release(ReleaseReason.MOVE)
    first = active.agent.reactivation_code()
    active.put_back(backup)
    site.server.stop()
    active.agent.release(ReleaseReason.MOVE)
    assert active.agent.reactivation_code() != first
    site.server.start()
    assert active.agent.check().standing is Standing.RELEASED
    assert active.agent.reactivation_code() is None
    site.assert_nothing_lost_or_doubled()


def test_another_key_that_was_tried_does_not_take_the_license_s_place(active: Host) -> None:
    active.agent.release(ReleaseReason.OS)
    code = active.agent.reactivation_code()
    with pytest.raises(ServerRefused, match="license-unknown"):
        active.agent.activate(OTHER_KEY)
    assert active.agent.reactivation_code() == code
    assert active.agent.reactivate().generation == 2


def test_a_suspension_is_known_before_a_release_and_ends_when_the_vendor_allows_it(
    site: Site, active: Host
) -> None:
    license_id = active.state.license_id
    assert license_id is not None
    site.server.suspend(license_id)
    view = active.agent.check()
    assert (view.usable, view.messages[1].code) == (True, "license-suspended")
    assert [warning.code for warning in active.agent.before_release()] == ["license-suspended"]
    view = active.agent.release(ReleaseReason.OS)
    assert (view.standing, view.messages[1].code) == (Standing.RELEASED, "released-suspended")
    with pytest.raises(ServerRefused, match="license-suspended"):
        active.agent.reactivate()
    site.server.suspend(license_id, suspended=False)
    view = active.agent.reactivate()
    assert view.usable
    assert not any("suspended" in message.code for message in view.messages)
    site.assert_nothing_lost_or_doubled()
