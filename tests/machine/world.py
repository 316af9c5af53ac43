"""The whole world of one walk: a vendor, three machines, and a network that cannot be trusted.

Its methods are what a user, a network, a disk, a clock or a member of staff can do; nothing here
decides what ought to happen.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from agent.errors import AgentError, DocumentRefused, ServerUnreachable
from agent.recovery import Recovery
from agent.use_cases import Agent
from protocol import jws
from protocol.documents import Refusal, Truth
from protocol.problems import RefusalCode
from server_stub.errors import ServerError
from tests.machine.network import Fate, Message, Network, document_of
from tests.machine.processes import Killed, Process
from tests.machine.sites import Site
from tests.machine.vendor import Backup, Vendor, memory_folder

SITES = 3
LICENSES = 2


class Weather(NamedTuple):
    """What goes wrong during one act: the fate of each sending, and where the process dies."""

    fates: tuple[Fate, ...] = ()
    dies_at: int = 0


CALM = Weather()


class Snapshot(NamedTuple):
    """A disk as it was."""

    site: Site
    folder: Path
    family: int


class World:
    """`step` counts what was done; `failures` what users were told when an act did not happen."""

    def __init__(self, sites: int = SITES, licenses: int = LICENSES) -> None:
        self._stack = ExitStack()
        self.folder = Path(
            self._stack.enter_context(
                tempfile.TemporaryDirectory(prefix="walk-", dir=memory_folder())
            )
        )
        self.vendor = Vendor(self.folder / "vendor")
        self._stack.callback(self.vendor.close)
        for number in range(licenses):
            self.vendor.issue(number)
        self.network = Network()
        self.step = 0
        self.log: list[str] = []
        self.failures: Counter[str] = Counter()
        pinned = self.vendor.roots
        self.sites = [
            Site(number, self.folder / f"site-{number}", pinned, lambda: self.vendor.now)
            for number in range(sites)
        ]
        self.snapshots: list[Snapshot] = []
        self.recoveries: list[tuple[int, Recovery]] = []
        # Machines whose store is not what it was when they last spoke, and since which step.
        self.doubts: dict[int, int] = {}
        # At which step the server answered the newest check-in that a machine took in.
        self.checked: dict[int, int] = {}
        # At which step a license was last let go of after a restore that lost something.
        self.hold_ended: dict[str, int] = {}
        # At which step the server last changed who holds a license.
        self.changed: dict[str, int] = {}
        # Devices from which staff moved a license.
        self.moved: set[tuple[str, str]] = set()
        # When a device lost a license to another one, or to its own heir, by the server's clock.
        self.renewed_at: dict[tuple[str, str], int] = {}
        self._first_answers: dict[str, bytes] = {}
        self.misled = False
        self._files = 0

    def close(self) -> None:
        for site in self.sites:
            site.lose_power()
        self._stack.close()

    # What a process does, with the network between it and the server.

    def act(
        self, site: Site, act: Callable[[Agent], object], weather: Weather = CALM
    ) -> BaseException | None:
        """Run an act until it ends, or waits; say how it failed."""
        process = site.start(act, weather.dies_at)
        return self._carry(site, process, list(weather.fates))

    def resume(self, site: Site, number: int, fate: Fate) -> None:
        """What a waiting process gets at last."""
        process, message = site.waiting.pop(number)
        site.seen = None
        # A newer check-in may have been answered meanwhile.
        self._deliver(site, process, message, fate, counts=False)
        self._carry(site, process, [])

    def _carry(self, site: Site, process: Process, fates: list[Fate]) -> BaseException | None:
        while process.waits_with is not None:
            message = self.network.take(process.waits_with)
            fate = fates.pop(0) if fates else Fate.DELIVERED
            if fate is Fate.HELD:
                site.waiting.append((process, message))
                return None
            self._deliver(site, process, message, fate, counts=True)
            self._note(site, f"sent {message.told}: {fate.name}")
        site.seen = None
        self.log.append(
            f"{self.step}: machine {site.number}: {process.failure!r} {site.look().told}"
        )
        return self._judge(process.failure)

    def _note(self, site: Site, happened: str) -> None:
        self.log.append(f"{self.step}: machine {site.number}: {happened}")

    def _deliver(
        self, site: Site, process: Process, message: Message, fate: Fate, *, counts: bool
    ) -> None:
        self.misled = False
        match fate:
            case Fate.REQUEST_LOST:
                return process.resume(ServerUnreachable())
            case Fate.ANSWER_LOST:
                self.arrive(message)
                return process.resume(ServerUnreachable())
            case Fate.SERVER_FAILED:
                self.vendor.spool.fails_next = True
                self.arrive(message)
                self.vendor.spool.fails_next = False
                return process.resume(ServerUnreachable())
            case Fate.MISDELIVERED:
                other = self.network.others_answer(message)
                self.misled = other is not None
                return process.resume(other or ServerUnreachable())
            case Fate.DOUBLED:
                self.arrive(message)
        answer = self.arrive(message)
        if answer is None:
            return process.resume(ServerUnreachable())
        answered_at = self.step
        process.resume(answer)
        typ = jws.split(document_of(answer)).header.typ
        died = isinstance(process.failure, Killed)
        if counts and typ == Truth.typ and message.op == "check-in" and not died:
            self._checked_in(site, message.device, answered_at)
        return None

    def arrive(self, message: Message) -> bytes | None:
        """The request reaches the server; its answer, which nobody has got yet."""
        try:
            answer = self.vendor.answer(message.raw)
        except ServerError:
            return None
        message.answers.append(answer)
        self._same_as_ever(message, document_of(answer))
        return answer

    def _same_as_ever(self, message: Message, document: bytes) -> None:
        """The same request has the same answer for ever (§5); a refusal may not be recorded."""
        first = self._first_answers.setdefault(message.digest, document)
        if jws.split(first).header.typ == Refusal.typ or self.vendor.fell_behind:
            self._first_answers[message.digest] = document
        else:
            assert first == document, f"another answer to {message.told}"

    def _checked_in(self, site: Site, device: str, step: int) -> None:
        if device != site.look().device:
            return  # its next key asked after a case, and heard nothing else
        self.checked[site.number] = step
        self.moved = {(d, license_id) for d, license_id in self.moved if d != device}
        if all(other.family != site.family for other in self.sites if other is not site):
            self.doubts.pop(site.number, None)

    def _judge(self, failure: BaseException | None) -> BaseException | None:
        if failure is None or isinstance(failure, Killed):
            return failure
        believed = not isinstance(failure, DocumentRefused) or self.misled
        assert believed, f"an honest answer was not believed: {failure}"
        if not isinstance(failure, AgentError):
            raise failure
        if failure.parameters.get("refusal") == RefusalCode.SERVER_BEHIND:
            assert self.vendor.fell_behind or self.doubts, "an honest server was told to be behind"
        self.failures[f"{failure.code} {failure.parameters.get('refusal', '')}".strip()] += 1
        return failure

    # What happens to disks.

    def snapshot(self, site: Site) -> None:
        target = self.folder / f"snapshot-{len(self.snapshots)}"
        site.copy_home(target)
        self.snapshots.append(Snapshot(site, target, site.family))

    def put_back(self, number: int) -> None:
        site, source, family = self.snapshots[number]
        site.take_home(source, family)
        self._doubt(family)

    def copy(self, source: Site, target: Site, *, hardware: bool) -> None:
        """A second machine from a copy of the first one's disk."""
        image = self.folder / "image"
        source.copy_home(image)
        target.take_home(image, source.family)
        shutil.rmtree(image)
        if hardware:
            target.hardware = source.hardware
        self._doubt(source.family)

    def save_recovery(self, site: Site) -> None:
        family = site.family
        self.act(site, lambda agent: self.recoveries.append((family, agent.recovery())))

    def recover(self, site: Site, number: int) -> None:
        """The recovery file makes a machine another one's heir, or its copy."""
        family, recovery = self.recoveries[number]
        if self.act(site, lambda agent: agent.restore(recovery)) is None:
            site.family = family
            self._doubt(family)

    # What happens at the vendor's.

    def staff(self, act: Callable[[], object]) -> None:
        """Something that staff try, and may be refused."""
        try:
            act()
        except ServerError as refusal:
            self.failures[f"staff {refusal.code}"] += 1

    def restore(self, backup: Backup, *, evidence_lost: bool) -> None:
        """The server's books are put back; without their evidence nobody knows what was signed."""
        self.vendor.restore(backup, evidence_lost=evidence_lost)
        if evidence_lost:
            for family in {site.family for site in self.sites}:
                self._doubt(family)

    # What is carried by hand.

    def export(self, site: Site, wish: Callable[[Agent, Path], object], weather: Weather) -> None:
        """A request leaves in a file; whether it ever arrives is another step's business."""
        self._files += 1
        file = self.folder / f"request-{self._files}"
        self.act(site, lambda agent: wish(agent, file), weather)
        if file.exists():
            self.network.take(file.read_bytes())

    def bring(self, site: Site, message: Message, weather: Weather) -> None:
        """An answer file is brought to a machine, its own or another."""
        self.misled = True
        answer = message.answers[-1]
        self.act(site, lambda agent: agent.import_(answer), weather)

    def _doubt(self, family: int) -> None:
        """None of these knows for certain what another of them did."""
        for site in self.sites:
            if site.family == family:
                self.doubts[site.number] = self.step
                self.checked.pop(site.number, None)
