"""Homes of one key, by real agents: who contests runs until people decide, and everybody rests."""

from collections.abc import Iterator
from typing import Any

import pytest

from agent.use_cases import Agent
from protocol.values import CaseState, ReleaseReason, Standing
from tests.machine.network import Fate
from tests.machine.scenarios import ANSWER_LOST, LOST, standing
from tests.machine.sites import Site
from tests.machine.world import CALM, Weather, World


def cases() -> Any:
    from server_stub.licensing.models import Case

    return Case.objects.order_by("pk")


class Desk:
    """One license and three machines; the second is a copy of the first, and alike."""

    def __init__(self) -> None:
        self.world = World(sites=3, licenses=1)
        self.first, self.second, self.third = self.world.sites
        self.key = self.world.vendor.licenses[0][1]

    def activate(self, site: Site) -> None:
        self.world.act(site, lambda agent: agent.activate(self.key), CALM)

    def release(self, site: Site, weather: Weather = CALM) -> None:
        self.world.act(site, lambda agent: agent.release(ReleaseReason.MOVE), weather)

    def check(self, site: Site, weather: Weather = CALM, times: int = 1) -> None:
        for _ in range(times):
            self.world.act(site, Agent.check, weather)

    def copy(self) -> None:
        self.activate(self.first)
        self.check(self.first)
        self.world.save_recovery(self.first)
        self.world.copy(self.first, self.second, hardware=True)

    def contest(self, last: Weather = CALM) -> None:
        """The copy's count is ahead, for hours of its check-ins were lost; it renews its key."""
        self.copy()
        self.check(self.second, LOST, times=20)
        self.check(self.second)
        self.check(self.first, times=2)
        self.check(self.second, last)
        self.check(self.first, times=3)
        assert self.contested.state == CaseState.OPEN
        assert self.runs(self.first)

    def lose_some_evidence(self) -> None:
        """A restore whose operator says that evidence is lost: the license is on hold."""
        self.world.restore(self.world.vendor.backup(), evidence_lost=True)

    def decide(self, number: int) -> None:
        """As many people as it takes say yes."""
        for by in ("sara", "reza"):
            if cases().get(pk=number).state == CaseState.OPEN:
                self.world.vendor.approve(number, by, owner_agrees=False)

    def runs(self, site: Site) -> bool:
        return bool(site.look().view.usable)

    @property
    def contested(self) -> Any:
        return cases().get(evidence__has_key="renewed_as")


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.world.close()


def test_the_other_homes_proof_comes_first_and_who_runs_is_contested_even_so(desk: Desk) -> None:
    desk.copy()
    desk.check(desk.first)
    desk.check(desk.second, Weather((Fate.DELIVERED, Fate.DELIVERED, Fate.ANSWER_LOST)))
    desk.check(desk.first, ANSWER_LOST)
    desk.release(desk.second, Weather((Fate.DELIVERED,)))
    assert standing(desk.second) is Standing.RELEASING
    desk.check(desk.first, times=3)
    assert desk.runs(desk.first)
    number = desk.contested.pk
    cases().filter(pk=number).update(state=CaseState.APPROVED.value, decided_at=1)
    desk.check(desk.first, times=2)
    assert desk.runs(desk.first)
    assert cases().get(pk=number).spent_at is not None
    desk.check(desk.second, times=2)
    assert standing(desk.second) is Standing.RELEASING, "its proof waits for a decision of its own"
    assert cases().get(evidence__has_key="reactivation_code").state == CaseState.OPEN


def test_the_running_home_gave_back_and_nobody_contests(desk: Desk) -> None:
    desk.contest(Weather((Fate.DELIVERED, Fate.ANSWER_LOST)))
    desk.release(desk.first)
    assert standing(desk.first) is Standing.RELEASED
    assert desk.contested.state == CaseState.CANCELLED
    desk.check(desk.second)
    assert desk.runs(desk.second)
    desk.release(desk.second)
    assert standing(desk.second) is Standing.RELEASED


def test_a_reinstalled_home_does_not_use_what_was_decided_for_the_one_that_runs(
    desk: Desk,
) -> None:
    desk.contest()
    desk.world.recover(desk.third, 0)
    desk.activate(desk.third)
    asked = cases().exclude(pk=desk.contested.pk).get()
    assert asked.device_id != desk.contested.device_id, "it asks under a key of its own"
    number = desk.contested.pk
    cases().filter(pk=number).update(state=CaseState.APPROVED.value, decided_at=1)
    desk.check(desk.third, times=2)
    assert not desk.runs(desk.third)
    desk.check(desk.first, times=2)
    assert desk.runs(desk.first)
    assert cases().get(pk=number).spent_at is not None
    desk.check(desk.third, times=2)
    assert standing(desk.third) is not Standing.ACTIVATING, "its case is over, and it is told"


def test_a_reinstalled_home_withdraws_and_stops_nobody(desk: Desk) -> None:
    desk.contest()
    desk.world.recover(desk.third, 0)
    desk.activate(desk.third)
    desk.world.act(desk.third, Agent.withdraw, CALM)
    assert standing(desk.third) is not Standing.ACTIVATING
    assert desk.contested.state == CaseState.OPEN
    desk.check(desk.first, times=2)
    assert desk.runs(desk.first)


def test_what_was_approved_before_anybody_contested_stops_nobody(desk: Desk) -> None:
    desk.copy()
    desk.check(desk.second, LOST, times=20)
    desk.check(desk.second)
    desk.check(desk.first, times=2)
    desk.check(desk.second)
    base, changes = desk.second.hardware
    desk.second.lose_power()
    desk.second.hardware = (base, changes ^ {"system_uuid", "board", "boot_disk"})
    desk.check(desk.second)
    desk.activate(desk.second)
    desk.world.vendor.approve(cases().get().pk, "sara", owner_agrees=False)
    assert cases().get().state == CaseState.APPROVED
    desk.check(desk.first, times=4)
    assert desk.contested.state == CaseState.OPEN
    desk.check(desk.second, times=2)
    desk.check(desk.first)
    assert desk.runs(desk.first)


def test_after_the_end_of_a_hold_nobody_gives_back_beside_who_contests(desk: Desk) -> None:
    desk.contest()
    desk.lose_some_evidence()
    desk.check(desk.first, times=2)
    desk.check(desk.second, times=2)
    desk.check(desk.first, times=2)
    desk.release(desk.second)
    assert standing(desk.second) is Standing.RELEASING
    desk.check(desk.first)
    assert desk.runs(desk.first)


def test_after_the_end_of_a_hold_what_was_decided_is_carried_out(desk: Desk) -> None:
    desk.contest()
    desk.decide(desk.contested.pk)
    desk.lose_some_evidence()
    desk.check(desk.second, times=3)
    desk.check(desk.first, times=3)
    assert desk.contested.spent_at is not None
    assert desk.runs(desk.first)
    desk.check(desk.second)
    assert not desk.runs(desk.second)


def test_the_running_homes_next_key_waits_for_nothing_that_could_be_approved_in_vain(
    desk: Desk,
) -> None:
    desk.copy()
    desk.check(desk.first)
    desk.check(desk.second, LOST)
    for site in (desk.second, desk.first):
        desk.check(site, Weather((Fate.DELIVERED, Fate.DELIVERED, Fate.REQUEST_LOST)))
    desk.check(desk.second, times=2)
    desk.check(desk.first, times=4)
    own = cases().get(evidence__has_key="handed_over_by")
    assert own.state == CaseState.CANCELLED
    desk.decide(desk.contested.pk)
    desk.check(desk.first, times=2)
    assert desk.runs(desk.first)
    assert desk.contested.spent_at is not None


def put_back_while_it_waits(desk: Desk) -> int:
    """One machine, and no copy: a day after it asked for a bound license its disks are put back."""
    desk.activate(desk.third)
    desk.check(desk.third)
    desk.activate(desk.first)
    number: int = cases().get().pk
    desk.check(desk.first)
    desk.world.snapshot(desk.first)
    desk.check(desk.first, times=2)
    desk.world.put_back(0)
    desk.check(desk.first, times=2)
    return number


@pytest.mark.parametrize("asks", ["once", "again-before", "again-after"])
def test_a_machine_that_was_put_back_while_it_waits_uses_its_approval(
    desk: Desk, asks: str
) -> None:
    number = put_back_while_it_waits(desk)
    if asks == "again-before":
        desk.activate(desk.first)
    for by in ("sara", "reza"):
        desk.world.vendor.approve(number, by, owner_agrees=False)
    if asks == "again-after":
        desk.activate(desk.first)
    desk.check(desk.first, times=2)
    assert desk.runs(desk.first)
    desk.check(desk.first)
    assert desk.runs(desk.first), "under its next key"
    assert cases().count() == 1


def test_what_a_machine_that_was_put_back_takes_back_is_over_at_the_server_too(desk: Desk) -> None:
    number = put_back_while_it_waits(desk)
    desk.world.act(desk.first, Agent.withdraw, CALM)
    assert standing(desk.first) is Standing.UNLICENSED
    assert cases().get(pk=number).state == CaseState.CANCELLED
