"""A simulated server and an agent, for every test that asks for them."""

from pathlib import Path

import pytest

from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, SimulatedServer


@pytest.fixture
def server() -> SimulatedServer:
    return SimulatedServer()


@pytest.fixture
def world(tmp_path: Path, server: SimulatedServer) -> World:
    return World(tmp_path, server)


@pytest.fixture
def active(world: World) -> World:
    world.agent.activate(LICENSE_KEY)
    return world
