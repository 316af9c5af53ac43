"""A store that another process is writing into, while somebody is at the window."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from agent.license_store import SqliteStore
from tests.journeys.site import Host


@contextmanager
def busy(host: Host) -> Iterator[None]:
    """Hold the store; as long as a command waits for it, a test would wait too."""
    defaults = SqliteStore.__init__.__kwdefaults__
    assert defaults is not None
    with (
        pytest.MonkeyPatch.context() as patch,
        closing(sqlite3.connect(host.home.store, isolation_level=None)) as other,
    ):
        patch.setitem(defaults, "busy_seconds", 0.2)
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")
