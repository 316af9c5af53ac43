"""A machine on the phone, for tests: it agrees with the server on a key and answers codes."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from protocol import challenge
from protocol.challenge import DriftClass, MachineState
from protocol.encoding import to_base64url
from protocol.values import LicenseId, Standing
from server_stub.licensing import signer
from server_stub.licensing.services import challenges
from server_stub.licensing.services.challenges import Answer, Asked, Proved
from tests.server.conftest import Office
from tests.server.deciding import Staff
from tests.server.devices import Device, generation_of


@dataclass
class Caller:
    """A device that knows its agreement key, and what it says of itself."""

    office: Office
    device: Device
    secret: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    document: bytes = b""

    @property
    def public(self) -> str:
        return to_base64url(self.secret.public_key().public_bytes_raw())

    def take(self, license_key: str, **fields: Any) -> bytes:
        self.document = self.office.bound(
            self.device, license_key, agreement_key=self.public, **fields
        )
        return self.document

    def answers(self, asked: Asked, **differing: Any) -> str:
        state = {
            "license_id": LicenseId(asked.row.license_id),
            "generation": generation_of(self.document),
            "standing": Standing.ACTIVE,
            "drift": DriftClass.NO_DRIFT,
            **differing,
        }
        server = self.office.server.trust.root.agreement_key
        key = challenge.agreed_key(self.secret, server)
        digits = challenge.answer(key, asked.row.code, MachineState(**state))
        return challenge.shown_answer(digits)


@pytest.fixture
def caller(office: Office, device: Device, license_key: str, staff: Staff) -> Caller:
    """A machine that holds the license, and staff who may ask it."""
    assert staff.office is office
    caller = Caller(office, device)
    caller.take(license_key)
    return caller


def license_of(document: bytes) -> Any:
    from server_stub.licensing.models import Binding

    return Binding.objects.get(document=document).license


def ask(office: Office, document: bytes, by: str = "Omid") -> Asked:
    return challenges.ask(office.server, license_of(document), by=by)


def checked(office: Office, asked: Asked, answer: str, by: str = "Omid", **given: str) -> Proved:
    keys = signer.agreement_keys(office.home.keys, office.server.trust, None)
    code = given.get("code", challenge.shown_code(asked.row.code))
    return challenges.check(office.server, keys, Answer(code=code, digits=answer, by=by))
