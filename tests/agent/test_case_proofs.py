"""A proof of release that met a case or a refusal: it waits, and frees the license all the same."""

from pathlib import Path

import pytest

from agent.errors import ServerRefused
from protocol.documents import Refusal, Release
from protocol.envelope import SignedRequest
from protocol.problems import RefusalCode
from protocol.values import CaseState, ReleaseReason, Standing, Timestamp
from tests.agent.deciding import decide
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, NOW, SimulatedServer


def test_a_proof_that_met_a_case_waits_and_is_proved_again_when_approved(tmp_path: Path) -> None:
    world = World(tmp_path, SimulatedServer())
    world.agent.activate(LICENSE_KEY)
    world.server.answer_next_with = SimulatedServer.case
    view = world.agent.release(ReleaseReason.HARDWARE)
    assert (view.standing, view.usable) == (Standing.RELEASING, False)
    assert view.case is not None
    assert world.agent.check().standing is Standing.RELEASING
    decide(world, CaseState.APPROVED)
    view = world.agent.check()
    assert (view.standing, world.state.case) == (Standing.RELEASED, None)
    assert "case-carried-out" in [message.code for message in view.messages]
    assert len(sequences_of_proofs(world)) == 2


def sequences_of_proofs(world: World) -> set[int]:
    return {r.request.sequence for r in world.server.received if isinstance(r.request, Release)}


def proof_decided_against(folder: Path, state: CaseState) -> World:
    """A proof that met a case, which the vendor ended so."""
    world = World(folder, SimulatedServer())
    world.agent.activate(LICENSE_KEY)
    world.server.answer_next_with = SimulatedServer.case
    world.agent.release(ReleaseReason.HARDWARE)
    decide(world, state)
    world.agent.check()
    return world


@pytest.fixture
def declined(tmp_path: Path) -> World:
    return proof_decided_against(tmp_path, CaseState.DECLINED)


def test_a_declined_proof_is_not_handed_in_again_before_a_month(declined: World) -> None:
    for days in (0, 1, 28):
        declined.clock.time = Timestamp(NOW + days * 24 * 3600)
        view = declined.agent.check()
        assert view.standing is Standing.RELEASING
        # Its advice must fit a machine that can only wait for a receipt.
        assert "proof-declined" in [message.code for message in view.messages]
    assert len(sequences_of_proofs(declined)) == 1
    declined.clock.time = Timestamp(NOW + 31 * 24 * 3600)
    assert declined.agent.check().standing is Standing.RELEASED
    assert len(sequences_of_proofs(declined)) == 2


def test_a_declined_proof_is_handed_in_again_for_whoever_wishes_it(declined: World) -> None:
    assert declined.agent.release(ReleaseReason.HARDWARE).standing is Standing.RELEASED
    assert len(sequences_of_proofs(declined)) == 2


def test_a_proof_whose_case_was_cancelled_is_handed_in_again_the_day_after(
    tmp_path: Path,
) -> None:
    world = proof_decided_against(tmp_path, CaseState.CANCELLED)
    assert world.agent.check().standing is Standing.RELEASING
    world.clock.time = Timestamp(NOW + 25 * 3600)
    assert world.agent.check().standing is Standing.RELEASED


def test_a_refused_proof_is_signed_anew_the_day_after(tmp_path: Path) -> None:
    world = World(tmp_path, SimulatedServer())
    world.agent.activate(LICENSE_KEY)

    def refuse(server: SimulatedServer, signed: SignedRequest) -> Refusal:
        return server.refusal(signed, RefusalCode.DOCUMENT_INVALID)

    world.server.answer_next_with = refuse
    with pytest.raises(ServerRefused):
        world.agent.release(ReleaseReason.HARDWARE)
    with pytest.raises(ServerRefused):
        world.agent.check()
    world.clock.time = Timestamp(world.clock.time + 25 * 3600)
    assert world.agent.check().standing is Standing.RELEASED


def test_a_clock_that_was_ahead_keeps_no_refused_proof_waiting(tmp_path: Path) -> None:
    world = World(tmp_path, SimulatedServer())
    world.agent.activate(LICENSE_KEY)
    world.clock.time = Timestamp(NOW + 10 * 365 * 24 * 3600)
    world.server.answer_next_with = lambda server, signed: server.refusal(
        signed, RefusalCode.DOCUMENT_INVALID
    )
    with pytest.raises(ServerRefused):
        world.agent.release(ReleaseReason.HARDWARE)
    world.clock.time = NOW
    assert world.agent.check().standing is Standing.RELEASED
