"""`setup` and `config`: what an agent starts with, and what may be changed later."""

import json
from pathlib import Path

import pytest

from agent.bootstrap import open_agent
from agent.cli import Exit, main
from agent.config import Home
from agent.license_store import SqliteStore
from protocol.exchange import pack_roots
from protocol.values import Standing
from tests.agent.cli.console import Run
from tests.agent.worlds import World
from tests.simulated_server import SimulatedServer


def test_the_configured_language_goes_before_the_systems(run: Run) -> None:
    assert run("config", "set", "language", "fa").code == 0
    assert "هنوز مجوزی روی این سرور فعال نشده است" in run("status").out
    assert "No license is active" in run("status", "--lang", "en").out


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


def test_the_agent_opened_by_default_is_the_wired_one(world: World) -> None:
    agent = open_agent(Home(world.home.folder))
    assert agent.status().standing is Standing.UNLICENSED
    with SqliteStore(world.home.store).reading() as memory:
        assert memory.history() == ()
