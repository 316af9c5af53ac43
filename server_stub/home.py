"""The folder that a signing server lives in, and who may read what of it.

Paths and small files only. `init` writes `config.json` last, so a folder that has one is whole.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

import msgspec
from msgspec import Meta

from server_stub.errors import DocumentInvalid, NotInitialised

DEFAULT_HOME = "/var/lib/faragostar-server"
SECRET_FOLDER = 0o700
SECRET_FILE = 0o600

PerMinute = Annotated[int, Meta(ge=1, le=1_000_000)]


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many requests one device, or one address, may send in a minute."""

    per_device: PerMinute = 240
    per_address: PerMinute = 1200


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the operator may change; read once, when the server starts."""

    format: Annotated[int, Meta(ge=1, le=1)] = 1
    demo: bool = False
    limits: Limits = Limits()
    # Addresses of our own reverse proxies: the only ones whose X-Forwarded-For is believed.
    proxies: tuple[str, ...] = ()


class Home:
    """Where everything of one signing server is."""

    def __init__(self, path: Path, evidence: Path | None = None) -> None:
        """`evidence` lies on another disk where the operator has one ("a second place")."""
        self.path = path
        self.evidence = evidence or path / "evidence"

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """The home that the environment names."""
        evidence = environment.get("FARAGOSTAR_EVIDENCE_DIR")
        home = Path(environment.get("FARAGOSTAR_SERVER_HOME", DEFAULT_HOME)).absolute()
        return cls(home, Path(evidence).absolute() if evidence else None)

    @property
    def config_file(self) -> Path:
        """Written last by `init`."""
        return self.path / "config.json"

    @property
    def keys(self) -> Path:
        """Private keys; root keys belong elsewhere once they are copied."""
        return self.path / "keys"

    @property
    def database(self) -> Path:
        """The embedded database."""
        return self.path / "server.sqlite3"

    def config(self) -> Config:
        """What the operator chose.

        Raises:
            NotInitialised: no signing server here.
            DocumentInvalid: edited into something that is not a configuration.
        """
        try:
            return msgspec.json.decode(self.config_file.read_bytes(), type=Config)
        except FileNotFoundError as cause:
            raise NotInitialised(home=str(self.path)) from cause
        except msgspec.DecodeError as cause:
            raise DocumentInvalid(str(cause), file=str(self.config_file)) from cause


def write_new(path: Path, content: bytes, mode: int = SECRET_FILE) -> None:
    """Write a file that was not there, durably, never readable by more than `mode` says."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file by its new content, or leave what was there; for its owner's eyes only."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    # Left by a crash of a process that had this number.
    fresh.unlink(missing_ok=True)
    try:
        write_new(fresh, content)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
