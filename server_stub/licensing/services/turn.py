"""One request's turn in the write transaction: its device, its head, its signature."""

from dataclasses import dataclass
from typing import NamedTuple, TypedDict

from protocol.documents import AnyAnswer, Refusal, Request
from protocol.encoding import canonical
from protocol.envelope import SignedRequest, sign_answer
from protocol.values import DeviceId, Digest, RequestId, Timestamp
from server_stub.licensing.audit import Journal
from server_stub.licensing.models import Device, License
from server_stub.licensing.server import SigningServer
from server_stub.licensing.services.refusals import Refused


class Head(TypedDict):
    """What every answer repeats of its request and says of the server."""

    request_id: RequestId
    request_hash: Digest
    device: DeviceId
    generation: int
    epoch: int
    server_time: Timestamp
    audit_index: int


class Outcome(NamedTuple):
    """A signed answer, and what the books say of it."""

    answer: bytes
    event: str
    license_id: str = ""
    accepted: bool = True


@dataclass
class Turn:
    """Lives as long as one write transaction.

    Whatever is to be audited is recorded before `sign`: the answer names the index of the entry
    that its exchange gets, which is the next one.
    """

    server: SigningServer
    journal: Journal
    signed: SignedRequest
    is_sequence_used: bool = False
    device: Device | None = None
    is_new_device: bool = False
    # The audit index of the newest answer that the device says it has; 0 for none of ours.
    acknowledged: int = 0
    is_fork_suspected: bool = False

    @property
    def now(self) -> Timestamp:
        """The server's time of this transaction."""
        return self.journal.now

    @property
    def request(self) -> Request:
        """The verified request."""
        return self.signed.request

    def meet_device(self, agreement_key: str = "") -> Device:
        """The request's device; one that proved a license or a document is made known."""
        device = Device.objects.filter(pk=self.signed.device).first()
        self.is_new_device = device is None
        # Written once, when the turn is recorded; its rows may name it before that.
        device = device or Device(
            device_id=self.signed.device,
            jwk=canonical(self.signed.key.jwk).decode(),
            first_seen=self.now,
            last_seen=self.now,
        )
        if agreement_key:
            device.agreement_key = agreement_key
        self.device = device
        return device

    def head(self, generation: int) -> Head:
        """The head of this request's answer."""
        return Head(
            request_id=self.request.request_id,
            request_hash=self.signed.digest,
            device=self.signed.device,
            generation=generation,
            epoch=self.journal.state.epoch,
            server_time=self.now,
            audit_index=self.journal.next_index,
        )

    def sign(self, answer: AnyAnswer) -> bytes:
        """Sign inside the transaction: what is committed is exactly what will leave."""
        return sign_answer(answer, self.server.document_key)

    def refuse(self, refused: Refused, license: License | None) -> Outcome:
        """Put a refusal on the record."""
        refusal = Refusal(
            **self.head(generation=0), code=refused.code, last_sequence=refused.last_sequence
        )
        return Outcome(
            self.sign(refusal),
            f"refused-{refused.code}",
            license.license_id if license else "",
            accepted=False,
        )
