"""What the use cases ask of the world: store, server, hardware, clock, public folder.

Protocols and the values that cross them. Implementations: `license_store`, `client`, `hardware`,
`publication`, `bootstrap`; the tests' simulated server stands behind the same `SigningServer`.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import msgspec

from agent.fingerprint import Inventory
from agent.state import State
from protocol.trust import RootSignatures
from protocol.values import Digest, LicenseId, RequestId, Timestamp


class PaperKind(StrEnum):
    """Signed documents that are kept for ever."""

    LICENSE = "license"
    RECEIPT = "receipt"
    WINDOW = "window"


class StoredPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A kept document; `digest` names it."""

    digest: Digest
    kind: PaperKind
    license_id: LicenseId
    generation: int
    raw: bytes
    stored_at: Timestamp


class LicenseKey(msgspec.Struct, frozen=True, kw_only=True):
    """A license key used here; the reactivation code is that of its last release."""

    key_id: str
    license_key: str
    license_id: LicenseId | None = None
    reactivation_code: str | None = None

    def __repr__(self) -> str:
        """Keep the key out of every traceback and log."""
        return f"LicenseKey({self.key_id})"


class HistoryEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened."""

    at: Timestamp
    event: str
    detail: Mapping[str, str]


class StoredAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A request with its answer, verified and applied, and when, by this machine's clock."""

    request: bytes
    answer: bytes
    answered_at: Timestamp


class Reading(Protocol):
    """What can be asked of the store."""

    @property
    def state(self) -> State:
        """Return the lifecycle's state as last saved."""

    @property
    def roots(self) -> tuple[RootSignatures, ...]:
        """Return the root chain."""

    @property
    def license_document(self) -> bytes | None:
        """Return the installed document; None after its tombstone."""

    @property
    def inventory(self) -> bytes | None:
        """Return the readable enrolment; it never leaves this machine."""

    @property
    def believed(self) -> bytes | None:
        """Return the digest of what was verified last, document and roots."""

    @property
    def proposal(self) -> bytes | None:
        """Return the inventory that the open activation was asked with."""

    def journaled(self, request_id: RequestId) -> bytes:
        """Return the very bytes of a journaled request."""

    def find_journaled(self, request_id: RequestId) -> bytes | None:
        """Return the very bytes of a request, if it was journaled here."""

    def has_answer(self, request_id: RequestId) -> bool:
        """Tell whether an answer to a journaled request was applied."""

    def newest_answer(self) -> StoredAnswer | None:
        """Return the latest of the answered requests with its answer."""

    def papers(self, kind: PaperKind | None = None) -> tuple[StoredPaper, ...]:
        """Return kept documents, oldest first."""

    def license_keys(self) -> tuple[LicenseKey, ...]:
        """Return every license key used here, the newest last."""

    def history(self) -> tuple[HistoryEntry, ...]:
        """Return everything that happened, oldest first."""


class Transaction(Reading, Protocol):
    """One step in the making: all of it becomes durable together, or none."""

    def save(self, state: State) -> None:
        """Keep a state."""

    def believe(self, digest: bytes) -> None:
        """Keep the word that these bytes were verified."""

    def forget_check_ins(self) -> None:
        """Drop earlier check-ins."""

    def save_roots(self, roots: tuple[RootSignatures, ...]) -> None:
        """Keep a verified chain."""

    def install(self, document: bytes, inventory: bytes) -> None:
        """Put a license document in the place of any other."""

    def bury(self, tombstone: bytes) -> None:
        """Replace the license document with its tombstone."""

    def forget_document(self) -> None:
        """Keep the license document no more, if there is one: it names another device."""

    def remember_proposal(self, inventory: bytes) -> None:
        """Keep the inventory that an activation is asked with."""

    def journal(
        self, request_id: RequestId, sequence: int, op: str, raw: bytes, at: Timestamp
    ) -> None:
        """Keep a signed request until it is answered."""

    def answered(self, request_id: RequestId, answer: bytes, at: Timestamp) -> None:
        """Keep the answer beside its request."""

    def keep_paper(self, paper: StoredPaper) -> None:
        """Keep a signed document for ever."""

    def keep_key(self, key: LicenseKey) -> None:
        """Keep a license key and what is known of it."""

    def record(self, at: Timestamp, event: str, **detail: str) -> None:
        """Add a line to the history."""


class Store(Protocol):
    """The agent's durable memory, shared between its processes."""

    def create(self) -> None:
        """Make an empty store, or leave the one that is there."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin one step, alone."""

    def reading(self) -> AbstractContextManager[Reading]:
        """Look, consistently, and write nothing."""

    def set_aside(self, at: Timestamp) -> Path | None:
        """Move a damaged store out of the way, whole; None when another process did it."""


class SigningServer(Protocol):
    """The door of the signing server: bytes in, bytes out, or a `ServerUnreachable`."""

    def send(self, request: bytes) -> bytes:
        """Post a request and return the raw answer, or raise `ServerUnreachable`."""


class HardwareProbe(Protocol):
    """Reads this machine; never raises for a source that cannot be read."""

    def read(self) -> Inventory:
        """Read every component."""

    def uptime_seconds(self) -> int | None:
        """Return how long the system has been running."""

    def boot_id(self) -> str | None:
        """Return what differs after every boot."""

    def machine_tag(self) -> str:
        """Return the permit's machine tag."""


class Clock(Protocol):
    """This machine's clock: shown and recorded, never believed."""

    def now(self) -> Timestamp:
        """Return the time in seconds UTC."""


class Publication(Protocol):
    """What the protected application and unprivileged readers see (docs/protocol.md §8)."""

    def roots(self) -> tuple[RootSignatures, ...]:
        """Return the root chain."""

    def publish(
        self, roots: tuple[RootSignatures, ...], license_document: bytes, permit: bytes
    ) -> None:
        """Show a usable license; the permit last."""

    def withdraw(self) -> None:
        """Remove permit and document, durably."""

    def show(self, copy: bytes) -> None:
        """Show the signed copy of the standing."""
