"""The wire between agent and test server: real sockets on loopback, and all they do wrong."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO, StringIO
from typing import Any, Protocol


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
