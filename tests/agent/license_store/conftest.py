"""A store in a folder of its own, with something saved."""

from pathlib import Path

import pytest

from agent.license_store import SqliteStore
from tests.agent.stores import SAVED


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite3"


@pytest.fixture
def store(path: Path) -> SqliteStore:
    store = SqliteStore(path)
    store.create()
    with store.transaction() as tx:
        tx.save(SAVED)
    return store
