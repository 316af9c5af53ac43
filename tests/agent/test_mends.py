"""What cannot go on by itself has a way out, and what another process did is left alone."""

from contextlib import suppress

import pytest

from agent.errors import DocumentRefused, ServerRefused, ServerUnreachable
from agent.identity import Keys
from agent.journaling import journal
from agent.proofs import prove_again
from agent.use_cases import Agent
from protocol.documents import Activate, AnyAnswer, Release
from protocol.envelope import SignedRequest
from protocol.problems import RefusalCode
from protocol.values import ReleaseReason, Standing, Timestamp
from tests import machines
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, NOW, SimulatedServer


def answers_another_question(server: SimulatedServer, signed: SignedRequest) -> AnyAnswer:
    return server.truth(signed)


def test_an_activation_answered_with_another_kind_of_paper_is_over(world: World) -> None:
    world.server.answer_next_with = answers_another_question
    with pytest.raises(DocumentRefused) as refusal:
        world.agent.activate(LICENSE_KEY)
    assert refusal.value.text_code == "answer-of-another-request"
    assert (world.state.standing, world.state.request) == (Standing.UNLICENSED, None)
    assert world.agent.activate(LICENSE_KEY).usable


def test_a_rebind_answered_so_leaves_the_license_that_runs(active: World) -> None:
    active.become(machines.with_other_cards(active.hardware))
    bind = active.server.bind

    def tells_the_truth(signed: SignedRequest, _: Activate) -> AnyAnswer:
        return active.server.truth(signed)

    active.server.bind = tells_the_truth  # type: ignore[method-assign,assignment]  # a mad server
    with pytest.raises(DocumentRefused):
        active.agent.check()
    assert (active.agent.status().usable, active.state.request) == (True, None)
    active.server.bind = bind  # type: ignore[method-assign]  # and mended
    assert active.agent.check().generation == 2


def test_a_proof_answered_so_stays(active: World) -> None:
    active.server.answer_next_with = answers_another_question
    with pytest.raises(DocumentRefused):
        active.agent.release(ReleaseReason.OS)
    assert active.state.standing is Standing.RELEASING
    assert active.agent.proof() is not None
    active.clock.time = Timestamp(NOW + 2 * 24 * 3600)
    with pytest.raises(DocumentRefused):
        active.agent.check()
    assert active.state.standing is Standing.RELEASING


@pytest.fixture
def refused_proof(active: World) -> World:
    """A proof that was refused a day ago, so that it is worth proving again."""
    active.server.answer_next_with = lambda server, signed: server.refusal(
        signed, RefusalCode.ON_HOLD
    )
    with pytest.raises(Exception, match="on-hold"):
        active.agent.release(ReleaseReason.OS)
    active.clock.time = Timestamp(NOW + 2 * 24 * 3600)
    return active


def test_a_proof_that_another_process_brought_home_is_not_proved_again(
    refused_proof: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = refused_proof.machine

    def overtaken(*arguments: object) -> object:
        monkeypatch.setattr("agent.proofs.journal", journal)
        refused_proof.agent.check()
        return journal(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("agent.proofs.journal", overtaken)
    prove_again(late)
    assert refused_proof.state.standing is Standing.RELEASED
    assert refused_proof.server.bound_to is None


def test_a_proof_that_another_process_signed_anew_is_not_signed_twice(
    refused_proof: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    late: Agent = refused_proof.agent

    def overtaken(*arguments: object) -> object:
        monkeypatch.setattr("agent.proofs.journal", journal)
        refused_proof.server.lose_next_request(times=9)
        refused_proof.agent.check()
        refused_proof.server.lose_next_request(times=0)
        return journal(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("agent.proofs.journal", overtaken)
    sequence = refused_proof.state.sequence
    late.check()
    assert refused_proof.state.sequence <= sequence + 1
    assert refused_proof.agent.check().standing is Standing.RELEASED


def test_a_copied_store_that_lost_its_counter_is_heard_in_one_act(world: World) -> None:
    world.server.last_sequence, world.server.renew_key = 40, True
    device = Keys(world.home.identity).identity.device
    world.server.bound_to, world.server.generation = device, 1
    assert world.agent.activate(LICENSE_KEY).usable
    assert [signed.request.sequence for signed in world.server.received] == [1, 41, 42]


def test_a_proof_catches_up_with_a_copy_that_took_the_next_sequence(active: World) -> None:
    active.server.lose_next_request()
    with suppress(ServerUnreachable):
        active.agent.release(ReleaseReason.OS)
    active.server.last_sequence = 40
    active.server.lose_next_answer()
    with suppress(ServerUnreachable):
        active.agent.check()
    active.server.last_sequence = 50  # what the stored refusal tells is too old
    assert active.agent.check().standing is Standing.RELEASED
    asked = [s.request.sequence for s in active.server.received if isinstance(s.request, Release)]
    assert asked == [2, 2, 41, 51]


def test_a_proof_that_is_refused_for_another_reason_is_not_tried_again(active: World) -> None:
    active.server.lose_next_request()
    with suppress(ServerUnreachable):
        active.agent.release(ReleaseReason.OS)
    active.server.last_sequence = 40
    refuse = active.server.refusal

    def refuses(server: SimulatedServer, signed: SignedRequest) -> AnyAnswer:
        server.answer_next_with = lambda _, s: refuse(s, RefusalCode.AUDIENCE_WRONG)
        return server.decide(signed)

    active.server.answer_next_with = refuses
    with pytest.raises(ServerRefused) as refusal:
        active.agent.check()
    assert refusal.value.parameters["refusal"] == RefusalCode.AUDIENCE_WRONG
    assert active.state.standing is Standing.RELEASING


def test_without_the_server_a_release_says_once_that_the_receipt_is_to_come(active: World) -> None:
    active.server.lose_next_request()
    view = active.agent.release(ReleaseReason.OS)
    assert [message.code for message in view.messages] == [
        "standing-releasing",
        "server-unreachable",
        "proof-kept",
        "recovery-advised",
    ]


def test_a_lost_request_still_shows_what_waits(world: World) -> None:
    world.server.lose_next_request()
    with pytest.raises(ServerUnreachable):
        world.agent.activate(LICENSE_KEY)
    assert "waiting-activate" in [message.code for message in world.agent.status().messages]
