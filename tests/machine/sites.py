"""One machine with its agent: a home on a disk, hardware, clocks, and the runs that still wait."""

import itertools
import json
import shutil
from base64 import urlsafe_b64decode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from agent import belief
from agent.bootstrap import set_up
from agent.config import Home, Settings
from agent.errors import StoreDamaged
from agent.fingerprint import Inventory
from agent.identity import Keys
from agent.machine import Machine, Ports
from agent.ports import PaperKind
from agent.publication import LICENSE_FILE
from agent.state import State
from agent.use_cases import Agent
from protocol.exchange import pack_roots
from protocol.trust import RootSignatures
from protocol.values import DeviceId, Standing, Timestamp
from protocol.views import StatusView
from tests.machine.hardware import Hardware, inventory_of, machine_tag_of
from tests.machine.network import Message
from tests.machine.processes import Life, MortalFolder, MortalStore, Process

_families = itertools.count()


class Held(NamedTuple):
    """A license on a machine: which, and in which generation."""

    license_id: str
    generation: int


class Seen(NamedTuple):
    """What a machine's user, and its protected application, can see."""

    device: DeviceId
    view: StatusView
    state: State
    receipts: tuple[Held, ...]
    published: Held | None

    @property
    def told(self) -> str:
        """For people who read of a walk that failed."""
        state = self.state
        marks = {license_id[-4:]: mark for license_id, mark in state.high_water.items()}
        return (
            f"{state.standing}{' runs' if self.view.usable else ''} as {self.device[:6]} "
            f"{(state.license_id or '')[-4:]} ({state.generation}) marks {marks} "
            f"asks {state.request and state.request.op} case {state.case and state.case.state}"
            f"{' renews its key' if state.renew_key else ''}"
        )

    @property
    def usable(self) -> Held | None:
        license = self.view.license
        if not self.view.usable or license is None:
            return None
        return Held(license.id, self.view.generation)

    @property
    def in_use(self) -> set[Held]:
        """What may run: by the agent's word, or by the copy that the application reads."""
        return {held for held in (self.usable, self.published) if held is not None}


@dataclass
class Site:
    """`number` also chooses its first hardware."""

    number: int
    folder: Path
    roots: tuple[RootSignatures, ...]
    world_now: Callable[[], int]
    hardware: Hardware = (0, frozenset())
    clock_offset: int = 0
    boot: int = 1
    uptime: int = 86_400
    # What still runs, what it waits for, and which disk it began on.
    waiting: list[tuple[Process, Message, int]] = field(default_factory=list)
    seen: Seen | None = None
    # How often this disk was replaced or damaged: what is remembered of another counts no more.
    disk: int = 0
    # Which installation this disk descends from: copies of one know each other's key and past.
    family: int = field(default_factory=lambda: next(_families))

    def __post_init__(self) -> None:
        self.hardware = (self.number, frozenset())
        self.home = Home(self.folder / "home")
        self.set_up()

    def set_up(self) -> None:
        """Install the program on a bare machine."""
        set_up(self.home, Settings(server="https://license.example"), pack_roots(self.roots))
        self.seen = None

    def start(self, act: Callable[[Agent], object], dies_at: int = 0) -> Process:
        """Start the program, as a process of its own."""
        self.seen = None
        life = Life(dies_at)
        return Process(lambda process: act(Agent(self._machine(process, life))))

    def look(self) -> Seen:
        """What its user sees now; kept until something happens here."""
        if self.seen is None:
            machine = self._machine(_NO_NETWORK, Life())
            agent, device = Agent(machine), machine.identity.device
            state, receipts = State(standing=Standing.DAMAGED), tuple[Held, ...]()
            with suppress(StoreDamaged), machine.store.reading() as memory:
                papers = memory.papers(PaperKind.RECEIPT)
                receipts = tuple(Held(p.license_id, p.generation) for p in papers)
                state = memory.state
                # Killed before a new key took its place, it is the device that its document names.
                held = belief.remembered_license_in(memory, machine.keys)
                device = device if held is None else held.device
            self.seen = Seen(device, agent.status(), state, receipts, self._published())
        return self.seen

    def agent(self) -> Agent:
        """For what only reads."""
        return Agent(self._machine(_NO_NETWORK, Life()))

    def copy_home(self, target: Path) -> None:
        shutil.copytree(self.home.folder, target)

    def take_home(self, source: Path, family: int) -> None:
        """The disk is another one from now on; what ran here does not run any more."""
        self.family = family
        self.lose_power()
        shutil.rmtree(self.home.folder)
        shutil.copytree(source, self.home.folder)
        self.disk += 1

    def lose_everything(self) -> None:
        self.lose_power()
        shutil.rmtree(self.home.folder)
        self.disk += 1
        self.family = next(_families)
        self.set_up()

    def damage_store(self) -> None:
        """The store's first page is not what the agent wrote."""
        with self.home.store.open("r+b") as store:
            store.write(b"no database at all")
        self.disk += 1
        self.seen = None

    def lose_power(self) -> None:
        for process, _, _ in self.waiting:
            process.kill()
        self.waiting.clear()
        self.boot += 1
        self.uptime = 60
        self.seen = None

    def _machine(self, process: "Process | _NoNetwork", life: Life) -> Machine:
        ports = Ports(
            store=MortalStore(self.home.store, life),
            server=process,
            probe=_Probe(self),
            clock=_Clock(self),
            public=MortalFolder(self.home.public, life),
        )
        return Machine(Keys(self.home.identity), ports)

    def _published(self) -> Held | None:
        try:
            document = (self.home.public / LICENSE_FILE).read_bytes()
        except FileNotFoundError:
            return None
        payload = document.split(b".")[1]
        fields = json.loads(urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
        return Held(fields["license_id"], fields["generation"])


class _NoNetwork:
    def send(self, request: bytes) -> bytes:
        raise AssertionError(f"a look sent {len(request)} bytes")


_NO_NETWORK = _NoNetwork()


class _Probe:
    """`ports.HardwareProbe` of prepared inventories."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def read(self) -> Inventory:
        return inventory_of(self._site.hardware)

    def uptime_seconds(self) -> int:
        return self._site.uptime

    def boot_id(self) -> str:
        return f"boot-{self._site.number}-{self._site.boot}"

    def machine_tag(self) -> str:
        return machine_tag_of(self._site.hardware)


class _Clock:
    def __init__(self, site: Site) -> None:
        self._site = site

    def now(self) -> Timestamp:
        return Timestamp(self._site.world_now() + self._site.clock_offset)
