"""The network between agents and signing server: it loses, doubles, delays, reorders, misdelivers.

A `Message` is one sending of one request. Whatever was sent once may arrive at any time later, and
as often as the network likes.
"""

from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property

from protocol import jws
from protocol.envelope import open_request
from protocol.exchange import unpack_answer


class Fate(Enum):
    """What the network does with one sending and its answer."""

    DELIVERED = auto()
    REQUEST_LOST = auto()
    ANSWER_LOST = auto()
    DOUBLED = auto()
    # The sender goes on waiting; what becomes of it is a later step's business.
    HELD = auto()
    # The answer to something else comes instead.
    MISDELIVERED = auto()
    # The server committed, and failed before its evidence was written: nothing may leave.
    SERVER_FAILED = auto()


@dataclass
class Message:
    """One sending; `answers` are all that the server ever said to it, oldest first."""

    number: int
    raw: bytes
    answers: list[bytes] = field(default_factory=list)

    @property
    def digest(self) -> str:
        return jws.digest(self.raw)

    @property
    def told(self) -> str:
        """For people who read of a walk that failed."""
        request = open_request(self.raw).request
        answers = " ".join(jws.split(document_of(answer)).header.typ for answer in self.answers)
        return f"{self.number} {self.op} sequence {request.sequence} answered {answers or 'never'}"

    @cached_property
    def op(self) -> str:
        return str(open_request(self.raw).request.__struct_config__.tag)

    @cached_property
    def device(self) -> str:
        return open_request(self.raw).device


@dataclass
class Network:
    """Everything that was ever sent."""

    sent: list[Message] = field(default_factory=list)

    def take(self, raw: bytes) -> Message:
        message = Message(len(self.sent), raw)
        self.sent.append(message)
        return message

    def others_answer(self, message: Message) -> bytes | None:
        """The newest answer to another request: best to one of its own kind and device."""
        others = [other for other in self.sent if other.answers and other.raw != message.raw]
        alike = [o for o in others if (o.device, o.op) == (message.device, message.op)]
        return (alike or others)[-1].answers[-1] if others else None


def document_of(answer: bytes) -> bytes:
    """The signed answer without the roots that travel before it."""
    return unpack_answer(answer).answer
