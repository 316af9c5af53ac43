"""A license that is well, and the timer that comes to it."""

import pytest
from msgspec.structs import replace

from agent.belief import Told, told_in
from protocol.values import Timestamp
from protocol.views import StatusView
from tests.agent.worlds import World

HOUR = 3600
DAY = 24 * HOUR
WEEK = 168


@pytest.fixture
def checked(active: World) -> World:
    """A world that has just checked in: all is well."""
    active.agent.check()
    return active


def told(world: World) -> Told | None:
    with world.machine.store.reading() as memory:
        return told_in(memory)


def asked(world: World) -> int:
    """How often the server was asked; the hourly run's own question is counted by difference."""
    return len(world.server.received)


def run_for(world: World, seconds: int) -> StatusView:
    """Let clock and machine run on, and the timer come."""
    world.clock.time = Timestamp(world.clock.time + seconds)
    world.become(replace(world.hardware, uptime_seconds=world.hardware.uptime_seconds + seconds))
    return world.agent.check_when_due(24)
