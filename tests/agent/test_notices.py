"""A declaration is checked before anything leaves, and times are read as people type them."""

import datetime as dt
import sys
import time

import pytest

from agent.errors import InputInvalid
from agent.moments import moment_of
from agent.notices import declared
from protocol.values import Timestamp
from protocol.windows import LONGEST_WINDOW_SECONDS, Change

NOW = Timestamp(1_800_000_000)


def declare(
    scope: str = "board", length: int = 3600, *, reason: str = "new board", contact: str = "Sara"
) -> object:
    return declared(scope, NOW, Timestamp(NOW + length), reason=reason, contact=contact)


def test_changes_are_named_once_in_any_spelling() -> None:
    found = declared(
        " Board, nic،board,,OS-PATCH ", NOW, Timestamp(NOW + 1), reason=" a ", contact="b"
    )
    assert found.scope == (Change.BOARD, Change.NIC, Change.OS_PATCH)
    assert (found.reason, found.contact) == ("a", "b")


@pytest.mark.parametrize(("scope", "value"), [("board,fan,psu", "fan, psu"), (" , ", ""), ("", "")])
def test_an_unknown_change_is_refused_with_the_known_ones(scope: str, value: str) -> None:
    with pytest.raises(InputInvalid) as refusal:
        declare(scope)
    assert refusal.value.text_code == "change-unknown"
    assert refusal.value.parameters["value"] == value
    assert refusal.value.parameters["known"] == ", ".join(change.value for change in Change)


@pytest.mark.parametrize(
    ("length", "code"),
    [
        (0, "window-backwards"),
        (-1, "window-backwards"),
        (LONGEST_WINDOW_SECONDS + 1, "window-over-14-days"),
    ],
)
def test_a_period_that_is_none_or_too_long_is_refused(length: int, code: str) -> None:
    with pytest.raises(InputInvalid) as refusal:
        declare(length=length)
    assert refusal.value.text_code == code
    assert declare(length=LONGEST_WINDOW_SECONDS)


@pytest.mark.parametrize(
    ("texts", "code", "option"),
    [
        ({"reason": "  "}, "text-missing", "--reason"),
        ({"contact": ""}, "text-missing", "--contact"),
        ({"reason": "x" * 2001}, "text-too-long", "--reason"),
        ({"contact": "x" * 201}, "text-too-long", "--contact"),
    ],
)
def test_an_empty_or_endless_text_is_refused(texts: dict[str, str], code: str, option: str) -> None:
    with pytest.raises(InputInvalid) as refusal:
        declare(**texts)  # type: ignore[arg-type]  # texts alone
    assert (refusal.value.text_code, refusal.value.parameters["option"]) == (code, option)


def utc(*parts: int) -> int:
    return int(dt.datetime(*parts, tzinfo=dt.UTC).timestamp())  # type: ignore[arg-type,misc]


def read_zone() -> None:
    if sys.platform != "win32":
        time.tzset()


@pytest.fixture
def _in_tehran(monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setenv("TZ", "Asia/Tehran")
    read_zone()
    yield
    monkeypatch.undo()
    read_zone()


@pytest.mark.usefixtures("_in_tehran")
@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2026-12-01T22:00", utc(2026, 12, 1, 18, 30)),
        ("2026-12-01 22:00:30", utc(2026, 12, 1, 18, 30, 30)),
        ("2026/12/1 9:05", utc(2026, 12, 1, 5, 35)),
        ("1405/09/10 22:00", utc(2026, 12, 1, 18, 30)),
        ("۱۴۰۵/۰۹/۱۰ ۲۲:۰۰", utc(2026, 12, 1, 18, 30)),
        ("\u2066۱۴۰۵/۹/۱۰\u2069 ۲۲:۰۰", utc(2026, 12, 1, 18, 30)),
        ("٢٠٢٦-١٢-٠١T٢٢:٠٠", utc(2026, 12, 1, 18, 30)),
        ("2026-12-01T22:00Z", utc(2026, 12, 1, 22, 0)),
        ("2026-12-01t22:00 +0100", utc(2026, 12, 1, 21, 0)),
        ("1405-09-10T22:00-01:00", utc(2026, 12, 1, 23, 0)),
        ("1403/12/30 00:00Z", utc(2025, 3, 20)),
    ],
)
def test_moments_are_read_in_either_calendar(typed: str, instant: int) -> None:
    assert moment_of(typed) == instant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "tomorrow",
        "2026-12-01",
        "22:00",
        "2026-13-01T22:00",
        "2026-02-30T22:00",
        "2026-12-01T24:00",
        "2026-12-01T22:60",
        "1404/12/30 22:00",
        "1405/07/31 22:00",
        "0900/01/01 00:00",
        "1699-01-01T00:00",
        "1900-01-01T00:00",
        "9999-12-31T23:59:61",
        "2026-12-01T22:00+99:00",
        "2026-12-01T22:00 Asia/Tehran",
        "2026-12-01T22:00\n2026",
    ],
)
def test_anything_else_is_refused_by_name(typed: str) -> None:
    with pytest.raises(InputInvalid) as refusal:
        moment_of(typed)
    assert refusal.value.text_code == "time-unreadable"
    assert refusal.value.parameters["value"] == typed
