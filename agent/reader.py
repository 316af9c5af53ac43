"""What can be asked of the license on this machine without changing anything.

The reading half of the agent: no network, no write, and none of the code that does either is
loaded, so `status` answers at once. The acts are in `use_cases`.
"""

from typing import TYPE_CHECKING

import msgspec

from agent.errors import StoreDamaged
from agent.facts import Facts
from agent.machine import Machine, key_in_use, note_of
from agent.ports import HistoryEntry, PaperKind, StoredPaper
from agent.state import State
from agent.status import release_warnings, view_of
from protocol.values import DeviceId, LicenseId, Standing
from protocol.views import MessageView, StatusView
from protocol.weights import DEFAULT_POLICY

if TYPE_CHECKING:
    from agent.inventories import MachineView
    from agent.papers import Opened
    from agent.planning import Ground, Plan
    from agent.responding import Response
    from protocol.windows import Change


class Reader:
    """The license on this machine, as anyone with rights to the store may see it."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def status(self) -> StatusView:
        """Say where the user stands; touches no network and writes nothing."""
        try:
            return self._machine.view()
        except StoreDamaged as problem:
            return self._view_of_damage(problem)

    @property
    def device(self) -> DeviceId:
        """The name of this machine, its device key's thumbprint."""
        return self._machine.identity.device

    def plan(self, changes: "tuple[Change, ...]") -> "Plan":
        """Predict what planned changes would mean for the license; reads only.

        Without a license the machine is judged by itself, as it is now.
        """
        from agent.planning import plan

        return plan(changes, self.ground())

    def ground(self) -> "Ground":
        """Read what plans stand on, once for as many as somebody wants to compare."""
        from agent.fingerprint import Inventory, take_tags
        from agent.planning import Ground

        machine = self._machine
        inventory = machine.looked.inventory
        tags = take_tags(inventory, machine.identity.salt)
        with machine.store.reading() as memory:
            license = machine.facts(memory, machine.looked).license
            raw = memory.inventory
        if license is None:
            return Ground.of_an_unlicensed(inventory, tags, DEFAULT_POLICY)
        return Ground(
            enrolled=license.fingerprint,
            baseline=license.baseline,
            was=msgspec.json.decode(raw, type=Inventory) if raw else None,
            now=tags,
            inventory=inventory,
            policy=license.policy,
            is_licensed=True,
        )

    def respond(self, code: str) -> "Response":
        """Answer a challenge code that support read over the phone; reads only.

        Raises:
            InputInvalid: the code is mistyped, and in which group.
            NotAllowed: no license ever ran here that could be spoken of.
            StoreDamaged: what is stored cannot be believed.
        """
        from agent.responding import respond

        return respond(self._machine, code)

    def history(self) -> tuple[HistoryEntry, ...]:
        """Everything that happened here, oldest first."""
        with self._machine.store.reading() as memory:
            return memory.history()

    def before_release(self) -> tuple[MessageView, ...]:
        """What must be known before the license is given back, because it cannot be undone."""
        with self._machine.store.reading() as memory:
            return release_warnings(self._machine.facts(memory, self._machine.looked))

    def parts(self) -> "MachineView":
        """What this machine is made of, masked; with or without a license."""
        from agent.inventories import machine_view

        return machine_view(self._machine.looked.inventory)

    def receipts(self) -> tuple[StoredPaper, ...]:
        """Every release receipt, oldest first."""
        with self._machine.store.reading() as memory:
            return memory.papers(PaperKind.RECEIPT)

    def papers(self) -> tuple[StoredPaper, ...]:
        """Every signed document that is kept, oldest first."""
        with self._machine.store.reading() as memory:
            return memory.papers()

    def opened(self, paper: StoredPaper) -> "Opened":
        """Verify a kept document under the root that is trusted now, and say what it says.

        Raises:
            StoreDamaged: the stored root chain is not what was verified when it was stored.
        """
        from agent.belief import trust_in
        from agent.papers import opened

        with self._machine.store.reading() as memory:
            return opened(paper, trust_in(memory))

    def license_key(self) -> str | None:
        """The key of the license that runs here, or ran here last."""
        with self._machine.store.reading() as memory:
            key = key_in_use(memory)
            return key.license_key if key else None

    def license_id(self) -> LicenseId | None:
        """Which license runs here, or ran here last."""
        with self._machine.store.reading() as memory:
            return memory.state.license_id

    def reactivation_code(self) -> str | None:
        """The code of the last release, until the license is taken again here."""
        with self._machine.store.reading() as memory:
            key = key_in_use(memory)
            return key.reactivation_code if key else None

    def proof(self) -> bytes | None:
        """The signed proof that waits for its receipt."""
        with self._machine.store.reading() as memory:
            request = memory.state.request
            if request is None or request.op != "release":
                return None
            return memory.journaled(request.request_id)

    def _view_of_damage(self, problem: StoreDamaged) -> StatusView:
        look = self._machine.looked
        return view_of(
            Facts(
                state=State(standing=Standing.DAMAGED),
                license=None,
                observation=None,
                boot_id=look.boot_id,
                uptime=look.uptime,
                now=self._machine.now(),
                notes=(note_of(problem),),
            )
        )
