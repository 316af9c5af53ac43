"""`window open`, `list` and `close`, as the vendor's staff type them."""

import time
from typing import Any

import pytest

from tests.server.command import Ran, Server

DAY = 86_400


class Desk:
    def __init__(self, server: Server) -> None:
        self.server = server
        assert server("customer", "add", "Alborz").code == 0
        assert server("staff", "add", "Sara", "--role", "support").code == 0
        self.issued = server("issue", "--customer", "Alborz", "--json").json

    def open(self, code: str | None = None, **options: str) -> Ran:
        tomorrow = time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(time.time() + DAY))
        later = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 3 * DAY))
        said = {"scope": "cpu,os-upgrade", "from": tomorrow, "until": later, "by": "Sara"}
        said |= {"cite": "letter  1405/77"} | options
        words = [word for name, value in said.items() for word in (f"--{name}", value)]
        return self.server("window", "open", code or self.issued["support_code"], *words)

    def listed(self, *code: str) -> Any:
        return self.server("window", "list", *code, "--json").json["windows"]


def test_a_window_is_opened_listed_and_closed(founded: Server) -> None:
    desk = Desk(founded)
    assert founded("window", "list").out == "No windows yet.\n"
    opened = desk.open()
    assert (opened.code, opened.err) == (0, "")
    assert desk.issued["support_code"] in opened.out
    assert "letter 1405/77" in opened.out
    (row,) = desk.listed(desk.issued["license_key"])
    assert (row["window_id"], row["scope"]) == (1, ["cpu", "os-upgrade"])
    assert (row["opened_by"], row["device"], row["closed_at"]) == ("Sara", None, None)
    assert row["ends_at"] % DAY == 0
    closed = founded("window", "close", "1", "--by", "Sara", "--reason", "a mistake", "--json")
    assert closed.json["closed_at"] is not None
    assert "closed" in founded("window", "list", desk.issued["support_code"]).out
    # A second license's list is its own.
    other = founded("issue", "--customer", "Alborz", "--json").json
    assert desk.listed(other["support_code"]) == []
    assert len(desk.listed()) == 1
    assert (
        "بازهٔ تغییر"
        in founded("window", "close", "1", "--by", "Sara", "--reason", "x", "--lang", "fa").err
    )


def test_what_cannot_be_opened_is_named(founded: Server) -> None:
    desk = Desk(founded)
    today = time.strftime("%Y-%m-%d", time.gmtime())
    refused = {
        "window-backwards": desk.open(until=today),
        "window-too-long": desk.open(until="2090-01-01"),
        "window-before-letter": desk.open(**{"from": "2020-01-01", "until": "2020-01-02"}),
        "not-found": desk.open(by="Nobody"),
    }
    for code, ran in refused.items():
        assert ran.code in {36, 47}
        assert ran.err.count("\n") == 2, code
    assert "14" in refused["window-too-long"].err
    assert desk.open("0000-0000-0000").code == 36
    assert desk.listed() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("scope", "cpu,warp-core"),
        ("scope", ","),
        ("from", "tomorrow"),
        ("until", "1969-12-31"),
        ("received", "2026-13-01"),
        ("cite", " "),
    ],
)
def test_what_is_mistyped_is_a_question_of_usage(
    capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    from server_stub.cli import main

    words = {"scope": "cpu", "from": "2026-12-01", "until": "2026-12-02", "cite": "x", "by": "y"}
    given = [word for n, v in (words | {name: value}).items() for word in (f"--{n}", v)]
    with pytest.raises(SystemExit) as stop:
        main(["--home", "/no/such/home", "window", "open", "1", *given])
    assert stop.value.code == 2
    assert f"--{name}" in capsys.readouterr().err
