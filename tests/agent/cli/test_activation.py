"""`activate` and `reactivate`: where the key comes from, and what the server's answers show."""

import io
import sys

import pytest

from agent.cli import Exit
from protocol.values import CaseState
from tests import machines
from tests.agent.cli.console import Run, type_in
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_KEY, OTHER_KEY, SimulatedServer


def test_activation_takes_the_key_from_the_command_line(run: Run) -> None:
    said = run("activate", LICENSE_KEY, "--json")
    assert (said.code, said.json["standing"], said.json["usable"]) == (0, "active", True)


def test_activation_reads_the_key_from_standard_input(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    persian = LICENSE_KEY.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")).lower()
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{persian}\n"))
    assert run("activate", "-").code == 0


def test_activation_asks_for_the_key_on_a_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, LICENSE_KEY)
    said = run("activate")
    assert said.code == 0
    assert "License key:" in said.err


def test_nothing_is_asked_where_nobody_sits(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    said = run("activate")
    assert said.code == Exit.USAGE
    assert "Code: key-missing" in said.err


def test_a_mistyped_key_names_its_group_and_the_standing(run: Run) -> None:
    said = run("activate", LICENSE_KEY[:-1] + ("0" if LICENSE_KEY[-1] != "0" else "1"), "--json")
    assert (said.code, said.json["exit"]) == (2, 2)
    assert said.json["error"] == "input-invalid"
    assert said.json["text_code"] == "code-mistyped"
    assert "(group 5)" in said.json["text"]
    assert (said.json["standing"], said.json["usable"]) == ("unlicensed", False)


def test_an_unreachable_server_is_20_and_the_request_is_safe(
    run: Run, server: SimulatedServer
) -> None:
    server.lose_next_request()
    said = run("activate", LICENSE_KEY, "--json")
    assert said.code == Exit.UNREACHABLE
    assert said.json["error"] == "server-unreachable"
    assert said.json["standing"] == "activating"
    assert run("check").code == 0


def test_a_refusal_is_21_with_its_code(run: Run) -> None:
    said = run("activate", OTHER_KEY, "--json")
    assert said.code == Exit.REFUSED
    assert said.json["text_code"] == "refused-license-unknown"
    assert said.json["parameters"] == {"refusal": "license-unknown"}


def test_a_forged_answer_is_22(run: Run, server: SimulatedServer) -> None:
    server.answer_next_with = lambda *_: b"eyJ9.e30.AAAA"
    said = run("activate", LICENSE_KEY)
    assert said.code == Exit.INVALID


@pytest.mark.usefixtures("active")
def test_a_failure_says_that_the_license_is_still_active(run: Run) -> None:
    said = run("activate", OTHER_KEY)
    assert said.code == Exit.USAGE
    assert said.out == ""
    assert "Nothing was changed; your license is still active" in said.err
    assert "`faragostar-man release --reason move`" in said.err
    assert "Code: not-allowed-active" in said.err


def test_an_open_case_is_23_and_is_shown(run: Run, active: World) -> None:
    active.become(machines.with_other_system(active.hardware))
    active.server.answer_next_with = SimulatedServer.case
    said = run("reactivate")
    assert said.code == Exit.WAITING
    assert "Case 7 waits for the vendor's decision" in said.out
    assert "Case 7                        waiting for the vendor\n" in said.out
    assert run("reactivate", "--json").json["case"]["state"] == CaseState.OPEN
