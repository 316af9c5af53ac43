"""`kill -9` right before and right after every commit of activate and release (§4, §6).

Real processes, a real SIGKILL, a real store; the server outlives the process that dies.
"""

import signal
import subprocess
import sys
from base64 import b64decode, b64encode

import pytest

from protocol.values import Standing
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, SimulatedServer

COMMITS = {"activate": 5, "release": 6}
POINTS = [
    pytest.param(act, at, when, id=f"{act}-{when}-commit-{at}")
    for act, commits in COMMITS.items()
    for at in range(1, commits + 1)
    for when in ("before", "after")
]


def run(world: World, act: str, at: int, when: str) -> int:
    """Let a doomed process act against this world's server; its exit status."""
    folder = world.home.folder.parent
    command = [sys.executable, "-m", "tests.kills.committing", str(folder), act, str(at), when]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line in process.stdout:
            require_one_license(world)
            process.stdin.write(b64encode(world.server.send(b64decode(line))) + b"\n")
            process.stdin.flush()
    return process.returncode


def require_one_license(world: World) -> None:
    """I2: what runs here is what the server's row says; I1: and nothing else is lost."""
    view = world.agent.status()
    ours = world.server.bound_to == world.machine.identity.device
    if view.usable:
        assert ours
        assert view.generation == world.server.generation
    if not ours:
        assert not {"license.jws", "permit.jws"} & world.published()


@pytest.mark.parametrize(("act", "at", "when"), POINTS)
def test_a_killed_act_is_finished_by_the_next_check(
    world: World, act: str, at: int, when: str
) -> None:
    if act == "release":
        world.agent.activate(LICENSE_KEY)
    assert run(world, act, at, when) == -signal.SIGKILL
    require_one_license(world)
    view = world.agent.check()
    require_one_license(world)
    assert world.state.request is None
    begun = at > 3 or (at, when) == (3, "after")  # the third commit is the one that decides
    if act == "activate":
        assert view.standing is (Standing.ACTIVE if begun else Standing.UNLICENSED)
        assert world.server.generation == begun
        assert world.agent.activate(LICENSE_KEY).usable
        assert world.server.generation == 1
    else:
        assert view.standing is (Standing.RELEASED if begun else Standing.ACTIVE)
        assert len(world.agent.receipts()) == begun
        assert (world.server.bound_to is None) is begun
        assert (world.agent.reactivation_code() is not None) is begun


@pytest.mark.parametrize("act", COMMITS)
def test_every_commit_is_among_the_points(world: World, act: str) -> None:
    if act == "release":
        world.agent.activate(LICENSE_KEY)
    assert run(world, act, COMMITS[act], "after") == -signal.SIGKILL
    other = World(world.home.folder.parent / "other", SimulatedServer())
    if act == "release":
        other.agent.activate(LICENSE_KEY)
    assert run(other, act, COMMITS[act] + 1, "before") == 0
