"""A device that may be copied like a disk, and how a store put back shows (§5)."""

from typing import Any

import pytest

from protocol import envelope, jws
from protocol.documents import AnyAnswer, License, Refusal, Truth
from protocol.values import Digest, RequestId
from server_stub.licensing.models import Binding
from server_stub.licensing.models import Device as Row
from tests.server.conftest import Office
from tests.server.devices import Device, machine

DAY = 86_400
OTHER_PARTS = machine(cpu="another", memory="another", boot_disk="another")


class Copy:
    """A device that remembers what it heard, and may be copied like a disk.

    `asked` is the activation whose answer it has not heard.
    """

    def __init__(self, office: Office, device: Device, license_key: str) -> None:
        self.office, self.device, self.license_key = office, device, license_key
        self.document = b""
        self.last: Digest | None = None
        self.sequence = 0
        self.asked: RequestId | None = None

    def copied(self) -> "Copy":
        twin = Copy(self.office, self.device, self.license_key)
        twin.document, twin.last, twin.sequence = self.document, self.last, self.sequence
        twin.asked = self.asked
        return twin

    def heir(self) -> "Copy":
        """The next key of this machine, drawn beside the old one."""
        heir = self.copied()
        heir.device = self.office.device(self.device.name)
        return heir

    def send(self, make: str, *arguments: Any, **fields: Any) -> AnyAnswer:
        return self.deliver(self.sign(make, *arguments, **fields))

    def sign(self, make: str, *arguments: Any, **fields: Any) -> bytes:
        self.sequence += 1
        head: dict[str, Any] = {"sequence": self.sequence, "last_answer": self.last}
        if make == "release":
            head["takes_back"] = self.asked
        raw: bytes = getattr(self.device, make)(*arguments, **{**head, **fields})
        if make == "activate":
            self.asked = self.device.asked
        return raw

    def deliver(self, request: bytes) -> AnyAnswer:
        raw = self.office.answer_bytes(request)
        answer = envelope.open_answer(raw, self.office.server.trust)
        self.last = jws.digest(raw)
        self.asked = None if answer.request_id == self.asked else self.asked
        if isinstance(answer, License):
            self.document = raw
        if isinstance(answer, Refusal | Truth):
            self.sequence = max(self.sequence, answer.last_sequence or 0)
        return answer

    def activate(self, **fields: Any) -> AnyAnswer:
        return self.send("activate", self.license_key, **fields)

    def check_in(self, **fields: Any) -> Truth:
        answer = self.send("check_in", self.document, **fields)
        assert isinstance(answer, Truth), answer
        return answer

    def take_over(self, former: "Copy", **fields: Any) -> AnyAnswer:
        return self.activate(handover=former.device.hand_over(self.device.id), **fields)

    @property
    def row(self) -> Row:
        return Row.objects.get(pk=self.device.id)


@pytest.fixture
def original(office: Office, device: Device, license_key: str) -> Copy:
    original = Copy(office, device, license_key)
    assert isinstance(original.activate(), License)
    assert original.check_in().held
    return original


def prove(home: Copy, code: str = "FGR-x") -> AnyAnswer:
    """Release; signed anew where the refusal tells of what its store did not know."""
    answer = home.send("release", home.document, code=code)
    if isinstance(answer, Refusal):
        answer = home.send("release", home.document, code=code)
    return answer


def states() -> list[str]:
    return [binding.state for binding in Binding.objects.order_by("generation")]


def fork(copy: Copy) -> Copy:
    """Put a store back: what it was at the beginning of this goes on, after the other went on."""
    old = copy.copied()
    copy.check_in()
    copy.check_in()
    answer = old.send("check_in", old.document)
    assert isinstance(answer, Refusal)
    assert answer.code == "sequence-used"
    assert old.row.must_renew
    return old


def renewed(copy: Copy) -> Copy:
    heir = copy.heir()
    assert isinstance(heir.take_over(copy), License)
    return heir


def both_live(original: Copy) -> tuple[Copy, Copy]:
    """A copy renewed its key first; the original still runs, and both look alike."""
    copy = fork(original)
    return original, renewed(copy)


def contested(original: Copy) -> tuple[Copy, Copy]:
    """Both live, and the original was heard again and again: a case is open."""
    original, copy = both_live(original)
    original.check_in()
    original.check_in()
    return original, copy
