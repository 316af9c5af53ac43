"""A backup: one file with every table as it was at one moment, the working keys and the settings.

Written table by table in lines of JSON, so it is the same for every database, and read back whole
before it is believed. Root keys are never in it: they belong elsewhere.
"""

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from django.apps import apps
from django.db import models

from server_stub.errors import BackupDamaged
from server_stub.home import Home
from server_stub.licensing.audit import chain_faults
from server_stub.licensing.begun import begun
from server_stub.licensing.models import AuditEntry, Redo, ServerState
from server_stub.licensing.models.recorded import Row, row_of
from server_stub.licensing.redo import instance_of
from server_stub.licensing.transactions import one_moment
from server_stub.progress import SILENT, Progress, Step

_MANIFEST = "manifest.json"
_CONFIG = "config.json"
_KEYS = "keys/"
_KEY = re.compile(r"keys/(document|agreement)-[0-9]+\.pem")
_FORMAT = 1
_AT_ONCE = 500
# A manifest, the settings or a key; what claims to be more is none.
_SMALL = 1024 * 1024
# What a file that is no backup, or a damaged one, makes its readers raise.
_ILLEGIBLE = (
    *(ValueError, TypeError, LookupError, EOFError, OSError, RuntimeError, OverflowError),
    *(zipfile.BadZipFile, zlib.error, struct.error),
)


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """What one table's lines must be."""

    rows: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the backup is of, and how it is known to be whole."""

    format: int
    audience: str
    made_at: int
    epoch: int
    root_version: int
    audit_index: int
    audit_hash: str
    tables: dict[str, Table]
    # The settings and the working keys: what each file's SHA-256 must be.
    files: dict[str, str]


_rows = msgspec.json.Decoder(Row)


def tables() -> list[type[models.Model]]:
    """Every table of the books, those first that others point to."""
    found = apps.get_app_config("licensing").get_models()
    return [model for model in found if model not in (Redo, ServerState)]


def write_backup(
    path: Path, home: Home, audience: str, now: int, progress: Progress = SILENT
) -> Manifest:
    """Write a backup beside its name and give it the name once it is whole and on the disk.

    Raises:
        DatabaseError: the books cannot be read.
        OSError: the file cannot be written.
    """
    with (
        begun(path) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        one_moment(),
    ):
        return _write(archive, home, audience, now, progress)


def _write(
    archive: zipfile.ZipFile, home: Home, audience: str, now: int, progress: Progress
) -> Manifest:
    state = ServerState.objects.get(pk=1)
    kept = {model.__name__: _write_table(archive, model, progress) for model in tables()}
    keys = {f"{_KEYS}{file.name}": file for file in sorted(home.keys.iterdir())}
    files = {name: file.read_bytes() for name, file in keys.items() if _KEY.fullmatch(name)}
    files[_CONFIG] = home.config_file.read_bytes()
    manifest = Manifest(
        format=_FORMAT,
        audience=audience,
        made_at=now,
        epoch=state.epoch,
        root_version=state.root_version,
        audit_index=state.audit_index,
        audit_hash=state.audit_hash,
        tables=kept,
        files={name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    )
    for name, content in files.items():
        archive.writestr(name, content)
    archive.writestr(_MANIFEST, msgspec.json.encode(manifest))
    return manifest


def _write_table(archive: zipfile.ZipFile, model: type[models.Model], progress: Progress) -> Table:
    digest, count = hashlib.sha256(), 0
    rows: Any = model.objects  # type: ignore[attr-defined]  # every model of ours has it
    with archive.open(_member(model), "w", force_zip64=True) as lines:
        found = rows.order_by("pk").iterator(chunk_size=_AT_ONCE)
        for row in progress.over(Step.WRITING, found):
            line = msgspec.json.encode(row_of(row)) + b"\n"
            lines.write(line)
            digest.update(line)
            count += 1
    return Table(rows=count, sha256=digest.hexdigest())


def _member(model: type[models.Model]) -> str:
    return f"tables/{model.__name__}.jsonl"


class Backup:
    """An opened backup."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        """Use `opened`."""
        self._archive = archive
        self._path = path
        with self._legible():
            self.manifest = msgspec.json.decode(self._read(_MANIFEST), type=Manifest)
        known = {model.__name__ for model in tables()}
        if self.manifest.format != _FORMAT or self.manifest.tables.keys() != known:
            raise BackupDamaged("of another version of this program", file=str(path))

    @classmethod
    @contextmanager
    def opened(cls, path: Path) -> Iterator["Backup"]:
        """Open a backup.

        Raises:
            BackupDamaged: it is none, of another version, or cannot be read to its end.
            PermissionError: it is somebody else's.
        """
        try:
            archive = zipfile.ZipFile(path)
        except PermissionError:
            raise
        except _ILLEGIBLE as cause:
            raise BackupDamaged(str(cause), file=str(path)) from cause
        with archive:
            yield cls(archive, path)

    def check(self, progress: Progress = SILENT) -> None:
        """Read everything once: every line, the audit chain and the head that it must lead to.

        Raises:
            BackupDamaged: something is not as it was written.
        """
        with self._legible():
            for model in tables():
                self._check_table(model, progress)
            for name, expected in self.manifest.files.items():
                if hashlib.sha256(self._read(name)).hexdigest() != expected:
                    raise BackupDamaged(name, file=str(self._path))
            faults = list(chain_faults(progress.over(Step.ENTRIES, self._entries()), self.state()))
        if faults:
            raise BackupDamaged(faults[0].text, file=str(self._path))

    def state(self) -> ServerState:
        """The server's state row as it was."""
        manifest = self.manifest
        return ServerState(
            pk=1,
            epoch=manifest.epoch,
            root_version=manifest.root_version,
            audit_index=manifest.audit_index,
            audit_hash=manifest.audit_hash,
        )

    def load(self, progress: Progress = SILENT) -> None:
        """Write every row into empty tables; inside a transaction of the caller's."""
        with self._legible():
            for model in tables():
                rows = (
                    instance_of(row, model)
                    for row in progress.over(Step.LOADING, self._rows(model))
                )
                while batch := list(islice(rows, _AT_ONCE)):
                    model.objects.bulk_create(batch)  # type: ignore[attr-defined]  # as above
        self.state().save(force_insert=True)

    def config(self) -> bytes:
        """The settings."""
        with self._legible():
            return self._read(_CONFIG)

    def keys(self) -> dict[str, bytes]:
        """The working keys by the names of their files."""
        with self._legible():
            names = [name for name in self.manifest.files if _KEY.fullmatch(name)]
            return {name.removeprefix(_KEYS): self._read(name) for name in names}

    def _read(self, name: str) -> bytes:
        if self._archive.getinfo(name).file_size > _SMALL:
            raise ValueError(f"{name} is too large")
        return self._archive.read(name)

    def _check_table(self, model: type[models.Model], progress: Progress) -> None:
        expected = self.manifest.tables[model.__name__]
        digest = hashlib.sha256()
        with self._archive.open(_member(model)) as lines:
            for line in progress.over(Step.READING, lines):
                digest.update(line)
        if digest.hexdigest() != expected.sha256:
            raise BackupDamaged(model.__name__, file=str(self._path))

    def _rows(self, model: type[models.Model]) -> Iterator[Row]:
        with self._archive.open(_member(model)) as lines:
            for line in lines:
                yield _rows.decode(line)

    def _entries(self) -> Iterator[AuditEntry]:
        for row in self._rows(AuditEntry):
            yield AuditEntry(**row.fields)

    @contextmanager
    def _legible(self) -> Iterator[None]:
        try:
            yield
        except _ILLEGIBLE as cause:
            raise BackupDamaged(str(cause), file=str(self._path)) from cause
