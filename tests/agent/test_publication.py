"""The public copies: their order, their rights, and their absence (§8)."""

import errno
import os
from pathlib import Path

import pytest

from agent import publication
from agent.errors import StoreFull, StoreUnusable
from agent.files import write_durably
from agent.publication import PublicFolder

ROOTS = ((b"root.1",), (b"root.2", b"root.2b"))


@pytest.fixture
def folder(tmp_path: Path) -> PublicFolder:
    return PublicFolder(tmp_path / "public")


def test_roots_come_first_and_the_permit_last(
    folder: PublicFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def written(path: Path, content: bytes, mode: int) -> None:
        order.append(path.name)
        write_durably(path, content, mode)

    monkeypatch.setattr(publication, "write_durably", written)
    folder.publish(ROOTS, b"license", b"permit")
    folder.publish(ROOTS, b"license", b"permit, renewed")
    assert order == ["roots.jws", "license.jws", "permit.jws", "permit.jws"]


def test_everyone_may_read_whatever_the_umask(folder: PublicFolder) -> None:
    before = os.umask(0o077)
    try:
        folder.publish(ROOTS, b"license", b"permit")
        folder.show(b"status")
    finally:
        os.umask(before)
    assert folder.folder.stat().st_mode & 0o777 == 0o755
    assert {path.stat().st_mode & 0o777 for path in folder.folder.iterdir()} == {0o644}


def test_withdrawing_takes_permit_and_document_and_leaves_the_rest(folder: PublicFolder) -> None:
    folder.publish(ROOTS, b"license", b"permit")
    folder.show(b"status")
    for _ in range(2):
        folder.withdraw()
        assert {path.name for path in folder.folder.iterdir()} == {"roots.jws", "status.jws"}
    assert folder.roots() == ROOTS


def test_withdrawing_from_nowhere_is_harmless(folder: PublicFolder) -> None:
    folder.withdraw()


def test_roots_that_cannot_be_read_are_told(folder: PublicFolder) -> None:
    with pytest.raises(StoreUnusable):
        folder.roots()


def test_a_withdrawal_that_is_not_durable_is_no_withdrawal(
    folder: PublicFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.publish(ROOTS, b"license", b"permit")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreFull):
        folder.withdraw()
