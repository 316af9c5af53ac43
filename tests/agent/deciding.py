"""What the vendor's staff decide, at the simulated server."""

from msgspec.structs import replace

from protocol.values import CaseState
from tests.agent.worlds import World


def decide(world: World, state: CaseState, *, freed: bool = False) -> None:
    """Decide the case that this machine waits for."""
    assert world.state.case is not None
    world.server.cases = (replace(world.state.case, state=state),)
    if freed:
        world.server.bound_to = None
