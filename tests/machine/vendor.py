"""The vendor's side of the world: the real services over a real database, and its staff."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from protocol.trust import RootSignatures
from protocol.values import CaseState, Timestamp
from protocol.weights import DEFAULT_POLICY
from server_stub.errors import StoreUnreadable
from server_stub.licensing import signer
from server_stub.licensing.evidence import EvidenceSpool, Pending
from server_stub.licensing.server import SigningServer
from tests import databases
from tests.server.live import entered, make_home, prepare_django

prepare_django()

# Long after the founding of the homes that tests share: a clock may go back ten years.
START = 3_000_000_000
YEAR = 365 * 24 * 3600


def memory_folder() -> Path | None:
    """Where a write costs nothing, if this system has such a place."""
    shm = Path("/dev/shm")  # noqa: S108 - Linux' own memory file system
    return shm if shm.is_dir() else None


class CaseRow(NamedTuple):
    """A case as staff see it."""

    id: int
    license_id: str
    device_id: str


class FailingSpool(EvidenceSpool):
    """The real spool, whose disk may fail once."""

    fails_next = False

    def ensure(self, through: int, pending: Pending) -> None:
        if self.fails_next:
            self.fails_next = False
            raise StoreUnreadable("the disk of the second place failed")
        super().ensure(through, pending)


class Vendor:
    """One signing server and the people who work there."""

    def __init__(self, folder: Path) -> None:
        self.now = START
        self._stack = ExitStack()
        self._stack.enter_context(databases.gone_afterwards())
        self.home = make_home(folder)
        self._stack.enter_context(entered(self.home))
        self.licenses: list[tuple[str, str]] = []
        self.open()

    def close(self) -> None:
        self._stack.close()

    def open(self) -> None:
        """Start the signing server, as `serve` does."""
        server = SigningServer.open(self.home, clock=lambda: Timestamp(self.now))
        self.spool = FailingSpool(self.home.evidence)
        self.server = replace(server, evidence=self.spool)

    def restart(self) -> None:
        from server_stub.licensing.services.exchange import record_missing_evidence

        self.open()
        record_missing_evidence(self.server)

    def set_clock(self, offset: int) -> None:
        self.now = START + offset

    @property
    def roots(self) -> tuple[RootSignatures, ...]:
        return self.server.trust.chain

    def answer(self, raw: bytes) -> bytes:
        from server_stub.licensing.services.exchange import answer

        return answer(self.server, raw).body

    def issue(self, number: int) -> None:
        from server_stub.licensing.services.issuing import Order, add_customer, issue

        customer = f"customer {number}"
        add_customer(self.server, customer)
        order = Order(
            customer=customer,
            product="didgah",
            modules=("bpm",),
            seats=50,
            warranty_until=None,
            policy=DEFAULT_POLICY,
        )
        issued = issue(self.server, order)
        self.licenses.append((issued.license_id, issued.license_key))

    def decide(self, case_id: int, state: CaseState) -> None:
        """What staff decide about a case."""
        from server_stub.licensing.models import Case
        from server_stub.licensing.services.acts import acting

        with acting(self.server) as act:
            case = Case.objects.get(pk=case_id)
            case.state, case.decided_at = state.value, act.now
            case.save()
            act.record(f"case-{state.value}", license=case.license_id, facts={"case": case_id})

    def cases(self, *states: CaseState) -> list[CaseRow]:
        from server_stub.licensing.models import Case

        rows = Case.objects.filter(state__in=[state.value for state in states], spent_at=None)
        return [CaseRow(row.pk, row.license_id, row.device_id) for row in rows.order_by("pk")]

    def suspend(self, license_id: str, *, suspended: bool) -> None:
        from server_stub.licensing.models import License
        from server_stub.licensing.services.acts import acting

        with acting(self.server) as act:
            license = License.objects.get(pk=license_id)
            license.suspended = suspended
            license.save()
            act.record("suspended" if suspended else "resumed", license=license_id)

    def rotate(self) -> None:
        """A new document key; the old one is believed for what it signed so far."""
        from server_stub.licensing.services import rotation

        root_key = signer.load(self.home.keys / "root-1.pem", None)
        assert root_key is not None
        private = signer.new_document_key()
        version = self.server.trust.root.version + 1
        signer.keep(self.home.keys / f"document-{version}.pem", private, None)
        rotation.rotate(self.server, signer.as_signing_key(private), [root_key])
        self.open()
