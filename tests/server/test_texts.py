"""What stands among Persian words: Persian digits, names for codes, isolates around Latin."""

from typing import Any

import pytest

from server_stub.texts import Language, say


@pytest.mark.parametrize(
    ("code", "parameters", "persian"),
    [
        ("license.free", {"generation": 12}, "آزاد (نوبت ۱۲)"),
        ("issued.support-code", {"support_code": "2611-9977-5626"}, "\u20662611-9977-5626\u2069"),
        ("tariff.price", {"amount": "12,000,000", "currency": "IRR"}, "۱۲٬۰۰۰٬۰۰۰ ریال"),
        ("tariff.price", {"amount": "5", "currency": "EUR"}, "۵ \u2066EUR\u2069"),
        ("case-decided", {"number": "7", "state": "approved"}, "۷ دیگر باز نیست: تأییدشده"),
        ("customer-added", {"name": "شرکت 12"}, "«شرکت 12»"),
        ("customer-added", {"name": "—"}, "«—»"),
    ],
)
def test_persian_keeps_its_direction(code: str, parameters: dict[str, Any], persian: str) -> None:
    assert persian in say(Language.PERSIAN, code, **parameters)


def test_programs_get_latin_digits_and_no_isolates() -> None:
    said = say(Language.PERSIAN, "second-person-needed", plain=True, name="Sara")
    assert "«Sara»" in said
    assert say(Language.PERSIAN, "license.free", plain=True, generation=12) == "آزاد (نوبت 12)"


def test_english_is_filled_as_it_comes() -> None:
    said = say(Language.ENGLISH, "tariff.price", amount="12,000", currency="IRR")
    assert said == "12,000 IRR"
