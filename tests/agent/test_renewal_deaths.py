"""A renewal that dies anywhere, or is put back, ends with the one key that counts (§5)."""

import shutil
from pathlib import Path

import pytest

from agent import steps
from agent.errors import StoreDamaged
from agent.identity import Keys
from agent.machine import Machine, Ports
from agent.publication import PublicFolder
from agent.use_cases import Agent
from protocol.values import Standing
from tests.agent.dying import DyingStore
from tests.agent.renewals import activations, copied, device, require_one_key, successor_file
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY

__all__ = ["copied"]


class Killed(BaseException):
    """The process is gone."""


def die() -> None:
    raise Killed


def dying(world: World, at: int, when: str) -> tuple[Agent, DyingStore]:
    sound = world.machine
    store = DyingStore(world.home.store, at, when, die)
    ports = Ports(store, world.server, sound._probe, world.clock, PublicFolder(world.home.public))
    return Agent(Machine(Keys(world.home.identity), ports)), store


COMMITS = 8


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("at", range(1, COMMITS + 1))
def test_a_renewal_that_dies_at_any_commit_ends_with_one_key(
    copied: World, at: int, when: str
) -> None:
    agent, _ = dying(copied, at, when)
    with pytest.raises(Killed):
        agent.check()
    assert copied.agent.status().usable
    copied.agent.check()
    require_one_key(copied)
    assert (copied.server.generation, copied.server.renew_key) == (2, False)
    assert not successor_file(copied).exists()
    assert len({who for who, _ in activations(copied)}) == 2


def test_those_are_all_commits_of_a_renewal(copied: World) -> None:
    agent, store = dying(copied, 0, "never")
    agent.check()
    assert store.commits == COMMITS


@pytest.mark.parametrize("written", [1, 2])
def test_a_death_between_the_files_of_a_renewal_is_settled_by_the_next_run(
    copied: World, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    from agent import identity

    writes = iter(range(1, 9))
    save = identity.save_identity

    def dies(path: Path, saved: identity.Identity) -> None:
        save(path, saved)
        if next(writes) == written:
            raise Killed

    monkeypatch.setattr(identity, "save_identity", dies)
    with pytest.raises(Killed):
        copied.agent.check()
    monkeypatch.undo()
    assert copied.agent.status().usable
    copied.agent.check()
    require_one_key(copied)
    assert not successor_file(copied).exists()
    assert copied.server.generation == 2


def test_another_process_that_slept_through_the_renewal_signs_with_the_new_key(
    copied: World,
) -> None:
    sleeper = copied.machine
    steps.begin(sleeper)
    copied.agent.check()
    copied.server.received.clear()
    assert steps.check_in(sleeper).standing is Standing.ACTIVE
    assert [signed.device for signed in copied.server.received] == [device(copied)]
    require_one_key(copied)


def test_the_store_of_before_the_renewal_is_set_aside_and_repaired_under_the_new_key(
    copied: World,
) -> None:
    old = copied.home.store.read_bytes()
    copied.agent.check()
    heir = device(copied)
    copied.home.store.write_bytes(old)
    with pytest.raises(StoreDamaged):
        copied.agent.check()
    assert copied.agent.activate(LICENSE_KEY).usable
    assert (device(copied), copied.server.generation) == (heir, 3)
    require_one_key(copied)


def test_the_whole_home_of_before_the_renewal_is_not_believed_by_the_server(
    copied: World, tmp_path: Path
) -> None:
    shutil.copytree(copied.home.folder, tmp_path / "snapshot")
    copied.agent.check()
    shutil.rmtree(copied.home.folder)
    shutil.copytree(tmp_path / "snapshot", copied.home.folder)
    view = copied.agent.check()
    assert (view.standing, view.usable) == (Standing.SUPERSEDED, False)
    assert copied.agent.reactivate().case is not None
    assert copied.server.generation == 2
