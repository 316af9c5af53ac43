"""What answers change of windows, of the device key and of a fork's case (§4, §5)."""

import pytest
from msgspec.structs import replace

from agent.lifecycle import advance
from protocol.documents import Announcement, Offer
from protocol.values import CaseState, Standing, Timestamp
from protocol.windows import GRACE_AFTER_WINDOW_SECONDS
from tests.agent.lifecycles import (
    EVENTS,
    FOREIGN,
    HELD,
    NOW,
    STATES,
    case,
    fork,
    granted,
    license,
    request,
    truth,
    window,
)

DECLARING = STATES["active, declaring"]
COVERED = STATES["drifted, window"]
OVER = Timestamp(window().ends_at + GRACE_AFTER_WINDOW_SECONDS)


def test_a_notice_is_a_request_beside_a_license_that_runs() -> None:
    after = advance(HELD, EVENTS["notice"])
    assert (after.standing, after.request) == (Standing.ACTIVE, request("notice", "new", 8))
    assert after.sequence == 8


def test_a_granted_window_is_kept_and_ends_the_notice() -> None:
    after = advance(DECLARING, granted(window=window(window_id=6)))
    assert (after.request, after.window) == (None, window(window_id=6))
    foreign = advance(DECLARING, granted(license_id=FOREIGN, window=window(window_id=6)))
    assert (foreign.request, foreign.window) == (None, window())


def test_a_refused_notice_is_over_and_costs_nothing_else() -> None:
    after = advance(replace(DECLARING, case=case()), EVENTS["notice-refused"])
    assert (after.request, after.window, after.case) == (None, window(), case())


def test_a_release_overtakes_a_notice() -> None:
    after = advance(DECLARING, EVENTS["release"])
    assert after.standing is Standing.RELEASING
    assert advance(after, granted()) == after


def test_the_truth_tells_of_the_newest_window_and_clears_a_closed_one() -> None:
    assert advance(HELD, EVENTS["window-told"]).window == window(window_id=6)
    assert advance(COVERED, EVENTS["window-told"]).window == window(window_id=6)
    assert advance(COVERED, truth()).window is None


@pytest.mark.parametrize(("server_time", "kept"), [(OVER, False), (OVER + 1, True)])
def test_a_window_too_old_to_be_told_of_is_kept_until_its_change_is_bound(
    server_time: int, *, kept: bool
) -> None:
    told = truth(server_time=Timestamp(server_time))
    assert advance(COVERED, told).window == (window() if kept else None)
    assert advance(replace(HELD, window=window()), told).window is None


def test_an_older_truth_says_nothing_of_windows_and_keys() -> None:
    after = advance(COVERED, truth(epoch=1))
    assert (after.window, after.renew_key) == (window(), True)


def test_a_window_is_of_its_license() -> None:
    asking = replace(STATES["drifted, asking"], window=window())
    assert advance(asking, license()).window == window()
    waiting = replace(STATES["activating"], window=window())
    assert advance(waiting, license(license_id=FOREIGN)).window is None


def test_a_superseded_machine_has_neither_window_nor_notice() -> None:
    after = advance(replace(COVERED, request=request("notice")), EVENTS["not-held"])
    assert after.standing is Standing.SUPERSEDED
    assert (after.request, after.window, after.renew_key) == (None, None, False)


def test_the_key_is_renewed_until_a_license_came() -> None:
    told = advance(HELD, EVENTS["renew-key"])
    assert (told.renew_key, told.renewal_asked_at) == (True, None)
    asking = advance(told, EVENTS["activate"])
    assert asking.renewal_asked_at == request("activate").issued_at
    renewed = advance(asking, license("new"))
    assert (renewed.generation, renewed.renew_key, renewed.renewal_asked_at) == (4, False, None)


def test_a_refusal_may_ask_for_the_next_key() -> None:
    after = advance(STATES["drifted, asking"], EVENTS["key-refused"])
    assert (after.request, after.renew_key) == (None, True)
    again = replace(after, request=request("activate"))
    assert advance(again, EVENTS["refusal"]).renew_key


def test_an_activation_that_renews_nothing_leaves_no_mark() -> None:
    assert advance(STATES["released"], EVENTS["activate"]).renewal_asked_at is None


def test_the_next_keys_own_check_in_tells_of_its_case_alone() -> None:
    waiting = replace(COVERED, case=fork())
    asked = advance(waiting, EVENTS["after-case"])
    assert asked.check == replace(request("check-in", "new", 8), after_case=True)
    approved = truth("new", held=False, cases=(fork(CaseState.APPROVED),))
    after = advance(asked, approved)
    assert (after.standing, after.case) == (Standing.DRIFTED, fork(CaseState.APPROVED))
    assert (after.window, after.renew_key, after.check) == (window(), True, None)
    declined = advance(asked, truth("new", held=False, cases=(fork(CaseState.DECLINED),)))
    assert (declined.standing, declined.case) == (Standing.DRIFTED, None)


def test_a_refused_renewal_is_asked_for_again_and_one_that_met_a_case_is_not() -> None:
    asking = replace(STATES["drifted, asking"], renew_key=True, renewal_asked_at=NOW)
    assert advance(asking, EVENTS["refusal"]).renewal_asked_at is None
    assert advance(asking, EVENTS["case"]).renewal_asked_at == NOW


def test_the_case_of_a_fork_is_heard_of_unasked() -> None:
    told = advance(HELD, EVENTS["fork"])
    assert (told.standing, told.case) == (Standing.ACTIVE, fork())
    approved = truth(cases=(case(), fork(CaseState.APPROVED)))
    assert advance(HELD, approved).case == fork(CaseState.APPROVED)


def test_no_other_case_and_no_decided_one_is_taken_up() -> None:
    assert advance(HELD, truth(cases=(case(), fork(CaseState.DECLINED)))).case is None
    waiting = STATES["activating, case"]
    assert advance(waiting, truth(cases=(fork(),))).case == case()


def test_a_fork_that_was_decided_and_carried_out_is_not_waited_for_again() -> None:
    approved = fork(CaseState.APPROVED)
    asking = replace(STATES["active, asking"], case=approved)
    after = advance(asking, license())
    later = replace(after, check=request("check-in"))
    assert advance(later, truth(cases=(approved,), audit_index=21)).case is None
    newer = replace(fork(), case_id=10)
    assert advance(later, truth(cases=(approved, newer), audit_index=21)).case == newer


def test_a_suspension_is_what_the_newest_truth_tells_of_the_license_that_is_held() -> None:
    told = advance(HELD, EVENTS["suspended"])
    assert told.suspended
    asked = replace(told, check=request("check-in"))
    assert not advance(asked, truth(audit_index=21)).suspended
    waiting = replace(STATES["activating, case"], suspended=True)
    assert advance(waiting, truth()).suspended


def test_a_suspension_outlives_release_and_rebind_and_ends_when_the_license_is_taken_again() -> (
    None
):
    suspended = replace(STATES["active, asking"], suspended=True)
    assert advance(suspended, license()).suspended
    assert advance(suspended, EVENTS["release"]).suspended
    released = advance(replace(STATES["releasing"], suspended=True), EVENTS["receipt"])
    assert released.suspended
    taken = replace(released, standing=Standing.ACTIVATING, request=request("activate"))
    assert not advance(taken, license()).suspended
    assert not advance(replace(HELD, suspended=True), EVENTS["not-held"]).suspended


def test_what_is_announced_is_that_of_the_newest_truth_and_of_no_older_one() -> None:
    offers, holidays = (Offer(name="tickets"),), ("2027-03-21",)
    told = truth(announcements=(announcement(2), announcement(1)), offers=offers, holidays=holidays)
    after = advance(HELD, told)
    assert after.announcements == (announcement(2), announcement(1))
    assert (after.offers, after.holidays) == (offers, holidays)
    old = truth(announcements=(announcement(3),), audit_index=0)
    late = advance(replace(after, check=HELD.check), old)
    assert late.announcements == after.announcements
    assert advance(replace(after, check=HELD.check), truth()).announcements == ()


def announcement(number: int) -> Announcement:
    return Announcement(
        announcement_id=number, published_at=NOW, text_fa=f"خبر {number}", text_en=f"News {number}"
    )
