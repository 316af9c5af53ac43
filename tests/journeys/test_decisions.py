"""A change that nobody declared, from the machine to the vendor's desk and back."""

import pytest

from agent.presentation import status_lines
from agent.texts import Texts
from protocol.values import CaseKind, CaseState, Coordination, ReleaseReason, Standing
from protocol.views import FeeView
from tests import machines
from tests.journeys.desk import Desk
from tests.journeys.site import Host, Site
from tests.server.live import IssuedLicense


@pytest.fixture
def desk(site: Site) -> Desk:
    return Desk(site)


def test_the_administrator_sees_verdict_and_fee_and_goes_on_once_it_is_approved(
    site: Site, desk: Desk, active: Host
) -> None:
    with desk.open() as staff:
        for inside in (True, False):
            staff.publish("hardware", 12_000_000, in_warranty=inside)
    active.agent.check()
    active.become(machines.with_other_board(active.hardware))
    opened = active.agent.reactivate().case
    assert opened is not None
    assert opened.coordination is Coordination.UNCOORDINATED
    assert isinstance(opened.fee, FeeView)
    assert (opened.fee.amount, opened.fee.waived) == (12_000_000, False)
    text = "\n".join(status_lines(active.agent.status(), Texts("en")))
    assert "not coordinated with the vendor" in text
    assert "12,000,000 rials" in text
    with desk.open() as staff:
        staff.approve(opened.case_id, fee="waive", message="A kindness of the house.")
    view = active.agent.check()
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)
    for _ in range(2):
        told = active.agent.check().case
        assert told is not None
        assert (told.message, told.state) == ("A kindness of the house.", CaseState.APPROVED)
        assert isinstance(told.fee, FeeView)
        assert told.fee.waived
    assert active.agent.status().generation == 2
    site.assert_nothing_lost_or_doubled()


def test_a_declined_change_costs_no_right_and_may_be_asked_about_again(
    desk: Desk, active: Host
) -> None:
    active.agent.check()
    active.become(machines.with_other_board(active.hardware))
    opened = active.agent.reactivate().case
    assert opened is not None
    with desk.open() as staff:
        staff.decline(opened.case_id, message="Which board is this?")
    view = active.agent.check()
    assert (view.standing, view.usable) == (Standing.DRIFTED, True)
    again = active.agent.reactivate().case
    assert again is not None
    assert (again.state, again.case_id == opened.case_id) == (CaseState.OPEN, False)


def test_a_dead_machines_license_moves_by_two_words_and_the_dead_stays_dead(
    site: Site, desk: Desk, active: Host, issued: IssuedLicense
) -> None:
    active.agent.check()
    heir = site.host(machines.VIRTUAL_MACHINE)
    opened = heir.agent.activate(issued.license_key).case
    assert opened is not None
    assert (opened.coordination, opened.fee) == (None, None), "a stranger is told nothing"
    with desk.open() as staff:
        staff.approve(opened.case_id, "Sara")
    assert heir.agent.check().standing is Standing.ACTIVATING
    with desk.open() as staff:
        staff.approve(opened.case_id, "Reza")
    assert heir.agent.check().standing is Standing.ACTIVE
    # Not dead after all: it runs until its next check-in, and no longer.
    assert active.agent.check().standing is Standing.SUPERSEDED
    site.assert_nothing_lost_or_doubled()


def test_a_released_change_is_decided_for_the_next_key_and_taken_up_by_itself(
    desk: Desk, active: Host
) -> None:
    active.agent.check()
    active.become(machines.with_other_board(active.hardware))
    active.agent.release(ReleaseReason.HARDWARE)
    backup = active.snapshot("backup")
    for _ in range(3):
        active.agent.reactivate()
        active.agent.withdraw()
    active.put_back(backup)
    opened = active.agent.reactivate().case
    assert opened is not None
    assert (opened.kind, active.state.renew_key) == (CaseKind.CHANGED, True)
    with desk.open() as staff:
        staff.approve(opened.case_id)
    assert active.agent.check().standing is Standing.ACTIVE


def test_a_license_taken_again_before_the_change_was_made_costs_nothing(
    desk: Desk, active: Host
) -> None:
    with desk.open() as staff:
        for inside in (True, False):
            staff.publish("hardware", 12_000_000, in_warranty=inside)
    active.agent.check()
    active.agent.release(ReleaseReason.HARDWARE)
    assert active.agent.reactivate().usable
    active.become(machines.with_other_board(active.hardware))
    active.agent.check()
    opened = active.agent.reactivate().case
    assert opened is not None
    assert (opened.coordination, opened.fee) == (Coordination.COORDINATED, None)
