"""A store's processes and accidents, as several test modules need them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from agent.license_store import SqliteStore
from agent.state import State
from protocol.values import Timestamp

NOW = Timestamp(1_800_000_000)
SAVED = State(sequence=41)


def state_of(store: SqliteStore) -> State:
    with store.reading() as memory:
        return memory.state


def child(script: str, *arguments: object, measured: bool = True) -> "subprocess.Popen[str]":
    kept = {k: v for k, v in os.environ.items() if measured or not k.startswith("COVERAGE")}
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=kept,
    )


SPILLED = """
import os, signal, sys
from pathlib import Path
from agent.license_store import SqliteStore
from agent.state import State
with SqliteStore(Path(sys.argv[1])).transaction() as tx:
    tx._connection.execute("PRAGMA cache_size = 1")
    for _ in range(40):
        tx.install(os.urandom(60_000), b"")
        tx.save(State(sequence=99))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed_in_a_step(path: Path) -> Path:
    """A real hot journal: pages already overwritten in the file, and the process gone."""
    with child(SPILLED, path) as process:
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    journal = path.with_name(f"{path.name}-journal")
    assert journal.stat().st_size > 512
    return journal
