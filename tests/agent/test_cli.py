"""The command line in this process: what it prints, where, and with which exit code."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import pytest

from agent.bootstrap import open_agent
from agent.cli import Exit, exit_of_error, main
from agent.config import Home
from agent.errors import (
    AgentError,
    NotAllowed,
    ServerRefused,
    ServerUnreachable,
    StoreBusy,
    StoreFull,
    StoreReadOnly,
)
from agent.license_store import SqliteStore
from agent.texts import Texts
from agent.use_cases import Agent
from protocol.exchange import pack_roots
from protocol.problems import RefusalCode
from protocol.values import CaseState, Standing
from tests import machines
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_ID, LICENSE_KEY, NOW, OTHER_KEY, SimulatedServer


class Said(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


Run = Callable[..., Said]


@pytest.fixture(autouse=True)
def _english_system(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "FARAGOSTAR_SERVER", "FARAGOSTAR_HOME", "FARAGOSTAR_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def server() -> SimulatedServer:
    return SimulatedServer()


@pytest.fixture
def world(tmp_path: Path, server: SimulatedServer) -> World:
    return World(tmp_path, server)


@pytest.fixture
def run(world: World, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> Said:
        capsys.readouterr()
        code = main(["--home", str(world.home.folder), *arguments], opener=lambda _: world.agent)
        return Said(code, *capsys.readouterr())

    return run


@pytest.fixture
def active(world: World) -> World:
    world.agent.activate(LICENSE_KEY)
    return world


class Terminal(io.StringIO):
    """A person who types."""

    def isatty(self) -> bool:
        return True


def type_in(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))


def raising(error: BaseException) -> Callable[..., NoReturn]:
    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    return fail


def test_status_begins_with_the_standing_and_then_says_what_to_do(run: Run) -> None:
    said = run("status")
    assert said.code == Exit.UNLICENSED
    assert said.out.startswith("No license is active on this server yet\n\nWhat to do now\n")
    assert "\n    faragostar-man activate KEY\n" in said.out
    assert said.err == ""


def test_status_as_json_has_every_field_also_where_there_is_nothing(run: Run) -> None:
    said = run("status", "--json")
    assert said.json == {
        "standing": "unlicensed",
        "usable": False,
        "license": None,
        "generation": 0,
        "request": None,
        "drift": None,
        "os": None,
        "grace_hours_left": None,
        "window": None,
        "case": None,
        "confirmed_at": None,
        "stale": False,
        "actions": ["activate"],
        "messages": [
            {
                "code": "standing-unlicensed",
                "text": "No license is active on this server yet",
                "advice": Texts("en").advice("standing-unlicensed"),
                "parameters": {},
            }
        ],
        "as_of": None,
    }


@pytest.mark.usefixtures("active")
def test_json_and_language_stand_before_or_after_the_command(run: Run) -> None:
    before = run("--json", "--lang", "fa", "status")
    after = run("status", "--lang=fa", "--json")
    assert before == after
    assert before.json["messages"][0]["text"] == "مجوز فعال است"
    # Digits stay Latin and nothing is isolated for programs.
    assert not set("۰۱۲۳۴۵۶۷۸۹\u2066\u2069") & set(before.out)


@pytest.mark.usefixtures("active")
def test_an_active_license_exits_with_0(run: Run) -> None:
    said = run("status")
    assert said.code == 0
    assert said.out.startswith("License is active\n")
    assert "شرکت نمونه" in said.out


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


def test_a_drifted_license_is_13_while_grace_lasts_and_shows_what_changed(
    run: Run, active: World
) -> None:
    active.become(machines.with_other_board(active.hardware))
    said = run("status")
    assert said.code == Exit.DRIFTED
    assert said.out.startswith(
        "This server has changed; the license works for 72 more hours\n"
        "  The hardware differs from the one the license was activated on:"
    )
    assert "Motherboard  DELL INC. 02C2C…4BC.  DELL INC. 02C2C…8YX.  changed" in said.out
    assert "At activation" in said.out
    # What is the same is not listed.
    assert "Processor" not in said.out


def test_another_machine_is_14(run: Run, active: World) -> None:
    for change in (
        machines.with_other_system,
        machines.with_other_board,
        machines.with_other_disk,
        machines.with_other_cards,
        machines.with_other_cpu,
        machines.with_other_memory,
    ):
        active.become(change(active.hardware))
    assert run("status").code == Exit.STOPPED
    assert run("check").code == Exit.STOPPED


def test_an_open_case_is_23_and_is_shown(run: Run, active: World) -> None:
    active.become(machines.with_other_system(active.hardware))
    active.server.answer_next_with = SimulatedServer.case
    said = run("reactivate")
    assert said.code == Exit.WAITING
    assert "Case 7 waits for the vendor's decision" in said.out
    assert "Case 7                        waiting for the vendor\n" in said.out
    assert run("reactivate", "--json").json["case"]["state"] == CaseState.OPEN


def test_check_without_the_server_says_so_and_exits_with_0(run: Run, active: World) -> None:
    active.server.lose_next_request()
    said = run("check")
    assert said.code == 0
    assert "The signing server cannot be reached" in said.out


@pytest.mark.usefixtures("active")
def test_a_quiet_check_says_nothing_when_all_is_well(run: Run) -> None:
    assert run("check", "--quiet") == Said(0, "", "")


def test_a_quiet_check_speaks_when_something_is_to_be_done(run: Run, active: World) -> None:
    active.become(machines.with_other_board(active.hardware))
    said = run("check", "--quiet")
    assert said.code == Exit.DRIFTED
    assert "This server has changed" in said.out


def test_a_superseded_license_is_15(run: Run, active: World) -> None:
    active.server.bound_to = None
    assert run("check").code == Exit.SUPERSEDED
    assert run("status").code == Exit.SUPERSEDED


def test_a_damaged_store_is_16(run: Run, active: World) -> None:
    active.home.store.write_bytes(b"not a database" * 100)
    assert run("status").code == Exit.DAMAGED
    said = run("check", "--json")
    assert (said.code, said.json["error"]) == (Exit.DAMAGED, "store-damaged")
    assert said.json["standing"] == "damaged"


def test_a_home_that_is_not_set_up_is_33(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(tmp_path / "none"), "status"]) == Exit.NOT_SET_UP
    said = capsys.readouterr()
    assert said.out == ""
    assert "No license is active on this server yet" in said.err
    assert "faragostar-man setup" in said.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StoreBusy(path="x"), 31),
        (StoreFull(path="x"), 32),
        (StoreReadOnly(path="x"), 32),
    ],
)
def test_a_store_that_cannot_be_had_shows_the_standing_of_the_signed_copy(
    run: Run, active: World, error: AgentError, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    active.agent.check()
    monkeypatch.setattr(Agent, "check", raising(error))
    said = run("check", "--json")
    assert said.code == code
    assert (said.json["standing"], said.json["as_of"]) == ("active", NOW)


def test_every_error_has_an_exit_code_of_its_own_kind() -> None:
    made: dict[type[AgentError], AgentError] = {
        NotAllowed: NotAllowed(Standing.RELEASED, "release"),
        ServerRefused: ServerRefused(RefusalCode.ON_HOLD.value),
    }

    def leaves(kind: type[AgentError]) -> list[type[AgentError]]:
        return [kind, *(leaf for below in kind.__subclasses__() for leaf in leaves(below))]

    for kind in leaves(AgentError)[1:]:
        if kind.__name__ == "DocumentRefused":
            continue
        error = made.get(kind) or kind()
        assert exit_of_error(error, None) not in (Exit.DONE, Exit.UNEXPECTED), kind
    assert exit_of_error(AgentError(), None) is Exit.UNEXPECTED


@pytest.mark.parametrize("standing", list(Standing))
def test_a_refused_step_exits_with_its_standing(standing: Standing) -> None:
    code = exit_of_error(NotAllowed(standing, "release"), None)
    otherwise = {Standing.ACTIVE: "USAGE", Standing.ACTIVATING: "UNLICENSED"}
    assert code is Exit[otherwise.get(standing, standing.name)]


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "faragostar-man 0.1.0\n"
    assert main(["--json", "--version"]) == 0
    assert json.loads(capsys.readouterr().out) == {"version": "0.1.0"}


@pytest.mark.parametrize("language", ["en", "fa"])
def test_help_names_every_command(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", language, "--help"]) == 0
    helped = capsys.readouterr().out
    for name in ("setup", "status", "fingerprint", "compare", "activate", "reactivate", "release",
                 "check", "history", "receipts", "config", "doctor"):  # fmt: skip
        assert f"    {name}" in helped
    assert ("usage: " in helped) == (language == "en")


def test_the_help_of_activate_warns_of_other_users(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["activate", "--help"]) == 0
    assert "other users of this machine" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["plan"],
        ["status", "--nonsense"],
        ["release"],
        ["release", "--reason", "whim"],
        ["config"],
        ["config", "set", "server"],
        ["--lang", "de", "status"],
        ["stat"],
    ],
)
def test_a_command_line_that_is_not_understood_is_2(run: Run, arguments: list[str]) -> None:
    said = run(*arguments)
    assert (said.code, said.out) == (Exit.USAGE, "")
    assert "Code: usage" in said.err
    assert run("--json", *arguments).json["error"] == "usage"


def test_an_unexpected_failure_is_one_sentence_and_1(
    run: Run, active: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Agent, "check", raising(RuntimeError("boom")))
    said = run("check")
    assert said.code == Exit.UNEXPECTED
    assert "RuntimeError: boom" in said.err
    assert "Traceback" not in said.err
    assert "your license is still active" in said.err
    assert run("check", "--json").json["error"] == "unexpected"
    monkeypatch.setenv("FARAGOSTAR_DEBUG", "1")
    with pytest.raises(RuntimeError):
        run("check")
    assert active.agent.status().usable


@pytest.mark.usefixtures("active")
def test_an_interruption_is_130_and_says_the_standing(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Agent, "check", raising(KeyboardInterrupt()))
    said = run("check")
    assert said.code == Exit.INTERRUPTED
    assert said.err.startswith("Interrupted\nNothing was changed; your license is still active\n")
    monkeypatch.setattr("agent.cli._run", raising(KeyboardInterrupt()))
    assert run("check").code == Exit.INTERRUPTED


@pytest.mark.usefixtures("active")
def test_progress_is_told_on_a_terminal_alone(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("check").err == ""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    main(["--home", str(world.home.folder), "check"], opener=lambda _: world.agent)
    assert terminal.getvalue() == "Asking the signing server…\n"


def test_the_configured_language_goes_before_the_systems(run: Run) -> None:
    assert run("config", "set", "language", "fa").code == 0
    assert "هنوز مجوزی روی این سرور فعال نشده است" in run("status").out
    assert "No license is active" in run("status", "--lang", "en").out


def test_history_tells_everything_in_order(run: Run, active: World) -> None:
    active.server.lose_next_request()
    assert run("release", "--reason", "os", "--yes").code == Exit.RELEASING
    events = [entry["event"] for entry in run("history", "--json").json["history"]]
    assert events[:2] == ["activate-asked", "license-received"]
    assert "release-asked" in events
    text = run("history").out.splitlines()
    assert len(text) == len(events)
    assert text[0].endswith("A license was asked for this server")


def test_an_empty_past_is_said(run: Run) -> None:
    assert run("history").out == "Nothing has happened here yet.\n"
    assert run("receipts").out == "There is no release receipt yet.\n"
    assert run("receipts", "--json").json == {"receipts": []}


def test_receipts_are_written_with_what_they_say(run: Run, active: World, tmp_path: Path) -> None:
    assert run("release", "--reason", "os", "--yes").code == 0
    folder = tmp_path / "papers"
    said = run("receipts", "--out", str(folder), "--json", "--lang", "fa")
    (receipt,) = said.json["receipts"]
    assert receipt["license_id"] == LICENSE_ID
    assert receipt["freed"] == [1]
    assert receipt["problem"] is None
    document = folder / f"receipt-{LICENSE_ID[:8]}-1.jws"
    assert receipt["file"] == str(document)
    assert document.read_bytes() == active.agent.receipts()[0].raw
    assert "رسید بازپس‌دهی" in document.with_suffix(".txt").read_text(encoding="utf-8")
    assert f"Written to {document}" in run("receipts", "--out", str(folder)).out


def test_a_folder_that_cannot_be_made_is_22(run: Run, active: World, tmp_path: Path) -> None:
    assert run("release", "--reason", "os", "--yes").code == 0
    (tmp_path / "file").write_text("in the way")
    said = run("receipts", "--out", str(tmp_path / "file" / "below"), "--json")
    assert (said.code, said.json["error"]) == (Exit.INVALID, "file-unreadable")
    assert active.agent.receipts()


def test_a_receipt_without_its_roots_keeps_the_facts_of_the_store(run: Run, active: World) -> None:
    assert run("release", "--reason", "os", "--yes").code == 0
    (active.home.public / "roots.jws").unlink()
    (receipt,) = run("receipts", "--json").json["receipts"]
    assert (receipt["generation"], receipt["problem"]) == (1, "root-invalid")
    assert "Signed by the vendor" not in run("receipts").out


def test_settings_are_shown_without_the_proxys_password(run: Run) -> None:
    assert run("config", "set", "proxy", "http://user:secret@proxy:3128").code == 0
    said = run("config", "show", "--json")
    assert said.json == {
        "server": "https://license.example",
        "proxy": "http://user:…@proxy:3128",
        "ca_file": None,
        "language": None,
    }
    shown = run("config", "show").out
    assert "secret" not in shown
    assert "language  (the system's)" in shown
    assert run("config", "set", "proxy", "http://proxy:3128").code == 0
    assert run("config", "show", "--json").json["proxy"] == "http://proxy:3128"
    assert run("config", "set", "proxy", "").code == 0
    assert run("config", "show", "--json").json["proxy"] is None


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("colour", "blue", "setting-invalid"),
        ("language", "de", "setting-invalid"),
        ("server", "http://license.example", "server-url-insecure"),
    ],
)
def test_a_setting_that_cannot_be_is_2(run: Run, name: str, value: str, code: str) -> None:
    said = run("config", "set", name, value, "--json")
    assert (said.code, said.json["error"]) == (Exit.USAGE, code)


@pytest.fixture
def root_file(tmp_path: Path, server: SimulatedServer) -> Path:
    path = tmp_path / "root.jws"
    path.write_bytes(pack_roots(server.roots[:1]))
    return path


def set_up(home: Path, *arguments: str) -> int:
    return main(["--home", str(home), "setup", "--json", *arguments])


def test_setup_pins_the_root_and_says_what_comes_next(
    tmp_path: Path, root_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "new"
    code = set_up(home, "--server", "https://license.example", "--root", str(root_file))
    said = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (said["home"], said["server"]) == (str(home), "https://license.example")
    assert said["actions"] == ["activate"]
    assert (home / "public" / "roots.jws").read_bytes() == root_file.read_bytes()
    assert main(["--home", str(home), "setup", "--root", str(root_file)]) == 0
    assert f"Set up in {home}" in capsys.readouterr().out


def test_setup_takes_the_server_from_the_environment(
    tmp_path: Path, root_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FARAGOSTAR_SERVER", "https://license.example")
    assert set_up(tmp_path / "new", "--root", str(root_file)) == 0


def test_the_environments_server_is_not_written_down(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FARAGOSTAR_SERVER", "https://elsewhere.example")
    assert run("config", "set", "language", "en").code == 0
    monkeypatch.delenv("FARAGOSTAR_SERVER")
    assert run("config", "show", "--json").json["server"] == "https://license.example"
    assert world.home.settings.exists()


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (["--server", "https://a.example"], 2, "root-missing"),
        (["--root", "ROOT"], 2, "server-missing"),
        (["--server", "https://a.example", "--root", "/nowhere/root"], 22, "file-unreadable"),
        (["--server", "http://a.example", "--root", "ROOT"], 2, "server-url-insecure"),
        (["--server", "https://a.example", "--root", "ROOT", "--ca", "no"], 2, "setting-invalid"),
        (["--server", "https://a.example", "--root", __file__], 22, "document-malformed"),
    ],
)
def test_setup_names_what_is_missing(  # noqa: PLR0917 - fixtures, and the case's three columns
    tmp_path: Path,
    root_file: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    problem: str,
) -> None:
    given = [str(root_file) if word == "ROOT" else word for word in arguments]
    assert set_up(tmp_path / "new", *given) == code
    said = json.loads(capsys.readouterr().out)
    assert said["text_code"] == problem
    assert said["advice"]
    assert not (tmp_path / "new" / "private" / "settings.json").exists()


def test_a_bundled_root_needs_no_naming(
    tmp_path: Path, root_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.commands.setting_up.BUNDLED_ROOT", root_file)
    assert set_up(tmp_path / "new", "--server", "https://license.example") == 0


def test_the_fingerprint_of_a_recorded_machine_is_printed_and_masked(
    run: Run, tmp_path: Path
) -> None:
    folder = machines.BARE_SERVER.write(tmp_path / "recorded")
    said = run("fingerprint", "--root", str(folder), "--json").json
    components = {component["id"]: component for component in said["components"]}
    assert components["nic"]["value"] == ["…0:01", "…0:02"]
    assert components["board"]["value"].startswith("DELL INC. 02C2CP …")
    assert len(components["nic"]["tag"]) == 2
    assert isinstance(components["board"]["tag"], str)
    assert said["virtual"] is False
    assert said["os"]["product"] == "debian"
    assert said["os"]["instance"].startswith("…")
    shown = run("fingerprint", "--root", str(folder), "--reveal", "--json").json
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
    text = run("compare", str(was), str(tmp_path / "now")).out
    assert text.startswith("Hardware: changed (the same: ")
    assert "Operating system  debian 12" in text
    assert run("compare", str(was), str(was)).out == (
        "Hardware: matches (the same: 100%, readable: 100%)\n"
    )


def test_a_recorded_machine_that_is_not_there_is_22(run: Run, tmp_path: Path) -> None:
    said = run("compare", str(tmp_path / "a"), str(tmp_path / "b"), "--json")
    assert (said.code, said.json["error"]) == (Exit.INVALID, "file-unreadable")


def test_the_agent_opened_by_default_is_the_wired_one(world: World) -> None:
    agent = open_agent(Home(world.home.folder))
    assert agent.status().standing is Standing.UNLICENSED
    with SqliteStore(world.home.store).reading() as memory:
        assert memory.history() == ()


def test_an_unreachable_server_is_an_error_of_the_network() -> None:
    assert exit_of_error(ServerUnreachable(server="x"), None) is Exit.UNREACHABLE
