"""What is printed fits a terminal, aligns, and says things in the order they are needed."""

import json

import pytest
from msgspec.structs import replace

from agent.advising import advice_lines
from agent.layout import COLUMNS, shown_width, table, wrapped
from agent.presentation import (
    Failure,
    Remaining,
    failure_body,
    failure_lines,
    status_body,
    status_lines,
)
from agent.texts import Texts, isolate
from protocol.values import CaseKind, CaseState, Coordination, LicenseId, Standing, Timestamp
from protocol.views import (
    CaseView,
    FeeView,
    LicenseView,
    MessageView,
    OsView,
    RequestView,
    StatusView,
    WindowView,
)
from tests.agent.drift_views import DRIFT

NOON = Timestamp(1_785_412_800)
LICENSE = LicenseView(
    id=LicenseId("01900000-0000-7000-8000-000000000001"),
    product="Office automation",
    customer="شرکت نمونه",
    modules=("letters", "bpm"),
    seats=25,
    warranty_until="2027-03-20",
    support_code="7180-4025-7979",
)
FULL = StatusView(
    standing=Standing.DRIFTED,
    usable=True,
    license=LICENSE,
    generation=3,
    request=RequestView(op="activate", request_id="r", sequence=4, issued_at=NOON),
    drift=DRIFT,
    os=OsView(verdict="upgrade", was="debian 12", now="a system whose name is really long 13"),
    grace_hours_left=61,
    window=WindowView(window_id=1, scope=("board",), starts_at=NOON, ends_at=NOON),
    case=CaseView(
        case_id=7,
        kind=CaseKind.CHANGED,
        state=CaseState.OPEN,
        opened_at=NOON,
        message="Please call us.",
        coordination=Coordination.UNCOORDINATED,
        fee=FeeView(tariff="hardware-in", amount=12_000_000, currency="IRR", waived=False),
        decided_at=NOON,
    ),
    confirmed_at=NOON,
    stale=True,
    actions=("reactivate", "release", "check"),
    messages=(
        MessageView(code="standing-drifted", parameters={"hours": "61"}),
        MessageView(code="case-open", parameters={"number": "7"}),
        MessageView(code="waiting-activate", parameters={}),
        MessageView(code="hardware-changed", parameters={"rule": "anchor-changed"}),
    ),
)
LANGUAGES = ("en", "fa")


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_fits_eighty_columns(language: str) -> None:
    for line in status_lines(FULL, Texts(language), as_of=NOON):
        assert shown_width(line) <= COLUMNS, line


def test_the_order_is_what_a_tired_reader_needs() -> None:
    text = "\n".join(status_lines(FULL, Texts("en")))
    wanted = (
        "This server has changed; the license works for 61 more hours",
        "The hardware differs",
        "What to do now",
        "Follow it in the portal",
        "    faragostar-man reactivate",
        "Customer        شرکت نمونه",
        "Hardware: changed (the same: 79%, readable: 100%)",
        "Component         At activation",
        "Case 7                        waiting for the vendor\n",
        "The vendor says               Please call us.",
        "Waiting for an answer         activation since 2026-07-30",
        "Change window from            2026-07-30",
        "Last confirmed by the vendor  2026-07-30",
    )
    places = [text.index(part) for part in wanted]
    assert places == sorted(places)


def test_only_the_advice_that_leads_on_is_given() -> None:
    def told(*codes: str, case: CaseView | None = None) -> str:
        messages = tuple(MessageView(code=code, parameters={}) for code in codes)
        view = replace(FULL, messages=messages, case=case)
        return " ".join(" ".join(status_lines(view, Texts("en"))).split())

    assert FULL.case is not None
    before_it = "Before you change hardware"
    assert before_it in told("standing-active")
    assert before_it not in told("standing-active", "window-granted")
    assert "undo the change" not in told("standing-drifted", "case-declined")
    assert "goes on where" not in told("standing-activating", "waiting-withdraw")
    assert "export activate" in told("standing-drifted", "waiting-activate")
    assert "To take it back" not in told(
        "standing-activating", "waiting-activate", "request-exported"
    )
    assert "the vendor decides" not in told("standing-drifted", "case-open", "window-missed")
    code = "activate KEY --code CODE"
    assert code not in told("standing-activating", "case-open", case=FULL.case)
    strange = replace(FULL.case, kind=CaseKind.RIGHT_MISSING)
    assert code in told("standing-activating", "case-open", case=strange)


def advised(*codes: str) -> list[str]:
    messages = tuple(MessageView(code=code, parameters={}) for code in codes)
    return advice_lines(replace(FULL, messages=messages, case=None), Texts("en"))


@pytest.mark.parametrize("others", [(), ("already-active",), ("hardware-tolerated",)])
def test_nothing_is_to_be_done_where_nothing_else_is_advised(others: tuple[str, ...]) -> None:
    (only,) = advised("standing-active", *others)
    assert only.startswith("Nothing to do. Before you change hardware")


@pytest.mark.parametrize("other", ["server-unreachable", "not-confirmed", "hidden-lately"])
def test_what_is_to_be_done_comes_before_what_holds_at_rest(other: str) -> None:
    said = advised("standing-active", other)
    assert len(said) == 2
    assert said[1].startswith("Before you change hardware")
    assert not any("Nothing to do" in line for line in said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "codes",
    [
        ("standing-drifted-covered",),
        ("standing-drifted", "case-open"),
        ("standing-drifted", "case-approved"),
        ("standing-drifted", "case-declined"),
        ("standing-drifted", "waiting-activate"),
        ("standing-drifted", "waiting-withdraw"),
    ],
)
@pytest.mark.parametrize("seen", ["hardware-changed", "hardware-different", "os-upgrade"])
def test_what_was_seen_is_only_a_fact_where_another_message_tells_the_next_step(
    codes: tuple[str, ...], seen: str, language: str
) -> None:
    messages = tuple(MessageView(code=code, parameters={}) for code in (*codes, seen))
    told = status_body(replace(FULL, messages=messages), Texts(language))["messages"]
    assert [bool(message["advice"]) for message in told[-2:]] == [True, False]
    assert all(message["text"] for message in told)
    assert not any(message["advice"] for message in told[:-2])


def test_what_was_seen_keeps_its_advice_where_no_other_contradicts_it() -> None:
    told = status_body(replace(FULL, messages=FULL.messages[::3]), Texts("en"))["messages"]
    assert all("reactivate" in message["advice"] for message in told)


def test_the_window_says_what_it_is_for() -> None:
    assert FULL.window is not None
    window = replace(FULL.window, scope=("board", "os-upgrade"))
    lines = status_lines(replace(FULL, window=window), Texts("fa"))
    assert any(line.endswith("برد اصلی، ارتقای سیستم‌عامل") for line in lines)


def test_persian_has_persian_digits_dates_and_isolates() -> None:
    text = "\n".join(status_lines(FULL, Texts("fa")))
    assert "مجوز ۶۱ ساعت دیگر کار می‌کند" in text
    assert "۲۹ اسفند ۱۴۰۵" in text
    assert isolate("7180-4025-7979") in text
    assert "یکسان: ۷۹٪" in text
    # A command on its own line can be copied as it is.
    assert "\n    faragostar-man check\n" in text


def test_a_copy_says_as_of_when() -> None:
    text = "\n".join(status_lines(FULL, Texts("en"), as_of=NOON))
    assert "As of 2026-07-30" in text
    assert status_body(FULL, Texts("en"), NOON)["as_of"] == NOON


def test_the_body_is_complete_json_with_latin_digits() -> None:
    body = status_body(FULL, Texts("fa"))
    assert body["messages"][0]["text"].startswith("این سرور تغییر کرده است؛ مجوز 61 ساعت")
    assert body["window"]["ends_at"] == NOON
    assert json.loads(json.dumps(body)) == json.loads(json.dumps(body, ensure_ascii=False))


def test_columns_align_by_what_a_terminal_shows() -> None:
    marked = "ماژول‌هٔا"
    assert shown_width(marked) == len(marked) - 2
    assert shown_width(isolate("x-1")) == 3
    lines = table([(marked, "a"), ("x", "b")])
    assert {shown_width(line) for line in lines} == {shown_width(marked) + 3}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_command_is_never_broken_over_two_lines(language: str) -> None:
    advice = Texts(language).advice("standing-active")
    lines = wrapped(advice * 3, "  ")
    assert sum("faragostar-man release --reason hardware" in line for line in lines) == 3


def test_a_failure_says_what_happened_what_holds_and_what_to_do() -> None:
    active = replace(FULL, standing=Standing.ACTIVE)
    failure = Failure("store-full", "store-full", {"path": "/x"}, Remaining(active, NOON), 32)
    lines = failure_lines(failure, Texts("en"))
    assert lines[0].startswith("The disk is full")
    assert lines[1] == "Nothing was changed; your license is still active"
    assert lines[2].startswith("(as of 2026-07-30")
    assert lines[-1] == "Code: store-full"
    body = failure_body(failure, Texts("fa"))
    assert (body["standing"], body["usable"], body["exit"]) == ("active", True, 32)
    assert body["state"] == "چیزی تغییر نکرد؛ مجوز شما همچنان فعال است"


def test_a_failure_of_which_nothing_is_known_says_so() -> None:
    said = failure_lines(Failure("x", "unexpected", {}, Remaining(), 1), Texts("en"))
    assert "Whether the license is active could not be read" in said
    gone = failure_body(Failure("x", "x", {}, Remaining(is_set_up=False), 1), Texts("en"))
    assert gone["state"] == "No license is active on this server yet"
    assert gone["standing"] is None
    drifted = Failure("x", "x", {}, Remaining(FULL), 20)
    assert "works for 61 more hours" in failure_body(drifted, Texts("en"))["state"]


def test_a_license_without_modules_or_warranty_is_shown() -> None:
    bare = replace(LICENSE, modules=(), warranty_until=None)
    text = "\n".join(status_lines(replace(FULL, license=bare), Texts("en")))
    assert "Modules         none\n" in text
    assert "Warranty until  none\n" in text


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ("not coordinated with the vendor", "12,000,000 rials, by the tariff")),
        ("fa", ("بدون هماهنگی با فروشنده", "۱۲٬۰۰۰٬۰۰۰ ریال")),
    ],
)
def test_a_case_tells_its_verdict_and_what_it_costs(language: str, lines: tuple[str, str]) -> None:
    text = "\n".join(status_lines(FULL, Texts(language)))
    for line in lines:
        assert line in text


def test_a_waived_fee_says_so() -> None:
    assert FULL.case is not None
    fee = FeeView(tariff="move-out", amount=5, currency="EUR", waived=True)
    case = replace(FULL.case, fee=fee)
    text = "\n".join(status_lines(replace(FULL, case=case), Texts("en")))
    assert "5 EUR, waived by the vendor" in text
    assert "tariff" not in text


def test_a_case_without_a_verdict_says_nothing_of_it() -> None:
    assert FULL.case is not None
    told = replace(FULL.case, coordination=None, fee=None, decided_at=None)
    older = CaseView(case_id=7, kind=told.kind, state=told.state, opened_at=NOON, message=None)
    for case in (told, older):
        text = "\n".join(status_lines(replace(FULL, case=case), Texts("en")))
        assert "The change was" not in text
        assert "Fee" not in text
        assert "Decided" not in text
