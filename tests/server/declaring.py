"""Changes as they are declared: by a device's notice, or by a letter to the vendor (§5)."""

from typing import Any

import pytest

from protocol.documents import Truth, Window
from protocol.values import DriftRecord, Fingerprint, Timestamp
from server_stub.licensing.models import Window as Row
from server_stub.licensing.services import windows
from tests.server.conftest import Office
from tests.server.devices import Device, machine

DAY = 86_400
HOUR = 3600
START = 1_800_000_000
NEW_CPU = machine(cpu="another", memory="another", boot_disk="another")
SCOPE = ("cpu", "memory", "boot-disk")


def opened(office: Office, raw: bytes) -> Window:
    answer = office.answer(raw)
    assert isinstance(answer, Window), answer
    return answer


def notice(office: Office, device: Device, document: bytes, **fields: Any) -> Window:
    """A window from an hour ahead, for a day."""
    begin = office.time[0] + HOUR
    return opened(office, device.notice(document, begin, begin + DAY, **{"scope": SCOPE} | fields))


def truth(office: Office, raw: bytes) -> Truth:
    answer = office.answer(raw)
    assert isinstance(answer, Truth), answer
    return answer


def between(last_match: int, first_difference: int) -> DriftRecord:
    return DriftRecord(
        last_match=Timestamp(last_match), first_difference=Timestamp(first_difference)
    )


def changed(device: Device, license_key: str, now: Fingerprint = NEW_CPU, **fields: Any) -> bytes:
    return device.activate(license_key, fingerprint=now, **fields)


class Desk:
    """The vendor's office at work."""

    def __init__(self, office: Office, license_key: str) -> None:
        from server_stub.licensing.models.decisions import Role
        from server_stub.licensing.services.people import add_staff

        self.office, self.license_key = office, license_key
        self.names = {role: f"{role.value}-1" for role in Role}
        for role, name in self.names.items():
            add_staff(office.server, name, role)

    def open(self, begin: int, end: int, *, by: str = "support-1", **fields: Any) -> Row:
        from protocol.windows import Change
        from server_stub.licensing import selectors

        letter: dict[str, Any] = {
            "scope": (Change.CPU, Change.MEMORY, Change.BOOT_DISK),
            "starts_at": Timestamp(begin),
            "ends_at": Timestamp(end),
            "citation": "letter 1405/77",
            "received_at": None,
            "by": by,
        }
        license = selectors.find_license(self.license_key)
        return windows.open_by_letter(
            self.office.server, license, windows.Letter(**letter | fields)
        )

    def close(self, number: int, by: str = "supervisor-1") -> None:
        windows.close(self.office.server, number, by=by, reason="opened by mistake")


@pytest.fixture
def desk(office: Office, license_key: str) -> Desk:
    return Desk(office, license_key)
