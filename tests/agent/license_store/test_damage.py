"""A damaged store is told by its name, set aside whole, and never overwritten."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import (
    AgentError,
    StoreDamaged,
    StoreNewer,
    StoreUnusable,
)
from agent.license_store import SqliteStore
from agent.license_store import store as store_module
from agent.state import State
from tests.agent.stores import NOW, SAVED, killed_in_a_step, state_of


def flip_pages(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    for page in range(1, len(raw) // 4096):
        start = page * 4096
        raw[start : start + 16] = b"\xff" * 16
    path.write_bytes(raw)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def set_version(version: int) -> Callable[[Path], None]:
    return lambda path: execute(path, f"PRAGMA user_version = {version}")


def execute(path: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


def remembered(name: str, value: object) -> Callable[[Path], None]:
    statement = "INSERT OR REPLACE INTO memory VALUES (?, ?)"
    return lambda path: execute(path, statement, name, value)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "zero bytes": lambda path: path.write_bytes(b""),
    "cut in half": truncate,
    "garbage": lambda path: path.write_bytes(b"garbage" * 999),
    "garbage after a good head": lambda path: path.write_bytes(
        path.read_bytes()[:100] + b"\xaa" * 9000
    ),
    "pages flipped": flip_pages,
    "never finished": set_version(0),
    "schema flipped": lambda path: path.write_bytes(
        path.read_bytes().replace(b"CREATE TABLE memory", b"CREATE TA\xffLE memory")
    ),
    "state cut": remembered("state", b'{"standing":"act'),
    "state of another schema": remembered("state", b'{"licence":1}'),
    "state no text": remembered("state", b'"\xff\xfe"'),
    "state no bytes": remembered("state", "{}"),
    "state a number": remembered("state", 7),
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_told_by_readers_and_writers_and_set_aside_whole(
    store: SqliteStore, path: Path, damage: str
) -> None:
    DAMAGE[damage](path)
    kept_bytes = path.read_bytes() if path.exists() else None
    for step in (store.reading, store.transaction):
        with pytest.raises(StoreDamaged), step() as memory:
            str(memory.state)
    kept = store.set_aside(NOW)
    assert kept == path.with_name(f"store.sqlite3.damaged-{NOW}")
    assert not path.exists()
    assert (kept.read_bytes() if kept.exists() else None) == kept_bytes


@pytest.mark.parametrize(
    ("damage", "look"),
    [
        (remembered("roots", b"\n\n"), lambda memory: memory.roots),
        (
            lambda p: execute(p, "INSERT INTO papers VALUES ('d','letter','l',1,x'00',1)"),
            lambda memory: memory.papers(),
        ),
        (
            lambda p: execute(
                p,
                "INSERT INTO license_keys VALUES ('k', CAST(x'ff' AS TEXT), NULL, NULL)",
            ),
            lambda memory: memory.license_keys(),
        ),
        (
            lambda p: execute(p, "INSERT INTO history VALUES (1, 1, 'e', x'5b')"),
            lambda memory: memory.history(),
        ),
        (
            lambda p: execute(p, "INSERT INTO journal VALUES ('r',1,'o','text',1,NULL,NULL)"),
            lambda memory: memory.journaled("r"),
        ),
    ],
    ids=["roots", "papers", "keys", "history", "journal"],
)
def test_a_row_that_does_not_read_back_is_damage(
    store: SqliteStore,
    path: Path,
    damage: Callable[[Path], object],
    look: Callable[[object], object],
) -> None:
    damage(path)
    with pytest.raises(StoreDamaged), store.reading() as memory:
        look(memory)


def test_a_value_that_its_reader_cannot_decode_is_damage(store: SqliteStore) -> None:
    import msgspec

    with pytest.raises(StoreDamaged), store.reading():
        msgspec.json.decode(b"{")


def test_a_store_of_a_newer_version_is_left_alone(store: SqliteStore, path: Path) -> None:
    set_version(2)(path)
    before = path.read_bytes()
    for opened in (store.reading, store.transaction):
        with pytest.raises(StoreNewer) as refusal, opened():
            pass
        assert refusal.value.parameters["version"] == "2"
    store.create()
    assert path.read_bytes() == before


def test_the_journal_of_a_damaged_store_goes_with_it(store: SqliteStore, path: Path) -> None:
    journal = killed_in_a_step(path)
    half, rollback = path.read_bytes(), journal.read_bytes()
    kept = store.set_aside(NOW)  # nothing was opened since, so this file is the one seen
    assert kept is not None
    assert kept.read_bytes() == half
    assert kept.with_name(f"{kept.name}-journal").read_bytes() == rollback
    assert not journal.exists()


def test_a_second_damage_in_the_same_second_overwrites_nothing(path: Path) -> None:
    kept = []
    for content in (b"first", b"second"):
        path.write_bytes(content)
        store = SqliteStore(path)
        with pytest.raises(StoreDamaged), store.reading():
            pass
        kept.append(store.set_aside(NOW))
    assert [found.read_bytes() for found in kept if found] == [b"first", b"second"]


def test_a_store_that_another_process_began_meanwhile_is_left_alone(
    store: SqliteStore, path: Path
) -> None:
    path.write_bytes(b"garbage" * 999)
    late = SqliteStore(path)
    for one in (store, late):
        with pytest.raises(StoreDamaged), one.reading():
            pass
    assert store.set_aside(NOW) is not None
    store.create()
    assert late.set_aside(NOW) is None
    assert state_of(late) == State()


def test_a_damaged_lock_is_no_reason_to_lose_a_store(store: SqliteStore, path: Path) -> None:
    path.with_name("store.sqlite3.lock").write_bytes(b"garbage" * 999)
    with pytest.raises(StoreUnusable):
        store.set_aside(NOW)
    assert path.exists()


@given(st.data())
def test_any_bytes_are_a_store_or_a_named_error(data: st.DataObject) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.sqlite3"
        store = SqliteStore(path)
        store.create()
        raw = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 40))):
            place = data.draw(st.integers(0, len(raw) - 1))
            raw[place] = data.draw(st.integers(0, 255))
        path.write_bytes(raw)
        try:
            with store.transaction() as tx:
                tx.save(SAVED)
                assert tx.state == SAVED
            assert state_of(store) == SAVED
        except AgentError:
            pass


def test_a_bad_moment_of_the_disk_is_no_damage(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite finds a fault in a page that it did not get; tests/kills lets real reads fail."""
    sound, found = store_module._is_sound, [False]
    monkeypatch.setattr(
        store_module, "_is_sound", lambda disk: found.pop() if found else sound(disk)
    )
    with pytest.raises(StoreUnusable), store.reading():
        pass
    assert state_of(store) == SAVED
    malformed = sqlite3.DatabaseError("database disk image is malformed")
    malformed.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    with pytest.raises(StoreUnusable), store.transaction():
        raise malformed
    assert state_of(store) == SAVED
    assert path.exists()
