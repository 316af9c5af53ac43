"""Honest machines on a network that loses, doubles, delays and reorders: never two (I2)."""

import random
from dataclasses import dataclass, field

import pytest

from protocol import envelope
from protocol.documents import AnyAnswer, Case, License, Receipt, Truth
from tests.server.conftest import Office
from tests.server.devices import Device


@dataclass
class Machine:
    """What docs/protocol.md §4 asks of an agent, and no more."""

    device: Device
    license_key: str
    document: bytes | None = None
    high_water: int = 0
    generation: int = 0
    code: str | None = None
    open: bytes | None = None
    sent: list[bytes] = field(default_factory=list)

    @property
    def is_usable(self) -> bool:
        return self.document is not None and self.generation > self.high_water

    def activate(self, code: str | None) -> None:
        if self.open is None:
            self.open = self.device.activate(self.license_key, code=code)
            self.sent.append(self.open)

    def release(self) -> None:
        if self.open is None and self.document is not None:
            self.code = f"FGR-{self.device.name}-{self.generation}"
            self.open = self.device.release(self.document, code=self.code)
            # The tombstone is durable before the proof may leave.
            self.document, self.high_water = None, self.generation
            self.sent.append(self.open)

    def check_in(self) -> None:
        if self.document is not None:
            self.sent.append(self.device.check_in(self.document))

    def receive(self, request: bytes, answer: AnyAnswer, raw: bytes) -> None:
        if isinstance(answer, Truth):
            asked = envelope.open_request(request).request.generation  # type: ignore[union-attr]
            if self.document and asked == self.generation and not answer.held and not self.open:
                self.document, self.high_water = None, self.generation
        elif request == self.open:
            self.open = None
            if isinstance(answer, License) and answer.generation > self.high_water:
                self.document, self.generation = raw, answer.generation
            elif isinstance(answer, Receipt):
                self.high_water = max(self.high_water, answer.generation)


def step(office: Office, machines: list[Machine], dice: random.Random) -> None:
    machine = dice.choice(machines)
    match dice.randrange(6):
        case 0:
            codes = [other.code for other in machines if other.code]
            machine.activate(dice.choice([None, *codes]))
        case 1:
            machine.release()
        case 2:
            machine.check_in()
        case _:
            if not machine.sent:
                return
            # Any earlier request may arrive again, at any time; its answer may be lost.
            request = dice.choice(machine.sent[-6:])
            raw = office.answer_bytes(request)
            if dice.random() < 0.7:
                answer = envelope.open_answer(raw, office.server.trust)
                machine.receive(request, answer, raw)


@pytest.mark.parametrize("walk", range(6))
def test_at_most_one_machine_may_use_the_license(office: Office, walk: int) -> None:
    from server_stub.licensing.models import Binding
    from server_stub.licensing.models import Device as DeviceRow

    seed = random.randrange(2**32) + walk
    dice = random.Random(seed)
    issued = office.issue()
    machines = [Machine(office.device(name), issued.license_key) for name in "abc"]
    for _ in range(120):
        step(office, machines, dice)
        usable = [machine for machine in machines if machine.is_usable]
        assert len(usable) <= 1, f"seed {seed}"
        for machine in usable:
            binding = Binding.objects.get(state="active")
            assert binding.device_id == machine.device.id, f"seed {seed}"
            assert binding.generation >= machine.generation, f"seed {seed}"
    drain(office, machines)
    free = not Binding.objects.filter(state="active").exists()
    waiting = any(machine.is_usable or machine.open for machine in machines)
    assert free or waiting or office_has_case(), f"seed {seed}: lost"
    assert DeviceRow.objects.count() <= len(machines)


def drain(office: Office, machines: list[Machine]) -> None:
    """Every machine resends what it waits for, on a network that works."""
    for machine in machines:
        while machine.open is not None:
            request, before = machine.open, machine.open
            raw = office.answer_bytes(request)
            answer = envelope.open_answer(raw, office.server.trust)
            machine.receive(request, answer, raw)
            assert machine.open != before or isinstance(answer, Case)


def office_has_case() -> bool:
    from server_stub.licensing.models import Case as CaseRow

    return CaseRow.objects.filter(state="open").exists()
