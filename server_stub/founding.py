"""Makes a new signing server: folder, keys, root.1, database; whole, or nothing at all."""

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

import msgspec

from protocol.trust import KeyUse, Root
from protocol.values import Timestamp
from server_stub.errors import AlreadyInitialised, UsageError
from server_stub.home import SECRET_FOLDER, Config, Home, write_new
from server_stub.licensing import signer

_AUDIENCE_BYTES = 12


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


def found(home: Home, database: Path, plan: Plan, now: Timestamp) -> str:
    """Make everything and return the audience; Django must be set up for this database.

    Raises:
        AlreadyInitialised: the folder, the evidence or the database holds something already.
    """
    require_unused(home, database)
    existed = home.path.exists()
    try:
        audience = _fill(home, plan, now)
    except BaseException:
        _empty(home, database, remove=not existed)
        raise
    return audience


def require_unused(home: Home, database: Path) -> None:
    """Look before anybody is asked for a passphrase.

    Raises:
        AlreadyInitialised: the folder, the evidence or the database holds something already.
    """
    for place in (home.path, home.evidence):
        if place.exists() and any(place.iterdir()):
            raise AlreadyInitialised(home=str(place))
    if database.exists():
        raise AlreadyInitialised(home=str(database))


def _fill(home: Home, plan: Plan, now: Timestamp) -> str:
    for folder in (home.path, home.keys, home.roots, home.evidence):
        folder.mkdir(mode=SECRET_FOLDER, parents=True, exist_ok=True)
        folder.chmod(SECRET_FOLDER)
    root = _keep_keys(home, plan, now)
    _create_tables(now, root.audience)
    config = Config(demo=plan.passphrase is None)
    # Last: a folder with a configuration is whole.
    write_new(home.config_file, msgspec.json.format(msgspec.json.encode(config), indent=2) + b"\n")
    return root.audience


def _keep_keys(home: Home, plan: Plan, now: Timestamp) -> Root:
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
    home.keep_root(1, signer.sign_root(root, root_keys))
    return root


def _create_tables(now: Timestamp, audience: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    from server_stub.licensing.models import ServerState
    from server_stub.licensing.transactions import writing

    call_command("migrate", verbosity=0, interactive=False)
    ServerState.objects.create(pk=1)
    with writing(now) as journal:
        journal.record("server-founded", facts={"audience": audience})
    # Closing the last connection folds the write-ahead log into the database file.
    connection.close()


def _empty(home: Home, database: Path, *, remove: bool) -> None:
    from django.db import connection

    connection.close()
    for folder in (home.keys, home.roots, home.evidence):
        shutil.rmtree(folder, ignore_errors=True)
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    home.config_file.unlink(missing_ok=True)
    if remove:
        home.path.rmdir()
