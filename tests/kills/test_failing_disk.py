"""EIO and ENOSPC from every system call that an act makes at home, once and from there on.

The process must end with a failure that has a name, a sentence, advice and the standing that is
left; and afterwards, with the disk well again, everything ends as if nothing had happened.
"""

import json
from typing import Any, NamedTuple

import pytest

from agent.cli import Exit
from agent.errors import AgentError
from tests.agent.worlds import World
from tests.kills.acts import ACTS
from tests.kills.conftest import Profile, Tell, performing
from tests.kills.doomed import Said
from tests.kills.stage import Stage
from tests.kills.tracing import READS, Call

SAMPLE = 4
# What breaks together: a disk that takes no more, and one that gives no more.
WRITES = ("write", "pwrite64", "fsync", "fdatasync", "ftruncate", "mkdir", "rename")
NAMED = {Exit.STORE, Exit.DAMAGED, Exit.RIGHTS}


class Fault(NamedTuple):
    """One call that fails, alone or with all of its kind from there on."""

    call: Call
    error: str
    lasting: tuple[tuple[str, int], ...] = ()

    @property
    def options(self) -> list[str]:
        broken = self.lasting or ((self.call.name, self.call.nth),)
        when = "+" if self.lasting else ""
        inject = (f"inject={name}:error={self.error}:when={nth}{when}" for name, nth in broken)
        return [option for each in inject for option in ("-e", each)]

    def __str__(self) -> str:
        lasting = " and from there on" if self.lasting else ""
        return f"{self.error} from {self.call.name} {self.call.nth} of {self.call.place}{lasting}"


def faults(stage: Stage) -> list[Fault]:
    """Every way in which one undisturbed performance could have been disturbed."""
    stage.reset()
    calls = stage.perform().calls
    found = []
    for index, call in enumerate(calls):
        if not call.concerns(stage.home):
            continue
        kind = next((kind for kind in (WRITES, READS) if call.name in kind), ())
        before = [c.name for c in calls[:index]]
        lasting = tuple((name, before.count(name) + 1) for name in kind)
        found.append(Fault(call, "EIO"))
        if lasting:
            found.append(Fault(call, "EIO", lasting))
        if call.takes_room:
            found.append(Fault(call, "ENOSPC"))
        if call.takes_room and lasting:
            found.append(Fault(call, "ENOSPC", lasting))
    return found


@pytest.mark.timeout(3600)
@performing(ACTS)
def test_a_failing_disk_is_named_and_loses_nothing(
    stage: Stage, profile: Profile, tell: Tell
) -> None:
    found = faults(stage)
    for fault in profile.of(found, SAMPLE):
        stage.reset()
        ended = stage.perform(*fault.options)
        with stage.judging(str(fault)):
            assert ended.status == 0
            assert ended.said is not None
            for said in ended.said:
                require_named(said)
            require_true(ended.said[-1], stage.world)
            stage.require_recovery()
    tell(f"{stage.act.name}: {len(profile.of(found, SAMPLE))} of {len(found)} failing calls")


def body_of(said: Said) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(said.out)
    return body


def require_named(said: Said) -> None:
    body = body_of(said)
    assert not said.err
    if "error" in body:
        # A file that the user named is not the store.
        assert said.exit in NAMED or (said.exit, body["error"]) == (Exit.INVALID, "file-unreadable")
        assert body["error"] not in ("unexpected", "admin-rights-needed")
        assert all(body[part] for part in ("text", "advice", "state"))
    else:
        assert said.exit in (Exit.DONE, Exit.RELEASED, Exit.RELEASING)


def require_true(said: Said, world: World) -> None:
    """A standing that is told without a moment is the standing."""
    body = body_of(said)
    if body.get("standing") is None or body.get("as_of") is not None:
        return
    try:
        standing = world.agent.status().standing
    except AgentError:
        return
    assert body["standing"] == standing.value
