"""Acts that begin with something still open, or with another license tried meanwhile."""

from pathlib import Path

import pytest

from agent.errors import NotAllowed, ServerRefused, ServerUnreachable
from protocol.documents import AnyAnswer, Release
from protocol.envelope import SignedRequest
from protocol.problems import RefusalCode
from protocol.values import ReleaseReason, Standing
from tests import machines
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, OTHER_KEY, SimulatedServer


def test_another_key_is_refused_while_a_license_runs(active: World) -> None:
    with pytest.raises(NotAllowed):
        active.agent.activate(OTHER_KEY)
    assert active.agent.activate(LICENSE_KEY).messages[-1].code == "already-active"


def test_a_key_that_was_refused_does_not_take_the_released_ones_place(active: World) -> None:
    active.agent.release(ReleaseReason.MOVE)
    code = active.agent.reactivation_code()
    with pytest.raises(ServerRefused):
        active.agent.activate(OTHER_KEY)
    assert active.state.standing is Standing.RELEASED
    assert active.agent.reactivation_code() == code
    assert active.agent.reactivate().usable


def test_reactivating_finishes_what_is_open_first(active: World) -> None:
    active.become(machines.with_other_board(active.hardware))
    active.agent.check()
    active.server.lose_next_answer()
    with pytest.raises(ServerUnreachable):
        active.agent.reactivate()
    assert active.state.request is not None
    view = active.agent.reactivate()
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)


def test_activating_while_a_receipt_is_awaited_takes_the_receipt_first(active: World) -> None:
    active.server.lose_next_answer()
    active.agent.release(ReleaseReason.OS)
    view = active.agent.activate(LICENSE_KEY)
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)
    assert len(active.agent.receipts()) == 1


def test_releasing_again_sends_the_same_proof(active: World) -> None:
    active.server.lose_next_request()
    active.agent.release(ReleaseReason.OS)
    proof = active.agent.proof()
    assert active.agent.release(ReleaseReason.OS).standing is Standing.RELEASED
    assert [r.request for r in active.server.received if isinstance(r.request, Release)]
    assert proof is not None
    assert active.agent.proof() is None


def test_a_refused_check_in_is_told_and_changes_nothing(active: World) -> None:
    active.server.answer_next_with = lambda s, r: s.refusal(r, RefusalCode.SERVER_BEHIND)
    with pytest.raises(ServerRefused):
        active.agent.check()
    assert active.agent.status().usable
    assert active.state.check is None


def test_a_refused_proof_is_told_and_stays(active: World) -> None:
    active.server.answer_next_with = lambda s, r: s.refusal(r, RefusalCode.SERVER_BEHIND)
    with pytest.raises(ServerRefused):
        active.agent.release(ReleaseReason.OS)
    assert active.state.standing is Standing.RELEASING
    assert active.agent.proof() is not None


def test_a_license_held_elsewhere_on_hold_stays_usable_here(active: World) -> None:
    active.server.bound_to, active.server.hold = None, True
    assert active.agent.check().usable
    active.server.hold = False
    assert active.agent.check().standing is Standing.SUPERSEDED
    with pytest.raises(NotAllowed):
        active.agent.release(ReleaseReason.OS)


def test_a_proof_that_freed_nothing_shows_no_code(active: World) -> None:
    def receipt(server: SimulatedServer, signed: SignedRequest) -> AnyAnswer:
        assert isinstance(signed.request, Release)
        return server.receipt(signed, signed.request, ())

    active.server.answer_next_with = receipt
    assert active.agent.release(ReleaseReason.OS).standing is Standing.RELEASED
    assert active.agent.reactivation_code() is None


def test_nothing_is_asked_of_the_server_by_a_check_that_has_nothing_to_ask(tmp_path: Path) -> None:
    world = World(tmp_path, SimulatedServer())
    assert world.agent.check().standing is Standing.UNLICENSED
    assert world.server.received == []
    with pytest.raises(NotAllowed):
        world.agent.reactivate()
