"""`release` on the command line: asked for twice, answered by receipt and code or by a proof."""

import io
import sys
from pathlib import Path

import pytest

from agent.cli import Exit
from protocol.values import ReleaseReason
from tests import machines
from tests.agent.cli.console import Run, type_in
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_ID, LICENSE_KEY, NOW


def test_a_step_that_is_not_allowed_exits_with_the_standing(run: Run) -> None:
    assert run("release", "--reason", "os", "--yes").code == Exit.UNLICENSED
    assert run("reactivate").code == Exit.UNLICENSED


@pytest.mark.usefixtures("active")
def test_release_prints_receipt_and_code_and_exits_with_0(run: Run) -> None:
    said = run("release", "--reason", "hardware", "--yes")
    assert said.code == 0
    assert said.out.startswith("Released: you can make your change\n")
    assert f"license {LICENSE_ID}, generation 1" in said.out.replace("\n", " ")
    assert "\n    FGR-" in said.out


def test_release_as_json_brings_receipt_code_and_proof(run: Run, active: World) -> None:
    said = run("release", "--reason", "hardware", "--yes", "--json")
    assert said.json["receipt"]["license_id"] == LICENSE_ID
    assert said.json["receipt"]["generation"] == 1
    assert said.json["receipt"]["received_at"] == NOW
    assert said.json["reactivation_code"] == active.agent.reactivation_code()
    assert said.json["proof_file"] is None
    assert run("status").code == Exit.RELEASED


def test_release_without_the_server_is_11_and_the_proof_lies_in_the_outbox(
    run: Run, active: World
) -> None:
    active.server.lose_next_request()
    said = run("release", "--reason", "os", "--note", "rack move", "--yes", "--json")
    assert said.code == Exit.RELEASING
    assert said.json["receipt"] is None
    proof = Path(said.json["proof_file"])
    assert proof == active.home.private / "outbox" / f"release-{LICENSE_ID[:8]}-1.jws"
    assert proof.read_bytes() == active.agent.proof()
    assert proof.stat().st_mode & 0o777 == 0o600
    assert run("check").code == Exit.RELEASED


def test_a_check_tells_the_code_and_the_timers_check_and_status_do_not(
    run: Run, active: World
) -> None:
    """The terminal of the release may be lost; a log is read by others."""
    active.server.lose_next_request()
    run("release", "--reason", "move", "--yes")
    code = str(active.agent.reactivation_code())
    assert f"\n    {code}" in run("check").out
    assert run("check", "--json").json["reactivation_code"] == code
    silent = [
        run(*words, *form)
        for words in (("check", "--quiet"), ("status",))
        for form in ((), ("--json",))
    ]
    assert not [said for said in silent if code in said.out + said.err]


def test_release_is_confirmed_by_the_end_of_the_key(
    run: Run, active: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, "WRON")
    said = run("release", "--reason", "os")
    assert said.code == Exit.USAGE
    assert "confirmation-wrong" in said.err
    assert active.agent.status().usable
    type_in(monkeypatch, LICENSE_KEY[-4:].lower())
    assert run("release", "--reason", "os").code == 0


def test_release_without_a_terminal_needs_a_yes(
    run: Run, active: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    said = run("release", "--reason", "os", "--json")
    assert (said.code, said.json["text_code"]) == (Exit.USAGE, "confirmation-needed")
    assert "--yes" in said.json["advice"]
    assert active.agent.status().usable


def test_a_release_that_makes_no_sense_is_refused_before_anything_is_asked(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch)
    said = run("release", "--reason", "os")
    assert said.code == Exit.UNLICENSED
    assert "characters" not in said.err


def test_reactivation_after_a_release_takes_the_next_generation(run: Run, active: World) -> None:
    assert run("release", "--reason", "os", "--yes").code == 0
    said = run("reactivate", "--json")
    assert (said.code, said.json["generation"]) == (0, 2)
    assert active.agent.status().usable


def test_a_suspended_license_is_asked_for_twice_by_name(
    run: Run, active: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    active.server.suspended = True
    assert "suspended new activations" in run("check").out
    type_in(monkeypatch, LICENSE_KEY[-4:], "")
    said = run("release", "--reason", "os")
    assert (said.code, active.agent.status().usable) == (Exit.USAGE, True)
    assert "suspended new activations" in said.err
    assert "once more" in said.err
    type_in(monkeypatch, LICENSE_KEY[-4:], LICENSE_KEY[-4:])
    said = run("release", "--reason", "os")
    assert said.code == 0
    assert "had suspended new activations" in said.out


def test_a_suspended_license_is_released_by_a_yes_and_the_result_says_so_first(
    run: Run, active: World
) -> None:
    active.server.suspended = True
    active.agent.check()
    said = run("release", "--reason", "os", "--yes", "--json")
    assert said.code == 0
    assert [m["code"] for m in said.json["messages"][:2]] == [
        "standing-released",
        "released-suspended",
    ]


def test_a_license_that_may_be_taken_again_is_asked_for_once(
    run: Run, active: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    active.agent.check()
    type_in(monkeypatch, LICENSE_KEY[-4:])
    said = run("release", "--reason", "os")
    assert said.code == 0
    assert "once more" not in said.err


def test_a_release_after_an_undeclared_change_is_asked_for_twice_and_called_no_clean_one(
    run: Run, active: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    active.become(machines.with_other_board(active.hardware))
    type_in(monkeypatch, LICENSE_KEY[-4:], "")
    said = run("release", "--reason", "os")
    assert (said.code, active.agent.status().usable) == (Exit.USAGE, True)
    assert "Undo the change before you release" in " ".join(said.err.split())
    type_in(monkeypatch, LICENSE_KEY[-4:], LICENSE_KEY[-4:])
    said = run("release", "--reason", "os")
    assert said.code == 0
    assert "you can make your change" not in said.out
    assert "the vendor decides on the next activation" in " ".join(said.out.split())
    assert run("status", "--json").json["messages"][0]["code"] == "standing-released-changed"
    assert run("reactivate").code == 0
    assert run("release", "--reason", "os", "--yes").out.startswith("Released: you can make")


def test_status_names_the_proof_that_a_release_left_and_the_way_without_a_network(
    run: Run, active: World
) -> None:
    assert run("status", "--json").json["proof_file"] is None
    active.server.lose_next_request()
    proof = run("release", "--reason", "os", "--yes", "--json").json["proof_file"]
    for language in ("en", "fa"):
        said = run("status", "--lang", language)
        assert proof in "".join(said.out.split())
        assert "faragostar-man export check FILE" in said.out
    assert run("status", "--json").json["proof_file"] == proof
    run("check")
    assert run("status", "--json").json["proof_file"] is None


def test_a_proof_that_is_not_there_is_not_named(run: Run, active: World) -> None:
    active.server.lose_next_request()
    active.agent.release(ReleaseReason.OS)
    assert run("status", "--json").json["proof_file"] is None


def test_what_support_asks_for_is_there_after_a_release_too(run: Run, active: World) -> None:
    license = active.agent.status().license
    assert license is not None
    assert run("status", "--json").json["last_license"] is None
    run("release", "--reason", "os", "--yes")
    said = run("status")
    assert "The license that was here last\n" in said.out
    for told in (license.support_code, LICENSE_ID):
        assert told in said.out
        assert told in run("status", "--lang", "fa").out
    body = run("status", "--json").json
    assert body["license"] is None
    assert body["last_license"] == {"id": LICENSE_ID, "support_code": license.support_code}
