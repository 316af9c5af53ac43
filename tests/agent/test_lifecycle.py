"""Every standing meets every event: a named move, a named refusal, or nothing changes (§4)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from agent.errors import NotAllowed
from agent.events import (
    ActivateAsked,
    CaseArrived,
    CheckInSent,
    DriftSeen,
    Event,
    LicenseArrived,
    MatchSeen,
    ProofRenewed,
    ReceiptArrived,
    RefusalArrived,
    ReleaseAsked,
    TruthArrived,
)
from agent.lifecycle import advance, grace_used
from agent.state import Grace, OpenRequest, State
from protocol.documents import CaseSummary
from protocol.values import (
    CaseKind,
    CaseState,
    Digest,
    LicenseId,
    RequestId,
    Standing,
    Timestamp,
)

OURS = LicenseId("license-ours")
FOREIGN = LicenseId("license-foreign")
NOW = Timestamp(1000)


def request(op: str, name: str | None = None, sequence: int = 7) -> OpenRequest:
    return OpenRequest(
        op=op,
        request_id=RequestId(name or op),
        sequence=sequence,
        digest=Digest("digest"),
        issued_at=NOW,
    )


def case(state: CaseState = CaseState.OPEN, case_id: int = 7) -> CaseSummary:
    return CaseSummary(case_id=case_id, kind=CaseKind.CHANGED, state=state, opened_at=NOW)


def answer(to: str, **changes: Any) -> dict[str, Any]:
    heard = {
        "request_id": RequestId(to),
        "digest": Digest(f"answer to {to}"),
        "epoch": 2,
        "audit_index": 20,
        "server_time": Timestamp(2000),
    }
    return heard | changes


def license(to: str = "activate", **changes: Any) -> LicenseArrived:
    fields = {"license_id": OURS, "generation": 4, "matched_at": NOW}
    return LicenseArrived(**(answer(to) | fields | changes))


def receipt(to: str = "release", **changes: Any) -> ReceiptArrived:
    return ReceiptArrived(**(answer(to) | {"license_id": OURS, "generation": 3} | changes))


def truth(to: str = "check-in", *, held: bool = True, hold: bool = False, **more: Any) -> Event:
    return TruthArrived(**(answer(to) | {"held": held, "hold": hold} | more))


def drift(uptime: int = 500, boot_id: str = "boot") -> DriftSeen:
    return DriftSeen(at=NOW, boot_id=boot_id, uptime=uptime)


HELD = State(
    standing=Standing.ACTIVE,
    license_id=OURS,
    generation=3,
    high_water={OURS: 2},
    sequence=6,
    epoch_seen=2,
    last_answer=Digest("last"),
    last_index=10,
    confirmed_at=NOW,
    check=request("check-in"),
)
BURIED = replace(HELD, high_water={OURS: 3}, check=None)

STATES = {
    "unlicensed": State(),
    "activating": replace(
        BURIED,
        standing=Standing.ACTIVATING,
        request=request("activate"),
        fall_back=Standing.RELEASED,
    ),
    "activating, case": replace(
        BURIED,
        standing=Standing.ACTIVATING,
        case=case(),
        check=request("check-in"),
        fall_back=Standing.RELEASED,
    ),
    "active": HELD,
    "active, asking": replace(HELD, request=request("activate")),
    "drifted": replace(
        HELD,
        standing=Standing.DRIFTED,
        grace=Grace(used_seconds=60, boot_id="boot", uptime=400),
        drifted_at=NOW,
    ),
    "drifted, asking": replace(
        HELD,
        standing=Standing.DRIFTED,
        grace=Grace(used_seconds=60, boot_id="boot", uptime=400),
        drifted_at=NOW,
        request=request("activate"),
    ),
    "releasing": replace(BURIED, standing=Standing.RELEASING, request=request("release")),
    "released": replace(BURIED, standing=Standing.RELEASED),
    "superseded": replace(BURIED, standing=Standing.SUPERSEDED),
    "damaged": State(standing=Standing.DAMAGED),
}

EVENTS: dict[str, Event] = {
    "activate": ActivateAsked(request=request("activate", "new", 8)),
    "release": ReleaseAsked(request=request("release", "new", 8)),
    "renew": ProofRenewed(request=request("release", "new", 8)),
    "check": CheckInSent(request=request("check-in", "new", 8)),
    "drift": drift(),
    "match": MatchSeen(at=NOW),
    "license": license(),
    "at-mark": license(generation=3),
    "old-epoch": license(epoch=1),
    "foreign": license(license_id=FOREIGN),
    "case": CaseArrived(**answer("activate"), case=case()),
    "refusal": RefusalArrived(**answer("activate"), last_sequence=40),
    "check-refused": RefusalArrived(**answer("check-in")),
    "proof-case": CaseArrived(**answer("release"), case=case()),
    "proof-refused": RefusalArrived(**answer("release")),
    "receipt": receipt(),
    "foreign-rcpt": receipt(license_id=FOREIGN),
    "held": truth(),
    "not-held": truth(held=False),
    "on-hold": truth(held=False, hold=True),
    "behind": truth(held=False, epoch=1),
    "declined": truth(cases=(case(CaseState.DECLINED),)),
    "late-license": license("older"),
    "late-case": CaseArrived(**answer("older"), case=case()),
    "late-refusal": RefusalArrived(**answer("older"), last_sequence=40),
    "late-receipt": receipt("older"),
    "late-truth": truth("older", held=False),
}

# `=` nothing changes, `~` something is remembered but the standing stays, `!` refused.
TABLE = """
                 unlicensed activating activating,case active     active,asking drifted    drifted,asking releasing released   superseded damaged
activate         activating !          ~               ~          !             ~          !              !         activating activating activating
release          !          !          !               releasing  releasing     releasing  releasing      !         !          !          !
renew            !          !          !               !          !             !          !              ~         !          !          !
check            ~          ~          ~               ~          ~             ~          ~              ~         ~          ~          ~
drift            =          =          =               drifted    drifted       ~          ~              =         =          =          =
match            =          =          =               ~          ~             active     active         =         =          =          =
license          =          active     =               =          ~             =          active         =         =          =          =
at-mark          =          released   =               =          ~             =          ~              =         =          =          =
old-epoch        =          released   =               =          ~             =          ~              =         =          =          =
foreign          =          active     =               =          ~             =          ~              =         =          =          =
case             =          ~          =               =          ~             =          ~              =         =          =          =
refusal          =          released   =               =          ~             =          ~              =         =          =          =
check-refused    =          =          ~               ~          ~             ~          ~              =         =          =          =
proof-case       =          =          =               =          =             =          =              ~         =          =          =
proof-refused    =          =          =               =          =             =          =              ~         =          =          =
receipt          =          =          =               =          =             =          =              released  =          =          =
foreign-rcpt     =          =          =               =          =             =          =              =         =          =          =
held             =          =          ~               ~          ~             ~          ~              =         =          =          =
not-held         =          =          ~               superseded ~             superseded ~              =         =          =          =
on-hold          =          =          ~               ~          ~             ~          ~              =         =          =          =
behind           =          =          ~               ~          ~             ~          ~              =         =          =          =
declined         =          =          released        ~          ~             ~          ~              =         =          =          =
late-license     =          =          =               =          =             =          =              =         =          =          =
late-case        =          =          =               =          =             =          =              =         =          =          =
late-refusal     =          =          =               =          =             =          =              =         =          =          =
late-receipt     =          =          =               =          =             =          =              =         =          =          =
late-truth       =          =          =               =          =             =          =              =         =          =          =
"""  # noqa: E501 - a table


def cells() -> list[tuple[str, str, str]]:
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    names = [name.replace(",", ", ") for name in head]
    return [
        (state, event, outcome)
        for event, *outcomes in rows
        for state, outcome in zip(names, outcomes, strict=True)
    ]


def test_the_table_leaves_no_pair_out() -> None:
    tabled = [(state, event) for state, event, _ in cells()]
    assert sorted(tabled) == sorted((state, event) for state in STATES for event in EVENTS)
    assert {state.standing for state in STATES.values()} == set(Standing)


@pytest.mark.parametrize(("name", "event", "outcome"), cells())
def test_every_standing_meets_every_event(name: str, event: str, outcome: str) -> None:
    before = STATES[name]
    if outcome == "!":
        with pytest.raises(NotAllowed) as refusal:
            advance(before, EVENTS[event])
        assert refusal.value.standing is before.standing
        return
    after = advance(before, EVENTS[event])
    stays = outcome in ("=", "~")
    assert after.standing.value == (before.standing.value if stays else outcome)
    assert (after == before) is (outcome == "=")
    require_lawful(before, EVENTS[event], after)


def require_lawful(before: State, event: Event, after: State) -> None:
    """What no move may ever break (§4, §6)."""
    require_nothing_fell(before, after)
    if after.holds_document:
        assert after.generation > after.mark
    became_usable = after.holds_document and not (
        before.holds_document and identity(before) == identity(after)
    )
    if became_usable:
        assert isinstance(event, LicenseArrived)
        assert event.generation > before.high_water.get(event.license_id, 0)
        assert event.epoch >= before.epoch_seen
    if before.holds_document and identity(before) != identity(after):
        assert before.license_id is not None
        assert after.high_water[before.license_id] >= before.generation
    if before.standing is Standing.RELEASING:
        assert after.request is not None or isinstance(event, ReceiptArrived)
    if after.standing is Standing.ACTIVATING:
        assert after.request or after.case
    if identity(before) == identity(after) and after.holds_document:
        assert after.grace.used_seconds >= before.grace.used_seconds


def require_nothing_fell(before: State, after: State) -> None:
    for license_id, mark in before.high_water.items():
        assert after.high_water[license_id] >= mark
    assert after.sequence >= before.sequence
    assert (after.epoch_seen, after.last_index) >= (before.epoch_seen, before.last_index)
    assert (after.confirmed_at or 0) >= (before.confirmed_at or 0)


def identity(state: State) -> tuple[LicenseId | None, int]:
    return state.license_id, state.generation


# -- what each move does -----------------------------------------------------------------------


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


@pytest.mark.parametrize("name", ["activating, case", "active", "drifted"])
@pytest.mark.parametrize("event", ["refusal", "at-mark", "old-epoch"])
def test_a_request_that_changed_nothing_leaves_the_open_case_open(name: str, event: str) -> None:
    waiting = replace(STATES[name], case=case(CaseState.APPROVED))
    asked = replace(advance(waiting, EVENTS["activate"]), request=request("activate"))
    after = advance(asked, EVENTS[event])
    assert (after.standing, after.case, after.request) == (waiting.standing, waiting.case, None)


def test_a_case_that_the_server_does_not_know_is_waited_for_no_more() -> None:
    asked = advance(STATES["activating, case"], EVENTS["activate"])
    after = advance(asked, RefusalArrived(**answer("new"), ends_case=True))
    assert (after.standing, after.case, after.request) == (Standing.RELEASED, None, None)


def test_a_refused_proof_stays_open() -> None:
    assert advance(STATES["releasing"], EVENTS["proof-refused"]).request == request("release")


def test_a_refused_check_in_is_over_and_changes_no_standing() -> None:
    after = advance(STATES["active, asking"], EVENTS["check-refused"])
    assert (after.check, after.request) == (None, request("activate"))


def test_a_case_answers_an_activation_and_leaves_a_proof_open() -> None:
    asked = advance(STATES["activating"], EVENTS["case"])
    assert (asked.request, asked.case) == (None, case())
    proof = advance(STATES["releasing"], EVENTS["proof-case"])
    assert (proof.request, proof.case) == (request("release"), case())


def test_a_resent_proofs_stored_case_does_not_undo_newer_word_of_it() -> None:
    told = CaseArrived(**answer("release", audit_index=15), case=case())
    state = advance(STATES["releasing"], told)
    state = advance(state, CheckInSent(request=request("check-in", "new", 8)))
    approved = truth("new", audit_index=16, cases=(case(CaseState.APPROVED),))
    state = advance(state, approved)
    assert state.case == case(CaseState.APPROVED)
    assert advance(state, told) == state


@pytest.mark.parametrize("over", [CaseState.DECLINED, CaseState.CANCELLED])
@pytest.mark.parametrize("name", ["active", "drifted", "active, asking"])
def test_a_decline_changes_nothing_for_a_license_that_runs(name: str, over: CaseState) -> None:
    before = replace(STATES[name], case=case())
    after = advance(before, truth(cases=(case(over),)))
    assert after.case is None
    assert (after.standing, after.grace, after.request) == (
        before.standing,
        before.grace,
        before.request,
    )


def test_a_decline_ends_a_waiting_activation_but_not_one_on_its_way() -> None:
    waiting = STATES["activating, case"]
    assert advance(waiting, EVENTS["declined"]).standing is Standing.RELEASED
    asking = advance(waiting, EVENTS["activate"])
    assert advance(asking, EVENTS["declined"]).standing is Standing.ACTIVATING


def test_a_declined_case_leaves_the_tombstone_and_its_proof() -> None:
    releasing = replace(STATES["releasing"], case=case(), check=request("check-in"))
    after = advance(releasing, EVENTS["declined"])
    assert (after.standing, after.request, after.case) == (
        Standing.RELEASING,
        request("release"),
        None,
    )


def test_an_approval_is_kept_and_other_cases_are_not_ours() -> None:
    waiting = STATES["activating, case"]
    approved = case(CaseState.APPROVED)
    after = advance(waiting, truth(cases=(case(CaseState.DECLINED, 8), approved)))
    assert after.case == approved
    assert advance(waiting, truth(cases=(case(case_id=8),))).case == case()


# -- grace -------------------------------------------------------------------------------------


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


# -- any sequence of events ------------------------------------------------------------------------

IDS = st.sampled_from(["r1", "r2", "r3"]).map(RequestId)
LICENSES = st.sampled_from([OURS, FOREIGN])
SMALL = st.integers(0, 6)
CASES = st.builds(case, st.sampled_from(CaseState), st.sampled_from([7, 8]))


def requests_of(op: str) -> st.SearchStrategy[OpenRequest]:
    return st.builds(request, st.just(op), IDS, st.integers(1, 30))


def answers_of(kind: type[Event], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    head: dict[str, st.SearchStrategy[Any]] = {
        "request_id": IDS,
        "digest": st.sampled_from(["d1", "d2"]),
        "epoch": st.integers(1, 3),
        "audit_index": st.integers(1, 9),
        "server_time": SMALL,
    }
    return st.builds(kind, **head, **fields)


ANY_EVENT: st.SearchStrategy[Event] = st.one_of(
    st.builds(ActivateAsked, request=requests_of("activate")),
    st.builds(ReleaseAsked, request=requests_of("release")),
    st.builds(ProofRenewed, request=requests_of("release")),
    st.builds(CheckInSent, request=requests_of("check-in")),
    st.builds(DriftSeen, at=SMALL, boot_id=st.sampled_from(["a", "b", ""]), uptime=SMALL),
    st.builds(MatchSeen, at=SMALL),
    answers_of(LicenseArrived, license_id=LICENSES, generation=SMALL, matched_at=SMALL),
    answers_of(CaseArrived, case=CASES),
    answers_of(RefusalArrived, ends_case=st.booleans(), last_sequence=st.none() | SMALL),
    answers_of(ReceiptArrived, license_id=LICENSES, generation=SMALL),
    answers_of(TruthArrived, held=st.booleans(), hold=st.booleans(), cases=st.tuples(CASES)),
)


@given(st.lists(ANY_EVENT, max_size=40))
def test_no_sequence_of_events_breaks_an_invariant(events: list[Event]) -> None:
    state = State()
    buried: set[tuple[LicenseId | None, int]] = set()
    for event in events:
        try:
            after = advance(state, event)
        except NotAllowed:
            continue
        require_lawful(state, event, after)
        if state.holds_document and not (
            after.holds_document and identity(after) == identity(state)
        ):
            buried.add(identity(state))
        assert not (after.holds_document and identity(after) in buried)
        state = after


@given(st.sampled_from(sorted(STATES)), st.lists(ANY_EVENT, max_size=15))
def test_no_sequence_from_any_standing_breaks_an_invariant(name: str, events: list[Event]) -> None:
    names = {"r1": "activate", "r2": "release", "r3": "check-in"}
    state = STATES[name]
    for drawn in events:
        fields = {field: getattr(drawn, field) for field in drawn.__struct_fields__}
        if "request_id" in fields:
            fields["request_id"] = names[fields["request_id"]]
        event = type(drawn)(**fields)
        try:
            after = advance(state, event)
        except NotAllowed:
            continue
        require_lawful(state, event, after)
        state = after


def test_a_state_reads_back_as_it_was_written() -> None:
    import msgspec

    for state in STATES.values():
        assert msgspec.json.decode(msgspec.json.encode(state), type=State) == state
        assert asdict(state)["standing"] is state.standing
