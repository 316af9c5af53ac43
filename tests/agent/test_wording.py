"""How a sentence is worded for its reader: fixed words, parameters, scripts, the language."""

import pytest

from agent.texts import Digits, Texts, choose_language, isolate
from agent.texts.sentences import SENTENCES

LANGUAGES = ("en", "fa")


@pytest.fixture(params=LANGUAGES)
def texts(request: pytest.FixtureRequest) -> Texts:
    return Texts(request.param)


FA = Texts("fa")


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
            (
                "The vendor no longer holds this activation: the license was given back, "
                "or activated on another server later"
            ),
            (
                "این فعال‌سازی دیگر نزد فروشنده معتبر نیست: مجوز بازپس داده شده یا بعداً روی "
                "سرور دیگری فعال شده است"
            ),
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


def test_a_case_that_was_decided_promises_nothing_to_whoever_gave_back(texts: Texts) -> None:
    """It may have been decided for another home of the key, that runs."""
    told = texts.text("proof-approved", {"number": "7"}) + texts.advice("proof-approved")
    assert not {"approved", "accepted", "تأیید", "پذیرفته"} & {*told.replace(":", " ").split()}


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


def test_who_likes_latin_digits_reads_no_others() -> None:
    latin = Texts("fa", digits=Digits.LATIN)
    said = [
        latin.number(12),
        latin.date("2026-07-30"),
        latin.advice("hidden-lately"),
        latin.moment(0),
    ]
    assert not set("۰۱۲۳۴۵۶۷۸۹") & set("".join(said))
    assert latin.number(12) == "12"
    assert "30" in latin.advice("hidden-lately")
    assert isolate("021-42623") in latin.advice("case-open")


def test_a_part_without_a_name_is_shown_by_its_code(texts: Texts) -> None:
    assert "tpm" in texts.name("component", "tpm")


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


def test_a_request_that_was_given_out_promises_no_network(texts: Texts) -> None:
    for code in ("request-exported", "waiting-check-in"):
        advice = texts.advice(code)
        assert "import FILE" in advice
        assert "network is back" not in advice
        assert "شبکه برگردد" not in advice


def test_a_covered_change_names_the_way_by_hand(texts: Texts) -> None:
    for code in ("standing-drifted-covered", "window-covers"):
        advice = texts.advice(code)
        assert "faragostar-man export check FILE" in advice
        assert "faragostar-man import FILE" in advice


def test_whoever_meets_a_hold_is_sent_to_people_and_never_told_to_wait(texts: Texts) -> None:
    advice = texts.advice("refused-on-hold")
    assert texts.number("42623") in advice
    assert texts.command("faragostar-man check").strip("`") in advice
    assert not {"later", "Wait", "بعداً"} & {*advice.replace(".", " ").split()}
