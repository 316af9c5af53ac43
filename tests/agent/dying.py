"""A store that ends its process at one of its commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.license_store import SqliteStore
from agent.ports import Transaction


class DyingStore(SqliteStore):
    """Counts commits and dies at one of them, before or after it became durable."""

    def __init__(self, path: Path, at: int, when: str, die: Callable[[], None]) -> None:
        super().__init__(path)
        self._at, self._when, self._die, self.commits = at, when, die, 0

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:  # type: ignore[override]  # the port's own type
        self.commits += 1
        with super().transaction() as tx:
            yield tx
            self._reach("before")
        self._reach("after")

    def _reach(self, when: str) -> None:
        if (self.commits, when) == (self._at, self._when):
            self._die()
