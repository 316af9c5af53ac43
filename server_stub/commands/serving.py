"""`serve`: the agents' door on a port (docs/adr/0020-granian.md)."""

import argparse
import contextlib
import http.client
import os
import signal
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING

import msgspec

from server_stub.commands.opening import open_server
from server_stub.commands.shown import Call, Parsers, Shown
from server_stub.errors import AddressInUse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_THREADS = 4
_START_SECONDS = 20
_STOP_SECONDS = 10


def add_parsers(add: Parsers) -> None:
    """Add the command."""
    parser = add("serve", serve, "answer agents over HTTP")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=_port, default=8765, help="0 takes a free one")
    parser.add_argument("--workers", type=_workers, default=1, metavar="N")
    parser.add_argument("--passphrase-file", metavar="FILE")


def serve(call: Call) -> Shown:
    """Answer until SIGTERM or SIGINT; what is being answered is finished first.

    Raises:
        ServerError: not initialised, no passphrase, a taken port, a damaged home.
    """
    chosen = call.arguments
    application = _open(call)
    port = _free_port(chosen.host, chosen.port)
    from granian.constants import Interfaces
    from granian.server import Server

    from server_stub import logs

    logs.write_json_lines(sys.stderr)
    granian = Server(
        "server_stub.wsgi",
        address=chosen.host,
        port=port,
        interface=Interfaces.WSGI,
        workers=chosen.workers,
        blocking_threads=_THREADS,
        log_enabled=False,
        websockets=False,
        workers_kill_timeout=_STOP_SECONDS,
    )

    parent = os.getpid()

    def load() -> "WSGIApplication":
        """Runs in the worker: it must not outlive a parent that was killed."""
        _die_with(parent)
        return application

    granian.on_startup(lambda: _announce_when_ready(call, chosen.host, port))
    granian.serve(target_loader=load, wrap_loader=False)
    return Shown({}, ())


def _open(call: Call) -> "WSGIApplication":
    """Open the home and make good what a crash left out, before any worker is forked."""
    server = open_server(call)
    from django.db import connection

    from server_stub.wsgi import application_of

    # A connection must not cross into the worker that is forked.
    connection.close()
    return application_of(server)


def _free_port(host: str, port: int) -> int:
    """Each worker binds with SO_REUSEPORT, which would share a taken port without a word."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as cause:
            raise AddressInUse(str(cause), address=f"{host}:{port}") from cause
        return int(probe.getsockname()[1])


def _announce_when_ready(call: Call, host: str, port: int) -> None:
    threading.Thread(target=_announce, args=(call, host, port), daemon=True).start()


def _announce(call: Call, host: str, port: int) -> None:
    """Print the address once it answers, so whoever reads the line may connect."""
    shown_host = f"[{host}]" if ":" in host else host
    url = f"http://{shown_host}:{port}"
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        time.sleep(0.02)
        if _answers(host, port):
            line = msgspec.json.encode({"url": url}).decode() if call.as_json else None
            sys.stdout.write((line or call.say("listening", url=url)) + "\n")
            sys.stdout.flush()
            return
    os.kill(os.getpid(), signal.SIGTERM)


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=1)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/v1/time")
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False


def _die_with(parent: int) -> None:
    """PR_SET_PDEATHSIG: without it a killed parent leaves a worker that holds the port.

    By SIGKILL: a worker that is still starting forgets a SIGTERM, and a request that is cut off
    counts either wholly or not at all.
    """
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def _port(value: str) -> int:
    highest = 65535
    if not value.isdecimal() or int(value) > highest:
        raise argparse.ArgumentTypeError(f"0 to {highest}")
    return int(value)


def _workers(value: str) -> int:
    most = 64
    if not value.isdecimal() or not 1 <= int(value) <= most:
        raise argparse.ArgumentTypeError(f"1 to {most}")
    return int(value)
