"""`fingerprint` and `compare`: recorded machines and this one, printed and masked."""

import json
from pathlib import Path

import pytest

from agent.cli import Exit, main
from tests import machines
from tests.agent.cli.console import Run


def test_the_fingerprint_of_a_recorded_machine_is_printed_and_masked(
    run: Run, tmp_path: Path
) -> None:
    folder = machines.BARE_SERVER.write(tmp_path / "recorded")
    said = run("fingerprint", "--root", str(folder), "--json").json
    components = {component["id"]: component for component in said["components"]}
    assert components["nic"]["value"] == ["…10:01", "…10:02"]
    assert components["board"]["value"].startswith("DELL INC. 02C2CP …")
    assert len(components["nic"]["tag"]) == 2
    assert isinstance(components["board"]["tag"], str)
    assert said["virtual"] is False
    assert said["os"]["product"] == "debian"
    assert said["os"]["instance"].startswith("…")
    details = {detail["id"]: detail["text"] for detail in said["details"]}
    assert details["chassis_serial"].startswith("…")
    shown = run("fingerprint", "--root", str(folder), "--reveal", "--json").json
    assert details["chassis_serial"] not in {detail["text"] for detail in shown["details"]}
    assert "b0:7b:25:aa:10:01" in shown["components"][4]["value"]
    assert len(shown["os"]["instance"]) > 8


def test_a_fingerprint_without_a_home_has_no_tags(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = machines.VIRTUAL_MACHINE.write(tmp_path / "recorded")
    given = ["--home", str(tmp_path / "none"), "fingerprint", "--root", str(folder)]
    assert main([*given, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["virtual"] is True
    assert all("tag" not in component for component in said["components"])
    unknown = [component for component in said["components"] if not component["known"]]
    assert unknown
    assert all(component["reason"] and component["value"] is None for component in unknown)
    assert main(given) == 0
    table = capsys.readouterr().out
    assert "Network cards" in table
    assert "virtual" in table


def test_this_very_machine_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--home", str(tmp_path), "fingerprint", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["components"]


def test_two_recorded_machines_are_compared(run: Run, tmp_path: Path) -> None:
    was = machines.BARE_SERVER.write(tmp_path / "was")
    now = machines.with_upgraded_os(machines.with_other_board(machines.BARE_SERVER))
    now.write(tmp_path / "now")
    said = run("compare", str(was), str(tmp_path / "now"), "--json")
    assert said.code == 0
    assert said.json["verdict"] == "changed"
    assert said.json["rule"] == "anchor-changed"
    assert said.json["os"] == {"verdict": "upgrade", "was": "debian 12", "now": "debian 13"}
    changed = [c["id"] for c in said.json["components"] if c["status"] == "changed"]
    assert changed == ["board"]
    loose = run("compare", str(was), str(tmp_path / "now"), "--level", "loose", "--json")
    assert loose.json["verdict"] == "tolerated"
    assert said.json["tolerance"] == {"whole": 100, "differs": 25, "spare": 15, "parts": []}
    assert [said["code"] for said in said.json["messages"]] == ["tolerance-over"]
    text = run("compare", str(was), str(tmp_path / "now")).out
    assert text.startswith("Hardware: changed (the same: ")
    assert "Why: the motherboard or the system UUID changed" in text
    assert "Operating system  debian 12" in text
    assert run("compare", str(was), str(was)).out.splitlines()[:2] == [
        "Hardware: matches (the same: 100%, readable: 100%)",
        "  Why: everything is the same",
    ]


def test_machines_of_which_nothing_is_known_are_no_evidence(run: Run, tmp_path: Path) -> None:
    said = run("compare", str(tmp_path), str(tmp_path), "--json").json
    assert (said["verdict"], said["tolerance"], said["messages"]) == ("insufficient", None, [])


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "5 of 100 points may still change before the license counts it"),
        ("fa", "از ۱۰۰ امتیاز، هنوز ۵ امتیاز جای تغییر هست"),
    ],
)
def test_two_cards_are_told_apart_and_what_is_left_is_named(
    run: Run, tmp_path: Path, language: str, sentence: str
) -> None:
    was = machines.BARE_SERVER.write(tmp_path / "was")
    now = machines.with_other_cards(machines.BARE_SERVER).write(tmp_path / "now")
    said = " ".join(run("compare", str(was), str(now), "--lang", language).out.split())
    assert "…10:01, …10:02" in said
    assert "…20:01, …20:02" in said
    assert sentence in said


def test_a_recorded_machine_that_is_not_there_is_22(run: Run, tmp_path: Path) -> None:
    said = run("compare", str(tmp_path / "a"), str(tmp_path / "b"), "--json")
    assert (said.code, said.json["error"]) == (Exit.INVALID, "file-unreadable")
