"""Every code that the source can utter has a sentence and advice, in both languages."""

import ast
import datetime as dt
import string
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest

import agent
from agent.commands.arguments import COMMANDS
from agent.doctor import Outcome
from agent.errors import AgentError, InputInvalid
from agent.fingerprint import DetailId, UnknownReason
from agent.texts import Texts, choose_language, isolate
from agent.texts.calendar import local, to_jalali, utc
from agent.texts.names import NAMES
from agent.texts.sentences import SENTENCES
from protocol.problems import ProtocolError, RefusalCode
from protocol.values import CaseKind, CaseState, ComponentStatus, Standing
from protocol.verdicts import OsVerdict, Rule, Verdict
from protocol.weights import ComponentId

LANGUAGES = ("en", "fa")
SPEAKERS = {"message", "record"}
PAPERS = ("license", "receipt", "window", "case", "truth", "refusal")
OPERATIONS = ("activate", "release", "check-in")


def leaves(kind: type) -> Iterator[type]:
    yield kind
    for below in kind.__subclasses__():
        yield from leaves(below)


def spoken_in_source() -> Iterator[str]:
    """Codes that stand as literals where a message, a remark or a problem is made."""
    for path in Path(agent.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            at = 1 if name == "record" else 0
            if name in SPEAKERS and len(node.args) > at:
                spoken = node.args[at]
                if isinstance(spoken, ast.Constant):
                    yield str(spoken.value)
            if name == "InputInvalid":
                yield from (
                    str(k.value.value)
                    for k in node.keywords
                    if k.arg == "problem" and isinstance(k.value, ast.Constant)
                )


def codes() -> set[str]:
    found = set(spoken_in_source()) | {"usage", "interrupted", "unexpected", "unchanged"}
    found |= {kind.code for kind in leaves(AgentError)}  # type: ignore[attr-defined]
    found |= {kind.code for kind in leaves(ProtocolError)}  # type: ignore[attr-defined]
    found |= {f"refused-{code}" for code in RefusalCode}
    found |= {f"{family}-{s}" for s in Standing for family in ("not-allowed", "standing", "now")}
    found |= {"standing-drifted-stopped", "standing-unknown", "not-confirmed"}
    found |= {f"waiting-{op}" for op in OPERATIONS} | {f"case-{state}" for state in CaseState}
    found |= {f"hardware-{verdict}" for verdict in Verdict} | {f"os-{v}" for v in OsVerdict}
    found |= {f"{op}-asked" for op in OPERATIONS} | {f"{paper}-received" for paper in PAPERS}
    return found


def placeholders(sentence: str) -> set[tuple[str | None, str | None]]:
    parts = string.Formatter().parse(sentence)
    # A plural has no counterpart in Persian.
    return {(n, s) for _, n, s, _ in parts if n is not None and "|" not in (s or "")}


def commands_in(sentence: str) -> list[str]:
    return sorted(sentence.split("`")[1::2])


@pytest.fixture(params=LANGUAGES)
def texts(request: pytest.FixtureRequest) -> Texts:
    return Texts(request.param)


FA = Texts("fa")


@pytest.mark.parametrize("code", sorted(codes()))
def test_every_code_has_a_sentence_and_advice_in_both_languages(code: str) -> None:
    assert code in SENTENCES, f"{code} has no sentence"
    for english in SENTENCES[code]:
        persian = FA._translate(english)
        assert english.strip()
        assert persian.strip()
        assert persian != english, f"{english!r} is not translated"


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_translation_keeps_every_placeholder_and_every_command(code: str) -> None:
    for english in SENTENCES[code]:
        persian = FA._translate(english)
        assert placeholders(persian) == placeholders(english)
        assert commands_in(persian) == commands_in(english)


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_advice_names_commands_that_exist(code: str) -> None:
    for sentence in SENTENCES[code]:
        for command in commands_in(sentence):
            program, *words = command.split()
            if program == "faragostar-man":
                assert words[0] in COMMANDS


def test_the_vendors_own_words_are_used_and_never_the_forbidden_one() -> None:
    everything = " ".join(FA._translate(s) for pair in SENTENCES.values() for s in pair)
    assert "ابطال" not in everything
    assert "بازپس" in everything
    assert "فعال‌سازی مجدد" in everything
    # Arabic letters that only look Persian.
    assert not set("كيى") & set(everything)


@pytest.mark.parametrize(
    ("code", "english", "persian"),
    [
        ("standing-active", "License is active", "مجوز فعال است"),
        (
            "standing-drifted",
            "This server has changed; the license works for 61 more hours",
            "این سرور تغییر کرده است؛ مجوز ۶۱ ساعت دیگر کار می‌کند",
        ),
        (
            "standing-drifted-stopped",
            "The license no longer matches this server",
            "مجوز دیگر با این سرور مطابقت ندارد",
        ),
        (
            "standing-releasing",
            "The license was given back here; the vendor's receipt is still to come",
            "مجوز در این سرور بازپس داده شد؛ رسید هنوز نرسیده است",
        ),
        (
            "standing-released",
            "Released: you can make your change",
            "مجوز بازپس داده شد؛ می‌توانید تغییر را انجام دهید",
        ),
        ("standing-activating", "Activation is not finished", "فعال‌سازی ناتمام مانده است"),
        (
            "standing-superseded",
            "This license was activated on another server later",
            "این مجوز بعداً روی سرور دیگری فعال شده است",
        ),
        (
            "standing-damaged",
            "The local record is damaged and was set aside",
            "اطلاعات محلی آسیب دیده و کنار گذاشته شد",
        ),
        (
            "unchanged",
            "Nothing was changed; your license is still active",
            "چیزی تغییر نکرد؛ مجوز شما همچنان فعال است",
        ),
    ],
)
def test_the_standings_have_their_fixed_wording(code: str, english: str, persian: str) -> None:
    assert Texts("en").text(code, {"hours": "61"}) == english
    assert FA.text(code, {"hours": "61"}) == persian


def test_a_stale_license_says_since_when() -> None:
    told = {"since": "1785412800"}
    assert (
        Texts("en")
        .text("not-confirmed", told)
        .startswith("Active; not confirmed by the vendor since 2026-07-30 ")
    )
    assert "از ۸ مرداد ۱۴۰۵، ساعت " in FA.text("not-confirmed", told)
    plain = Texts("fa", plain=True).text("not-confirmed", told)
    assert "2026-07-30T12:00:00Z" in plain


def test_one_hour_is_not_many() -> None:
    assert Texts("en").text("standing-drifted", {"hours": "1"}).endswith("1 more hour")


def test_a_missing_parameter_never_costs_the_sentence(texts: Texts) -> None:
    for code in SENTENCES:
        assert texts.text(code)
        assert texts.advice(code)


def test_an_unknown_code_is_shown_with_advice(texts: Texts) -> None:
    assert "brand-new" in texts.text("brand-new")
    assert texts.advice("brand-new")


def test_a_refusal_of_a_later_server_names_its_code(texts: Texts) -> None:
    assert "quota-reached" in texts.text("refused-quota-reached")


def test_a_mistyped_group_is_named_and_none_is_not(texts: Texts) -> None:
    assert texts.number(3) in texts.text("code-mistyped", {"group": "3"})
    assert "(" not in texts.text("code-mistyped", {"group": ""})


def test_persian_isolates_what_stays_latin_and_programs_get_it_plain() -> None:
    told = {"server": "https://a.example"}
    assert isolate("https://a.example") in FA.text("server-unreachable", told)
    assert isolate("۰۲۱-۴۲۶۲۳") in FA.advice("case-open")
    assert isolate("faragostar-man check") in FA.advice("case-open")
    plain = FA.plainly()
    assert "\u2066" not in plain.text("server-unreachable", told) + plain.advice("case-open")
    assert "021-42623" in plain.advice("case-open")
    assert plain.text("case-open", {"number": "12"}) == "پروندهٔ 12 منتظر تصمیم فروشنده است"


def test_english_is_neither_isolated_nor_renumbered() -> None:
    english = Texts("en")
    assert english.text("case-open", {"number": "12"}) == "Case 12 waits for the vendor's decision"
    assert "`faragostar-man check`" in english.advice("case-open")
    assert english.date("2026-07-30") == "2026-07-30"


FAMILIES: dict[str, type[Enum]] = {
    "component": ComponentId,
    "detail": DetailId,
    "status": ComponentStatus,
    "verdict": Verdict,
    "os": OsVerdict,
    "rule": Rule,
    "reason": UnknownReason,
    "case": CaseState,
    "kind": CaseKind,
}


@pytest.mark.parametrize(
    ("family", "value"), [(f, member.value) for f, kind in FAMILIES.items() for member in kind]
)
def test_every_part_and_verdict_has_a_name_in_both_languages(family: str, value: str) -> None:
    assert f"{family}.{value}" in NAMES
    assert FA.name(family, value) != Texts("en").name(family, value)


def test_a_part_without_a_name_is_shown_by_its_code(texts: Texts) -> None:
    assert "tpm" in texts.name("component", "tpm")


@pytest.mark.parametrize(
    ("gregorian", "jalali"),
    [
        # Leap years of the calendar that is in force, and the days around them.
        ((2021, 3, 20), (1399, 12, 30)),
        ((2021, 3, 21), (1400, 1, 1)),
        ((2025, 3, 20), (1403, 12, 30)),
        ((2025, 3, 21), (1404, 1, 1)),
        ((2030, 3, 20), (1408, 12, 30)),
        ((2024, 2, 29), (1402, 12, 10)),
        ((1979, 2, 11), (1357, 11, 22)),
        ((1970, 1, 1), (1348, 10, 11)),
        ((2000, 1, 1), (1378, 10, 11)),
        ((2026, 7, 30), (1405, 5, 8)),
    ],
)
def test_dates_become_jalali(gregorian: tuple[int, int, int], jalali: tuple[int, int, int]) -> None:
    assert to_jalali(*gregorian) == jalali


def test_every_day_of_four_centuries_follows_the_one_before() -> None:
    day, one = dt.date(1850, 1, 1), dt.timedelta(days=1)
    before = to_jalali(day.year, day.month, day.day)
    while day < dt.date(2250, 1, 1):
        day += one
        after = to_jalali(day.year, day.month, day.day)
        year, month, last = before
        assert after in {(year, month, last + 1), (year, month + 1, 1), (year + 1, 1, 1)}
        assert after.day <= 31
        assert (after.day == 1) <= (last >= 29)
        before = after


def test_instants_are_spelled_for_programs_and_for_readers() -> None:
    assert utc(0) == "1970-01-01T00:00:00Z"
    assert local(0).startswith(("1970-01-01 ", "1969-12-31 "))


@pytest.mark.parametrize(
    ("wishes", "system", "chosen"),
    [
        (("fa",), "en_US.UTF-8", "fa"),
        (("en",), "fa_IR.UTF-8", "en"),
        ((None, "fa"), "C", "fa"),
        ((), "fa_IR.UTF-8", "fa"),
        ((), "C.UTF-8", "en"),
        ((), "", "en"),
        (("xx",), "fa_IR", "fa"),
    ],
)
def test_a_wish_goes_before_the_systems_language(
    wishes: tuple[str | None, ...], system: str, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", system)
    assert choose_language(*wishes) == chosen


def test_the_consoles_of_windows_get_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LC_ALL", "fa_IR.UTF-8")
    assert choose_language(None) == "en"
    assert choose_language("fa") == "fa"


def test_what_the_doctor_finds_has_a_sentence() -> None:
    source = (Path(agent.__path__[0]) / "doctor.py").read_text(encoding="utf-8")
    checks = {
        str(node.args[0].value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "_found"
        and isinstance(node.args[0], ast.Constant)
    }
    assert checks
    for check in checks:
        assert any(f"doctor-{check}-{outcome}" in SENTENCES for outcome in Outcome)


def test_the_inputs_own_problem_is_its_code() -> None:
    assert InputInvalid(problem="key-missing").text_code in SENTENCES
    assert InputInvalid().text_code in SENTENCES
