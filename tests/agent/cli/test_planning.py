"""`plan` on the command line: the verdict, and what to do first."""

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent.cli import Exit, main
from tests import machines
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


@pytest.mark.usefixtures("active")
def test_a_plan_shows_what_stands_there_now_and_what_will(run: Run) -> None:
    lines = run("plan", "nic", "os-upgrade").out.splitlines()
    table = lines[lines.index("  Why: the change is small") + 1 :]
    assert table[0].split() == ["Component", "Now", "After", "the", "change"]
    assert table[1].split() == ["Network", "cards", "…10:01,", "…10:02", "another", "one"]
    assert table[2].split() == ["Operating", "system", "debian", "12", "upgraded"]
    assert "5 of 100 points may still change" in " ".join(table[3:])


def test_a_plan_names_what_differs_or_is_hidden_already(run: Run, active: World) -> None:
    hardware = machines.with_other_cards(active.hardware)
    active.become(replace(hardware, memory=()))
    said = run("plan", "cpu").out
    assert [line.split()[-1] for line in said.splitlines() if line.startswith("  Net")] == [
        "already"
    ]
    assert [line.split()[-1] for line in said.splitlines() if line.startswith("  Mem")] == [
        "unreadable"
    ]


def test_a_plan_over_what_cannot_be_read_says_that_it_is_not_certain(
    run: Run, active: World
) -> None:
    active.become(replace(active.hardware, readable_table=False, boards=()))
    said = run("plan", "cpu", "--json").json
    assert said["drift"]["verdict"] == "degraded"
    assert said["drift"]["tolerance"] is None
    assert [message["code"] for message in said["messages"]] == ["plan-nothing", "plan-degraded"]


def test_a_plan_needs_no_license_and_no_network(run: Run, world: World) -> None:
    world.server.lose_next_request(9)
    said = run("plan", "nic", "--json")
    assert (said.code, said.json["licensed"]) == (0, False)
    assert "plan-unlicensed" in [m["code"] for m in said.json["messages"]]


def test_a_plan_needs_no_set_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", os.fspath(tmp_path / "none"), "plan", "os-upgrade", "--json"]) == 0
    assert '"licensed": false' in capsys.readouterr().out


def test_a_plan_for_a_machine_that_shows_too_little_says_so(run: Run, world: World) -> None:
    world.become(replace(world.hardware, uuid="", boards=(), serial="", disks=(), memory=()))
    said = run("plan", "cpu", "--json").json
    assert (said["drift"]["verdict"], said["advice"]) == ("insufficient", "nothing")
    assert "plan-insufficient" in [message["code"] for message in said["messages"]]


def test_an_unknown_change_is_usage(run: Run) -> None:
    assert run("plan", "roof").code == Exit.USAGE
    assert run("plan").code == Exit.USAGE
