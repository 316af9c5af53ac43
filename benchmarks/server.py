"""How many activations and check-ins the signing server answers, beside its floor in the same run.

    .venv/bin/python benchmarks/server.py [--database sqlite|postgresql] [--workers N]
                                          [--count N] [--clients N]

A real `faragostar-server serve` on loopback, with the embedded database or with a private
PostgreSQL that syncs as an operator's does; requests are signed before the clock starts. The floor
is what no design can leave out, on one thread and without HTTP: verify one signature, make one, and
two durable writes to that database (its commit, and the evidence).
"""

import argparse
import http.client
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from protocol.envelope import open_license, open_request, sign_answer
from protocol.exchange import unpack_answer
from protocol.keys import Es256Key
from server_stub.home import Home
from server_stub.licensing.signer import new_document_key
from tests import databases
from tests.databases import KIND, Kind
from tests.postgresql import running
from tests.server.devices import Device
from tests.server.live import entered, make_home

WARM_UP = 40
# As an operator runs it; the tests' own cluster may lose what it likes.
DURABLE = ("fsync = on", "full_page_writes = on", "synchronous_commit = on", "autovacuum = on")


class Figures(NamedTuple):
    """One measured row; times in seconds."""

    name: str
    per_second: float
    p50: float
    p99: float

    def __str__(self) -> str:
        return (
            f"{self.name:<38}{self.per_second:8.0f}/s   "
            f"p50 {self.p50 * 1000:6.2f} ms   p99 {self.p99 * 1000:6.2f} ms"
        )


def measured(name: str, calls: list[Callable[[], object]], threads: int) -> Figures:
    """Run every call once, on so many threads, and time each."""

    def timed(call: Callable[[], object]) -> float:
        began = time.perf_counter()
        call()
        return time.perf_counter() - began

    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        took = list(pool.map(timed, calls))
    return figures(name, took, time.perf_counter() - began)


def figures(name: str, took: list[float], whole: float) -> Figures:
    """The row of calls that took so long each, and so long together."""
    hundredths = statistics.quantiles(took, n=100)
    return Figures(name, len(took) / whole, hundredths[49], hundredths[98])


class Client:
    """Keeps one connection per thread, as an agent's session does within a run."""

    def __init__(self, port: int) -> None:
        import threading

        self._port = port
        self._mine = threading.local()

    def post(self, raw: bytes) -> bytes:
        """Deliver one request and return the answer."""
        connection = getattr(self._mine, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            self._mine.connection = connection
        connection.request("POST", "/v1/requests", raw, {"Content-Type": "application/jose"})
        response = connection.getresponse()
        body: bytes = response.read()
        if response.status != http.client.OK:
            raise RuntimeError(body)
        return body


Insert = Callable[[bytes, bytes], None]


def durable_inserts(folder: Path) -> Insert:
    """Two commits, each on the disk before the next begins."""
    if KIND is Kind.POSTGRESQL:
        import psycopg

        databases.make_empty(folder / "bare")
        url = databases.cluster().url(databases.name_for(folder / "bare"))
        opened = psycopg.connect(url, autocommit=True)
        opened.execute("SET synchronous_commit = on")
        for table in "ab":
            opened.execute(f"CREATE TABLE {table} (request bytea, answer bytea)".encode())

        def insert(*row: bytes) -> None:
            opened.execute("INSERT INTO a VALUES (%s, %s)", row)
            opened.execute("INSERT INTO b VALUES (%s, %s)", row)

        return insert
    database = sqlite3.connect(folder / "floor.sqlite3", isolation_level=None)
    database.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE a (request BLOB, answer BLOB); CREATE TABLE b (request BLOB, answer BLOB);"
    )

    def insert_there(*row: bytes) -> None:
        database.execute("INSERT INTO a VALUES (?, ?)", row)
        database.execute("INSERT INTO b VALUES (?, ?)", row)

    return insert_there


def floor(folder: Path, requests: list[bytes]) -> Figures:
    """Verify, sign, and two durable inserts: the work that no server of this protocol can skip."""
    folder.mkdir()
    insert = durable_inserts(folder)
    key = Es256Key(new_document_key())
    home = make_home(folder / "floor")
    with entered(home):
        from server_stub.licensing.server import SigningServer
        from tests.server.conftest import Office

        server = SigningServer.open(home)
        office = Office(home, server, [])
        license = office.bound(office.device(), office.issue().license_key)
        answer = open_license(license, server.trust)

    def once(raw: bytes) -> None:
        open_request(raw)
        insert(raw, sign_answer(answer, key))

    took = []
    began = time.perf_counter()
    for raw in requests:
        started = time.perf_counter()
        once(raw)
        took.append(time.perf_counter() - started)
    return figures("floor (one thread, no HTTP)", took, time.perf_counter() - began)


def main() -> None:
    """Found a server, sign the requests, measure, print."""
    parser = argparse.ArgumentParser(description="Measure the signing server.")
    parser.add_argument("--database", choices=[kind.value for kind in Kind], default=KIND.value)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=4)
    chosen = parser.parse_args()
    if chosen.database != KIND:
        # The kind is chosen before anything is imported.
        environment = {**os.environ, "FARAGOSTAR_TEST_DATABASE": chosen.database}
        sys.exit(subprocess.call([sys.executable, __file__, *sys.argv[1:]], env=environment))
    with ExitStack() as until_the_end:
        if KIND is Kind.POSTGRESQL:
            databases.use(until_the_end.enter_context(running(*DURABLE)))
        folder = until_the_end.enter_context(TemporaryDirectory(prefix="faragostar-bench-"))
        measure(Path(folder), chosen.count, chosen.clients, chosen.workers)


def measure(folder: Path, count: int, clients: int, workers: int) -> None:
    """Print the figures, and the floor before and after them."""
    home = make_home(folder / "home")
    home.config_file.write_text(
        json.dumps({"limits": {"per_device": 1_000_000, "per_address": 1_000_000}, "demo": True})
    )
    devices, activations = prepared(home, count + WARM_UP)
    # Before and after: what else this machine does shows in the difference.
    some = activations[: min(count, 500)]
    print(floor(folder / "before", some))
    with served(home, workers) as port:
        run(Client(port), devices, activations, clients, f"{clients} clients, {workers} workers")
    print(floor(folder / "after", some))


def prepared(home: Home, count: int) -> tuple[list[Device], list[bytes]]:
    """As many licenses and devices, and their signed requests."""
    with entered(home):
        from server_stub.licensing.server import SigningServer
        from tests.server.conftest import Office

        office = Office(home, SigningServer.open(home), [])
        devices = [office.device(str(number)) for number in range(count)]
        return devices, [device.activate(office.issue().license_key) for device in devices]


@contextmanager
def served(home: Home, workers: int) -> Iterator[int]:
    """Run `faragostar-server serve` over the home, and tell its port."""
    command = [sys.executable, "-m", "server_stub.cli", "serve", "--port", "0", "--json"]
    url = databases.url_for(home.path)
    process = subprocess.Popen(
        [*command, "--workers", str(workers), "--home", str(home.path)],
        env={**os.environ, **({"DATABASE_URL": url} if url else {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        line = process.stdout.readline() if process.stdout else b""
        yield int(json.loads(line)["url"].rpartition(":")[2])
    finally:
        process.terminate()
        process.wait()


def run(
    client: Client, devices: list[Device], activations: list[bytes], clients: int, how: str
) -> None:
    """Send everything, and print the figures."""
    documents: dict[bytes, bytes] = {}

    def activate(raw: bytes) -> None:
        documents[raw] = unpack_answer(client.post(raw)).answer

    def calls(act: Callable[[bytes], object], raws: list[bytes]) -> list[Callable[[], object]]:
        return [partial(act, raw) for raw in raws]

    measured("warm-up", calls(activate, activations[:WARM_UP]), clients)
    kept = activations[WARM_UP:]
    print(measured(f"activate ({how})", calls(activate, kept), clients))
    check_ins = [
        device.check_in(documents[raw]) for device, raw in zip(devices[WARM_UP:], kept, strict=True)
    ]
    print(measured(f"check-in ({how})", calls(client.post, check_ins), clients))
    print(measured(f"resend ({how})", calls(client.post, check_ins), clients))


if __name__ == "__main__":
    main()
