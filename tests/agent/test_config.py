"""Settings: checked when they are set, private when they are stored."""

from pathlib import Path

import pytest

from agent.config import (
    HOME_VARIABLE,
    SERVER_VARIABLE,
    Home,
    Settings,
    change,
    default_home,
    load_settings,
    save_settings,
)
from agent.errors import (
    NotSetUp,
    ServerUrlInsecure,
    SettingInvalid,
    StoreDamaged,
    StoreUnusable,
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "private").mkdir()
    return Home(tmp_path)


@pytest.fixture(autouse=True)
def nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (HOME_VARIABLE, SERVER_VARIABLE, "PROGRAMDATA"):
        monkeypatch.delenv(name, raising=False)


def test_settings_read_back_and_are_their_owners(home: Home) -> None:
    settings = Settings(server="https://s.example", proxy="http://user:word@p:1", language="fa")
    save_settings(home, settings)
    assert load_settings(home) == settings
    assert home.settings.stat().st_mode & 0o777 == 0o600


def test_the_environments_server_goes_first_and_is_checked(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_settings(home, Settings(server="https://s.example"))
    monkeypatch.setenv(SERVER_VARIABLE, "http://127.0.0.1:8765")
    assert load_settings(home).server == "http://127.0.0.1:8765"
    monkeypatch.setenv(SERVER_VARIABLE, "http://s.example")
    with pytest.raises(ServerUrlInsecure):
        load_settings(home)


def test_without_settings_nothing_is_set_up(home: Home) -> None:
    with pytest.raises(NotSetUp):
        load_settings(home)


def test_settings_that_cannot_be_read_are_told(home: Home) -> None:
    home.settings.mkdir()
    with pytest.raises(StoreUnusable):
        load_settings(home)


@pytest.mark.parametrize("content", [b"", b"[]", b"{'", b'{"server":1}', b'{"sever":""}', b"\xff"])
def test_damaged_settings_are_damage(home: Home, content: bytes) -> None:
    home.settings.write_bytes(content)
    with pytest.raises(StoreDamaged):
        load_settings(home)


def test_the_home_is_the_environments_or_the_systems(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert default_home() == Path("/var/lib/faragostar-man")
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    assert default_home() == tmp_path


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("server", "https://license.example"),
        ("server", "https://license.example:8443/base"),
        ("server", "http://127.0.0.1:8765"),
        ("server", "http://[::1]:8765"),
        ("server", "http://localhost"),
        ("proxy", "http://user:word@proxy:3128"),
        ("proxy", "socks5h://proxy"),
        ("language", "fa"),
        ("language", "en"),
    ],
)
def test_a_good_value_is_set_and_an_empty_one_takes_it_back(name: str, value: str) -> None:
    settings = change(Settings(), name, value)
    assert getattr(settings, name) == value
    assert change(settings, name, "") == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("colour", "red"),
        ("server", "license.example"),
        ("server", "ftp://license.example"),
        ("server", "https://"),
        ("server", "https://user@license.example"),
        ("server", "https://license.example?key=1"),
        ("server", "https://license.example:port"),
        ("server", "https://license.example:99999"),
        ("server", "https://["),
        ("proxy", "proxy:3128"),
        ("language", "de"),
        ("ca_file", "/no/such/file.pem"),
        *(("check_interval", v) for v in ("0", "169", "-1", "1.5", "6h", "²", "9" * 5000, " ")),
    ],
)
def test_a_bad_value_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingInvalid) as problem:
        change(Settings(), name, value)
    assert problem.value.code == "setting-invalid"


@pytest.mark.parametrize("value", ["http://license.example", "http://127.0.0.1.example"])
def test_plain_http_leaves_this_machine_never(value: str) -> None:
    with pytest.raises(ServerUrlInsecure):
        change(Settings(), "server", value)


def test_a_proxys_password_is_not_repeated() -> None:
    with pytest.raises(SettingInvalid) as problem:
        change(Settings(), "proxy", "ftp://user:word@proxy")
    assert "word" not in str(problem.value)


def test_a_ca_file_that_is_there_is_set(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("PEM")
    assert change(Settings(), "ca_file", str(path)).ca_file == str(path)


@pytest.mark.parametrize(
    ("typed", "kept", "hours"),
    [("2", 2, 2), (" ۲۴ ", 24, 24), ("٠٦", 6, 6), ("168", 168, 168), ("1", None, 1), ("", None, 1)],
)
def test_an_interval_is_typed_in_any_digits_and_the_usual_one_is_not_kept(
    typed: str, kept: int | None, hours: int
) -> None:
    settings = change(Settings(check_interval=12), "check_interval", typed)
    assert (settings.check_interval, settings.interval_hours) == (kept, hours)


def test_an_interval_that_was_written_past_the_command_is_not_believed(home: Home) -> None:
    save_settings(home, Settings(check_interval=24))
    assert load_settings(home).interval_hours == 24
    home.settings.write_bytes(home.settings.read_bytes().replace(b"24", b"240"))
    with pytest.raises(StoreDamaged):
        load_settings(home)
