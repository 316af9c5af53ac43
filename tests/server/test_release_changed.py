"""Releasing washes no change clean: what was seen before it counts at the next activation (§5)."""

import pytest

from protocol.documents import License
from protocol.values import CaseKind, ComponentStatus, Coordination, Standing
from protocol.verdicts import OsVerdict
from tests.server.conftest import Office
from tests.server.deciding import opened
from tests.server.devices import Device, machine
from tests.server.receipts import receipt

CHANGED = {"board": ComponentStatus.CHANGED}
STILL_FINE = {"cpu": ComponentStatus.CHANGED}


@pytest.mark.parametrize(
    ("reported", "wanted"), [(CHANGED, "case+jws"), (STILL_FINE, "license+jws")]
)
def test_releasing_does_not_wash_an_uncoordinated_change_clean(
    *,
    office: Office,
    device: Device,
    license_key: str,
    document: bytes,
    reported: dict[str, ComponentStatus],
    wanted: str,
) -> None:
    same = dict.fromkeys(machine().components, ComponentStatus.SAME)
    receipt(office, device.release(document, statuses=same | reported))
    assert office.code(device.activate(license_key)) == wanted


def test_sets_get_the_benefit_of_the_doubt() -> None:
    import msgspec

    from protocol.weights import DEFAULT_POLICY
    from server_stub.licensing.fingerprints import Enrolment, as_told
    from tests.server.devices import tag

    cards = {"nic": tuple(tag(str(n)) for n in range(4))}
    enrolled = msgspec.structs.replace(machine(), components=machine().components | cards)
    same = dict.fromkeys(enrolled.components, ComponentStatus.SAME)
    for status in (ComponentStatus.REMOVED, ComponentStatus.CHANGED, ComponentStatus.ADDED):
        report = same | {"nic": status, "boot_disk": ComponentStatus.UNKNOWN}
        now = as_told(Enrolment(enrolled, enrolled), report, None, DEFAULT_POLICY)
        assert not now.counts_as_drift(DEFAULT_POLICY)


@pytest.mark.parametrize("hides_first", [False, True])
def test_hiding_what_was_seen_changed_washes_nothing_clean(
    office: Office, device: Device, license_key: str, document: bytes, *, hides_first: bool
) -> None:
    same = dict.fromkeys(machine().components, ComponentStatus.SAME)
    parts = ("cpu", "memory", "boot_disk")
    changed = same | dict.fromkeys(parts, ComponentStatus.CHANGED)
    hidden = same | dict.fromkeys(parts, ComponentStatus.UNKNOWN)
    office.answer(device.check_in(document, statuses=same))
    office.answer(device.check_in(document, Standing.DRIFTED, statuses=changed))
    if hides_first:
        office.answer(device.check_in(document, Standing.DRIFTED, statuses=hidden))
    receipt(office, device.release(document, statuses=hidden))
    case = opened(office, device.activate(license_key))
    assert case.coordination is Coordination.UNCOORDINATED


def test_hiding_a_system_that_was_seen_changed_washes_nothing_clean(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    for system in (OsVerdict.SAME, OsVerdict.REINSTALL, None):
        office.answer(device.check_in(document, os=system))
    receipt(office, device.release(document, os=OsVerdict.UNKNOWN))
    case = opened(office, device.activate(license_key))
    assert case.coordination is Coordination.UNCOORDINATED


def test_a_part_that_was_put_back_and_hidden_later_is_clean(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    same = dict.fromkeys(machine().components, ComponentStatus.SAME)
    for status in (ComponentStatus.CHANGED, ComponentStatus.SAME):
        office.answer(device.check_in(document, statuses=same | {"board": status}))
    receipt(office, device.release(document, statuses=same | {"board": ComponentStatus.UNKNOWN}))
    assert isinstance(office.answer(device.activate(license_key)), License)


def test_an_upgraded_system_is_not_washed_clean_by_a_release(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    receipt(office, device.release(document, os=OsVerdict.UPGRADE))
    assert opened(office, device.activate(license_key)).kind is CaseKind.CHANGED


def test_a_patched_system_is_free_to_come_back(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    receipt(office, device.release(document, os=OsVerdict.PATCH))
    assert isinstance(office.answer(device.activate(license_key)), License)
