"""`faragostar-server` as a process, for tests."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from tests import databases
from tests.server import forking
from tests.waiting import PATIENCE_SECONDS

PASSPHRASE = "correct horse battery"


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        (line,) = self.out.splitlines()
        return json.loads(line)


class Server:
    """The command with one home."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        clean = {
            n: v for n, v in os.environ.items() if not n.startswith(("FARAGOSTAR", "LC_", "LANG"))
        }
        self.environment = {**clean, "FARAGOSTAR_SERVER_HOME": str(home), "LANG": "C.UTF-8"}
        if (url := databases.url_for(home)) and "DATABASE_URL" not in environment:
            databases.make_empty(home)
            self.environment["DATABASE_URL"] = url
        self.environment |= environment

    def __call__(self, *arguments: str) -> Ran:
        done = forking.run([*arguments], self.environment)
        return Ran(done.code, done.out.decode(), done.err.decode())

    def from_nothing(self, *arguments: str) -> Ran:
        """The same in a process that begins with nothing loaded, as every user's does."""
        done = subprocess.run(
            [sys.executable, "-m", "server_stub.cli", *arguments],
            capture_output=True,
            text=True,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
        return Ran(done.returncode, done.stdout, done.stderr)


def snapshot(home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}
