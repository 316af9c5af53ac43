"""One agent, its machine's folder, its clock and its server: what agent tests play in."""

from pathlib import Path

from agent.bootstrap import set_up
from agent.config import Home, Settings
from agent.hardware.linux import LinuxProbe
from agent.identity import Keys
from agent.license_store import SqliteStore
from agent.machine import Machine, Ports
from agent.publication import PublicFolder
from agent.state import State
from agent.use_cases import Agent
from protocol.exchange import pack_roots
from protocol.values import Timestamp
from tests import machines
from tests.simulated_server import NOW, SimulatedServer


class FakeClock:
    def __init__(self) -> None:
        self.time: Timestamp = NOW

    def now(self) -> Timestamp:
        return self.time


class World:
    """`agent` is made anew each time it is asked for, as every process makes its own."""

    def __init__(self, folder: Path, server: SimulatedServer) -> None:
        self.server = server
        self.clock = FakeClock()
        self.home = Home(folder / "home")
        self.machine_folder = folder / "machine"
        self.hardware = machines.BARE_SERVER
        self.hardware.write(self.machine_folder)
        set_up(self.home, Settings(server="https://license.example"), pack_roots(server.roots[:1]))

    @property
    def agent(self) -> Agent:
        return Agent(self.machine)

    @property
    def machine(self) -> Machine:
        return Machine(
            Keys(self.home.identity),
            Ports(
                store=SqliteStore(self.home.store),
                server=self.server,
                probe=LinuxProbe(self.machine_folder),
                clock=self.clock,
                public=PublicFolder(self.home.public),
            ),
        )

    @property
    def state(self) -> State:
        with SqliteStore(self.home.store).reading() as memory:
            return memory.state

    def become(self, hardware: machines.Machine) -> None:
        self.hardware = hardware
        hardware.write(self.machine_folder)

    def published(self) -> set[str]:
        return {path.name for path in self.home.public.iterdir()}
