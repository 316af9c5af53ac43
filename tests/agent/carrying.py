"""Carries request files to the simulated server, and its answers back."""

from pathlib import Path

import pytest

from protocol.views import StatusView
from tests.agent.worlds import World


def answered(world: World, file: Path) -> bytes:
    """The answer file that the vendor's people make of a request file."""
    return world.server.answer(file.read_bytes())


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
