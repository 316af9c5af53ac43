"""Servers on real loopback sockets that answer as they are told, rightly or not."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import NamedTuple

from tests.simulated_server import SimulatedServer

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/jose\r\n"


class Asked(NamedTuple):
    """One request as it came in."""

    line: str
    head: str
    body: bytes


class Visit(NamedTuple):
    """One connection; `over` is set when the test ends, so a handler may hold on until then."""

    connection: socket.socket
    asked: Asked
    over: threading.Event


Handler = Callable[[Visit], None]


def sized(body: bytes, head: bytes = OK) -> bytes:
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def says(raw: bytes) -> Handler:
    def handler(visit: Visit) -> None:
        visit.connection.sendall(raw)

    return handler


def holds_after(raw: bytes) -> Handler:
    """Say so much and then nothing, with the connection open."""

    def handler(visit: Visit) -> None:
        visit.connection.sendall(raw)
        visit.over.wait()

    return handler


def answers_with(server: SimulatedServer) -> Handler:
    def handler(visit: Visit) -> None:
        visit.connection.sendall(sized(server.answer(visit.asked.body)))

    return handler


class Door:
    """Listens; the first connections get the handlers of `first`, every later one `then`."""

    def __init__(self, then: Handler, *first: Handler, tls: ssl.SSLContext | None = None) -> None:
        self.then = then
        self.first = list(first)
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self._tls = tls
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def close(self) -> None:
        self.over.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(10)

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                # In the order of the connections, whichever thread comes to read first.
                handler = self.first.pop(0) if self.first else self.then
                args = (connection, handler)
                thread = threading.Thread(target=self._serve, args=args, daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, plain: socket.socket, handler: Handler) -> None:
        # A client that gives up resets; the test asserts what the client says of it.
        with closing(plain), suppress(OSError), self._secured(plain) as connection:
            asked = read_request(connection)
            self.asked.append(asked)
            handler(Visit(connection, asked, self.over))

    @contextmanager
    def _secured(self, plain: socket.socket) -> Iterator[socket.socket]:
        if self._tls is None:
            yield plain
            return
        with self._tls.wrap_socket(plain, server_side=True) as secured:
            yield secured


def read_request(connection: socket.socket) -> Asked:
    with connection.makefile("rb") as stream:
        if not stream.peek(1)[:1].isalpha():
            return Asked("", "", b"")  # TLS where none is spoken
        line = stream.readline().decode().strip()
        head = b"".join(iter(stream.readline, b"\r\n")).decode().lower()
        length = next((h for h in head.splitlines() if h.startswith("content-length:")), ":0")
        return Asked(line, head, stream.read(int(length.partition(":")[2])))


def tunnel(visit: Visit) -> None:
    """An HTTP proxy: CONNECT for TLS, the whole address in the first line for plain HTTP."""
    method, address, _ = visit.asked.line.split()
    name, _, port = address.removeprefix("http://").partition("/")[0].rpartition(":")
    with socket.create_connection((name, int(port))) as far:
        if method == "CONNECT":
            visit.connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            back = threading.Thread(target=_pump, args=(far, visit.connection), daemon=True)
            back.start()
            _pump(visit.connection, far)
            back.join(10)
        else:
            path = "/" + address.removeprefix("http://").partition("/")[2]
            head = f"{method} {path} HTTP/1.1\r\n{visit.asked.head}\r\n".encode()
            far.sendall(head + visit.asked.body)
            _pump(far, visit.connection)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(65536):
            sink.sendall(chunk)
        sink.shutdown(socket.SHUT_WR)
