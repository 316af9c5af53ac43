"""One act played again and again, each time with another accident, and judged by its invariants."""

import copy
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from agent.config import load_settings
from agent.errors import AgentError, NotSetUp, ServerUnreachable
from protocol.envelope import open_license
from protocol.exchange import unpack_roots
from protocol.trust import Trust
from protocol.values import Standing
from tests.agent.worlds import World
from tests.kills.acts import Act, proof_file
from tests.kills.doomed import LOST, MESSAGE, Order, Said
from tests.kills.tracing import TRACED, Call, attached, calls_of
from tests.simulated_server import SimulatedServer

Commands = tuple[tuple[str, ...], ...]


class Moment(NamedTuple):
    """A request that left, and the server once it had answered."""

    request: bytes
    server: SimulatedServer


class Ended(NamedTuple):
    """How a doomed process ended; what it said is None when it was killed."""

    status: int
    said: list[Said] | None
    calls: list[Call]

    @property
    def killed(self) -> bool:
        return self.status == -signal.SIGKILL


class Nursery:
    """The warm process that forks the doomed; `status` is how the last of them ended."""

    def __init__(self) -> None:
        self.status = 0
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.kills.doomed", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        assert self._orders.recv(MESSAGE) == b"ready"

    def close(self) -> None:
        self._orders.close()
        assert self._process.wait() == 0

    @contextmanager
    def born(self, order: Order) -> Iterator[tuple[int, socket.socket]]:
        """A child that waits for its first word."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours:
            with theirs:
                socket.send_fds(self._orders, [msgspec.json.encode(order)], [theirs.fileno()])
            try:
                yield int(ours.recv(MESSAGE)), ours
            finally:
                ours.close()  # a child that still waits for an answer waits no longer
                self.status = int(self._orders.recv(MESSAGE))


class Stage:
    """A world made ready for one act; each performance begins from there."""

    def __init__(self, nursery: Nursery, folder: Path, act: Act) -> None:
        self.act = act
        self.world = World(folder, SimulatedServer())
        self._nursery = nursery
        self._folder = folder
        self.moments: list[Moment] = []
        act.prepare(self.world)
        self._ready = self.world.server
        if self.home.exists():
            shutil.copytree(self.home, folder / "ready")

    @property
    def home(self) -> Path:
        return self.world.home.folder

    def reset(self) -> None:
        """Begin again: the home as it was, the server as it was."""
        shutil.rmtree(self.home, ignore_errors=True)
        if (self._folder / "ready").exists():
            shutil.copytree(self._folder / "ready", self.home)
        self.world.server = twin(self._ready)

    def perform(self, *options: str, commands: Commands | None = None) -> Ended:
        """Run the act in a process that is traced with these options of strace."""
        trace = self._folder / "trace"
        order = Order(str(self._folder), commands or self.act.commands)
        self.moments = [Moment(b"", twin(self.world.server))]
        tracing = ("-e", f"trace={TRACED}", *options)
        with self._nursery.born(order) as (pid, wire), attached(pid, trace, *tracing):
            said = self._serve(wire)
        with trace.open(errors="replace") as lines:
            return Ended(self._nursery.status, said, calls_of(lines))

    def _serve(self, wire: socket.socket) -> list[Said] | None:
        """Be the network and the server of a process that may die at any moment."""
        with closing(wire), suppress(ConnectionError):
            wire.send(b"go")
            while message := wire.recv(MESSAGE):
                if message.startswith(b"said"):
                    return msgspec.json.decode(message[4:], type=list[Said])
                require_one_license(self.world)
                try:
                    answer = self.world.server.send(message)
                except ServerUnreachable:
                    answer = LOST
                self.moments.append(Moment(message, twin(self.world.server)))
                require_one_license(self.world)
                wire.send(answer)
        return None

    @contextmanager
    def judging(self, accident: str) -> Iterator[None]:
        """Say after which accident something did not hold."""
        try:
            yield
        except (AssertionError, AgentError) as found:
            found.add_note(f"{self.act.name}: {accident}")
            raise

    def require_recovery(self) -> None:
        """A new process's `check`, and the act once more, end as if nothing had happened."""
        world, act = self.world, self.act
        require_one_license(world)
        with suppress(*act.may_say):
            load_settings(world.home)  # the first thing that every command does
            world.agent.check()
        require_one_license(world)
        act.again(world)
        require_one_license(world)
        view = world.agent.status()
        assert view.standing is act.standing
        assert world.server.generation == act.generation
        assert (world.server.bound_to is None) is (act.standing is Standing.RELEASED)
        assert world.state.request is None
        assert act.holds(world)


def twin(server: SimulatedServer) -> SimulatedServer:
    """The same server at the same moment, free to go another way."""
    other = copy.copy(server)
    other.received, other.answers = list(server.received), dict(server.answers)
    return other


def require_one_license(world: World) -> None:
    """I2: what runs here is what the server's row says; what is shown here may run (§6, §8)."""
    try:
        load_settings(world.home)
        keys = world.machine.keys
    except NotSetUp:
        assert not usable_copy(world)
        return
    view, server = world.agent.status(), world.server
    # While the device key is renewed, the next one is this machine's too.
    ours = server.bound_to in keys
    if view.usable:
        assert ours, "usable here, and the server holds it for nobody or for another"
        assert (view.generation or 0) <= server.generation
    if usable_copy(world):
        assert ours, "the application may run, and the server holds the license for another"
    if proof_file(world.home).exists():
        assert not view.usable, "a proof is in somebody's hands, and the license runs here"
        assert not usable_copy(world)
    if view.standing is Standing.RELEASED:  # I3
        assert not ours
        assert world.agent.receipts()


def usable_copy(world: World) -> bool:
    """Whether the protected application finds all that it asks for."""
    public = world.home.public
    if not all((public / name).exists() for name in ("license.jws", "permit.jws", "roots.jws")):
        return False
    trust = Trust.follow(unpack_roots((public / "roots.jws").read_bytes()))
    open_license((public / "license.jws").read_bytes(), trust)
    return True
