"""What a user likes is the user's own, and never an obstacle."""

from pathlib import Path

import pytest

from agent.errors import FileUnreadable
from agent.preferences import Preferences, load_preferences, save_preferences
from agent.texts import Digits

LIKED = Preferences("fa", Digits.LATIN, ("1@1770000000",))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "faragostar-man"


def test_what_was_chosen_is_read_again(folder: Path) -> None:
    assert load_preferences() == Preferences()
    save_preferences(LIKED)
    assert load_preferences() == LIKED
    assert [path.name for path in folder.iterdir()] == ["window.json"]
    assert folder.stat().st_mode & 0o077 == 0


def test_what_an_earlier_version_wrote_is_read_too(folder: Path) -> None:
    folder.mkdir()
    (folder / "window.json").write_bytes(b'{"language":"fa","digits":"latin"}')
    assert load_preferences() == LIKED._replace(dismissed=())


def test_of_what_was_put_away_only_the_latest_is_remembered(folder: Path) -> None:
    assert not folder.exists()
    save_preferences(LIKED._replace(dismissed=tuple(f"{n}@1" for n in range(100))))
    assert load_preferences().dismissed[0] == "68@1"


@pytest.mark.parametrize("content", [b"", b"[]", b'{"digits":"roman"}', b'{"language":"\xff"}'])
def test_what_cannot_be_read_is_nothing_chosen(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / "window.json").write_bytes(content)
    assert load_preferences() == Preferences()


def test_what_cannot_be_written_is_told(folder: Path) -> None:
    folder.write_text("a file where a folder must be")
    with pytest.raises(FileUnreadable) as problem:
        save_preferences(LIKED)
    assert problem.value.parameters["path"] == str(folder / "window.json")


def test_a_relative_folder_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    save_preferences(LIKED)
    assert (tmp_path / ".config" / "faragostar-man" / "window.json").exists()


def test_a_user_without_a_home_is_remembered_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    save_preferences(LIKED)
    assert load_preferences() == Preferences()


@pytest.mark.parametrize("roaming", [True, False])
def test_on_windows_it_roams_with_its_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, roaming: bool
) -> None:
    found = tmp_path / "AppData" / "Roaming"
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.delenv("APPDATA", raising=False)
    if roaming:
        monkeypatch.setenv("APPDATA", str(found))
    monkeypatch.setattr("sys.platform", "win32")
    save_preferences(LIKED)
    assert load_preferences() == LIKED
    monkeypatch.undo()
    assert (found / "Faragostar Man" / "window.json").exists()
