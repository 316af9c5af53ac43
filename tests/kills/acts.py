"""The acts whose every system call is a point to die at, and how each of them must have ended."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from agent.bootstrap import set_up
from agent.config import Home, Settings
from agent.errors import AgentError, NotAllowed, NotSetUp, ServerRefused, StoreDamaged
from agent.notices import declared
from protocol.exchange import pack_roots
from protocol.values import ReleaseReason, Standing, Timestamp
from tests import machines
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, NOW

SERVER = "https://license.example"
SETUP = ("setup", "--server", SERVER, "--root", "root.jws")
CHECK = ("check",)
ACTIVATE = ("activate", LICENSE_KEY)
EXPORT = ("export", "release", "home/proof.jws", "--reason", "hardware", "--yes")
IMPORT = ("import", "answer.jws")
GARBAGE = b"garbage" * 999
NOTICE = (
    *("notice", "--scope", "board", "--reason", "new board", "--contact", "Sara"),
    *("--from", "2027-01-15T08:00Z", "--until", "2027-01-16T08:00Z"),
)
RELEASE = ("release", "--reason", "hardware", "--yes")


class Act(NamedTuple):
    """Commands in a world that was made ready, the same once more, and what must be true then.

    `generation`: how often the server bound the license in all; once more would be doubled.
    """

    name: str
    commands: tuple[tuple[str, ...], ...]
    prepare: Callable[[World], object]
    again: Callable[[World], object]
    standing: Standing
    generation: int
    holds: Callable[[World], bool] = lambda _: True
    # What `check` may say after a kill: that there is nothing yet, or nothing any more.
    may_say: tuple[type[AgentError], ...] = ()


def activate(world: World) -> None:
    world.agent.activate(LICENSE_KEY)


def check(world: World) -> None:
    world.agent.check()


def release(world: World) -> None:
    """A release that came through cannot be done again, and says so."""
    with suppress(NotAllowed):
        world.agent.release(ReleaseReason.HARDWARE)


def nothing_there(world: World) -> None:
    shutil.rmtree(world.home.folder)
    root_file(world.home).write_bytes(pack_roots(world.server.roots))


def root_file(home: Home) -> Path:
    return home.folder.with_name("root.jws")


def proof_file(home: Home) -> Path:
    return home.folder / "proof.jws"


def set_up_and_activate(world: World) -> None:
    set_up(world.home, Settings(server=SERVER), root_file(world.home).read_bytes())
    activate(world)


def changed(world: World) -> None:
    activate(world)
    world.become(machines.with_other_cards(world.hardware))


def released_without_receipt(world: World) -> None:
    activate(world)
    world.server.lose_next_request()
    world.agent.release(ReleaseReason.HARDWARE)


def answered_by_hand(world: World) -> None:
    released_without_receipt(world)
    proof = world.agent.proof()
    assert proof is not None
    world.home.folder.with_name("answer.jws").write_bytes(world.server.send(proof))


def new_root(world: World) -> None:
    activate(world)
    world.server.roots = (*world.server.roots, world.server.sign_root(2))


def declare(world: World) -> None:
    period = (NOW, Timestamp(NOW + 86_400))
    world.agent.notice(declared("board", *period, reason="new board", contact="Sara"))


def declared_and_changed(world: World) -> None:
    activate(world)
    declare(world)
    world.become(machines.with_other_board(world.hardware))


def has_window(world: World) -> bool:
    return world.state.window is not None


def copied(world: World) -> None:
    activate(world)
    world.server.renew_key = True


def has_one_key(world: World) -> bool:
    return list(world.home.private.glob("successor.json")) == []


def new_document_key(world: World) -> None:
    activate(world)
    world.server.rotate_document_key()


def damaged(world: World) -> None:
    activate(world)
    world.home.store.write_bytes(GARBAGE)


def repair(world: World) -> None:
    """The first command says that the store was damaged, the next one mends it."""
    with suppress(StoreDamaged):
        activate(world)
    activate(world)


def has_receipt(world: World) -> bool:
    return len(world.agent.receipts()) == 1 and world.agent.reactivation_code() is not None


def has_both_roots(world: World) -> bool:
    with world.machine.store.reading() as memory:
        return len(memory.roots) == 2


def has_kept_the_damaged_store(world: World) -> bool:
    """Whole; beside it may lie a new one that a kill left half begun."""
    kept = world.home.private.glob("store.sqlite3.damaged-*")
    return [path.read_bytes() for path in kept].count(GARBAGE) == 1


ACTS = (
    Act(
        "setup",
        (SETUP,),
        nothing_there,
        set_up_and_activate,
        Standing.ACTIVE,
        1,
        may_say=(NotSetUp,),
    ),
    Act("activate", (ACTIVATE,), lambda _: None, activate, Standing.ACTIVE, 1),
    Act("rebind", (CHECK,), changed, check, Standing.ACTIVE, 2),
    Act("release", (RELEASE,), activate, release, Standing.RELEASED, 1, has_receipt),
    Act("receipt", (CHECK,), released_without_receipt, check, Standing.RELEASED, 1, has_receipt),
    Act("export", (EXPORT,), activate, release, Standing.RELEASED, 1, has_receipt),
    Act("import", (IMPORT,), answered_by_hand, check, Standing.RELEASED, 1, has_receipt),
    Act("notice", (NOTICE,), activate, declare, Standing.ACTIVE, 1, has_window),
    Act("covered", (CHECK,), declared_and_changed, check, Standing.ACTIVE, 2, has_window),
    Act("renewal", (CHECK,), copied, check, Standing.ACTIVE, 2, has_one_key),
    Act("check-in", (CHECK,), activate, check, Standing.ACTIVE, 1),
    Act("rotation", (CHECK,), new_root, check, Standing.ACTIVE, 1, has_both_roots),
    Act("issue-again", (CHECK,), new_document_key, check, Standing.ACTIVE, 2, has_both_roots),
    Act(
        "repair",
        (CHECK, ACTIVATE),
        damaged,
        repair,
        Standing.ACTIVE,
        2,
        has_kept_the_damaged_store,
        # The new store does not know its counter; a refusal that was on its way ends that request.
        (StoreDamaged, ServerRefused),
    ),
)
