"""Carries requests to the simulated server past the network, and its answers back."""

from pathlib import Path

import pytest

from agent.state import OpenRequest
from protocol.views import StatusView
from tests.agent.worlds import World


def answered(world: World, file: Path) -> bytes:
    """The answer file that the vendor's people make of a request file."""
    return world.server.answer(file.read_bytes())


def unheard_answer(world: World) -> tuple[OpenRequest, bytes]:
    """What is still asked, and the answer to it that this machine never got."""
    request = world.state.request
    assert request is not None
    with world.machine.store.reading() as memory:
        return request, world.server.answer(memory.journaled(request.request_id))


def carry(world: World, file: Path) -> StatusView:
    return world.agent.import_(answered(world, file))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "request.jws"


@pytest.fixture
def away(active: World) -> World:
    """Active, and the server cannot be reached any more."""
    active.server.lose_next_request(1000)
    return active
