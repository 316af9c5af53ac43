"""A backup is whole and of one moment, or it is refused by name (§5)."""

import errno
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from server_stub.errors import BackupDamaged
from server_stub.licensing import snapshots, transactions
from server_stub.licensing.models import License as LicenseRow
from tests.server.restores import Day, day, flip
from tests.server.tables import all_tables

__all__ = ["day"]


def cut(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def empty(_: bytes) -> bytes:
    return b""


def other(_: bytes) -> bytes:
    return b"PK nonsense"


@pytest.mark.parametrize("damage", [cut, flip, empty, other])
def test_a_damaged_backup_is_refused_and_nothing_is_made(
    day: Day, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(damage(day.backup.read_bytes()))
    before = all_tables()
    with pytest.raises(BackupDamaged), snapshots.Backup.opened(broken) as backup:
        backup.check()
    assert all_tables() == before


@pytest.mark.parametrize("table", ["License", "AuditEntry"])
def test_a_line_that_was_edited_is_found_whatever_the_archive_says(
    day: Day, tmp_path: Path, table: str
) -> None:
    edited = tmp_path / "edited.zip"
    with zipfile.ZipFile(day.backup) as source, zipfile.ZipFile(edited, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b"1", b"2") if table in name else content)
    with pytest.raises(BackupDamaged), snapshots.Backup.opened(edited) as backup:
        backup.check()


def test_a_backup_takes_no_other_files_place_and_leaves_nothing_half_written(
    day: Day, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    with pytest.raises(FileExistsError):
        day.write(precious)
    assert precious.read_text() == "mine"
    assert not list(tmp_path.glob(".precious*"))


def test_a_backup_is_of_one_moment_while_others_write(day: Day) -> None:
    with transactions.one_moment():
        before = LicenseRow.objects.count()
        from concurrent.futures import ThreadPoolExecutor

        def write() -> None:
            try:
                day.office.issue()
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            pool.submit(write).result()
        assert LicenseRow.objects.count() == before
    assert LicenseRow.objects.count() == before + 1


def test_any_damaged_byte_is_refused_by_name_or_changes_nothing(day: Day, tmp_path: Path) -> None:
    raw, broken = day.backup.read_bytes(), tmp_path / "broken.zip"
    with snapshots.Backup.opened(day.backup) as backup:
        whole = backup.manifest, backup.keys(), backup.config()
    refused = 0
    for place in range(0, len(raw), 13):
        broken.write_bytes(raw[:place] + bytes([raw[place] ^ 1 << place % 8]) + raw[place + 1 :])
        try:
            with snapshots.Backup.opened(broken) as backup:
                backup.check()
                assert (backup.manifest, backup.keys(), backup.config()) == whole
        except BackupDamaged:
            refused += 1
    assert refused > 100


def edited(backup: Path, target: Path, edit: Callable[[str, bytes], bytes]) -> Path:
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            made.writestr(name, edit(name, source.read(name)))
    return target


def test_a_backup_of_another_version_is_refused(day: Day, tmp_path: Path) -> None:
    later = edited(
        day.backup, tmp_path / "later.zip", lambda _, raw: raw.replace(b'"Tariff"', b'"Tarif"')
    )
    with pytest.raises(BackupDamaged), snapshots.Backup.opened(later):
        pass


def test_only_working_keys_are_taken_out_of_a_backup(day: Day, tmp_path: Path) -> None:
    names = ("keys/../../evil.pem", "keys/root-1.pem", "keys/", "keys/document-1.pem/x")

    def name_them(name: str, raw: bytes) -> bytes:
        listed = b"".join(b'"%s":"",' % name.encode() for name in names)
        return raw.replace(b'"files":{', b'"files":{' + listed) if name == "manifest.json" else raw

    hostile = edited(day.backup, tmp_path / "hostile.zip", name_them)
    with snapshots.Backup.opened(hostile) as backup:
        assert sorted(backup.keys()) == ["agreement-1.pem", "document-1.pem"]


def test_what_claims_to_be_a_huge_manifest_is_not_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("manifest.json", b" " * 50_000_000)
    with pytest.raises(BackupDamaged), snapshots.Backup.opened(tmp_path / "bomb.zip"):
        pass


def test_a_backup_is_written_where_no_links_can_be_made(
    day: Day, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    day.write(tmp_path / "stick.zip")
    with pytest.raises(FileExistsError):
        day.write(tmp_path / "stick.zip")
    assert stat.S_IMODE((tmp_path / "stick.zip").stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".stick*"))
