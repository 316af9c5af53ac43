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
        "check_interval": None,
    }
    shown = run("config", "show").out
    assert "secret" not in shown
    assert "language        (the system's)" in shown
    assert run("config", "set", "proxy", "http://proxy:3128").code == 0
    assert run("config", "show", "--json").json["proxy"] == "http://proxy:3128"
    assert run("config", "set", "proxy", "").code == 0
    assert run("config", "show", "--json").json["proxy"] is None


@pytest.mark.parametrize(
    ("typed", "kept", "english", "persian"),
    [
        ("24", 24, "every 24 hours", "هر ۲۴ ساعت یک بار"),
        ("۱۶۸", 168, "every 168 hours", "هر ۱۶۸ ساعت یک بار"),
        ("1", None, "(every hour)", "(هر ساعت)"),
        ("", None, "(every hour)", "(هر ساعت)"),
    ],
)
def test_how_often_the_server_is_asked_is_set_and_shown(
    run: Run, typed: str, kept: int | None, english: str, persian: str
) -> None:
    assert run("config", "set", "check_interval", "12").code == 0
    assert run("config", "set", "check_interval", typed).code == 0
    assert run("config", "show", "--json").json["check_interval"] == kept
    assert f"check_interval  {english}\n" in run("config", "show").out
    assert f"check_interval  {persian}\n" in run("config", "show", "--lang", "fa").out
    assert english.strip("()") in run("doctor").out


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("colour", "blue", "setting-invalid"),
        ("language", "de", "setting-invalid"),
        ("check_interval", "0", "setting-invalid"),
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


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bundled"
    folder.mkdir()
    monkeypatch.setattr("agent.choosing.BUNDLED", folder)
    return folder


def test_what_a_package_brings_needs_no_naming(
    tmp_path: Path, root_file: Path, bundled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root_file.rename(bundled / "root.jws")
    assert set_up(tmp_path / "new", "--server", "https://license.example") == 0
    (bundled / "server").write_text("https://brought.example\n")
    capsys.readouterr()
    assert set_up(tmp_path / "other") == 0
    assert json.loads(capsys.readouterr().out)["server"] == "https://brought.example"


def test_what_is_named_goes_before_what_a_package_brings(
    tmp_path: Path, root_file: Path, bundled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (bundled / "server").write_text("https://brought.example")
    (bundled / "root.jws").write_bytes(b"not the one that was named")
    named = ("--server", "https://named.example", "--root", str(root_file))
    assert set_up(tmp_path / "new", *named) == 0
    capsys.readouterr()
    assert set_up(tmp_path / "new", "--root", str(root_file)) == 0
    assert json.loads(capsys.readouterr().out)["server"] == "https://named.example"


def test_a_bad_address_in_a_package_sets_nothing_up(
    tmp_path: Path, root_file: Path, bundled: Path
) -> None:
    (bundled / "server").write_text("http://brought.example")
    assert set_up(tmp_path / "new", "--root", str(root_file)) == Exit.USAGE
    assert not (tmp_path / "new").exists()


def test_a_server_that_is_taken_away_is_the_packages_again_or_refused(
    run: Run, bundled: Path
) -> None:
    said = run("config", "set", "server", "", "--json")
    assert (said.code, said.json["text_code"]) == (Exit.USAGE, "server-missing")
    assert run("config", "show", "--json").json["server"] == "https://license.example"
    (bundled / "server").write_text("https://brought.example")
    assert run("config", "set", "server", "").code == 0
    assert run("config", "show", "--json").json["server"] == "https://brought.example"


def test_a_hidden_password_that_is_handed_back_is_refused(run: Run) -> None:
    assert run("config", "set", "proxy", "http://user:secret@proxy:3128").code == 0
    shown = run("config", "show", "--json").json["proxy"].replace("proxy:", "other:")
    said = run("config", "set", "proxy", shown, "--json")
    assert (said.code, said.json["error"]) == (Exit.USAGE, "setting-invalid")
    assert "other" not in run("config", "show").out


def test_a_certificate_file_is_remembered_by_its_whole_path(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ca.pem").write_text("PEM")
    monkeypatch.chdir(tmp_path)
    assert run("config", "set", "ca_file", "ca.pem").code == 0
    assert run("config", "show", "--json").json["ca_file"] == str(tmp_path / "ca.pem")


def test_the_agent_opened_by_default_is_the_wired_one(world: World) -> None:
    agent = open_agent(Home(world.home.folder))
    assert agent.status().standing is Standing.UNLICENSED
    with SqliteStore(world.home.store).reading() as memory:
        assert memory.history() == ()
