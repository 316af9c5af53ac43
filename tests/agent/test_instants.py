"""Instants as programs and readers know them, with the zone wherever it could be mistaken."""

import sys
import time
from collections.abc import Iterator

import pytest

from agent.texts import Digits, Texts, isolate
from agent.texts.instants import local, utc


def test_instants_are_spelled_for_programs_and_for_readers() -> None:
    assert utc(0) == "1970-01-01T00:00:00Z"
    assert local(0).startswith(("1970-01-01 ", "1969-12-31 "))


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    if sys.platform == "win32":
        pytest.skip("no process can change its own time zone there")
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("zone", "spelled"),
    [
        ("IRST-3:30", "۲ آذر ۱۴۰۵، ساعت ۱۳:۳۰"),
        ("UTC0", f"۲ آذر ۱۴۰۵، ساعت ۱۰:۰۰ ({isolate('UTC')})"),
        ("GST-4", f"۲ آذر ۱۴۰۵، ساعت ۱۴:۰۰ ({isolate('+۰۴:۰۰')})"),
        ("NST3:30", f"۲ آذر ۱۴۰۵، ساعت ۰۶:۳۰ ({isolate('-۰۳:۳۰')})"),
    ],
    indirect=["zone"],
)
def test_a_persian_moment_without_a_zone_is_irans(spelled: str) -> None:
    """The vendor reads Iran's time in Persian: one time must not be two instants."""
    assert Texts("fa").moment(1795428000) == spelled
    assert Texts("fa", plain=True).moment(1795428000) == "2026-11-23T10:00:00Z"


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("zone", ["GST-4"], indirect=True)
def test_a_zone_has_the_digits_of_its_moment() -> None:
    latin = Texts("fa", digits=Digits.LATIN)
    assert latin.moment(1795428000).endswith(f"14:00 ({isolate('+04:00')})")
