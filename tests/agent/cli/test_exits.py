"""Every end has its exit code: errors, interruptions, nonsense; help and version are none."""

import json
import sys

import pytest

from agent.cli import Exit, exit_of_error, main
from agent.errors import (
    AgentError,
    DocumentRevoked,
    FileRefused,
    FinishFirst,
    NotAllowed,
    NothingToWithdraw,
    RecoveryRefused,
    ServerRefused,
    ServerUnreachable,
)
from agent.use_cases import Agent
from protocol.problems import RefusalCode
from protocol.values import Standing
from tests.agent.cli.console import Run, Terminal, raising
from tests.agent.worlds import World


def test_every_error_has_an_exit_code_of_its_own_kind() -> None:
    made: dict[type[AgentError], AgentError] = {
        NotAllowed: NotAllowed(Standing.RELEASED, "release"),
        NothingToWithdraw: NothingToWithdraw(Standing.ACTIVE),
        DocumentRevoked: DocumentRevoked(Standing.ACTIVE, "release"),
        FinishFirst: FinishFirst(Standing.DRIFTED),
        FileRefused: FileRefused("file-empty"),
        RecoveryRefused: RecoveryRefused("recovery-refused"),
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
                 "check", "history", "receipts", "config", "doctor", "withdraw", "notice",
                 "recovery", "export", "import", "report", "plan"):  # fmt: skip
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


def test_an_unreachable_server_is_an_error_of_the_network() -> None:
    assert exit_of_error(ServerUnreachable(server="x"), None) is Exit.UNREACHABLE
