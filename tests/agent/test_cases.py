"""Cases: what the vendor's staff decides reaches the agent, and waiting costs nothing (§4, §5)."""

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from agent import steps
from agent.errors import ServerRefused, ServerUnreachable
from protocol.documents import Activate, AnyAnswer, Case, Fee
from protocol.envelope import SignedRequest
from protocol.problems import RefusalCode
from protocol.values import CaseState, DeviceId, Standing, Timestamp
from protocol.views import FeeView
from tests import machines
from tests.agent.carrying import unheard_answer
from tests.agent.deciding import decide
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, NOW, SimulatedServer

STRANGER = DeviceId("A" * 43)
FEE = Fee(tariff="board", amount=9, currency="IRR")
DAY = 24 * 3600


@pytest.fixture
def waiting(tmp_path: Path) -> World:
    """Bound elsewhere: this machine asked and waits."""
    world = World(tmp_path, SimulatedServer())
    world.server.bound_to, world.server.generation = STRANGER, 4
    world.agent.activate(LICENSE_KEY)
    return world


@pytest.fixture
def drifted(tmp_path: Path) -> World:
    """Drifted, and the server wants staff to decide."""
    world = World(tmp_path, SimulatedServer())
    world.agent.activate(LICENSE_KEY)
    world.become(machines.with_other_board(world.hardware))
    world.agent.check()
    world.server.answer_next_with = SimulatedServer.case
    world.agent.reactivate()
    return world


def asked_last(world: World) -> Activate:
    found = [r.request for r in world.server.received if isinstance(r.request, Activate)]
    return found[-1]


def test_a_waiting_activation_shows_its_case(waiting: World) -> None:
    view = waiting.agent.status()
    assert (view.standing, view.usable) == (Standing.ACTIVATING, False)
    assert view.case is not None
    assert (view.case.case_id, view.case.state) == (7, CaseState.OPEN)
    assert "case-open" in [message.code for message in view.messages]
    waiting.agent.check()
    assert waiting.agent.status().case == view.case


def test_an_approved_case_is_taken_up_by_the_next_check(waiting: World) -> None:
    decide(waiting, CaseState.APPROVED, freed=True)
    view = waiting.agent.check()
    assert (view.standing, view.generation) == (Standing.ACTIVE, 5)
    assert waiting.state.case is None
    assert asked_last(waiting).case_id == 7


def test_the_fee_and_the_word_of_an_approval_reach_the_customer(waiting: World) -> None:
    decide(waiting, CaseState.APPROVED, freed=True)
    told = replace(waiting.server.cases[0], message="Please pay first.", fee=FEE, decided_at=NOW)
    waiting.server.cases = (told,)
    for later in (0, 30 * DAY):
        waiting.server.now = Timestamp(NOW + later)
        view = waiting.agent.check()
        assert view.usable
        assert view.case is not None
        assert (view.case.message, view.case.decided_at) == ("Please pay first.", NOW)
        assert view.case.fee == FeeView(tariff="board", amount=9, currency="IRR", waived=False)
        codes = [message.code for message in view.messages]
        assert "case-carried-out" in codes
        assert "case-approved" not in codes
    waiting.clock.time = Timestamp(NOW + 9000 * DAY)
    assert waiting.agent.status().case is not None
    waiting.server.now = Timestamp(NOW + 30 * DAY + 1)
    view = waiting.agent.check()
    assert view.case is None
    assert "case-carried-out" not in [message.code for message in view.messages]


def test_a_decision_is_written_into_the_history_once(waiting: World) -> None:
    decide(waiting, CaseState.APPROVED, freed=True)
    for _ in range(3):
        waiting.agent.check()
    heard = [e for e in waiting.agent.history() if e.event.startswith("heard-case-")]
    assert [(e.event, dict(e.detail)) for e in heard] == [("heard-case-approved", {"number": "7"})]


@pytest.mark.parametrize("state", [CaseState.DECLINED, CaseState.CANCELLED])
def test_a_decision_against_is_written_into_the_history_too(
    waiting: World, state: CaseState
) -> None:
    decide(waiting, state)
    for _ in range(2):
        waiting.agent.check()
    heard = [e for e in waiting.agent.history() if e.event.startswith("heard-case-")]
    assert [(e.event, dict(e.detail)) for e in heard] == [(f"heard-case-{state}", {"number": "7"})]


def test_an_approval_that_was_taken_by_hand_is_heard_of_by_the_next_check(waiting: World) -> None:
    waiting.server.bound_to = None
    waiting.agent.reactivate()  # asks after the case first, which is still open
    assert waiting.state.case is not None
    steps.ask(waiting.machine, waiting.state, LICENSE_KEY, case_id=7)
    assert waiting.agent.status().usable
    assert waiting.agent.status().case is None
    waiting.server.cases = (replace(waiting.server.summary(CaseState.APPROVED), fee=FEE),)
    view = waiting.agent.check()
    assert view.case is not None
    assert view.case.fee is not None
    assert "heard-case-approved" in [entry.event for entry in waiting.agent.history()]


def test_reactivating_takes_an_approval_up_too(waiting: World) -> None:
    decide(waiting, CaseState.APPROVED, freed=True)
    assert waiting.agent.reactivate().usable


@pytest.mark.parametrize("state", [CaseState.DECLINED, CaseState.CANCELLED])
def test_a_declined_case_ends_the_waiting(waiting: World, state: CaseState) -> None:
    decide(waiting, state)
    view = waiting.agent.check()
    assert (view.standing, view.request) == (Standing.UNLICENSED, None)
    assert waiting.state.case is None


@pytest.mark.parametrize("state", [CaseState.DECLINED, CaseState.CANCELLED])
def test_what_was_decided_is_told_until_something_else_is_asked(
    waiting: World, state: CaseState
) -> None:
    decide(waiting, state)
    for _ in range(2):
        view = waiting.agent.check()
        assert view.case is not None
        assert view.case.state is state
        assert f"case-{state}" in [message.code for message in view.messages]
    waiting.server.bound_to = None
    assert waiting.agent.activate(LICENSE_KEY).case is None
    assert waiting.agent.check().case is None


def test_a_case_while_drifted_costs_neither_the_right_to_run_nor_grace(drifted: World) -> None:
    view = drifted.agent.status()
    assert (view.standing, view.usable, view.grace_hours_left) == (Standing.DRIFTED, True, 72)
    assert view.case is not None


def test_a_decline_while_drifted_changes_nothing(drifted: World) -> None:
    decide(drifted, CaseState.DECLINED)
    view = drifted.agent.check()
    assert (view.standing, view.usable, view.generation) == (Standing.DRIFTED, True, 1)
    assert drifted.state.case is None


def test_a_case_that_the_server_lost_is_not_waited_for_and_may_be_asked_for_anew(
    drifted: World,
) -> None:
    drifted.server.cases = ()
    view = drifted.agent.check()
    assert (view.standing, view.case) == (Standing.DRIFTED, None)
    assert "reactivate" in view.actions
    assert drifted.agent.reactivate().usable
    assert asked_last(drifted).drift is not None


def test_an_approval_while_drifted_makes_the_machine_the_enrolled_one(drifted: World) -> None:
    decide(drifted, CaseState.APPROVED)
    view = drifted.agent.check()
    assert (view.standing, view.generation, view.grace_hours_left) == (Standing.ACTIVE, 2, None)
    assert asked_last(drifted).drift is not None


def refuses(code: RefusalCode) -> Any:
    def refuse(server: SimulatedServer, signed: SignedRequest) -> AnyAnswer:
        return server.refusal(signed, code)

    return refuse


def refuse_after_the_truth(world: World, code: RefusalCode) -> None:
    """The check-in is answered, and the request that follows from it is refused."""
    whole = world.server.truth

    def answer(signed: SignedRequest) -> Any:
        world.server.answer_next_with = refuses(code)
        return whole(signed)

    world.server.truth = answer  # type: ignore[method-assign]  # the moment after the truth


def test_an_approval_that_met_a_hold_is_asked_again(waiting: World) -> None:
    decide(waiting, CaseState.APPROVED, freed=True)
    refuse_after_the_truth(waiting, RefusalCode.ON_HOLD)
    with pytest.raises(ServerRefused):
        waiting.agent.check()
    assert waiting.state.standing is Standing.ACTIVATING
    assert waiting.state.case is not None
    del waiting.server.truth  # back to its own
    assert waiting.agent.check().usable
    assert asked_last(waiting).case_id == 7


def test_a_case_that_the_server_does_not_know_ends_the_waiting(waiting: World) -> None:
    decide(waiting, CaseState.APPROVED)
    refuse_after_the_truth(waiting, RefusalCode.CASE_UNKNOWN)
    with pytest.raises(ServerRefused):
        waiting.agent.check()
    assert (waiting.state.standing, waiting.state.case) == (Standing.UNLICENSED, None)


def test_a_late_stored_case_does_not_undo_the_decision(tmp_path: Path) -> None:
    world = World(tmp_path, SimulatedServer())
    world.server.bound_to = STRANGER
    world.server.lose_next_answer()
    with pytest.raises(ServerUnreachable):
        world.agent.activate(LICENSE_KEY)
    request, late = unheard_answer(world)
    world.agent.check()
    decide(world, CaseState.DECLINED)
    world.agent.check()
    from agent.delivery import receive

    answer = receive(world.machine, request, late)
    assert isinstance(answer, Case)
    assert (world.state.standing, world.state.case) == (Standing.UNLICENSED, None)
