"""The view of the standing, computed from facts alone."""

from typing import Any

import pytest

from agent.facts import Facts, grace_seconds_left, is_usable
from agent.fingerprint import OsIdentity
from agent.state import Grace, OpenRequest, State
from agent.status import STALE_AFTER_SECONDS, is_waiting, view_of
from protocol.documents import CaseSummary, Fee, License, WindowSummary
from protocol.values import (
    CaseKind,
    CaseState,
    Coordination,
    DeviceId,
    Digest,
    Fingerprint,
    LicenseId,
    MachineClass,
    OsTags,
    RequestId,
    Standing,
    Timestamp,
)
from protocol.views import FeeView
from protocol.weights import DEFAULT_POLICY

NOW = Timestamp(1_800_000_000)
LICENSE = LicenseId("license")


BELIEVED = License(
    request_id=RequestId("01900000-0000-7000-8000-000000000001"),
    request_hash=Digest("A" * 43),
    device=DeviceId("A" * 43),
    generation=3,
    epoch=1,
    server_time=NOW,
    audit_index=1,
    license_id=LICENSE,
    product="product",
    customer="customer",
    modules=(),
    seats=1,
    support_code="1234",
    policy=DEFAULT_POLICY,
    fingerprint=Fingerprint(machine_class=MachineClass.BARE, components={}, os=OsTags()),
)


def facts(state: State, **changes: Any) -> Facts:
    fields: dict[str, Any] = {
        "state": state,
        "license": BELIEVED,
        "observation": None,
        "boot_id": "boot",
        "uptime": 100,
        "now": NOW,
    }
    return Facts(**(fields | changes))


def standing_state(standing: Standing, **changes: Any) -> State:
    fields: dict[str, Any] = {"license_id": LICENSE, "generation": 3, "high_water": {LICENSE: 2}}
    return State(standing=standing, **(fields | changes))


@pytest.mark.parametrize("standing", Standing)
def test_every_standing_has_a_headline_and_says_what_may_be_done(standing: Standing) -> None:
    view = view_of(facts(standing_state(standing)))
    assert view.standing is standing
    assert view.messages[0].code == f"standing-{standing.value}"
    assert view.actions


@pytest.mark.parametrize("standing", Standing)
def test_only_a_held_document_above_the_mark_is_usable(standing: Standing) -> None:
    held = standing in (Standing.ACTIVE, Standing.DRIFTED)
    assert is_usable(facts(standing_state(standing))) is held
    assert not is_usable(facts(standing_state(standing, high_water={LICENSE: 3})))


def test_nothing_drifted_has_no_hours_left() -> None:
    assert grace_seconds_left(facts(standing_state(Standing.ACTIVE, grace=Grace()))) is None


@pytest.mark.parametrize(("silence", "stale"), [(0, False), (1, True)])
def test_a_license_is_stale_after_a_week_of_silence(silence: int, stale: bool) -> None:  # noqa: FBT001
    confirmed = Timestamp(NOW - STALE_AFTER_SECONDS - silence)
    view = view_of(facts(standing_state(Standing.ACTIVE, confirmed_at=confirmed)))
    assert view.stale is stale
    assert ("not-confirmed" in [message.code for message in view.messages]) is stale


def test_what_does_not_run_is_never_stale() -> None:
    view = view_of(facts(standing_state(Standing.RELEASED, confirmed_at=Timestamp(0))))
    assert not view.stale


@pytest.mark.parametrize("op", ["activate", "release"])
def test_an_open_request_is_shown(op: str) -> None:
    request = OpenRequest(
        op=op, request_id=RequestId("r"), sequence=4, digest=Digest("d"), issued_at=NOW
    )
    view = view_of(facts(standing_state(Standing.ACTIVE, request=request)))
    assert view.request is not None
    assert (view.request.op, view.request.sequence) == (op, 4)
    assert f"waiting-{op}" in [message.code for message in view.messages]


@pytest.mark.parametrize("state", CaseState)
def test_a_case_is_shown_and_only_an_open_one_waits(state: CaseState) -> None:
    case = CaseSummary(case_id=7, kind=CaseKind.CHANGED, state=state, opened_at=NOW)
    view = view_of(facts(standing_state(Standing.ACTIVE, case=case)))
    assert view.case is not None
    assert view.case.case_id == 7
    assert f"case-{state.value}" in [message.code for message in view.messages]
    assert is_waiting(case) is (state is CaseState.OPEN)
    assert not is_waiting(None)


def test_a_case_shows_its_verdict_and_its_fee() -> None:
    case = CaseSummary(
        case_id=7,
        kind=CaseKind.CHANGED,
        state=CaseState.APPROVED,
        opened_at=NOW,
        coordination=Coordination.UNCOORDINATED,
        fee=Fee(tariff="hardware-in", amount=12, currency="IRR", waived=True),
        decided_at=Timestamp(NOW + 1),
    )
    shown = view_of(facts(standing_state(Standing.ACTIVE, case=case))).case
    assert shown is not None
    assert shown.fee == FeeView(tariff="hardware-in", amount=12, currency="IRR", waived=True)
    assert (shown.coordination, shown.decided_at) == (Coordination.UNCOORDINATED, NOW + 1)


@pytest.mark.parametrize(
    ("standing", "headline", "actions"),
    [
        (Standing.ACTIVE, "standing-revoked", ("check",)),
        (Standing.DRIFTED, "standing-revoked-drifted", ("check", "reactivate")),
    ],
)
def test_a_license_whose_key_is_believed_no_more_does_not_run_and_says_why(
    standing: Standing, headline: str, actions: tuple[str, ...]
) -> None:
    view = view_of(facts(standing_state(standing), license=None))
    assert (view.usable, view.is_revoked, view.messages[0].code) == (False, True, headline)
    assert view.actions == actions


def test_without_a_license_there_is_neither_drift_nor_system() -> None:
    view = view_of(facts(State(), license=None))
    assert (view.license, view.drift, view.os, view.request) == (None, None, None, None)
    assert OsIdentity().release is None


@pytest.mark.parametrize("standing", Standing)
def test_a_suspended_license_is_named_first_while_held_and_after_its_release(
    standing: Standing,
) -> None:
    view = view_of(facts(standing_state(standing, suspended=True)))
    codes = [message.code for message in view.messages]
    if standing in (Standing.ACTIVE, Standing.DRIFTED):
        assert codes[1] == "license-suspended"
    elif standing in (Standing.RELEASING, Standing.RELEASED):
        assert codes[1] == "released-suspended"
    else:
        assert not any("suspended" in code for code in codes)


@pytest.mark.parametrize(("late", "offered"), [(0, False), (1, True)])
def test_a_notice_is_offered_only_while_no_window_stands(late: int, offered: bool) -> None:  # noqa: FBT001
    window = WindowSummary(
        window_id=1,
        scope=("board",),
        starts_at=NOW,
        ends_at=Timestamp(NOW - late),
        received_at=NOW,
    )
    assert "notice" in view_of(facts(standing_state(Standing.ACTIVE))).actions
    view = view_of(facts(standing_state(Standing.ACTIVE, window=window)))
    assert ("notice" in view.actions) is offered
    assert {"check", "release"} <= set(view.actions)
