"""Every standing meets every event: a named move, a named refusal, or nothing changes (§4)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict

from agent.errors import NotAllowed
from agent.events import (
    ActivateAsked,
    CaseArrived,
    ChangedReleaseAsked,
    CheckInSent,
    DriftSeen,
    Event,
    Exported,
    HiddenSeen,
    LicenseArrived,
    MatchSeen,
    NoticeAsked,
    ProofRenewed,
    ReceiptArrived,
    RefusalArrived,
    ReleaseAsked,
    TruthArrived,
    WindowArrived,
    WithdrawAsked,
)
from agent.lifecycle import SILENT_SECONDS, advance
from agent.state import OpenRequest, State
from protocol.values import (
    CaseState,
    LicenseId,
    RequestId,
    Standing,
)
from tests.agent.lifecycles import (
    EVENTS,
    FOREIGN,
    OURS,
    STATES,
    case,
    identity,
    request,
    require_lawful,
    window,
)

# `=` nothing changes, `~` something is remembered but the standing stays, `!` refused.
TABLE = """
                unlicensed activating activating,case withdrawing active     active,asking drifted    active,declaring drifted,asking drifted,case drifted,withdrawing drifted,window releasing released   superseded damaged    active,hidden drifted,hidden
activate        activating !          ~               !           ~          !             ~          !                !              ~            !                   ~              !         activating activating activating ~             ~
release         !          !          !               !           releasing  releasing     releasing  releasing        releasing      releasing    releasing           releasing      !         !          !          !          releasing     releasing
release-changed !          !          !               !           releasing  releasing     releasing  releasing        releasing      releasing    releasing           releasing      !         !          !          !          releasing     releasing
renew           !          !          !               !           !          !             !          !                !              !            !                   !              ~         !          !          !          !             !
check           ~          ~          ~               ~           ~          ~             ~          ~                ~              ~            ~                   ~              ~         ~          ~          ~          ~             ~
withdraw        !          ~          ~               ~           !          !             !          !                !              ~            ~                   !              !         !          !          !          !             !
exported        =          ~          =               =           =          ~             =          =                ~              =            =                   =              =         =          =          =          =             =
check-exported  =          =          ~               =           ~          ~             ~          ~                ~              ~            ~                   ~              =         =          =          =          ~             ~
drift           =          =          =               =           drifted    drifted       ~          drifted          ~              ~            ~                   ~              =         =          =          =          drifted       ~
hidden          =          =          =               =           ~          ~             ~          ~                ~              ~            ~                   ~              =         =          =          =          drifted       ~
match           =          =          =               =           ~          ~             active     ~                active         active       active              active         =         =          =          =          ~             active
license         =          active     =               =           =          ~             =          =                active         =            =                   =              =         =          =          =          =             =
at-mark         =          released   =               =           =          ~             =          =                ~              =            =                   =              =         =          =          =          =             =
old-epoch       =          released   =               =           =          ~             =          =                ~              =            =                   =              =         =          =          =          =             =
foreign         =          active     =               =           =          ~             =          =                ~              =            =                   =              =         =          =          =          =             =
case            =          ~          =               =           =          ~             =          =                ~              =            =                   =              =         =          =          =          =             =
refusal         =          released   =               =           =          ~             =          =                ~              =            =                   =              =         =          =          =          =             =
check-refused   =          =          ~               =           ~          ~             ~          ~                ~              ~            ~                   ~              =         =          =          =          ~             ~
proof-case      =          =          =               =           =          =             =          =                =              =            =                   =              ~         =          =          =          =             =
proof-refused   =          =          =               =           =          =             =          =                =              =            =                   =              ~         =          =          =          =             =
receipt         =          =          =               =           =          =             =          =                =              =            =                   =              released  =          =          =          =             =
foreign-rcpt    =          =          =               =           =          =             =          =                =              =            =                   =              =         =          =          =          =             =
held            =          =          ~               =           ~          ~             ~          ~                ~              ~            ~                   ~              =         =          =          =          ~             ~
not-held        =          =          ~               =           superseded ~             superseded superseded       ~              superseded   superseded          superseded     =         =          =          =          superseded    superseded
on-hold         =          =          ~               =           ~          ~             ~          ~                ~              ~            ~                   ~              =         =          =          =          ~             ~
behind          =          =          ~               =           ~          ~             ~          ~                ~              ~            ~                   ~              =         =          =          =          ~             ~
declined        =          =          released        =           ~          ~             ~          ~                ~              ~            ~                   ~              =         =          =          =          ~             ~
withdrawn       =          =          =               released    =          =             =          =                =              =            ~                   =              =         =          =          =          =             =
w-refused       =          =          =               released    =          =             =          =                =              =            ~                   =              =         =          =          =          =             =
w-again         =          =          =               ~           =          =             =          =                =              =            ~                   =              =         =          =          =          =             =
after-case      ~          ~          ~               ~           ~          ~             ~          ~                ~              ~            ~                   ~              ~         ~          ~          ~          ~             ~
notice          !          !          !               !           ~          !             ~          !                !              ~            !                   ~              !         !          !          !          ~             ~
window          =          =          =               =           =          =             =          ~                =              =            =                   =              =         =          =          =          =             =
foreign-window  =          =          =               =           =          =             =          ~                =              =            =                   =              =         =          =          =          =             =
notice-refused  =          =          =               =           =          =             =          ~                =              =            =                   =              =         =          =          =          =             =
window-told     =          =          ~               =           ~          ~             ~          ~                ~              ~            ~                   ~              =         =          =          =          ~             ~
much-later      =          =          ~               =           ~          ~             ~          ~                ~              ~            ~                   ~              =         =          =          =          ~             ~
renew-key       =          =          ~               =           ~          ~             ~          ~                ~              ~            ~                   ~              =         =          =          =          ~             ~
suspended       =          =          ~               =           ~          ~             ~          ~                ~              ~            ~                   ~              =         =          =          =          ~             ~
key-refused     =          released   =               =           =          ~             =          =                ~              =            =                   =              =         =          =          =          =             =
fork            =          =          ~               =           ~          ~             ~          ~                ~              ~            ~                   ~              =         =          =          =          ~             ~
fork-decided    =          =          ~               =           ~          ~             ~          ~                ~              ~            ~                   ~              =         =          =          =          ~             ~
late-license    =          =          =               =           =          =             =          =                =              =            =                   =              =         =          =          =          =             =
late-case       =          =          =               =           =          =             =          =                =              =            =                   =              =         =          =          =          =             =
late-refusal    =          =          =               =           =          =             =          =                =              =            =                   =              =         =          =          =          =             =
late-receipt    =          =          =               =           =          =             =          =                =              =            =                   =              =         =          =          =          =             =
late-window     =          =          =               =           =          =             =          =                =              =            =                   =              =         =          =          =          =             =
late-truth      =          =          =               =           =          =             =          =                =              =            =                   =              =         =          =          =          =             =
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


IDS = st.sampled_from(["r1", "r2", "r3", "r4"]).map(RequestId)
LICENSES = st.sampled_from([OURS, FOREIGN])
SMALL = st.integers(0, 6)
# From one reading to the next parts may have been hidden for too long, or not.
UPTIMES = SMALL | st.just(SILENT_SECONDS)
WINDOWS = st.builds(window, window_id=st.integers(5, 7))
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
    st.builds(ChangedReleaseAsked, request=requests_of("release")),
    st.builds(ProofRenewed, request=requests_of("release")),
    st.builds(CheckInSent, request=requests_of("check-in")),
    st.builds(NoticeAsked, request=requests_of("notice")),
    answers_of(WindowArrived, license_id=LICENSES, window=WINDOWS),
    st.builds(WithdrawAsked, request=requests_of("withdraw")),
    st.builds(Exported, request_id=IDS, path=st.just("/media/usb/request.jws")),
    st.builds(DriftSeen, at=SMALL, boot_id=st.sampled_from(["a", "b", ""]), uptime=SMALL),
    st.builds(HiddenSeen, at=SMALL, boot_id=st.sampled_from(["a", "b", ""]), uptime=UPTIMES),
    st.builds(MatchSeen, at=SMALL, boot_id=st.sampled_from(["a", "b", ""]), uptime=UPTIMES),
    answers_of(LicenseArrived, license_id=LICENSES, generation=SMALL, matched_at=SMALL),
    answers_of(CaseArrived, case=CASES),
    answers_of(
        RefusalArrived,
        ends_case=st.booleans(),
        again=st.booleans(),
        last_sequence=st.none() | SMALL,
    ),
    answers_of(ReceiptArrived, license_id=LICENSES, generation=SMALL),
    answers_of(
        TruthArrived,
        held=st.booleans(),
        hold=st.booleans(),
        suspended=st.booleans(),
        license_id=st.none() | LICENSES,
        generation=SMALL,
        cases=st.tuples(CASES),
    ),
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
    names = {"r1": "activate", "r2": "release", "r3": "check-in", "r4": "withdraw"}
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
