"""A signing server in a folder of its own, and what must hold of it when a test is over."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from protocol import envelope
from protocol.documents import AnyAnswer
from protocol.documents import License as LicenseDocument
from protocol.exchange import unpack_answer
from protocol.values import Timestamp
from protocol.weights import DEFAULT_POLICY
from server_stub.home import Home
from server_stub.licensing.server import SigningServer
from tests.server.command import Server
from tests.server.devices import Device
from tests.server.live import LiveServer, entered, make_home, prepare_django
from tests.server.serving import Serving, started_from

# Tests import models by name; Django must know its settings before that.
prepare_django()

AnswerT = TypeVar("AnswerT")


@dataclass
class Office:
    """The vendor's office: the services, called directly."""

    home: Home
    server: SigningServer
    time: list[int]
    # Exchanges whose evidence a simulated crash kept from being written.
    unrecorded: int = 0
    customers: set[str] = field(default_factory=set)

    def device(self, name: str = "m") -> Device:
        return Device(self.server.trust.root.audience, name)

    def issue(self, customer: str = "Alborz", **policy: Any) -> Any:
        from server_stub.licensing.services.issuing import Order, add_customer, issue

        if customer not in self.customers:
            add_customer(self.server, customer)
            self.customers.add(customer)
        order = Order(
            customer=customer,
            product="didgah",
            modules=("bpm", "forms"),
            seats=50,
            warranty_until="2027-03-20",
            policy=msgspec.structs.replace(DEFAULT_POLICY, **policy),
        )
        return issue(self.server, order)

    def answer_bytes(self, raw: bytes) -> bytes:
        from server_stub.licensing.services.exchange import answer

        return unpack_answer(answer(self.server, raw).body).answer

    def answer(self, raw: bytes) -> AnyAnswer:
        return envelope.open_answer(self.answer_bytes(raw), self.server.trust)

    def bound(self, device: Device, license_key: str, **fields: Any) -> bytes:
        """Activate and return the license document's bytes."""
        document = self.answer_bytes(device.activate(license_key, **fields))
        opened = envelope.open_answer(document, self.server.trust)
        assert isinstance(opened, LicenseDocument), opened
        return document

    def rotate(self) -> None:
        """Have a new document key sign from now on."""
        from tests.server.rotating import rotate

        rotate(self.home, self.server)

    def code(self, raw: bytes) -> str:
        """The code of the refusal that answers it, or the answer's type."""
        answer = self.answer(raw)
        return str(getattr(answer, "code", answer.typ))

    def in_threads(self, requests: list[bytes]) -> list[AnyAnswer]:
        """Deliver all at once, each on a thread and connection of its own."""

        def deliver(raw: bytes) -> AnyAnswer:
            from django.db import connection

            try:
                return self.answer(raw)
            finally:
                connection.close()

        with ThreadPoolExecutor(len(requests)) as pool:
            return list(pool.map(deliver, requests))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = make_home(tmp_path / "home")
    with entered(home):
        yield home


@pytest.fixture
def office(home: Home) -> Iterator[Office]:
    time = [1_800_000_000]
    clock = lambda: Timestamp(time[0])  # noqa: E731
    office = Office(home, SigningServer.open(home, clock=clock), time)
    yield office
    from tests.server.invariants import assert_invariants

    assert_invariants(office.server, unrecorded=office.unrecorded)


@pytest.fixture
def device(office: Office) -> Device:
    return office.device()


@pytest.fixture
def license_key(office: Office) -> str:
    return str(office.issue().license_key)


@pytest.fixture
def document(office: Office, device: Device, license_key: str) -> bytes:
    return office.bound(device, license_key)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveServer]:
    # What a fault makes the application log is not this console's business.
    logging.getLogger("django").addHandler(logging.NullHandler())
    with LiveServer(tmp_path / "server") as server:
        yield server
        server.assert_invariants()


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path / "home")


@pytest.fixture
def founded(server: Server) -> Server:
    assert server("init", "--demo").code == 0
    return server


@pytest.fixture
def serve(founded: Server) -> Iterator[Serving]:
    with started_from(founded) as start:
        yield start
