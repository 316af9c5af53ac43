"""One state for each way to stand, one event for each thing that can happen, and the law."""

from typing import Any

from msgspec.structs import replace

from agent.events import (
    ActivateAsked,
    CaseArrived,
    CaseAsked,
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
from agent.lifecycle import HIDDEN_SECONDS, SILENT_SECONDS
from agent.state import Grace, OpenRequest, State
from protocol.documents import CaseSummary, WindowSummary
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


def fork(state: CaseState = CaseState.OPEN) -> CaseSummary:
    return CaseSummary(case_id=9, kind=CaseKind.FORK, state=state, opened_at=NOW)


def window(**changes: Any) -> WindowSummary:
    fields: dict[str, Any] = {
        "window_id": 5,
        "scope": ("board",),
        "starts_at": NOW,
        "ends_at": Timestamp(2000),
        "received_at": NOW,
    }
    return WindowSummary(**(fields | changes))


def granted(to: str = "notice", **changes: Any) -> WindowArrived:
    return WindowArrived(**(answer(to) | {"license_id": OURS, "window": window()} | changes))


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


def hidden(uptime: int = 500, boot_id: str = "boot") -> HiddenSeen:
    return HiddenSeen(at=NOW, boot_id=boot_id, uptime=uptime)


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
ADRIFT = replace(
    HELD,
    standing=Standing.DRIFTED,
    grace=Grace(used_seconds=60, boot_id="boot", uptime=400),
    drifted_at=NOW,
)
# A hundred seconds later it is too long.
HIDDEN = Grace(used_seconds=HIDDEN_SECONDS, boot_id="boot", uptime=400)
SILENCE = Grace(used_seconds=SILENT_SECONDS - 100, boot_id="boot", uptime=400)
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
    "withdrawing": replace(
        BURIED,
        standing=Standing.ACTIVATING,
        request=request("withdraw"),
        fall_back=Standing.RELEASED,
    ),
    "active": HELD,
    "active, asking": replace(HELD, request=request("activate")),
    "drifted": ADRIFT,
    "active, declaring": replace(HELD, request=request("notice"), window=window()),
    "drifted, asking": replace(
        ADRIFT,
        request=request("activate"),
    ),
    "drifted, case": replace(
        ADRIFT,
        case=case(),
    ),
    "drifted, withdrawing": replace(
        ADRIFT,
        case=case(),
        request=request("withdraw"),
    ),
    "drifted, window": replace(
        ADRIFT,
        window=window(),
        renew_key=True,
    ),
    "releasing": replace(BURIED, standing=Standing.RELEASING, request=request("release")),
    "released": replace(BURIED, standing=Standing.RELEASED),
    "superseded": replace(BURIED, standing=Standing.SUPERSEDED),
    "damaged": State(standing=Standing.DAMAGED),
    "active, hidden": replace(HELD, hidden=HIDDEN, silence=SILENCE),
    "drifted, hidden": replace(ADRIFT, hidden=HIDDEN, silence=SILENCE, drifted_hidden=True),
}

EVENTS: dict[str, Event] = {
    "activate": ActivateAsked(request=request("activate", "new", 8)),
    "release": ReleaseAsked(request=request("release", "new", 8)),
    "release-changed": ChangedReleaseAsked(request=request("release", "new", 8)),
    "renew": ProofRenewed(request=request("release", "new", 8)),
    "check": CheckInSent(request=request("check-in", "new", 8)),
    "withdraw": WithdrawAsked(request=request("withdraw", "new", 8)),
    "exported": Exported(request_id=RequestId("activate"), path="/media/usb/request.jws"),
    "check-exported": Exported(request_id=RequestId("check-in"), path="/media/usb/check.jws"),
    "drift": drift(),
    "hidden": hidden(),
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
    "withdrawn": truth("withdraw", held=False, license_id=OURS, generation=9),
    "w-refused": RefusalArrived(**answer("withdraw")),
    "w-again": RefusalArrived(**answer("withdraw"), again=True, last_sequence=40),
    "after-case": CaseAsked(request=request("check-in", "new", 8)),
    "notice": NoticeAsked(request=request("notice", "new", 8)),
    "window": granted(),
    "foreign-window": granted(license_id=FOREIGN),
    "notice-refused": RefusalArrived(**answer("notice")),
    "window-told": truth(window=window(window_id=6)),
    "much-later": truth(server_time=Timestamp(2001 + 72 * 3600)),
    "renew-key": truth(renew_key=True),
    "suspended": truth(suspended=True),
    "key-refused": RefusalArrived(**answer("activate"), renew_key=True),
    "fork": truth(held=False, hold=True, cases=(fork(),)),
    "fork-decided": truth(cases=(fork(CaseState.DECLINED), case())),
    "late-license": license("older"),
    "late-case": CaseArrived(**answer("older"), case=case()),
    "late-refusal": RefusalArrived(**answer("older"), last_sequence=40),
    "late-receipt": receipt("older"),
    "late-window": granted("older"),
    "late-truth": truth("older", held=False),
}


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
