"""A proof names the activation whose answer never came: what that one was given it frees too."""

from pathlib import Path

import pytest

from agent.errors import ServerRefused, ServerUnreachable
from protocol.documents import AnyAnswer, Release
from protocol.envelope import SignedRequest, open_request
from protocol.problems import RefusalCode
from protocol.values import ReleaseReason, RequestId, Standing
from tests import machines
from tests.agent.carrying import carry
from tests.agent.renewals import copied, device
from tests.agent.test_windows import declaration
from tests.agent.worlds import World
from tests.simulated_server import SimulatedServer

__all__ = ["copied"]


def proofs(world: World) -> list[tuple[SignedRequest, Release]]:
    received = [(r, r.request) for r in world.server.received]
    return [(signed, proof) for signed, proof in received if isinstance(proof, Release)]


@pytest.fixture
def rebound(active: World) -> World:
    """Bound anew by a request whose answer never arrives."""
    active.become(machines.with_other_board(active.hardware))
    active.agent.check()
    active.server.lose_next_answer()
    with pytest.raises(ServerUnreachable):
        active.agent.reactivate()
    assert active.server.generation == 2
    return active


def open_request_of(world: World) -> RequestId:
    request = world.state.request
    assert request is not None
    return request.request_id


def test_it_names_the_unanswered_activation(rebound: World) -> None:
    asked = open_request_of(rebound)
    rebound.server.lose_next_request()
    rebound.agent.release(ReleaseReason.OS)
    assert rebound.agent.check().standing is Standing.RELEASED
    assert [(p.generation, p.takes_back) for _, p in proofs(rebound)] == [(1, asked)]


def test_signed_anew_it_names_the_same_and_tells_the_newest_answer(rebound: World) -> None:
    asked = open_request_of(rebound)
    rebound.server.last_sequence = 40
    assert rebound.agent.release(ReleaseReason.OS).standing is Standing.RELEASED
    (_, refused), (_, heard) = proofs(rebound)
    assert (refused.takes_back, heard.takes_back, heard.sequence) == (asked, asked, 41)
    assert heard.last_answer != refused.last_answer


def test_by_hand_it_names_it_too_and_signed_anew_again(rebound: World, tmp_path: Path) -> None:
    asked = open_request_of(rebound)
    rebound.server.last_sequence = 40
    one, two = tmp_path / "one.jws", tmp_path / "two.jws"
    rebound.agent.export_release(one, ReleaseReason.OS)
    with pytest.raises(ServerRefused):
        carry(rebound, one)
    rebound.agent.export_release(two, ReleaseReason.OS)
    assert carry(rebound, two).standing is Standing.RELEASED
    for file in (one, two):
        proof = open_request(file.read_bytes()).request
        assert isinstance(proof, Release)
        assert proof.takes_back == asked


def test_the_former_key_names_what_the_next_one_asked(copied: World) -> None:
    def tells_and_is_gone(server: SimulatedServer, signed: SignedRequest) -> AnyAnswer:
        server.lose_next_request()
        return server.truth(signed)

    former = device(copied)
    copied.server.answer_next_with = tells_and_is_gone
    copied.agent.check()
    request = copied.state.request
    assert request is not None
    copied.agent.release(ReleaseReason.OS)
    ((signed, proof),) = proofs(copied)
    assert (signed.device, proof.takes_back) == (former, request.request_id)
    assert request.device != former


def test_it_names_nothing_where_no_activation_waits(active: World) -> None:
    active.server.lose_next_request(2)
    with pytest.raises(ServerUnreachable):
        active.agent.notice(declaration())
    active.agent.release(ReleaseReason.OS)
    active.agent.check()
    assert [proof.takes_back for _, proof in proofs(active)] == [None]


def refuse(world: World, code: RefusalCode) -> None:
    """Send what is open once more, to a server that does not know it, and have it refused."""
    world.server.answers.pop(open_request_of(world))
    world.server.answer_next_with = lambda server, signed: server.refusal(signed, code)
    with pytest.raises(ServerRefused):
        world.agent.check()
    assert world.state.request is None


def named_one_way(world: World, file: Path) -> RequestId | None:
    world.agent.export_release(file, ReleaseReason.OS)
    proof = open_request(file.read_bytes()).request
    assert isinstance(proof, Release)
    return proof.takes_back


@pytest.mark.parametrize("code", ["server-behind", "license-unknown", "audience-wrong"])
def test_it_names_an_activation_that_was_refused_off_the_record(
    rebound: World, tmp_path: Path, code: str
) -> None:
    """Another server refused it, and the one that bound by it hears the proof and nothing else."""
    asked = open_request_of(rebound)
    refuse(rebound, RefusalCode(code))
    assert named_one_way(rebound, tmp_path / "proof.jws") == asked


def test_a_refusal_on_the_record_bound_nothing_and_is_not_named(
    rebound: World, tmp_path: Path
) -> None:
    refuse(rebound, RefusalCode.LICENSE_SUSPENDED)
    assert named_one_way(rebound, tmp_path / "proof.jws") is None


def test_it_is_named_no_more_once_a_later_activation_was_heard(
    rebound: World, tmp_path: Path
) -> None:
    refuse(rebound, RefusalCode.SERVER_BEHIND)
    rebound.agent.reactivate()
    assert rebound.state.generation == 3
    assert named_one_way(rebound, tmp_path / "proof.jws") is None


def test_another_wish_that_is_open_hides_it_not(rebound: World, tmp_path: Path) -> None:
    asked = open_request_of(rebound)
    refuse(rebound, RefusalCode.SERVER_BEHIND)
    rebound.server.lose_next_request()
    with pytest.raises(ServerUnreachable):
        rebound.agent.notice(declaration())
    assert named_one_way(rebound, tmp_path / "proof.jws") == asked


def test_given_back_it_is_named_no_more(rebound: World) -> None:
    refuse(rebound, RefusalCode.SERVER_BEHIND)
    assert rebound.agent.release(ReleaseReason.OS).standing is Standing.RELEASED
    assert rebound.state.unheard is None
