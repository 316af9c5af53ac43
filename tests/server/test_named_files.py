"""What the system says of a file that somebody named is told in our words; none is left half."""

import os
from pathlib import Path

import pytest

from server_stub.commands.files import named_file
from server_stub.errors import StoreUnreadable, UsageError
from server_stub.home import write_durably


@pytest.mark.parametrize("wrong", ["none", "none/file", "file/below", ".", "n" * 300])
def test_a_wrong_name_is_a_question_of_usage(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    path = tmp_path / wrong
    with pytest.raises(UsageError) as refused, named_file(path):
        path.read_bytes()
    assert refused.value.parameters["detail"].startswith(f"{path}: ")


def test_a_full_disk_is_not_a_question_of_usage() -> None:
    with pytest.raises(StoreUnreadable), named_file(Path("/dev/full")):
        Path("/dev/full").write_bytes(b"x")


def test_somebody_elses_file_stays_for_the_command_line_to_tell(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), named_file(tmp_path):
        raise PermissionError


def test_what_is_written_durably_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    file, folder = tmp_path / "file", tmp_path / "folder"
    folder.mkdir()
    # What a killed process of the same number left.
    (tmp_path / f".file.{os.getpid()}").write_bytes(b"half")
    for content in (b"first", b"second"):
        write_durably(file, content)
        assert file.read_bytes() == content
    with pytest.raises(IsADirectoryError):
        write_durably(folder, b"third")
    assert sorted(tmp_path.iterdir()) == [file, folder]
    assert file.stat().st_mode & 0o777 == 0o600
