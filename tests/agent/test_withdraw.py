"""Taking back what was asked: an activation without an answer, a case, a case without a reason."""

import pytest
from msgspec.structs import replace

from agent.delivery import receive
from agent.errors import FinishFirst, NothingToWithdraw, ServerRefused, ServerUnreachable
from protocol.documents import Activate, Withdraw
from protocol.problems import RefusalCode
from protocol.values import CaseKind, CaseState, DeviceId, ReleaseReason, Standing
from tests import machines
from tests.agent.carrying import unheard_answer
from tests.agent.deciding import decide
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, OTHER_KEY

STRANGER = DeviceId("A" * 43)


@pytest.fixture
def unanswered(world: World) -> World:
    """The server bound the license, and its answer was lost."""
    world.server.lose_next_answer()
    with pytest.raises(ServerUnreachable):
        world.agent.activate(LICENSE_KEY)
    return world


@pytest.fixture
def drifted(active: World) -> World:
    """Drifted, with a case about the change."""
    active.become(machines.with_other_board(active.hardware))
    active.agent.check()
    active.server.answer_next_with = lambda s, r: s.case(r, kind=CaseKind.CHANGED)
    active.agent.reactivate()
    return active


def sent(world: World) -> list[Withdraw]:
    return [r.request for r in world.server.received if isinstance(r.request, Withdraw)]


def taken_up_unheard(world: World) -> Activate:
    """Open a case, have it approved and taken up, and lose the answer; what was asked last."""
    world.server.bound_to = STRANGER
    world.agent.activate(LICENSE_KEY)
    world.server.bound_to = None
    world.server.lose_next_answer()
    with pytest.raises(ServerUnreachable):
        world.agent.activate(LICENSE_KEY)
    return [r.request for r in world.server.received if isinstance(r.request, Activate)][-1]


def test_an_unanswered_activation_is_taken_back_and_the_license_is_free(unanswered: World) -> None:
    view = unanswered.agent.withdraw()
    assert (view.standing, view.request) == (Standing.UNLICENSED, None)
    assert unanswered.server.bound_to is None
    asked = unanswered.server.received[0].request.request_id
    assert [(w.generation, w.takes_back) for w in sent(unanswered)] == [(0, asked)]
    view = unanswered.agent.activate(LICENSE_KEY)
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)


def test_a_withdrawal_outlives_a_server_that_is_away(unanswered: World) -> None:
    unanswered.server.lose_next_request(2)
    for _ in range(2):
        with pytest.raises(ServerUnreachable):
            unanswered.agent.withdraw()
    assert unanswered.agent.status().standing is Standing.ACTIVATING
    assert unanswered.agent.check().standing is Standing.UNLICENSED
    assert len({w.sequence for w in sent(unanswered)}) == 1


def test_a_key_of_nobodys_is_taken_back_without_the_servers_leave(world: World) -> None:
    world.server.lose_next_request()
    with pytest.raises(ServerUnreachable):
        world.agent.activate(OTHER_KEY)
    world.server.answer_next_with = lambda s, r: s.refusal(r, RefusalCode.LICENSE_UNKNOWN)
    view = world.agent.withdraw()
    assert (view.standing, view.request) == (Standing.UNLICENSED, None)
    assert "refused-license-unknown" in [m.code for m in view.messages]


def test_a_store_that_lost_its_counter_withdraws_under_the_next_sequence(
    unanswered: World,
) -> None:
    unanswered.server.last_sequence = 40
    assert unanswered.agent.withdraw().standing is Standing.UNLICENSED
    asked = unanswered.server.received[0].request.request_id
    assert [(w.sequence, w.takes_back) for w in sent(unanswered)] == [(2, asked), (41, asked)]
    assert unanswered.server.bound_to is None


def test_a_withdrawal_that_was_written_down_is_signed_again_too(unanswered: World) -> None:
    unanswered.server.lose_next_request()
    with pytest.raises(ServerUnreachable):
        unanswered.agent.withdraw()
    unanswered.server.last_sequence = 40
    assert unanswered.agent.check().standing is Standing.UNLICENSED
    assert len({w.takes_back for w in sent(unanswered)}) == 1
    assert unanswered.server.bound_to is None


def test_a_case_of_a_machine_without_license_is_taken_back(world: World) -> None:
    world.server.bound_to, world.server.generation = STRANGER, 4
    world.agent.activate(LICENSE_KEY)
    view = world.agent.withdraw()
    assert (view.standing, view.case) == (Standing.UNLICENSED, None)
    assert [(w.case_id, w.takes_back) for w in sent(world)] == [(7, None)]
    assert world.server.bound_to == STRANGER


def test_a_case_whose_approval_was_taken_up_unheard_is_taken_back_with_what_that_bound(
    world: World,
) -> None:
    taken_up = taken_up_unheard(world)
    assert world.agent.withdraw().standing is Standing.UNLICENSED
    assert [(w.case_id, w.takes_back) for w in sent(world)] == [(7, taken_up.request_id)]
    assert world.server.bound_to is None


def test_it_names_a_take_up_that_was_refused_off_the_record(world: World) -> None:
    taken_up = taken_up_unheard(world)
    world.server.answers.pop(taken_up.request_id)
    world.server.answer_next_with = lambda s, r: s.refusal(r, RefusalCode.SERVER_BEHIND)
    with pytest.raises(ServerRefused):
        world.agent.check()
    assert world.agent.withdraw().standing is Standing.UNLICENSED
    assert [w.takes_back for w in sent(world)] == [taken_up.request_id]
    assert (world.server.bound_to, world.state.unheard) == (None, None)


def test_a_drifted_machine_takes_its_case_back_and_keeps_its_license(drifted: World) -> None:
    view = drifted.agent.withdraw()
    assert (view.standing, view.usable, view.case) == (Standing.DRIFTED, True, None)
    assert [(w.generation, w.takes_back) for w in sent(drifted)] == [(1, None)]
    assert view.grace_hours_left == 72


def test_a_machine_that_matches_again_takes_its_case_back_by_itself(drifted: World) -> None:
    assert drifted.state.case is not None
    drifted.become(machines.BARE_SERVER)
    view = drifted.agent.check()
    assert (view.standing, view.case, view.request) == (Standing.ACTIVE, None, None)
    assert len(sent(drifted)) == 1


def test_a_case_about_another_machine_is_nobodys_to_take_back_unasked(drifted: World) -> None:
    assert drifted.state.case is not None
    with drifted.machine.store.transaction() as tx:
        assert tx.state.case is not None
        case = replace(tx.state.case, kind=CaseKind.FORK)
        tx.save(replace(tx.state, case=case))
    drifted.server.cases = (case,)
    drifted.become(machines.BARE_SERVER)
    assert drifted.agent.check().case is not None
    assert sent(drifted) == []


def test_a_running_machine_finishes_first_what_it_asked(active: World) -> None:
    active.become(machines.with_other_board(active.hardware))
    active.agent.check()
    active.server.lose_next_answer()
    with pytest.raises(ServerUnreachable):
        active.agent.reactivate()
    with pytest.raises(FinishFirst):
        active.agent.withdraw()
    assert active.agent.check().generation == 2


def test_there_is_nothing_to_withdraw_where_nothing_was_asked(world: World) -> None:
    for act in (
        lambda: None,
        lambda: world.agent.activate(LICENSE_KEY),
        lambda: world.agent.release(ReleaseReason.OS),
    ):
        act()
        with pytest.raises(NothingToWithdraw):
            world.agent.withdraw()


def test_the_activation_answered_after_its_withdrawal_changes_nothing(unanswered: World) -> None:
    request, late = unheard_answer(unanswered)
    unanswered.agent.withdraw()
    receive(unanswered.machine, request, late)
    assert unanswered.state.standing is Standing.UNLICENSED
    assert "license.jws" not in unanswered.published()


def test_an_approved_case_can_be_taken_back_too(drifted: World) -> None:
    decide(drifted, CaseState.APPROVED)
    drifted.become(machines.BARE_SERVER)
    assert drifted.agent.check().case is None
    assert not [r for r in drifted.server.received if _names_the_case(r.request)]


def _names_the_case(request: object) -> bool:
    return isinstance(request, Activate) and request.case_id is not None
