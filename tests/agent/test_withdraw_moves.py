"""What taking a request back does to the lifecycle, and what it leaves alone (§4)."""

import pytest
from msgspec.structs import replace

from agent.errors import FinishFirst, NothingToWithdraw
from agent.lifecycle import advance
from protocol.values import RequestId, Standing
from tests.agent.lifecycles import EVENTS, FOREIGN, OURS, STATES, license, request, truth


def test_a_withdrawn_activation_falls_back_and_its_late_license_changes_nothing() -> None:
    asked = advance(STATES["activating"], EVENTS["withdraw"])
    assert asked.standing is Standing.ACTIVATING
    assert asked.request == request("withdraw", "new", 8)
    assert advance(asked, license()) == asked
    after = advance(asked, truth("new", held=False, license_id=OURS, generation=9))
    assert (after.standing, after.request, after.fall_back) == (Standing.RELEASED, None, None)
    assert after.high_water == {OURS: 9}
    assert advance(after, license(generation=9)) == after


def test_the_mark_never_falls_by_a_withdrawal() -> None:
    for event in (truth("withdraw", license_id=OURS, generation=1), truth("withdraw")):
        assert advance(STATES["withdrawing"], event).high_water == {OURS: 3}
    other = truth("withdraw", license_id=FOREIGN, generation=2)
    assert advance(STATES["withdrawing"], other).high_water == {OURS: 3, FOREIGN: 2}


def test_a_machine_that_runs_keeps_its_license_and_loses_the_case() -> None:
    event = truth("withdraw", held=False, license_id=OURS, generation=3)
    after = advance(STATES["drifted, withdrawing"], event)
    assert (after.standing, after.case, after.request) == (Standing.DRIFTED, None, None)
    assert after.holds_document


def test_a_withdrawal_heard_late_is_heard_all_the_same() -> None:
    event = truth("withdraw", epoch=1, license_id=OURS, generation=9)
    after = advance(STATES["withdrawing"], event)
    assert (after.standing, after.epoch_seen) == (Standing.RELEASED, 2)


def test_a_running_machine_must_hear_the_answer_to_what_it_asked() -> None:
    for name in ("active, asking", "drifted, asking"):
        with pytest.raises(FinishFirst):
            advance(STATES[name], EVENTS["withdraw"])


@pytest.mark.parametrize("name", ["unlicensed", "active", "releasing", "released", "damaged"])
def test_where_nothing_was_asked_there_is_nothing_to_withdraw(name: str) -> None:
    with pytest.raises(NothingToWithdraw) as refusal:
        advance(STATES[name], EVENTS["withdraw"])
    assert refusal.value.text_code == "nothing-to-withdraw"


def test_a_withdrawal_under_a_used_sequence_is_signed_again() -> None:
    refused = advance(STATES["withdrawing"], EVENTS["w-again"])
    assert refused.sequence == 40
    again = advance(refused, EVENTS["withdraw"])
    assert again.request == request("withdraw", "new", 8)


def test_a_withdrawal_keeps_no_disowned_document_running() -> None:
    after = advance(STATES["drifted, withdrawing"], EVENTS["not-held"])
    assert after.standing is Standing.SUPERSEDED
    ended = advance(after, truth("withdraw", license_id=OURS, generation=7))
    assert (ended.standing, ended.request, ended.mark) == (Standing.SUPERSEDED, None, 7)


def test_an_exported_request_remembers_its_file_until_it_is_answered() -> None:
    exported = advance(STATES["activating"], EVENTS["exported"])
    assert exported.request is not None
    assert exported.request.exported_to == "/media/usb/request.jws"
    assert exported.request == replace(request("activate"), exported_to="/media/usb/request.jws")
    assert advance(exported, EVENTS["license"]).request is None
    assert exported.request.request_id == RequestId("activate")
