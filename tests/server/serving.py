"""`faragostar-server serve` as a process, and what one says to it over HTTP."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial

import requests

from protocol import envelope
from protocol.documents import AnyAnswer
from protocol.exchange import unpack_answer, unpack_roots
from protocol.trust import Trust
from tests.server.command import Server
from tests.waiting import PATIENCE_SECONDS

JOSE = {"Content-Type": "application/jose"}
Serving = Callable[..., "subprocess.Popen[str]"]


def serving(server: Server, *arguments: str, stderr: int | None = None) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "server_stub.cli", "serve", "--port", "0", *arguments],
        env=server.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )


@contextmanager
def started_from(server: Server) -> Iterator[Serving]:
    """Start as many as are asked for; all are stopped afterwards."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> "subprocess.Popen[str]":
        process = serving(server, *arguments, stderr=subprocess.PIPE)
        started.append(process)
        return process

    yield start
    for process in started:
        # Not killed: a worker hands in its coverage as it stops.
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)


def address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("listening on http://127.0.0.1:"), line
    return line.split()[-1]


def trust_of(url: str) -> Trust:
    return Trust.follow(
        unpack_roots(requests.get(f"{url}/v1/trust", timeout=PATIENCE_SECONDS).content)
    )


def post(url: str, raw: bytes) -> requests.Response:
    """Send, and what was not answered again: a busy worker may drop a connection.

    Whoever asks must ask again, as every agent does.
    """
    for _ in range(3):
        with suppress(requests.ConnectionError):
            return post_once(url, raw)
    return post_once(url, raw)


def post_once(url: str, raw: bytes) -> requests.Response:
    return requests.post(f"{url}/v1/requests", raw, headers=JOSE, timeout=PATIENCE_SECONDS)


def ask(url: str, trust: Trust, bodies: list[bytes], clients: int = 8) -> list[AnyAnswer]:
    """Send everything, from so many clients at once."""
    with ThreadPoolExecutor(clients) as pool:
        responses = list(pool.map(partial(post, url), bodies))
    return [envelope.open_answer(unpack_answer(r.content).answer, trust) for r in responses]


def issue(server: Server, customer: str = "Alborz") -> str:
    return str(server("issue", "--customer", customer, "--json").json["license_key"])
