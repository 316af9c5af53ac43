"""Which database the signing servers of these tests keep their books in, and one for each home.

    FARAGOSTAR_TEST_DATABASE=postgresql pytest tests/server

SQLite is the default: the database is then a file in its home. On PostgreSQL a home has a database
of its own in this run's private cluster (tests/postgresql.py), found by the home's path and gone
when its test is over. What only one of the two can show says so with `only_on`.
"""

import hashlib
import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from server_stub.home import Home
from tests.postgresql import Cluster, running

if TYPE_CHECKING:
    import psycopg

CLUSTER = "FARAGOSTAR_TEST_CLUSTER"
_made: list[str] = []
_until_the_end = ExitStack()


class Kind(StrEnum):
    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


KIND = Kind(os.environ.get("FARAGOSTAR_TEST_DATABASE", "sqlite"))


def only_on(kind: Kind, reason: str) -> pytest.MarkDecorator:
    """Run a test on one kind of database alone, for a reason."""
    return pytest.mark.skipif(kind is not KIND, reason=f"{kind} only: {reason}")


@cache
def cluster() -> Cluster:
    """The cluster of this run, started by the first process that asks; the others inherit it.

    It ends with that process, whose standing promise to it is a pipe (tests/postgresql.py).
    """
    if CLUSTER not in os.environ:
        use(_until_the_end.enter_context(running()))
    folder, port, binaries = os.environ[CLUSTER].split(":")
    return Cluster(folder, int(port), binaries)


def use(started: Cluster) -> None:
    """Make this the cluster of the run."""
    os.environ[CLUSTER] = f"{started.folder}:{started.port}:{started.binaries}"


def end_cluster() -> None:
    """End the cluster, if this process started it."""
    _until_the_end.close()


@cache
def office() -> "psycopg.Connection":
    """The cluster's superuser."""
    import psycopg

    return psycopg.connect(cluster().url("postgres"), autocommit=True)


def name_for(path: Path) -> str:
    """What Django calls the database of the home at this path."""
    if KIND is Kind.SQLITE:
        return str(Home(path).database)
    return f"home_{hashlib.sha256(str(path).encode()).hexdigest()[:24]}"


def url_for(path: Path) -> str | None:
    """The DATABASE_URL of the home at this path; None where the default is right."""
    return None if KIND is Kind.SQLITE else cluster().url(name_for(path))


def make_empty(path: Path, encoding: str = "UTF8") -> None:
    """Have a database ready for the home at this path, as an operator would before `init`."""
    if KIND is Kind.POSTGRESQL and name_for(path) not in _made:
        _create(name_for(path), f"TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'")


@contextmanager
def clerk(password: str) -> Iterator[str]:
    """A user like an operator's: no superuser, with a database of the same name."""
    name = f"clerk_{uuid.uuid4().hex[:16]}"
    office().execute(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'".encode())
    _create(name, f"TEMPLATE template0 OWNER {name}")
    try:
        yield name
    finally:
        _drop(name)
        office().execute(f"DROP ROLE {name}".encode())


def copy_home(source: Path, target: Path) -> None:
    """Copy a home and its database; nobody may be working in it."""
    shutil.copytree(source, target)
    if KIND is Kind.POSTGRESQL:
        _copy_books(source, target)


class Backup:
    """The books of one home as they were when this was made, to be put back."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._aside = path.with_name(f"{path.name}-backup-{uuid.uuid4().hex}")
        _copy_books(self._path, self._aside)

    def put_back(self) -> None:
        _copy_books(self._aside, self._path)


def _copy_books(source: Path, target: Path) -> None:
    from django.db import connection

    connection.close()
    if KIND is Kind.POSTGRESQL:
        if name_for(target) in _made:
            _drop(name_for(target))
        _create(name_for(target), f"TEMPLATE {name_for(source)} STRATEGY FILE_COPY")
        return
    target.mkdir(exist_ok=True)
    with (
        closing(sqlite3.connect(name_for(source))) as opened,
        closing(sqlite3.connect(name_for(target))) as written,
    ):
        opened.backup(written)


@contextmanager
def blocked(path: Path) -> Iterator[Callable[[], object]]:
    """Hold what every writer of this home's books waits for, until the block calls what it got."""
    if KIND is Kind.SQLITE:
        with closing(sqlite3.connect(name_for(path), isolation_level=None)) as blocker:
            blocker.execute("BEGIN IMMEDIATE")
            yield blocker.rollback
        return
    import psycopg

    with psycopg.connect(cluster().url(name_for(path))) as blocker:
        blocker.execute("SELECT FROM licensing_serverstate FOR UPDATE")
        yield blocker.rollback


def _create(name: str, how: str) -> None:
    office().execute(f"CREATE DATABASE {name} {how}".encode())
    _made.append(name)


def _drop(name: str) -> None:
    # FORCE: a server that the test killed may not have been missed yet.
    office().execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
    _made.remove(name)


@contextmanager
def gone_afterwards() -> Iterator[None]:
    """Drop what the block made."""
    before = set(_made)
    yield
    for name in [name for name in _made if name not in before]:
        _drop(name)


def keep(path: Path) -> None:
    """Let the database of this home stay until the run is over."""
    if KIND is Kind.POSTGRESQL:
        _made.remove(name_for(path))


def lose_books(path: Path) -> None:
    """The disk of the database is gone; an empty one takes its place."""
    if KIND is Kind.POSTGRESQL:
        _drop(name_for(path))
        make_empty(path)
    for file in path.glob("server.sqlite3*"):
        file.unlink()
