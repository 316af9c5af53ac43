"""The hourly run: what it does though nobody is asked, and when it asks again."""

import sqlite3

import pytest
from msgspec.structs import replace

from agent.errors import ServerRefused
from protocol import jws
from protocol.problems import RefusalCode
from protocol.values import ReleaseReason, Standing, Timestamp
from tests import machines
from tests.agent.timers import DAY, HOUR, WEEK, asked, checked, run_for, told
from tests.agent.worlds import World

__all__ = ["checked"]


def test_an_update_of_the_system_is_told_once(checked: World) -> None:
    checked.become(replace(checked.hardware, debian_version="12.6"))
    before = asked(checked)
    for _ in range(3):
        assert run_for(checked, HOUR).os is not None
    assert asked(checked) == before + 1


def test_a_license_that_is_well_is_asked_about_once_a_day(checked: World) -> None:
    before = asked(checked)
    runs = [0] * 48
    for hour in range(48):
        # The timer comes up to 20 minutes late, each time another.
        view = run_for(checked, HOUR + (hour % 3 - 1) * 600)
        runs[hour] = asked(checked) - before
        assert view.usable
    assert [runs.index(1), runs.index(2), runs[-1]] == [23, 47, 2]


def test_a_week_is_over_before_the_license_is_called_unconfirmed(checked: World) -> None:
    before = asked(checked)
    checked.clock.time = Timestamp(checked.clock.time + 160 * HOUR + 1200)
    for _ in range(10):
        assert not checked.agent.status().stale
        checked.server.now = checked.clock.time
        checked.agent.check_when_due(WEEK)
        checked.clock.time = Timestamp(checked.clock.time + HOUR)
    assert asked(checked) == before + 1


def test_the_permit_is_renewed_though_nobody_is_asked(checked: World) -> None:
    permit = checked.home.public / "permit.jws"
    old, before = permit.read_bytes(), asked(checked)
    run_for(checked, HOUR)
    assert asked(checked) == before
    assert jws.split(permit.read_bytes()).encoded_payload != jws.split(old).encoded_payload


def test_grace_and_silence_are_counted_though_nobody_is_asked(checked: World) -> None:
    run_for(checked, HOUR)
    run_for(checked, HOUR)
    assert checked.state.silence.used_seconds == HOUR


def test_drift_is_seen_and_asked_about_in_the_same_hour(checked: World) -> None:
    before = asked(checked)
    checked.become(machines.with_other_board(checked.hardware))
    assert run_for(checked, HOUR).standing is Standing.DRIFTED
    assert asked(checked) == before + 1


def test_a_server_that_did_not_answer_is_asked_every_hour(checked: World) -> None:
    run_for(checked, DAY - HOUR)
    checked.server.lose_next_request(3)
    before = asked(checked)
    for _ in range(3):
        assert run_for(checked, HOUR).messages[-1].code == "server-unreachable"
    assert checked.state.check is not None
    run_for(checked, HOUR)
    assert asked(checked) == before + 1
    run_for(checked, HOUR)
    assert asked(checked) == before + 1


def test_a_refused_check_is_told_every_hour(checked: World) -> None:
    for _ in range(2):
        checked.server.answer_next_with = lambda server, signed: server.refusal(
            signed, RefusalCode.SERVER_BEHIND
        )
        with pytest.raises(ServerRefused):
            run_for(checked, DAY)
    before = asked(checked)
    checked.server.answer_next_with = lambda server, signed: server.refusal(
        signed, RefusalCode.SERVER_BEHIND
    )
    with pytest.raises(ServerRefused):
        run_for(checked, HOUR)
    assert asked(checked) == before + 1


def test_a_license_that_is_held_back_asks_every_hour(active: World) -> None:
    active.server.hold = True
    active.agent.check()
    before = asked(active)
    run_for(active, HOUR)
    assert asked(active) == before + 1


def test_a_proof_that_waits_for_its_receipt_is_sent_every_hour(checked: World) -> None:
    checked.server.lose_next_request()
    checked.agent.release(ReleaseReason.HARDWARE)
    assert checked.state.standing is Standing.RELEASING
    assert run_for(checked, HOUR).standing is Standing.RELEASED


def test_a_person_always_asks(checked: World) -> None:
    before = asked(checked)
    checked.agent.check()
    assert asked(checked) == before + 1


def test_an_answer_whose_key_is_believed_no_more_is_no_word(checked: World) -> None:
    assert told(checked) is not None
    checked.server.rotate_document_key()
    with checked.machine.store.transaction() as tx:
        tx.save_roots(checked.server.roots)
    assert told(checked) is None


@pytest.mark.parametrize(
    "damage", ["answer = x'00'", "answer = 'text'", "answered_at = 'never'", "answered_at = NULL"]
)
def test_an_answer_that_does_not_read_back_is_asked_for_anew(checked: World, damage: str) -> None:
    connection = sqlite3.connect(checked.home.store)
    connection.execute(f"UPDATE journal SET {damage} WHERE op = 'check-in'")  # noqa: S608 - the parameters above
    connection.commit()
    connection.close()
    before = asked(checked)
    run_for(checked, HOUR)
    assert asked(checked) == before + 1
    run_for(checked, HOUR)
    assert asked(checked) == before + 1, "the new answer has taken its place"
