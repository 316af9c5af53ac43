"""The vendor's side of the world: the real services over a real database, and its staff."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from protocol.trust import RootSignatures
from protocol.values import CaseState, Timestamp
from protocol.weights import DEFAULT_POLICY
from protocol.windows import Change
from server_stub.errors import StoreUnreadable
from server_stub.licensing.evidence import SPOOL_NAME, EvidenceSpool, Pending
from server_stub.licensing.server import SigningServer
from tests import databases
from tests.server.live import entered, make_home, prepare_django

prepare_django()

# Long after the founding of the homes that tests share: a clock may go back ten years.
START = 3_000_000_000
DAY = 24 * 3600
YEAR = 365 * DAY
SUPERVISORS = ("sara", "reza")


def memory_folder() -> Path | None:
    """Where a write costs nothing, if this system has such a place."""
    shm = Path("/dev/shm")  # noqa: S108 - Linux' own memory file system
    return shm if shm.is_dir() else None


class CaseRow(NamedTuple):
    """A case as staff see it."""

    id: int
    license_id: str
    device_id: str


class Backup(NamedTuple):
    """The vendor's disks as they once were."""

    books: databases.Backup
    evidence: bytes


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
        # No two restores happen in one second: an epoch is the second in which it begins.
        self._restores = 0
        # Whether this server ever was put back: then it may not know what it signed.
        self.fell_behind = False
        self._stack = ExitStack()
        self._stack.enter_context(databases.gone_afterwards())
        self.home = make_home(folder)
        self._stack.enter_context(entered(self.home))
        self.licenses: list[tuple[str, str]] = []
        self.open()
        self._hire()

    def _hire(self) -> None:
        from server_stub.licensing.models.decisions import Role
        from server_stub.licensing.services.people import add_staff

        for name in SUPERVISORS:
            add_staff(self.server, name, Role.SUPERVISOR)

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
        self.now = START + offset + self._restores

    def backup(self) -> "Backup":
        """Books and evidence as they are now."""
        return Backup(databases.Backup(self.home.path), self.evidence_file.read_bytes())

    def forget_since(self, backup: "Backup", *, new_epoch: bool = True) -> None:
        """Both disks are put back by somebody who tells nobody; what was signed since is forgotten.

        Without a new epoch it is another server, of the past, that goes on answering.
        """
        epoch = self.epoch
        backup.books.put_back()
        self.evidence_file.write_bytes(backup.evidence)
        if new_epoch:
            self.raise_epoch(epoch)
        self.fell_behind = True
        self.open()

    def restore(self, backup: "Backup", *, evidence_lost: bool) -> None:
        """As `faragostar-server restore` does: the books are put back, the evidence is replayed."""
        from server_stub.licensing.services.restoring import Kept, reconcile

        backup.books.put_back()
        self._restores, self.now = self._restores + 1, self.now + 1
        if evidence_lost:
            self.evidence_file.write_bytes(backup.evidence)
            self.fell_behind = True
        kept = Kept(declared_by=SUPERVISORS[0] if evidence_lost else "")
        reconcile(self.server, kept, is_lost=evidence_lost)
        self._publish_again(self.server.trust.chain)
        self.open()

    def _publish_again(self, chain: tuple[RootSignatures, ...]) -> None:
        """Operators keep every root that was signed: an agent follows no other of its version."""
        from server_stub.licensing.roots import published
        from server_stub.licensing.services import rotation

        for root in chain[len(published().chain) :]:
            rotation.publish(self.server, root)

    def raise_epoch(self, above: int | None = None) -> None:
        """As every restore and promotion does."""
        from server_stub.licensing.models import ServerState

        ServerState.objects.update(epoch=(self.epoch if above is None else above) + 1)

    @property
    def epoch(self) -> int:
        from server_stub.licensing.models import ServerState

        return ServerState.objects.get(pk=1).epoch

    @property
    def evidence_file(self) -> Path:
        return self.home.evidence / SPOOL_NAME

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

    def approve(self, case_id: int, by: str, *, owner_agrees: bool) -> None:
        from server_stub.licensing.services.decisions import Approval, approve

        confirmed = "a letter of the owner" if owner_agrees else ""
        approve(
            self.server,
            Approval(number=case_id, by=by, reason="a walk", owner_confirmation=confirmed),
        )

    def decline(self, case_id: int, by: str) -> None:
        from server_stub.licensing.services.decisions import Word, decline

        decline(self.server, Word(number=case_id, by=by, reason="a walk"))

    def cancel(self, case_id: int, by: str) -> None:
        from server_stub.licensing.services.decisions import Word, cancel

        cancel(self.server, Word(number=case_id, by=by, reason="a walk"))

    def open_window(self, license_id: str, scope: tuple[Change, ...], days: int) -> None:
        """Staff cite a letter that came today."""
        from server_stub.licensing.models import License
        from server_stub.licensing.services.windows import Letter, open_by_letter

        letter = Letter(
            scope=scope,
            starts_at=Timestamp(self.now),
            ends_at=Timestamp(self.now + days * DAY),
            received_at=Timestamp(self.now),
            citation="a letter",
            by=SUPERVISORS[0],
        )
        open_by_letter(self.server, License.objects.get(pk=license_id), letter)

    def end_hold(self, license_id: str, by: str) -> None:
        from server_stub.licensing.services.holds import end_by_staff

        end_by_staff(self.server, license_id, by, "a walk")

    def holds(self) -> set[str]:
        """Licenses that nobody can vouch for since a restore."""
        from server_stub.licensing.models import License

        return set(License.objects.filter(hold=True).values_list("license_id", flat=True))

    def cases(self, *states: CaseState) -> list[CaseRow]:
        from server_stub.licensing.models import Case

        named = [state.value for state in states]
        rows = Case.objects.filter(state__in=named, spent_at=None)
        return [CaseRow(row.pk, row.license_id, row.device_id) for row in rows.order_by("pk")]

    def suspend(self, license_id: str, *, suspended: bool) -> None:
        from server_stub.licensing.services import suspension

        change = suspension.suspend if suspended else suspension.resume
        change(self.server, license_id, by=SUPERVISORS[0], reason="a walk")

    def rotate(self) -> None:
        """A new document key; the old one is believed for what it signed so far."""
        from tests.server.rotating import rotate

        rotate(self.home, self.server)
        self.open()
