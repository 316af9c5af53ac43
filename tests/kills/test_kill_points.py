"""`kill -9` at every system call with which an act changes its home (docs/reliability.md).

The call is never made: the process is gone with everything before it done and nothing after it.
"""

import pytest

from tests.kills.acts import ACTS
from tests.kills.conftest import Profile, Tell, performing
from tests.kills.stage import Stage
from tests.kills.tracing import Call

SAMPLE = 4


def points(stage: Stage) -> list[Call]:
    """Every call of one undisturbed performance that changes something at home."""
    stage.reset()
    ended = stage.perform()
    assert ended.status == 0
    stage.require_recovery()
    return [call for call in ended.calls if call.changes and call.concerns(stage.home)]


@pytest.mark.timeout(1800)
@performing(ACTS)
def test_an_act_killed_anywhere_is_finished_by_the_next_check(
    stage: Stage, profile: Profile, tell: Tell
) -> None:
    found = points(stage)
    for call in profile.of(found, SAMPLE):
        stage.reset()
        ended = stage.perform("-e", f"inject={call.name}:signal=KILL:when={call.nth}")
        last = ended.calls[-1]
        where = f"{call.name} {call.nth} of {call.place}"
        assert ended.killed, where
        assert (last.name, last.nth, last.place) == (call.name, call.nth, call.place)
        with stage.judging(where):
            stage.require_recovery()
    tell(f"{stage.act.name}: killed at {len(profile.of(found, SAMPLE))} of {len(found)} points")
