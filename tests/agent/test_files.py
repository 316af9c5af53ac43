"""Files are whole or absent, rights are exact, and errors have our names."""

import errno
import os
from pathlib import Path

import pytest

from agent import files
from agent.errors import (
    AdminRightsNeeded,
    AgentError,
    FileTaken,
    FileUnreadable,
    StoreFull,
    StoreReadOnly,
    StoreUnusable,
)
from agent.files import (
    error_of,
    make_folder,
    remove_durably,
    require_free,
    sync_folder,
    write_durably,
    write_once,
    write_over,
)


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    assert tmp_path.is_dir()  # made before: under 0o777 nobody but root could enter it
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_a_file_has_exactly_its_rights_whatever_the_umask(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "file"
    write_durably(path, b"content", mode)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"content", mode)


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_a_folder_has_exactly_its_rights_whatever_the_umask(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "folder"
    for _ in range(2):
        make_folder(folder, mode)
        assert folder.stat().st_mode & 0o777 == mode


def test_a_folder_is_not_made_through_a_link(tmp_path: Path) -> None:
    victim, link = tmp_path / "victim", tmp_path / "public"
    victim.mkdir(mode=0o700)
    link.symlink_to(victim)
    with pytest.raises(StoreUnusable):
        make_folder(link, 0o755)
    assert victim.stat().st_mode & 0o777 == 0o700


def test_a_file_system_without_rights_still_takes_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no such rights")

    monkeypatch.setattr(os, "fchmod", refuse)
    write_over(tmp_path / "paper", b"content", 0o600)
    assert (tmp_path / "paper").read_bytes() == b"content"


def test_a_link_planted_under_the_working_name_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"somebody's")
    rights = victim.stat().st_mode
    (tmp_path / f".file.{os.getpid()}").symlink_to(victim)
    write_durably(tmp_path / "file", b"content", 0o600)
    assert (victim.read_bytes(), victim.stat().st_mode) == (b"somebody's", rights)
    assert (tmp_path / "file").read_bytes() == b"content"


@pytest.mark.parametrize("call", ["fsync", "fdopen"])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    real = getattr(os, call)

    def fail(handle: int, *_: object) -> None:
        if call == "fdopen":
            os.close(handle)
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(StoreFull):
        write_durably(path, b"new", 0o600)
    monkeypatch.setattr(os, call, real)
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


def test_content_is_synced_before_its_name_and_its_name_before_we_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(handle: int) -> None:
        order.append("folder" if Path(f"/proc/self/fd/{handle}").is_dir() else "file")
        fsync(handle)

    def named(old: Path, new: Path) -> Path:
        order.append("name")
        return replace(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", named)
    write_durably(tmp_path / "file", b"content", 0o600)
    assert order == ["file", "name", "folder"]


def test_removing_is_in_order_durable_and_may_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    unlink = Path.unlink

    def removed(path: Path, *, missing_ok: bool = False) -> None:
        order.append(path.name)
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", removed)
    monkeypatch.setattr(files, "sync_folder", lambda folder: order.append(folder.name))
    (tmp_path / "permit").write_bytes(b"")
    for _ in range(2):
        remove_durably(tmp_path / "permit", tmp_path / "license")
    assert order == ["permit", "license", tmp_path.name] * 2


def test_a_folder_that_is_not_there_has_no_names_to_sync(tmp_path: Path) -> None:
    sync_folder(tmp_path / "none")


def test_a_removal_that_fails_is_told(tmp_path: Path) -> None:
    (tmp_path / "permit").mkdir()
    with pytest.raises(AgentError):
        remove_durably(tmp_path / "permit")


@pytest.mark.parametrize(
    ("number", "named"),
    [
        (errno.EACCES, AdminRightsNeeded),
        (errno.EPERM, AdminRightsNeeded),
        (errno.ENOSPC, StoreFull),
        (errno.EDQUOT, StoreFull),
        (errno.EROFS, StoreReadOnly),
        (errno.EIO, StoreUnusable),
    ],
)
def test_what_the_system_says_has_a_name(number: int, named: type[AgentError]) -> None:
    problem = error_of(OSError(number, os.strerror(number)), Path("file"))
    assert type(problem) is named
    assert problem.parameters["path"] == "file"


def test_an_error_without_words_is_told_as_it_is() -> None:
    assert error_of(OSError("odd"), Path("file")).parameters["reason"] == "odd"


def test_a_file_is_written_once_and_left_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for _ in range(2):
        write_once(path, b"content", 0o600)
        assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"content", 0o600)
    with pytest.raises(FileTaken):
        write_once(path, b"other", 0o600)
    assert path.read_bytes() == b"content"


@pytest.mark.parametrize("left", [b"", b"cont"])
def test_what_a_crash_left_is_written_whole(tmp_path: Path, left: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(left)
    require_free(path, b"content")
    write_once(path, b"content", 0o600)
    assert path.read_bytes() == b"content"


def test_an_unknown_content_has_no_right_to_a_file_that_stands(tmp_path: Path) -> None:
    path = tmp_path / "file"
    require_free(path, None)
    path.write_bytes(b"cont")
    with pytest.raises(FileTaken):
        require_free(path, None)


def test_a_memory_stick_without_rights_takes_a_file_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(Path, "chmod", refuse)
    write_once(tmp_path / "file", b"content", 0o600)
    assert (tmp_path / "file").read_bytes() == b"content"


def test_a_disk_that_fails_while_a_file_is_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_handle: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(FileUnreadable):
        write_once(tmp_path / "file", b"content", 0o600)
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize("place", ["nowhere/file", "."])
def test_a_place_that_takes_no_file_is_named(tmp_path: Path, place: str) -> None:
    with pytest.raises(FileUnreadable):
        require_free(tmp_path / place, b"content")


def test_a_folder_that_may_not_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(FileUnreadable) as refusal:
        require_free(tmp_path / "file", b"content")
    assert refusal.value.parameters["reason"] == os.strerror(errno.EACCES)
