"""One agent on one machine: its ports together, and the steps that every use case shares.

`Machine` looks (observe), publishes what may be read, and carries an answer into the store. The
order of its steps is the product's promise; docs/protocol.md §4 and §8 give the reasons.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import msgspec

from agent import belief
from agent.errors import AgentError, DocumentRefused
from agent.events import DriftSeen, HiddenSeen, LookEvent, MatchSeen
from agent.facts import Facts, Observation, grace_hours_left, is_usable
from agent.fingerprint import Inventory, explain, take_tags
from agent.identity import Identity, Keys
from agent.lifecycle import advance
from agent.ports import (
    Clock,
    HardwareProbe,
    LicenseKey,
    Publication,
    Reading,
    SigningServer,
    Store,
    Transaction,
)
from agent.status import message, view_of
from agent.tolerance import Sides
from protocol import jws
from protocol.documents import License, Permit
from protocol.envelope import sign_device_document, sign_permit
from protocol.problems import ProtocolError
from protocol.values import Timestamp
from protocol.verdicts import Verdict
from protocol.views import MessageView, StatusCopy, StatusView

PERMIT_SECONDS = 30 * 24 * 3600


class Ports(NamedTuple):
    """The world of one agent."""

    store: Store
    server: SigningServer
    probe: HardwareProbe
    clock: Clock
    public: Publication


class Look(NamedTuple):
    """One reading of the machine."""

    inventory: Inventory
    boot_id: str
    uptime: int


class Machine:
    """Keys and ports, and the shared steps."""

    def __init__(self, keys: Keys, ports: Ports) -> None:
        self.keys = keys
        self.store = ports.store
        self.server = ports.server
        self.public = ports.public
        self._probe = ports.probe
        self._clock = ports.clock
        self._looked: Look | None = None

    @property
    def identity(self) -> Identity:
        """Who this machine is now."""
        return self.keys.identity

    def now(self) -> Timestamp:
        """This machine's time, for the record only."""
        return self._clock.now()

    def look(self) -> Look:
        """Read the hardware and how long the system has been running."""
        self._looked = Look(
            self._probe.read(), self._probe.boot_id() or "", self._probe.uptime_seconds() or 0
        )
        return self._looked

    @property
    def looked(self) -> Look:
        """The newest look of this command; one is enough for all its steps."""
        return self._looked or self.look()

    def facts(self, memory: Reading, look: Look, notes: tuple[MessageView, ...] = ()) -> Facts:
        """Gather what a view is computed from; the drift of this very moment included."""
        license = belief.remembered_license_in(memory, self.keys)
        observation = self._observe(memory, license, look.inventory)
        state = memory.state
        if license is not None and observation is not None:
            state = advance(state, self.seen(observation, look))
        return Facts(
            state=state,
            license=license,
            observation=observation,
            boot_id=look.boot_id,
            uptime=look.uptime,
            now=self.now(),
            notes=notes,
            last_license=belief.last_license_in(memory) if license is None else None,
        )

    def seen(self, observation: Observation, look: Look) -> LookEvent:
        """Judge a comparison: drift is only a positive mismatch, a match must be conclusive."""
        sides, comparison = observation.sides, observation.comparison
        seen: type[DriftSeen | HiddenSeen | MatchSeen] = MatchSeen
        if comparison.counts_as_drift(sides.policy):
            seen = DriftSeen
        elif comparison.verdict is Verdict.DEGRADED or sides.hides_system():
            seen = HiddenSeen
        return seen(at=self.now(), boot_id=look.boot_id, uptime=look.uptime)

    def settle(self, tx: Transaction) -> None:
        """Verify what is stored, and be the device that the license document names.

        Within the step that will sign: another process may have renewed the device key.

        Raises:
            StoreDamaged: as `belief.license_in`.
        """
        self.keys.refresh()
        license = belief.verify(tx, self.keys)
        if license is not None:
            self.keys.settle(license.device)

    def observe(self) -> Facts:
        """Look at the machine and keep what was seen: one durable commit.

        Raises:
            AgentError: the store or the license document cannot be read.
        """
        look = self.look()
        with self.store.transaction() as tx:
            before = tx.state
            self.settle(tx)
            facts = self.facts(tx, look)
            if facts.state != before:
                tx.save(facts.state)
            if facts.state.standing is not before.standing:
                tx.record(self.now(), f"now-{facts.state.standing.value}")
        return facts

    def align(self) -> None:
        """Make the public folder say what the store says.

        Under the store's lock, so that no process publishes a document while another one destroys
        it; and on the disk before this returns, so that no proof leaves while a copy still stands.
        """
        with self.store.transaction() as tx:
            self.settle(tx)
            facts = self.facts(tx, self.looked)
            document = tx.license_document
            if document is None or facts.license is None or not is_usable(facts):
                self.public.withdraw()
            else:
                permit = self._permit(facts, facts.license, document)
                self.public.publish(
                    tx.roots, document, sign_permit(permit, self.identity.device_key)
                )
            self._show(view_of(facts))

    def view(self, *notes: MessageView) -> StatusView:
        """Where the user stands now; reads only."""
        with self.store.reading() as memory:
            return view_of(self.facts(memory, self.looked, notes))

    def _observe(
        self, memory: Reading, license: License | None, inventory: Inventory
    ) -> Observation | None:
        if license is None:
            return None
        sides = Sides(
            enrolled=license.fingerprint,
            now=take_tags(inventory, self.identity.salt),
            policy=license.policy,
            baseline=license.baseline,
        )
        comparison = sides.compared()
        raw = memory.inventory
        was = msgspec.json.decode(raw, type=Inventory) if raw else None
        return Observation(
            sides=sides,
            comparison=comparison,
            differences=explain(comparison, was, inventory),
            was=was.os if was else None,
            now=inventory.os,
        )

    def _permit(self, facts: Facts, license: License, document: bytes) -> Permit:
        return Permit(
            license_id=license.license_id,
            generation=license.generation,
            document=jws.digest(document),
            machine_tag=self._probe.machine_tag(),
            standing=facts.state.standing,
            issued_at=facts.now,
            expires_at=Timestamp(facts.now + PERMIT_SECONDS),
            confirmed_at=facts.state.confirmed_at,
            grace_hours_left=grace_hours_left(facts),
        )

    def _show(self, view: StatusView) -> None:
        copy = StatusCopy(device=self.identity.device, issued_at=self.now(), view=view)
        self.public.show(sign_device_document(copy, StatusCopy.typ, self.identity.device_key))


@contextmanager
def refused() -> Iterator[None]:
    """Turn the protocol's refusal of some bytes into the agent's own error.

    Raises:
        DocumentRefused: with the protocol's code.
    """
    try:
        yield
    except ProtocolError as cause:
        raise DocumentRefused(cause.code) from cause


def note_of(error: AgentError) -> MessageView:
    """Carry an error into a view as a remark."""
    return message(error.text_code, **error.parameters)


def key_in_use(memory: Reading) -> LicenseKey | None:
    """Find the key of the license that the state speaks of; others may have been tried since."""
    license_id = memory.state.license_id
    keys = (key for key in memory.license_keys() if key.license_id == license_id)
    return next(keys, None) if license_id else None
