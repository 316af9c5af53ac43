"""Answering a challenge code: of the license that is or was here, by reading alone."""

from pathlib import Path

import pytest

from agent.errors import AgentError, DocumentRefused, InputInvalid, NotAllowed, StoreDamaged
from agent.license_store import SqliteStore
from protocol.challenge import (
    DriftClass,
    MachineState,
    agreed_key,
    answer,
    shown_answer,
    shown_code,
)
from protocol.values import LicenseId, ReleaseReason, Standing
from tests import machines
from tests.agent.worlds import World
from tests.simulated_server import AGREEMENT_SECRET, LICENSE_KEY, SimulatedServer

CODE = shown_code("12345678")


def expected(world: World, standing: Standing, drift: DriftClass, generation: int = 1) -> str:
    state = world.state
    assert state.license_id is not None
    proved = MachineState(
        license_id=LicenseId(state.license_id),
        generation=generation,
        standing=standing,
        drift=drift,
    )
    key = agreed_key(AGREEMENT_SECRET, world.machine.identity.agreement_key)
    return shown_answer(answer(key, "12345678", proved))


def test_it_answers_for_the_license_that_runs(active: World) -> None:
    found = active.agent.respond(CODE)
    assert (found.code, found.answer) == (
        CODE,
        expected(active, Standing.ACTIVE, DriftClass.NO_DRIFT),
    )


def test_a_change_of_this_moment_is_in_the_answer_and_not_in_the_store(active: World) -> None:
    before = active.home.store.read_bytes()
    active.become(machines.with_other_board(active.hardware))
    found = active.agent.respond(CODE)
    assert found.answer == expected(active, Standing.DRIFTED, DriftClass.DRIFT)
    assert active.home.store.read_bytes() == before
    assert active.state.standing is Standing.ACTIVE


def test_what_was_given_back_is_compared_with_nothing(active: World) -> None:
    active.server.lose_next_answer()
    active.agent.release(ReleaseReason.OS)
    gone = DriftClass.NOT_COMPARED
    assert active.agent.respond(CODE).answer == expected(active, Standing.RELEASING, gone)
    active.become(machines.with_other_board(active.hardware))
    active.agent.check()
    assert active.agent.respond(CODE).answer == expected(active, Standing.RELEASED, gone)


def test_a_license_that_is_held_here_no_more_is_compared_with_nothing(active: World) -> None:
    active.server.bound_to = None
    active.agent.check()
    gone = DriftClass.NOT_COMPARED
    assert active.agent.respond(CODE).answer == expected(active, Standing.SUPERSEDED, gone)


def test_nothing_is_asked_of_the_server(active: World) -> None:
    heard = len(active.server.received)
    active.agent.respond(CODE)
    assert len(active.server.received) == heard


def test_a_machine_that_never_had_a_license_has_nothing_to_prove(world: World) -> None:
    with pytest.raises(NotAllowed) as refused:
        world.agent.respond(CODE)
    assert refused.value.text_code == "not-allowed-unlicensed"
    world.server.lose_next_answer()
    with pytest.raises(AgentError):
        world.agent.activate(LICENSE_KEY)
    with pytest.raises(NotAllowed) as refused:
        world.agent.respond(CODE)
    assert refused.value.text_code == "not-allowed-activating"


@pytest.mark.parametrize(
    ("typed", "group"), [("", ""), ("12345", ""), ("1" + CODE[1:-1] + "x", "2")]
)
def test_a_mistyped_code_is_named(active: World, typed: str, group: str) -> None:
    with pytest.raises(InputInvalid) as refused:
        active.agent.respond(typed)
    assert refused.value.text_code == "challenge-mistyped"
    assert refused.value.parameters["group"] == group


def test_a_root_that_names_no_key_to_agree_with_is_refused(tmp_path: Path) -> None:
    server = SimulatedServer()
    server.roots = (server.sign_root(1, agreement_key="A" * 43),)
    world = World(tmp_path, server)
    world.agent.activate(LICENSE_KEY)
    with pytest.raises(DocumentRefused):
        world.agent.respond(CODE)


def test_a_damaged_store_is_named(active: World) -> None:
    with SqliteStore(active.home.store).transaction() as tx:
        tx.save_roots(())
    with pytest.raises(StoreDamaged):
        active.agent.respond(CODE)
