"""What each move of the lifecycle does, and what it leaves alone (§4, §7)."""

import pytest
from msgspec.structs import replace

from agent.events import (
    ChangedReleaseAsked,
    DriftSeen,
    HiddenSeen,
    MatchSeen,
    RefusalArrived,
)
from agent.lifecycle import HIDDEN_SECONDS, SILENT_SECONDS, advance, grace_used
from agent.state import Grace
from protocol.values import Standing, Timestamp
from tests.agent.lifecycles import (
    EVENTS,
    FOREIGN,
    HELD,
    NOW,
    OURS,
    STATES,
    answer,
    case,
    drift,
    hidden,
    license,
    receipt,
    request,
    truth,
)


def test_asking_costs_no_right_to_run() -> None:
    for name in ("active", "drifted"):
        after = advance(STATES[name], EVENTS["activate"])
        assert after.holds_document
        assert after.request == request("activate", "new", 8)
        assert after.sequence == 8


def test_an_installed_license_ends_request_case_check_in_and_grace() -> None:
    before = replace(STATES["drifted, asking"], case=case())
    after = advance(before, EVENTS["license"])
    assert after.generation == 4
    assert after.high_water == {OURS: 3}
    assert (after.request, after.case, after.check, after.drifted_at) == (None, None, None, None)
    assert after.grace == Grace()
    assert after.last_match_at == NOW


def test_a_first_license_leaves_the_mark_where_it_was() -> None:
    after = advance(STATES["activating"], license(generation=9))
    assert (after.generation, after.high_water) == (9, {OURS: 3})
    assert after.fall_back is None


def test_another_license_on_a_released_machine_has_a_mark_of_its_own() -> None:
    after = advance(STATES["activating"], license(license_id=FOREIGN, generation=1))
    assert after.license_id == FOREIGN
    assert after.high_water == {OURS: 3, FOREIGN: 0}


def test_release_puts_the_generation_under_the_mark_at_once() -> None:
    before = replace(STATES["drifted, asking"], case=case())
    after = advance(before, EVENTS["release"])
    assert after.high_water == {OURS: 3}
    assert (after.request, after.case, after.check) == (request("release", "new", 8), None, None)
    assert not after.holds_document


def test_release_overtakes_an_open_activation_whose_answer_then_changes_nothing() -> None:
    releasing = advance(STATES["active, asking"], EVENTS["release"])
    assert advance(releasing, license()) == releasing


def test_the_receipt_raises_the_mark_to_the_highest_generation_it_names() -> None:
    after = advance(STATES["releasing"], receipt(generation=5))
    assert (after.high_water, after.request) == ({OURS: 5}, None)
    older = advance(STATES["releasing"], receipt(generation=1))
    assert older.high_water == {OURS: 3}


def test_a_receipt_counts_even_of_an_older_epoch_because_stored_bytes_are_sent_again() -> None:
    after = advance(STATES["releasing"], receipt(epoch=1))
    assert after.standing is Standing.RELEASED
    assert (after.epoch_seen, after.last_answer) == (2, "last")


def test_a_renewed_proof_takes_the_place_of_the_old_one() -> None:
    after = advance(STATES["releasing"], EVENTS["renew"])
    assert after.request == request("release", "new", 8)
    assert advance(after, receipt("new")).standing is Standing.RELEASED
    assert advance(after, receipt()) == after


def test_only_the_newest_check_in_is_believed() -> None:
    after = advance(HELD, EVENTS["check"])
    assert advance(after, truth(held=False)) == after
    assert advance(after, truth("new", held=False)).standing is Standing.SUPERSEDED


def test_superseded_puts_the_generation_under_the_mark_and_drops_the_case() -> None:
    after = advance(replace(STATES["drifted"], case=case()), EVENTS["not-held"])
    assert (after.high_water, after.case) == ({OURS: 3}, None)


def test_truth_spares_a_device_whose_own_request_may_have_got_the_newer_generation() -> None:
    after = advance(STATES["active, asking"], EVENTS["not-held"])
    assert after.standing is Standing.ACTIVE
    assert advance(after, EVENTS["license"]).generation == 4


def test_a_check_in_before_a_rebind_says_nothing_about_the_rebound_license() -> None:
    rebound = advance(STATES["active, asking"], EVENTS["license"])
    assert advance(rebound, EVENTS["not-held"]) == rebound


def test_a_server_that_fell_behind_takes_nothing_away_and_teaches_nothing() -> None:
    after = advance(HELD, EVENTS["behind"])
    assert after == replace(HELD, check=None)


def test_a_refused_activation_falls_back_and_hears_the_last_sequence() -> None:
    after = advance(STATES["activating"], EVENTS["refusal"])
    assert (after.standing, after.request, after.fall_back) == (Standing.RELEASED, None, None)
    assert after.sequence == 40


def test_a_late_refusal_never_makes_an_older_answer_the_last_one() -> None:
    refusal = RefusalArrived(**answer("older", audit_index=1), last_sequence=99)
    assert advance(HELD, refusal) == HELD


def test_a_refused_proof_stays_open() -> None:
    assert advance(STATES["releasing"], EVENTS["proof-refused"]).request == request("release")


def test_a_refused_check_in_is_over_and_changes_no_standing() -> None:
    after = advance(STATES["active, asking"], EVENTS["check-refused"])
    assert (after.check, after.request) == (None, request("activate"))


def test_grace_counts_the_time_the_system_has_been_up_between_runs() -> None:
    after = advance(STATES["drifted"], drift(uptime=500))
    assert after.grace == Grace(used_seconds=160, boot_id="boot", uptime=500)


def test_the_first_sight_of_drift_starts_the_grace_without_counting() -> None:
    after = advance(HELD, drift(uptime=99_999))
    assert after.grace == Grace(used_seconds=0, boot_id="boot", uptime=99_999)
    assert after.drifted_at == NOW
    later = advance(after, DriftSeen(at=Timestamp(5000), boot_id="boot", uptime=100_000))
    assert later.drifted_at == NOW


def test_a_match_keeps_the_grace_used_and_stops_counting() -> None:
    matched = advance(STATES["drifted"], MatchSeen(at=Timestamp(3000)))
    assert matched.grace == Grace(used_seconds=60)
    assert (matched.drifted_at, matched.last_match_at) == (None, 3000)
    again = advance(matched, drift(uptime=9000))
    assert again.grace == Grace(used_seconds=60, boot_id="boot", uptime=9000)


def test_hidden_parts_are_counted_and_change_nothing_before_three_days() -> None:
    seen = advance(HELD, hidden(uptime=400))
    assert (seen.standing, seen.hidden) == (Standing.ACTIVE, Grace(boot_id="boot", uptime=400))
    silent = replace(seen, silence=Grace(used_seconds=SILENT_SECONDS, boot_id="boot", uptime=400))
    almost = advance(silent, hidden(uptime=400 + HIDDEN_SECONDS - 1))
    assert (almost.standing, almost.drifted_at) == (Standing.ACTIVE, None)
    assert almost.last_match_at == HELD.last_match_at
    assert advance(almost, hidden(uptime=400 + HIDDEN_SECONDS)).standing is Standing.DRIFTED


def test_hidden_for_long_and_confirmed_it_runs_on() -> None:
    state = replace(STATES["active, hidden"], silence=Grace())
    assert advance(state, hidden(uptime=9_999_999)).standing is Standing.ACTIVE


def test_hidden_for_too_long_it_drifts_and_its_grace_begins_then() -> None:
    after = advance(STATES["active, hidden"], hidden(uptime=500))
    assert (after.standing, after.drifted_hidden, after.drifted_at) == (Standing.DRIFTED, True, NOW)
    assert after.grace == Grace(boot_id="boot", uptime=500)
    later = HiddenSeen(at=Timestamp(5000), boot_id="boot", uptime=560)
    assert advance(after, later).grace.used_seconds == 60
    assert advance(after, later).drifted_at == NOW


def test_an_answer_ends_what_only_was_hidden_at_the_next_look() -> None:
    heard = advance(STATES["drifted, hidden"], EVENTS["held"])
    assert heard.silence == Grace(used_seconds=0, boot_id="boot", uptime=400)
    after = advance(heard, hidden(uptime=500))
    assert (after.standing, after.drifted_at, after.drifted_hidden) == (
        Standing.ACTIVE,
        None,
        False,
    )
    assert after.grace == Grace(used_seconds=60)
    assert after.silence.used_seconds == 100


def test_an_answer_that_is_late_or_of_a_case_ends_no_silence() -> None:
    for event in ("behind", "late-truth"):
        after = advance(STATES["drifted, hidden"], EVENTS[event])
        assert after.silence.used_seconds == SILENT_SECONDS - 100


def test_a_match_ends_it_and_forgets_how_long_it_was_hidden() -> None:
    after = advance(STATES["drifted, hidden"], EVENTS["match"])
    assert (after.standing, after.hidden, after.drifted_hidden) == (Standing.ACTIVE, Grace(), False)
    assert after.grace == Grace(used_seconds=60)


def test_what_was_hidden_and_differs_has_differed_since_it_was_seen() -> None:
    event = DriftSeen(at=Timestamp(3000), boot_id="boot", uptime=500)
    after = advance(STATES["drifted, hidden"], event)
    assert (after.drifted_at, after.drifted_hidden, after.hidden) == (3000, False, Grace())
    assert after.grace.used_seconds == 160
    again = advance(after, hidden(uptime=600))
    assert (again.standing, again.drifted_hidden) == (Standing.DRIFTED, False)
    assert again.grace.used_seconds == 260


GRACE = Grace(used_seconds=60, boot_id="boot", uptime=400)


@pytest.mark.parametrize(
    ("boot_id", "uptime", "used"),
    [
        pytest.param("boot", 500, 160, id="the same boot counts the difference"),
        pytest.param("other", 500, 560, id="another boot counts its whole uptime"),
        pytest.param("boot", 0, 60, id="an unreadable uptime counts nothing"),
        pytest.param("", 500, 160, id="an unreadable boot is taken for the same one"),
        pytest.param(None, 500, 160, id="an absent boot too"),
        pytest.param("", 300, 360, id="unless its uptime went back"),
    ],
)
def test_grace_used(boot_id: str | None, uptime: int, used: int) -> None:
    assert grace_used(GRACE, boot_id, uptime) == used


def test_grace_that_does_not_run_counts_nothing() -> None:
    assert grace_used(Grace(used_seconds=60), "boot", 500) == 60


@pytest.mark.parametrize("name", ["active", "drifted"])
def test_a_run_that_could_not_read_the_uptime_neither_counts_nor_is_counted_from(name: str) -> None:
    state = advance(STATES[name], drift(uptime=0))
    assert state.standing is Standing.DRIFTED
    assert state.grace == STATES[name].grace
    after = advance(state, drift(uptime=5_000_000))
    expected = 60 + 5_000_000 - 400 if name == "drifted" else 0
    assert after.grace.used_seconds == expected


def test_what_had_changed_before_a_release_is_remembered_until_the_license_is_taken_again() -> None:
    asked = ChangedReleaseAsked(request=request("release", "new", 8))
    releasing = advance(STATES["drifted"], asked)
    assert (releasing.standing, releasing.released_changed) == (Standing.RELEASING, True)
    assert not advance(STATES["drifted"], EVENTS["release"]).released_changed
    released = advance(releasing, receipt("new"))
    assert released.released_changed
    taken = advance(advance(released, EVENTS["activate"]), license("new"))
    assert (taken.standing, taken.released_changed) == (Standing.ACTIVE, False)
