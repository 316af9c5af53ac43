"""Processes that are made to be killed: `python -m tests.kills.doomed FD`.

One warm process forks a child for each order that comes over the socket FD, so a child starts in a
millisecond and makes no system call but those of its act. The server is on the other end of a
socket that comes with the order, so it outlives the child.
"""

import ctypes
import io
import os
import socket
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path

import msgspec

from agent.cli import main
from agent.config import Home
from agent.errors import ServerUnreachable
from agent.hardware.linux import LinuxProbe
from agent.identity import Keys
from agent.license_store import SqliteStore
from agent.machine import Machine, Ports
from agent.ports import SigningServer
from agent.publication import PublicFolder
from agent.use_cases import Agent
from tests.agent.worlds import FakeClock, World
from tests.simulated_server import LICENSE_KEY, SimulatedServer

MESSAGE = 1 << 20
_PR_SET_PTRACER = 0x59616D61


class Order(msgspec.Struct, frozen=True):
    """Commands to run in the world that lies in a folder."""

    folder: str
    commands: tuple[tuple[str, ...], ...]


class Said(msgspec.Struct, frozen=True):
    """What one command ended with."""

    exit: int
    out: str
    err: str


LOST = b"\0"


class DistantServer:
    """The server at the other end of a socket; `LOST` is what the network lost."""

    def __init__(self, wire: socket.socket) -> None:
        self._wire = wire

    def send(self, request: bytes) -> bytes:
        self._wire.send(request)
        answer = self._wire.recv(MESSAGE)
        if answer == LOST:
            raise ServerUnreachable(server="simulated")
        return answer


def open_agent(folder: Path, server: SigningServer, home: Home) -> Agent:
    ports = Ports(
        store=SqliteStore(home.store),
        server=server,
        probe=LinuxProbe(folder / "machine"),
        clock=FakeClock(),
        public=PublicFolder(home.public),
    )
    return Agent(Machine(Keys(home.identity), ports))


def run(order: Order, server: SigningServer) -> list[Said]:
    """Run the commands one after another, as an administrator would who goes on regardless."""
    folder = Path(order.folder)
    said = []
    for command in order.commands:
        out, err = io.StringIO(), io.StringIO()
        home = ("--home", str(folder / "home"), "--json")
        with redirect_stdout(out), redirect_stderr(err):
            code = main([*command, *home], opener=partial(open_agent, folder, server))
        said.append(Said(int(code), out.getvalue(), err.getvalue()))
    return said


def die(order: Order, wire: socket.socket) -> None:
    """Wait to be traced, act, tell what was said if there still is somebody to tell it."""
    os.chdir(order.folder)
    sys.settrace(None)  # coverage would trace what it can never hand in
    # Where only a parent may trace (Yama), this child lets everybody.
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
    wire.send(b"%d" % os.getpid())
    wire.recv(MESSAGE)
    try:
        said = run(order, DistantServer(wire))
        wire.send(b"said" + msgspec.json.encode(said))
    finally:
        os._exit(0)  # never on into the loop of the one that forked it


def rehearse() -> None:
    """Import all that an act imports, once, before the first fork."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), SimulatedServer())
        root = Path(folder, "root")
        root.write_bytes(world.server.roots[0][0])
        commands = (
            ("setup", "--server", "https://license.example", "--root", str(root)),
            ("activate", LICENSE_KEY),
            ("check",),
            ("release", "--reason", "os", "--yes"),
            ("export", "release", str(Path(folder, "proof.jws")), "--reason", "os", "--yes"),
            ("import", str(root)),
            ("frobnicate",),
        )
        run(Order(folder, commands), world.server)


def serve(orders: socket.socket) -> None:
    """Fork a child for each order, and tell how it ended."""
    rehearse()
    orders.send(b"ready")
    while True:
        raw, descriptors, _, _ = socket.recv_fds(orders, MESSAGE, 1)
        if not raw:
            return
        with socket.socket(fileno=descriptors[0]) as wire:
            child = os.fork()
            if child == 0:
                die(msgspec.json.decode(raw, type=Order), wire)
        status = os.waitpid(child, 0)[1]
        orders.send(b"%d" % os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
