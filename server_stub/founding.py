"""Makes a new signing server: folder, keys, root.1, database; whole, or nothing at all."""

import fcntl
import itertools
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from protocol.trust import KeyUse, Root, RootSignatures
from protocol.values import Timestamp
from server_stub.clock import system_clock
from server_stub.databases import Database
from server_stub.errors import AlreadyInitialised, StoreBusy, UsageError
from server_stub.home import SECRET_FOLDER, Config, Home, sync_folder, write_new
from server_stub.licensing import signer
from server_stub.licensing.evidence import EvidenceSpool
from server_stub.licensing.server import Books
from server_stub.licensing.tables import Tables
from server_stub.progress import Progress

if TYPE_CHECKING:
    from server_stub.licensing.services.restoring import Restored
    from server_stub.licensing.snapshots import Backup

_AUDIENCE_BYTES = 12

# Fills the tables from the backup and brings them up to date (`services.restoring`).
Reconcile = Callable[[Books, "Backup"], "Restored"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the founder chose; no passphrase leaves the keys readable by whoever reads the disk."""

    root_keys: int
    threshold: int
    passphrase: bytes | None

    def __post_init__(self) -> None:
        """Refuse a threshold that could never be met."""
        most = 16
        if not 1 <= self.threshold <= self.root_keys <= most:
            raise UsageError("threshold", detail="1 ≤ --threshold ≤ --root-keys ≤ 16")


def found(home: Home, database: Database, plan: Plan, now: Timestamp) -> str:
    """Make everything and return the audience; Django must be set up for this database.

    Raises:
        AlreadyInitialised: the folder, the evidence or the database holds something already.
        ServerError: the database cannot be reached, opened or used.
    """
    require_unused(home, database)
    existed, tables = home.path.exists(), Tables(database)
    try:
        audience = _fill(home, tables, plan, now)
    except BaseException:
        try:
            tables.discard()
        finally:
            _empty(home, remove=not existed)
        raise
    return audience


def refound(
    home: Home, database: Database, backup: Path, reconcile: Reconcile, progress: Progress
) -> "Restored":
    """Make a signing server again from a backup, whole, or nothing at all.

    What the home has is kept: its keys, its settings and its evidence are newer than the backup's.
    A restore that was killed is begun again by the same command.

    Raises:
        StoreBusy: another restore is at work here.
        AlreadyInitialised: the database holds something.
        BackupDamaged: nothing was changed.
        ServerError: what `reconcile` refuses; nothing was changed.
        ServerError: the database cannot be reached, opened or used.
    """
    from server_stub.licensing.snapshots import Backup

    tables = Tables(database)
    with Backup.opened(backup) as opened:
        opened.check(progress)
        _make_folders(home)
        with _alone(home):
            tables.prepare()
            missing = _missing_files(home, opened)
            try:
                # Before the books: once they are there, nothing of the backup is needed any more.
                _fill_home(home, missing)
                books = Books(evidence=EvidenceSpool(home.evidence), clock=system_clock)
                return reconcile(books, opened)
            except BaseException:
                tables.discard()
                for file in missing:
                    file.unlink(missing_ok=True)
                raise


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Keep a second restore out: whichever failed would take the other's database away."""
    descriptor = os.open(home.path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as cause:
        raise StoreBusy(str(home.path), detail=str(home.path)) from cause
    finally:
        os.close(descriptor)


def _missing_files(home: Home, backup: "Backup") -> dict[Path, bytes]:
    """What the backup has and the home has not.

    A key is known by what it is: where another has its name already, it gets one of its own.
    """
    here = {file: file.read_bytes() for file in home.keys.glob("*.pem")}
    missing: dict[Path, bytes] = {}
    for name, key in backup.keys().items():
        if key not in here.values():
            kind, _, number = name.removesuffix(".pem").partition("-")
            numbers = itertools.count(int(number))
            files = (home.keys / f"{kind}-{n}.pem" for n in numbers)
            file = next(file for file in files if file not in here and file not in missing)
            missing[file] = key
    if not home.config_file.exists():
        missing[home.config_file] = backup.config()
    return missing


def _fill_home(home: Home, missing: dict[Path, bytes]) -> None:
    for file, content in missing.items():
        # Whole under its name, or not there: a killed restore is begun again.
        begun = home.path / f".{file.name}.restored"
        begun.unlink(missing_ok=True)
        write_new(begun, content)
        begun.replace(file)
        sync_folder(file.parent)


def require_unused(home: Home, database: Database) -> None:
    """Look before anybody is asked for a passphrase; Django must be set up for this database.

    Raises:
        AlreadyInitialised: the folder, the evidence or the database holds something already.
        ServerError: the database cannot be reached, opened or used.
    """
    for place in (home.path, home.evidence):
        if place.exists() and any(place.iterdir()):
            raise AlreadyInitialised(home=str(place))
    Tables(database).require_none()


def _fill(home: Home, tables: Tables, plan: Plan, now: Timestamp) -> str:
    _make_folders(home)
    root, signatures = _keep_keys(home, plan, now)
    tables.create(now, signatures)
    config = Config(demo=plan.passphrase is None)
    # Last: a folder with a configuration is whole.
    write_new(home.config_file, msgspec.json.format(msgspec.json.encode(config), indent=2) + b"\n")
    return root.audience


def _make_folders(home: Home) -> None:
    for folder in (home.path, home.keys, home.evidence):
        folder.mkdir(mode=SECRET_FOLDER, parents=True, exist_ok=True)
        folder.chmod(SECRET_FOLDER)


def _keep_keys(home: Home, plan: Plan, now: Timestamp) -> tuple[Root, RootSignatures]:
    root_keys = []
    for number in range(1, plan.root_keys + 1):
        private = signer.new_root_key()
        signer.keep(home.keys / f"root-{number}.pem", private, plan.passphrase)
        root_keys.append(signer.as_signing_key(private))
    document = signer.new_document_key()
    signer.keep(home.keys / "document-1.pem", document, plan.passphrase)
    agreement = signer.new_agreement_key()
    signer.keep(home.keys / "agreement-1.pem", agreement, plan.passphrase)
    root = Root(
        version=1,
        issued_at=now,
        audience=f"faragostar-{secrets.token_hex(_AUDIENCE_BYTES)}",
        threshold=plan.threshold,
        keys={
            **signer.records_of(root_keys, KeyUse.ROOT, now),
            **signer.records_of([signer.as_signing_key(document)], KeyUse.DOCUMENT, now),
        },
        agreement_key=signer.public_agreement_key(agreement),
    )
    return root, signer.sign_root(root, root_keys)


def _empty(home: Home, *, remove: bool) -> None:
    for folder in (home.keys, home.evidence):
        shutil.rmtree(folder, ignore_errors=True)
    home.config_file.unlink(missing_ok=True)
    if remove:
        home.path.rmdir()
