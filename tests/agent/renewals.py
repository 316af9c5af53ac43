"""A machine whose key was copied, and what must hold once it is renewed (§5)."""

from pathlib import Path

import msgspec
import pytest

from agent.public_status import read_public_status
from protocol.documents import Activate, Permit
from protocol.envelope import open_device_document
from protocol.values import DeviceId
from protocol.views import StatusView
from tests.agent.worlds import World

DAY = 24 * 3600


@pytest.fixture
def copied(active: World) -> World:
    """The server saw that the store of this machine was put back or copied."""
    active.server.renew_key = True
    return active


def device(world: World) -> DeviceId:
    return world.machine.identity.device


def successor_file(world: World) -> Path:
    return world.home.private / "successor.json"


def activations(world: World) -> list[tuple[DeviceId, Activate]]:
    asked = [(r.device, r.request) for r in world.server.received]
    return [(who, request) for who, request in asked if isinstance(request, Activate)]


def codes_of(view: StatusView) -> list[str]:
    return [message.code for message in view.messages]


def require_one_key(world: World) -> None:
    """Whatever runs here runs under the key that its document, permit and status copy name."""
    view = world.agent.status()
    assert view.usable
    world.agent.check()
    decoder = msgspec.json.Decoder(Permit)
    raw = (world.home.public / "permit.jws").read_bytes()
    permit = open_device_document(raw, Permit.typ, device(world), decoder)
    assert permit.generation == world.state.generation == world.server.generation
    assert world.server.bound_to == device(world)
    assert read_public_status(world.home).device == device(world)
