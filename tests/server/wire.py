"""The wire between agent and test server: real sockets on loopback, and all they do wrong."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO, StringIO
from threading import Event
from typing import Any, Protocol

from tests.waiting import PATIENCE_SECONDS


@dataclass
class Response:
    """What the application wants to send."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


Run = Callable[[], Response]
Fault = Callable[["Handler", Run], Response | None]


class Application(Protocol):
    """Whoever answers behind the socket."""

    requests: list[bytes]

    def run(self, environ: dict[str, Any]) -> Response: ...

    def next_fault(self) -> Fault | None: ...


class Httpd(ThreadingHTTPServer):
    daemon_threads = True
    live: Application

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle is part of the game."""


class Handler(BaseHTTPRequestHandler):
    server: Httpd

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        live = self.server.live
        live.requests.append(raw)
        fault = live.next_fault()

        def run() -> Response:
            return live.run(self._environ(raw))

        response = fault(self, run) if fault else run()
        self.close_connection = True
        if response is not None:
            self._send(response, response.body)

    def do_GET(self) -> None:
        response = self.server.live.run(self._environ(b""))
        self._send(response, response.body)

    do_PUT = do_HEAD = do_GET  # noqa: N815 (the base class's names)

    def truncate(self, response: Response) -> None:
        self._send(response, response.body[: len(response.body) // 2])

    def trickle(self, response: Response, seconds_per_byte: float) -> None:
        self._send(response, b"")
        for byte in response.body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(seconds_per_byte)

    def _send(self, response: Response, body: bytes) -> None:
        status, _, reason = response.status.partition(" ")
        self.send_response(int(status), reason)
        for name, value in response.headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(body)

    def _environ(self, raw: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": str(self.server.server_address[1]),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(raw)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(raw),
            "wsgi.errors": StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            environ.setdefault(f"HTTP_{name.upper().replace('-', '_')}", value)
        return environ

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
        """Tests are quiet."""


def lose(_handler: "Handler", run: Run) -> None:
    run()


def twice(_handler: "Handler", run: Run) -> Response:
    run()
    return run()


def late(response: Response | None, seconds: float) -> Response | None:
    time.sleep(seconds)
    return response


@dataclass(frozen=True)
class Held:
    """An answer that was made and has not left yet."""

    made: Event = field(default_factory=Event)
    let_go: Event = field(default_factory=Event)

    def __call__(self, _handler: "Handler", run: Run) -> Response:
        response = run()
        self.made.set()
        assert self.let_go.wait(PATIENCE_SECONDS)
        return response


class Wire:
    """What the wire does: each switch takes one request (or `times`), in the order given."""

    def __init__(self) -> None:
        self._faults: deque[Fault] = deque()

    def drop_next_request(self, times: int = 1) -> None:
        """Close the connection; the server never sees it."""
        self._faults.extend([lambda _handler, _run: None] * times)

    def lose_next_answer(self, times: int = 1) -> None:
        """Carry it out and close the connection without a byte."""
        self._faults.extend([lose] * times)

    def duplicate_next_request(self, times: int = 1) -> None:
        """Deliver it twice; the second answer is what comes back."""
        self._faults.extend([twice] * times)

    def hold_next_answer(self) -> Held:
        """Carry it out, and answer when the test lets go."""
        held = Held()
        self._faults.append(held)
        return held

    def delay_next_answer(self, seconds: float, times: int = 1) -> None:
        """Carry it out, answer late."""
        self._faults.extend([lambda _handler, run: late(run(), seconds)] * times)

    def delay_next_request(self, seconds: float, times: int = 1) -> None:
        """Keep it on the way, then carry it out."""
        self._faults.extend([lambda _handler, run: late(None, seconds) or run()] * times)

    def answer_next_with(
        self,
        status: int,
        body: bytes = b"",
        content_type: str = "text/plain",
        times: int = 1,
        **headers: str,
    ) -> None:
        """Something between the two answers instead; the server never sees the request."""
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        line = f"{status} {HTTPStatus(status).phrase}"
        response = Response(line, [("Content-Type", content_type), *named], body)
        self._faults.extend([lambda _handler, _run: response] * times)

    def fail_next(self, status: int = 500, times: int = 1) -> None:
        self.answer_next_with(status, b"oops", times=times)

    def html_next(self, times: int = 1) -> None:
        """A captive portal: 200 and a page."""
        page = b"<!doctype html><title>Sign in</title>"
        self.answer_next_with(200, page, "text/html", times)

    def redirect_next(self, location: str, status: int = 302, times: int = 1) -> None:
        self.answer_next_with(status, times=times, Location=location)

    def huge_next(self, size: int = 64 * 1024 * 1024, times: int = 1) -> None:
        self.answer_next_with(200, b"a" * size, "application/jose", times)

    def slow_next(self, seconds_per_byte: float = 1.0, times: int = 1) -> None:
        """Carry it out, then answer byte by byte."""
        self._faults.extend([lambda handler, run: handler.trickle(run(), seconds_per_byte)] * times)

    def truncate_next_answer(self, times: int = 1) -> None:
        """Half of the body, and the connection closes."""
        self._faults.extend([lambda handler, run: handler.truncate(run())] * times)

    def next_fault(self) -> Fault | None:
        return self._faults.popleft() if self._faults else None
