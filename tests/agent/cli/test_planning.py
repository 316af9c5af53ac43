"""`plan` on the command line: the verdict, and what to do first."""

import os
from pathlib import Path

import pytest

from agent.cli import Exit, main
from tests.agent.cli.console import Run
from tests.agent.worlds import World


@pytest.mark.usefixtures("active")
def test_a_plan_brings_drift_system_and_advice(run: Run) -> None:
    said = run("plan", "board", "os-upgrade", "board", "--json")
    assert said.code == Exit.DONE
    body = said.json
    assert (body["changes"], body["advice"]) == (["board", "os-upgrade"], "declare")
    assert (body["drift"]["verdict"], body["os"]["verdict"]) == ("changed", "upgrade")
    assert [c["id"] for c in body["drift"]["components"] if c["status"] == "changed"] == [
        "board",
        "system_uuid",
        "system_serial",
        "nic",
        "platform",
    ]
    assert body["messages"][0]["code"] == "plan-declare"
    assert body["licensed"]


@pytest.mark.usefixtures("active")
@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_plan_says_what_to_do_first(run: Run, language: str) -> None:
    for change, command in (
        ("os-reinstall", "faragostar-man release"),
        ("board", "faragostar-man notice"),
        ("boot-disk", "faragostar-man recovery save FILE"),
        ("bios", "faragostar-man notice --scope bios"),
        ("data-disk", "faragostar-man check"),
    ):
        said = run("plan", change, "--lang", language)
        assert said.code == 0
        assert command in " ".join(said.out.split())


def test_a_plan_needs_no_license_and_no_network(run: Run, world: World) -> None:
    world.server.lose_next_request(9)
    said = run("plan", "nic", "--json")
    assert (said.code, said.json["licensed"]) == (0, False)
    assert "plan-unlicensed" in [m["code"] for m in said.json["messages"]]


def test_a_plan_needs_no_set_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", os.fspath(tmp_path / "none"), "plan", "os-upgrade", "--json"]) == 0
    assert '"licensed": false' in capsys.readouterr().out


def test_an_unknown_change_is_usage(run: Run) -> None:
    assert run("plan", "roof").code == Exit.USAGE
    assert run("plan").code == Exit.USAGE
