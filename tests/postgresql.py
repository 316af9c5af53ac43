"""A private PostgreSQL for one run of the tests: started when asked for, gone when they are over.

    with running() as cluster:
        cluster.url("postgres")

The cluster belongs to a keeper, a process of its own that ends it when its standard input ends:
after the last test, after Ctrl-C, and when whoever started it was killed. PostgreSQL refuses to
run as root, so root's runs hand it to `postgres`, or to `nobody` where nobody of that name is.
"""

import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

SUPERUSER = "office"
_PATIENCE = 60


class Missing(Exception):
    """No PostgreSQL on this machine."""


@dataclass(frozen=True)
class Cluster:
    """Where it listens: on a socket in its own folder without a password, on loopback with one."""

    folder: str
    port: int
    binaries: str

    def url(self, database: str, *, tcp: bool = False, user: str = SUPERUSER) -> str:
        """The address of one of its databases."""
        if tcp:
            return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"
        return f"postgresql://{user}@/{database}?host={self.folder}&port={self.port}"


class _Owner(NamedTuple):
    """Who runs it, where that is somebody else than us."""

    uid: int
    gid: int

    @classmethod
    def of_this_run(cls) -> "_Owner | None":
        if os.geteuid() != 0:
            return None
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                found = pwd.getpwnam(name)
                return cls(found.pw_uid, found.pw_gid)
        raise Missing("PostgreSQL refuses root, and there is no user `postgres` or `nobody`")


def binaries() -> Path:
    """Where PostgreSQL's programs are: on PATH, where Debian has none, or its newest.

    Raises:
        Missing: nowhere.
    """
    if on_path := shutil.which("postgres"):
        return Path(on_path).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = max(installed, key=lambda path: float(path.parts[-3]), default=None)
    if newest is None:
        raise Missing("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return newest.parent


@contextlib.contextmanager
def running(*settings: str) -> Iterator[Cluster]:
    """A cluster for as long as the block; `settings` are lines of postgresql.conf.

    Raises:
        Missing: no PostgreSQL on this machine.
    """
    binaries()
    keeper = subprocess.Popen(
        [sys.executable, __file__, *settings],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # Its own session: Ctrl-C is for the tests, and they end it in their order.
        start_new_session=True,
    )
    try:
        assert keeper.stdin is not None
        assert keeper.stdout is not None
        line = keeper.stdout.readline()
        if not line:
            raise Missing("PostgreSQL did not start; why is said above")
        yield Cluster(**json.loads(line))
    finally:
        keeper.communicate()


def _keep(settings: list[str]) -> None:
    """Start a cluster, tell where it is, and end it when nobody waits any more."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    owner = _Owner.of_this_run()
    # Not $TMPDIR: the owner must reach it, and a socket's path is 107 bytes at most.
    folder = Path(tempfile.mkdtemp(prefix="faragostar-postgresql-", dir="/tmp"))
    try:
        if owner is not None:
            os.chown(folder, *owner)
        with _kept_port() as port:
            cluster = Cluster(str(folder), port, str(binaries()))
            _initialise(cluster, owner, settings)
            with _started(cluster, owner):
                print(json.dumps(asdict(cluster)), flush=True)  # noqa: T201 (read by `running`)
                sys.stdin.read()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initialise(cluster: Cluster, owner: _Owner | None, settings: list[str]) -> None:
    _run(
        owner,
        f"{cluster.binaries}/initdb",
        *("-D", f"{cluster.folder}/data", "-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8"),
        *("--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync", "--no-instructions"),
    )
    lines = [
        f"port = {cluster.port}",
        "listen_addresses = '127.0.0.1'",
        f"unix_socket_directories = '{cluster.folder}'",
        "unix_socket_permissions = 0700",
        "max_connections = 200",
        # What is lost with this machine is only a test.
        "fsync = off",
        "full_page_writes = off",
        "synchronous_commit = off",
        "autovacuum = off",
        *settings,
    ]
    with (Path(cluster.folder) / "data" / "postgresql.conf").open("a") as file:
        file.write("\n".join(lines) + "\n")


@contextlib.contextmanager
def _started(cluster: Cluster, owner: _Owner | None) -> Iterator[None]:
    control = (f"{cluster.binaries}/pg_ctl", "-D", f"{cluster.folder}/data", "-w", "-s")
    _run(owner, *control, "-t", str(_PATIENCE), "-l", f"{cluster.folder}/log", "start")
    try:
        yield
    finally:
        _run(owner, *control, "-m", "immediate", "stop")


def _run(owner: _Owner | None, *command: str) -> None:
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": "/nonexistent"}
    # Not a pipe: the server that pg_ctl starts would hold it open.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd="/",
            env=environment,
            check=False,
            user=owner.uid if owner else None,
            group=owner.gid if owner else None,
            extra_groups=[] if owner else None,
        )
        if done.returncode:
            said.seek(0)
            raise Missing(f"{command[0]} ended with {done.returncode}: {said.read()}")


@contextlib.contextmanager
def _kept_port() -> Iterator[int]:
    """A port that nobody else gets while PostgreSQL makes ready: bound, and never listened on."""
    with socket.socket() as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind(("127.0.0.1", 0))
        yield int(place.getsockname()[1])


def why_not() -> str:
    """The reason why no cluster can be started here; empty where one can."""
    try:
        binaries()
        _Owner.of_this_run()
    except Missing as cause:
        return str(cause)
    return ""


if __name__ == "__main__":
    if sys.argv[1:] == ["--why-not"]:
        print(reason := why_not())  # noqa: T201 (read by scripts/test.sh)
        sys.exit(bool(reason))
    _keep(sys.argv[1:])
