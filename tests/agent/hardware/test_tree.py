"""Every failure of a file is a reason, and a recorded folder keeps its readers inside."""

import errno
import os
from pathlib import Path

import pytest

from agent.fingerprint import UnknownReason
from agent.hardware import tree
from agent.hardware.tree import MachineTree
from tests.rights import as_nobody, needs_root


def test_text_is_trimmed_of_what_kernel_and_device_tree_put_around_it(tmp_path: Path) -> None:
    (tmp_path / "value").write_bytes(b" abc def\0\n")
    assert MachineTree(tmp_path).text("/value") == "abc def"


def test_each_failure_has_its_reason(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    machine = MachineTree(tmp_path)
    assert machine.read("/missing") is UnknownReason.ABSENT
    assert machine.text("/file/below") is UnknownReason.ABSENT
    assert machine.read("/folder") is UnknownReason.UNREADABLE
    assert machine.names("/missing") is UnknownReason.ABSENT
    assert not machine.exists("/missing")
    assert machine.target("/missing") is None


@needs_root
def test_a_file_of_another_user_is_denied(tmp_path: Path) -> None:
    (tmp_path / "secret").touch(mode=0o400)
    with as_nobody(tmp_path):
        assert MachineTree(tmp_path).read("/secret") is UnknownReason.DENIED


def test_a_folder_that_refuses_its_names_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("agent.hardware.tree.os.scandir", refuse)
    assert MachineTree(tmp_path).names("/") is UnknownReason.DENIED


def test_a_link_out_of_a_recorded_folder_leads_nowhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("another machine's")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "file").symlink_to(outside / "secret")
    (inside / "folder").symlink_to("../outside")
    machine = MachineTree(inside)
    assert machine.read("/file") is UnknownReason.ABSENT
    assert machine.read("/folder/secret") is UnknownReason.ABSENT
    assert machine.read("/../outside/secret") is UnknownReason.ABSENT
    assert machine.names("/folder") is UnknownReason.ABSENT
    assert machine.target("/folder") is None
    assert not machine.exists("/file")


def test_a_folder_whose_name_only_begins_alike_is_outside(tmp_path: Path) -> None:
    (tmp_path / "machine").mkdir()
    (tmp_path / "machine-2").mkdir()
    (tmp_path / "machine-2/value").write_text("2")
    (tmp_path / "machine/link").symlink_to("../machine-2/value")
    assert MachineTree(tmp_path / "machine").read("/link") is UnknownReason.ABSENT


def test_links_in_a_circle_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert MachineTree(tmp_path).read("/a") is UnknownReason.ABSENT


def test_a_pipe_does_not_hold_the_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert MachineTree(tmp_path).read("/pipe") == b""


def test_windows_reads_bytes_without_the_flags_of_pipes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "value").write_bytes(b"abc\n")
    for name in ("O_NONBLOCK", "O_CLOEXEC"):
        monkeypatch.delattr(os, name)
    monkeypatch.setattr(os, "O_BINARY", 0, raising=False)
    monkeypatch.setattr("sys.platform", "win32")
    assert MachineTree(tmp_path).text("/value") == "abc"


def test_a_file_without_an_end_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "_MOST_BYTES", 4096)
    monkeypatch.setattr(tree, "_CHUNK", 1024)
    (tmp_path / "huge").write_bytes(bytes(10_000))
    raw = MachineTree(tmp_path).read("/huge")
    assert isinstance(raw, bytes)
    assert len(raw) == 4096


def test_the_running_system_follows_links_as_it_always_does() -> None:
    live = MachineTree(Path("/"))
    assert live.is_live
    assert live.target("/proc/self") == f"/proc/{os.getpid()}"
    assert live.exists("/proc/self/exe")
    names = live.names("/proc")
    assert not isinstance(names, UnknownReason)
    assert "self" in names


def test_what_was_refused_is_refused_again(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/secret").write_text("readable by now")
    refused = {"/folder/secret": UnknownReason.DENIED, "/folder": UnknownReason.UNREADABLE}
    machine = MachineTree(tmp_path, refused)
    assert machine.text("/folder/secret") is UnknownReason.DENIED
    assert machine.names("/folder") is UnknownReason.UNREADABLE


@pytest.mark.parametrize("code", ["EINVAL", "EOPNOTSUPP", "ENXIO"])
def test_an_attribute_that_the_device_has_no_answer_to_is_absent(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As sysfs answers for a disk without a name of a known kind, or a card without ports."""

    def refuse(*_: object) -> bytes:
        raise OSError(getattr(errno, code), code)

    (tmp_path / "wwid").touch()
    monkeypatch.setattr("agent.hardware.tree.os.read", refuse)
    assert MachineTree(tmp_path).text("/wwid") is UnknownReason.ABSENT
