"""Whole acts of the agent against a simulated server, real files and a recorded machine."""

import pytest

from agent.errors import InputInvalid, NotAllowed, ServerRefused, ServerUnreachable
from protocol.values import ReleaseReason, Standing
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, OTHER_KEY


def test_a_new_home_is_unlicensed_and_offers_activation(world: World) -> None:
    view = world.agent.status()
    assert (view.standing, view.usable, view.actions) == (Standing.UNLICENSED, False, ("activate",))


def test_activation_binds_and_publishes_license_and_permit(world: World) -> None:
    view = world.agent.activate(LICENSE_KEY)
    assert (view.standing, view.usable, view.generation) == (Standing.ACTIVE, True, 1)
    assert world.published() == {"roots.jws", "license.jws", "permit.jws", "status.jws"}


def test_release_ends_with_a_receipt_and_a_reactivation_code(active: World) -> None:
    view = active.agent.release(ReleaseReason.HARDWARE)
    assert (view.standing, view.usable) == (Standing.RELEASED, False)
    assert active.agent.receipts()[0].generation == 1
    code = active.agent.reactivation_code()
    assert code is not None
    assert code.startswith("FGR-")
    assert active.published() == {"roots.jws", "status.jws"}


def test_a_released_license_is_taken_again_with_a_new_generation(active: World) -> None:
    active.agent.release(ReleaseReason.HARDWARE)
    view = active.agent.reactivate()
    assert (view.standing, view.generation) == (Standing.ACTIVE, 2)
    assert active.agent.reactivation_code() is None


def test_release_survives_a_lost_receipt(active: World) -> None:
    active.server.lose_next_answer()
    assert active.agent.release(ReleaseReason.OS).standing is Standing.RELEASING
    assert active.agent.check().standing is Standing.RELEASED
    assert active.server.bound_to is None


def test_copies_are_gone_before_a_proof_leaves(active: World) -> None:
    seen: list[set[str]] = []
    send = active.server.send

    def spy(request: bytes) -> bytes:
        seen.append(active.published())
        return send(request)

    active.server.send = spy  # type: ignore[method-assign]  # watches the moment of sending
    active.agent.release(ReleaseReason.OS)
    assert seen == [{"roots.jws", "status.jws"}]


def test_a_lost_activation_answer_is_asked_for_again(world: World) -> None:
    world.server.lose_next_answer()
    with pytest.raises(ServerUnreachable):
        world.agent.activate(LICENSE_KEY)
    assert world.state.standing is Standing.ACTIVATING
    assert world.agent.check().standing is Standing.ACTIVE
    assert world.server.generation == 1


def test_a_changed_board_is_drift_with_hours_and_the_part_named(active: World) -> None:
    from tests import machines

    active.become(machines.with_other_board(active.hardware))
    view = active.agent.check()
    assert (view.standing, view.usable, view.grace_hours_left) == (Standing.DRIFTED, True, 72)
    assert view.drift is not None
    assert [c.id for c in view.drift.components if c.status == "changed"] == ["board"]


def test_a_mistyped_key_never_leaves_the_machine(world: World) -> None:
    with pytest.raises(InputInvalid):
        world.agent.activate(LICENSE_KEY[:-1] + "0")
    assert world.server.received == []


def test_an_unknown_license_is_refused_and_nothing_is_left_open(world: World) -> None:
    with pytest.raises(ServerRefused):
        world.agent.activate(OTHER_KEY)
    assert world.state.standing is Standing.UNLICENSED
    assert world.state.request is None


def test_release_without_a_license_is_refused(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.agent.release(ReleaseReason.OS)
