"""A power cut after any system call of an act: the store is sound, and nothing told is lost.

What the real store wrote is recorded with strace, so the states are those of the SQLite and the
Python that run here; a second SQLite with a file system of its own would be another program.
"""

import hashlib
import json
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from agent.license_store import SqliteStore
from protocol.envelope import open_request
from tests.kills.acts import ACTS, CHECK
from tests.kills.conftest import Profile, Tell, performing
from tests.kills.stage import Ended, Moment, Stage, twin
from tests.kills.tracing import CHANGES, OPENS
from tests.powercut.disk import Disk, Image

RECORD = (
    "-xx",
    "-s",
    "300000",
    "-e",
    f"trace={','.join(f'?{n}' for n in (*CHANGES, *OPENS))},sendto",
)
# Folders are made before a power cut is of interest; a damaged store has no state to be in.
CUT = tuple(act for act in ACTS if act.name not in ("setup", "repair"))

KILLED = tuple(act for act in CUT if act.name in ("rebind", "release", "receipt"))


class Bounds(NamedTuple):
    """How many states of one moment are all tried, and how many of more."""

    all: int
    sample: int


class Judge:
    """Looks at every state that a power cut may leave, each once."""

    def __init__(self, stage: Stage, profile: Profile) -> None:
        self._stage = stage
        self._chance = random.Random(profile.seed)
        self._bounds = Bounds(1 << 12, 200) if profile.whole else Bounds(8, 2)
        self._seen: set[tuple[Image, int]] = set()
        self._outcomes: set[tuple[str, int]] = set()
        self.sampled = 0
        self.moments = 0

    @property
    def states(self) -> int:
        return len(self._seen)

    @property
    def outcomes(self) -> int:
        return len(self._outcomes)

    def watch(self, disk: Disk, ended: Ended, moments: list[Moment]) -> None:
        """Follow what a process did, with a power cut after each of its calls."""
        left = 0
        for call in ended.calls:
            leaves = call.name == "sendto"
            if leaves:
                left += 1
            elif call.concerns(self._stage.home):
                disk.follow(call)
            if not leaves and not (call.changes and call.concerns(self._stage.home)):
                continue
            last = leaves and left == len(moments)
            told = json.loads(ended.said[-1].out)["standing"] if last and ended.said else None
            newest = min(left, len(moments) - 1)
            with self._stage.judging(f"power cut after {call.name} {call.nth} of {call.place}"):
                self._cut(disk, newest, moments[newest], sent=leaves and not last, told=told)

    def _cut(self, disk: Disk, left: int, moment: Moment, *, sent: bool, told: str | None) -> None:
        images, all_of_them = disk.images(self._bounds.all, self._bounds.sample, self._chance)
        self.moments += 1
        self.sampled += not all_of_them
        for image in images:
            if (image, left) in self._seen and not sent and told is None:
                continue
            self._seen.add((image, left))
            self._judge(image, left, moment, sent=sent, told=told)

    def _judge(
        self, image: Image, left: int, moment: Moment, *, sent: bool, told: str | None
    ) -> None:
        """Sound at once; what was sent or told is there; and it goes on from there."""
        world = self._stage.world
        shutil.rmtree(self._stage.home)
        image.restore()
        world.server = twin(moment.server)
        with SqliteStore(world.home.store).reading() as memory:
            if sent:
                memory.journaled(open_request(moment.request).request.request_id)
        if told is not None:
            assert world.agent.status().standing == told
        outcome = (_outcome(world.home.store, world.home.public), left)
        if outcome not in self._outcomes:
            self._outcomes.add(outcome)
            self._stage.require_recovery()


def _outcome(store: Path, public: Path) -> str:
    """What can be read of a state, however it came about."""
    with closing(sqlite3.connect(store)) as connection:
        dump = "\n".join(connection.iterdump())
    shown = [(path.name, path.read_bytes()) for path in sorted(public.glob("[a-z]*"))]
    return hashlib.sha256(repr((dump, shown)).encode()).hexdigest()


@pytest.mark.timeout(3600)
@performing(CUT)
def test_a_power_cut_anywhere_loses_nothing_that_was_told(
    stage: Stage, profile: Profile, tell: Tell
) -> None:
    stage.reset()
    disk, judge = Disk(stage.home), Judge(stage, profile)
    ended = stage.perform(*RECORD)
    assert ended.status == 0
    judge.watch(disk, ended, stage.moments)
    tell(
        f"{stage.act.name}: {judge.moments} power cuts, {judge.states} states "
        f"({judge.sampled} moments sampled), {judge.outcomes} outcomes"
    )


@pytest.mark.timeout(3600)
@performing(KILLED)
def test_what_a_killed_process_did_not_sync_is_synced_before_anything_leaves(
    stage: Stage, profile: Profile, tell: Tell
) -> None:
    """Killed between removing a journal and syncing its absence; then a check; then a power cut."""
    stage.reset()
    syncs = [
        call
        for call in stage.perform().calls
        if call.name in ("fsync", "fdatasync") and call.concerns(stage.home)
    ]
    judge = Judge(stage, profile)
    killed_at = profile.of(syncs, 1)
    for call in killed_at:
        stage.reset()
        disk = Disk(stage.home)
        killed = stage.perform(*RECORD, "-e", f"inject={call.name}:signal=KILL:when={call.nth}")
        assert killed.killed
        for done in killed.calls:
            if done.concerns(stage.home):
                disk.follow(done)
        ended = stage.perform(*RECORD, commands=(CHECK,))
        with stage.judging(f"killed at {call.name} {call.nth} of {call.place}"):
            judge.watch(disk, ended, stage.moments)
    tell(
        f"{stage.act.name}, killed and checked: {len(killed_at)} of {len(syncs)} kills, "
        f"{judge.moments} power cuts, {judge.states} states, {judge.outcomes} outcomes"
    )
