"""A customer's site: a live signing server over HTTP and machines with agents of their own."""

import shutil
from pathlib import Path

from agent.bootstrap import open_agent, set_up
from agent.client import HttpSigningServer
from agent.config import Home, load_settings
from agent.config import Settings as AgentSettings
from agent.hardware.linux import LinuxProbe
from agent.license_store import SqliteStore
from agent.state import State
from agent.use_cases import Agent
from tests import machines
from tests.server.live import IssuedLicense, LiveServer


def no_pause(_seconds: float) -> None:
    """Retry at once: a test waits for nothing."""


class Host:
    """One machine of the site; its agent is made anew for every act, as a process would."""

    def __init__(self, folder: Path, server: LiveServer, hardware: machines.Machine) -> None:
        self.server = server
        self.folder = folder
        self.home = Home(folder / "home")
        self.root = folder / "root"
        self.become(hardware)
        set_up(self.home, AgentSettings(server=server.url), server.root_file.read_bytes())

    @property
    def agent(self) -> Agent:
        client = HttpSigningServer(load_settings(self.home), pause=no_pause)
        return open_agent(self.home, server=client, probe=LinuxProbe(self.root))

    @property
    def state(self) -> State:
        with SqliteStore(self.home.store).reading() as memory:
            return memory.state

    @property
    def usable(self) -> bool:
        return self.agent.status().usable

    def become(self, hardware: machines.Machine) -> None:
        """Change the machine under the agent."""
        self.hardware = hardware
        hardware.write(self.root)

    def published(self) -> set[str]:
        return {path.name for path in self.home.public.iterdir()}

    def snapshot(self, name: str) -> Path:
        """Copy the whole home away, as a backup does."""
        return Path(shutil.copytree(self.home.folder, self.folder / name))

    def put_back(self, backup: Path) -> None:
        shutil.rmtree(self.home.folder)
        shutil.copytree(backup, self.home.folder)


class Site:
    """The server and its machines; checks the invariants of docs/protocol.md §6 when asked."""

    def __init__(self, folder: Path, server: LiveServer) -> None:
        self.folder = folder
        self.server = server
        self.hosts: list[Host] = []

    def host(self, hardware: machines.Machine = machines.BARE_SERVER) -> Host:
        found = Host(self.folder / f"host{len(self.hosts)}", self.server, hardware)
        self.hosts.append(found)
        return found

    def issue(self, **order: object) -> IssuedLicense:
        return self.server.issue(**order)

    def assert_nothing_lost_or_doubled(self) -> None:
        """I1–I3 at rest: one usable machine, and it is the server's; or the license is free."""
        self.server.assert_invariants()
        bound = self.server.rows("Binding", state="active")
        usable = [host for host in self.hosts if host.usable]
        assert len(usable) <= 1
        if usable:
            state = usable[0].state
            assert [(b["license_id"], b["generation"]) for b in bound] == [
                (state.license_id, state.generation)
            ]
        else:
            waiting = any(h.state.request or h.state.case for h in self.hosts)
            assert not bound or waiting
