"""What a look believes: the bytes that were verified, and no others."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from protocol.values import ReleaseReason, Standing
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, SimulatedServer

LOOK = """
import sys
from pathlib import Path
from agent.bootstrap import open_reader
from agent.config import Home
view = open_reader(Home(Path(sys.argv[1]))).status()
assert view.usable, view
slow = {"cryptography", "requests"}
print(sorted(name for name in sys.modules if name.partition(".")[0] in slow))
"""


@pytest.fixture
def active(tmp_path: Path) -> World:
    world = World(tmp_path, SimulatedServer())
    world.agent.activate(LICENSE_KEY)
    return world


def edit(world: World, name: str, old: bytes, new: bytes) -> None:
    """Change what the store remembers under a name, as nothing but a broken disk would."""
    connection = sqlite3.connect(world.home.store)
    ((value,),) = connection.execute("SELECT value FROM memory WHERE name = ?", (name,))
    assert old in value
    connection.execute(
        "UPDATE memory SET value = ? WHERE name = ?", (value.replace(old, new), name)
    )
    connection.commit()
    connection.close()


def test_a_look_at_a_verified_license_loads_no_cryptography(active: World) -> None:
    said = subprocess.run(
        [sys.executable, "-c", LOOK, str(active.home.folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "[]\n"


@pytest.mark.parametrize("part", ["license", "roots"])
def test_bytes_that_were_not_verified_are_not_believed(active: World, part: str) -> None:
    assert active.agent.status().usable
    with active.machine.store.reading() as memory:
        raw = memory.license_document if part == "license" else memory.roots[0][0]
    assert raw is not None
    tail = raw[-8:]
    edit(active, part, tail, tail.swapcase())
    view = active.agent.status()
    assert (view.standing, view.usable) == (Standing.DAMAGED, False)


def test_a_store_that_never_kept_the_word_verifies_anew(active: World) -> None:
    connection = sqlite3.connect(active.home.store)
    connection.execute("DELETE FROM memory WHERE name = 'believed'")
    connection.commit()
    connection.close()
    assert active.agent.status().usable
    active.agent.check()
    with active.machine.store.reading() as memory:
        assert memory.believed is not None


def test_a_new_document_is_verified_before_it_is_believed(active: World) -> None:
    active.agent.release(ReleaseReason.OS)
    with active.machine.store.reading() as memory:
        before = memory.believed
    active.agent.reactivate()
    with active.machine.store.reading() as memory:
        assert memory.believed != before
    assert active.agent.status().usable
