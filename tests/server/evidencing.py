"""What the vendor's books know before a case opens: a tariff, windows, and who checked in."""

from typing import Any

import pytest

from tests.server.conftest import Office
from tests.server.deciding import DAY, Staff
from tests.server.devices import Device


@pytest.fixture
def staff(office: Office) -> Staff:
    return Staff(office)


@pytest.fixture
def priced(staff: Staff) -> Staff:
    """The tariff is published."""
    for number, reason in enumerate(("hardware", "os", "move"), 1):
        staff.publish(reason, number * 100)
        staff.publish(reason, number * 1000, in_warranty=False)
    return staff


def open_window(office: Office, license_id: str, *scope: str, **fields: Any) -> None:
    """What the vendor's books hold of a window that was opened in time."""
    from server_stub.licensing.models import Window

    now = office.time[0]
    base = {"starts_at": now, "ends_at": now + 14 * DAY, "received_at": now, "created_at": now}
    Window.objects.create(license_id=license_id, scope=list(scope), **{**base, **fields})


def checked_in(office: Office, days: int = 10) -> tuple[Any, Device, bytes]:
    """A license on a machine that reported itself whole, and then went on for some days."""
    issued, device = office.issue(), office.device()
    document = office.bound(device, issued.license_key)
    office.time[0] += DAY
    office.answer(device.check_in(document))
    office.time[0] += days * DAY
    return issued, device, document
