"""How many activations and check-ins the signing server answers, beside its floor in the same run.

    .venv/bin/python benchmarks/server.py [--count N] [--clients N]

A real `faragostar-server serve` on loopback with the embedded database; requests are signed before
the clock starts. The floor is what no design can leave out, on one thread and without HTTP: verify
one signature, make one, and two durable writes (the database's commit, and the evidence).
"""

import argparse
import http.client
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from protocol.envelope import open_license, open_request, sign_answer
from protocol.exchange import unpack_answer
from protocol.keys import Es256Key
from server_stub.home import Home
from server_stub.licensing.signer import new_document_key
from tests.server.devices import Device
from tests.server.live import entered, make_home

WARM_UP = 40


class Figures(NamedTuple):
    """One measured row; times in seconds."""

    name: str
    per_second: float
    p50: float
    p99: float

    def __str__(self) -> str:
        return (
            f"{self.name:<34}{self.per_second:8.0f}/s   "
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


def floor(folder: Path, requests: list[bytes]) -> Figures:
    """Verify, sign, and two durable inserts: the work that no server of this protocol can skip."""
    folder.mkdir()
    database = sqlite3.connect(folder / "floor.sqlite3", isolation_level=None)
    database.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE a (request BLOB, answer BLOB); CREATE TABLE b (request BLOB, answer BLOB);"
    )
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
        signed = sign_answer(answer, key)
        database.execute("INSERT INTO a VALUES (?, ?)", (raw, signed))
        database.execute("INSERT INTO b VALUES (?, ?)", (raw, signed))

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
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=4)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="faragostar-bench-") as name:
        folder = Path(name)
        home = make_home(folder / "home")
        home.config_file.write_text(
            json.dumps(
                {"limits": {"per_device": 1_000_000, "per_address": 1_000_000}, "demo": True}
            )
        )
        devices, activations = prepared(home, chosen.count + WARM_UP)
        # Before and after: what else this machine does shows in the difference.
        some = activations[: min(chosen.count, 500)]
        print(floor(folder / "before", some))
        run(home, devices, activations, chosen.clients)
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
def served(home: Home) -> Iterator[int]:
    """Run `faragostar-server serve` over the home, and tell its port."""
    command = [sys.executable, "-m", "server_stub.cli", "serve", "--port", "0", "--json"]
    process = subprocess.Popen(
        [*command, "--home", str(home.path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        line = process.stdout.readline() if process.stdout else b""
        yield int(json.loads(line)["url"].rpartition(":")[2])
    finally:
        process.terminate()
        process.wait()


def run(home: Home, devices: list[Device], activations: list[bytes], clients: int) -> None:
    """Start the server, send everything, print the figures."""
    with served(home) as port:
        client = Client(port)
        documents: dict[bytes, bytes] = {}

        def activate(raw: bytes) -> None:
            documents[raw] = unpack_answer(client.post(raw)).answer

        def calls(act: Callable[[bytes], object], raws: list[bytes]) -> list[Callable[[], object]]:
            return [partial(act, raw) for raw in raws]

        measured("warm-up", calls(activate, activations[:WARM_UP]), clients)
        kept = activations[WARM_UP:]
        suffix = f"({clients} clients, HTTP)"
        print(measured(f"activate {suffix}", calls(activate, kept), clients))
        check_ins = [
            device.check_in(documents[raw])
            for device, raw in zip(devices[WARM_UP:], kept, strict=True)
        ]
        print(measured(f"check-in {suffix}", calls(client.post, check_ins), clients))
        again = calls(client.post, check_ins)
        print(measured(f"resend {suffix}", again, clients))


if __name__ == "__main__":
    main()
