"""Cases on the command line: what a decision asks for, and what a script gets."""

import json

import msgspec
import pytest

from tests.server.case_desk import Desk, desk
from tests.server.command import Server

__all__ = ["desk"]


def test_a_move_is_approved_by_two_on_the_command_line(desk: Desk) -> None:
    number = str(desk.moved())
    words = ("--reason", "burnt down", "--json")
    first = desk.command("case", "approve", number, "--by", "Sara", *words)
    assert (first.code, first.json["step"], first.json["state"]) == (23, "first-approval", "open")
    again = desk.command("case", "approve", number, "--by", "Sara", *words)
    assert (again.code, again.json["error"]) == (46, "second-person-needed")
    phone = desk.command("case", "approve", number, "--by", "Omid", *words)
    assert (phone.code, phone.json["error"]) == (45, "role-needed")
    second = desk.command("case", "approve", number, "--by", "Reza", *words)
    assert (second.code, second.json["step"]) == (0, "approved")
    shown = json.loads(json.dumps(msgspec.to_builtins(desk.details(int(number)))))
    assert {"step": "approved", **shown} == second.json
    assert [act["event"] for act in second.json["acts"]] == [
        "case-opened",
        "case-approved-first",
        "case-approved",
    ]


def test_cases_are_listed_shown_and_ended_on_the_command_line(desk: Desk) -> None:
    number = str(desk.changed())
    listed = desk.command("case", "list", desk.issued.support_code, "--json").json["cases"]
    assert [row["case"] for row in listed] == [int(number)]
    persian = desk.command("case", "show", number, "--lang", "fa").out
    assert "۱۲٬۰۰۰٬۰۰۰ ریال" in persian
    assert f"\u2066{desk.issued.support_code}\u2069" in persian
    assert "تغییرکرده     برد اصلی\n" in persian
    words = ("--by", "Sara", "--reason", "no such board")
    declined = desk.command("case", "decline", number, *words, "--message", "Call us")
    assert declined.out.strip() == f"Case {number} declined. Its device may ask again."
    over = desk.command("case", "cancel", number, *words)
    assert (over.code, "case show" in over.err) == (46, True)
    assert desk.command("case", "list").out.strip() == "No case waits."
    assert desk.command("case", "show", "99").code == 36


def test_an_owner_decides_and_a_supervisor_takes_it_back_on_the_command_line(desk: Desk) -> None:
    desk.released()
    number = str(desk.moved())
    words = ("--reason", "asked in the portal")
    both = desk.command("case", "approve", number, "--by-owner", "x", "--fee", "waive", *words)
    assert both.code == 2
    approved = desk.command("case", "approve", number, "--by-owner", "portal, 2 May", *words)
    assert approved.code == 0
    assert approved.out.startswith(f"Case {number} approved.")
    cancelled = desk.command("case", "cancel", number, "--by", "Sara", *words)
    assert cancelled.out.strip() == f"Case {number} cancelled."


@pytest.mark.parametrize(
    "words",
    [
        ("approve", "1", "--reason", "x"),
        ("approve", "1", "--by", "a", "--by-owner", "b", "--reason", "x"),
        ("approve", "0", "--by", "a", "--reason", "x"),
        ("decline", "1", "--by", "a"),
        ("decline", "1", "--by", "a", "--reason", " "),
        ("cancel", "one", "--by", "a", "--reason", "x"),
    ],
)
def test_half_a_decision_is_a_usage_error(server: Server, words: tuple[str, ...]) -> None:
    assert server("case", *words).code == 2


def test_no_cases_at_all_are_said_so(founded: Server) -> None:
    assert founded("case", "list", "--all").out.strip() == "No cases yet."
