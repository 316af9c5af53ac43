"""Check-in: the device reports, the server tells the truth (§3, §5)."""

import pytest

from protocol.documents import Truth
from protocol.values import CaseKind, ComponentStatus, Standing
from server_stub.licensing.models import Binding
from server_stub.licensing.models import Case as CaseRow
from server_stub.licensing.models import Device as DeviceRow
from tests.server.conftest import Office
from tests.server.devices import Device, digest


def truth(office: Office, raw: bytes) -> Truth:
    answer = office.answer(raw)
    assert isinstance(answer, Truth), answer
    return answer


def test_the_holder_hears_that_it_holds(office: Office, device: Device, document: bytes) -> None:
    answer = truth(office, device.check_in(document))
    assert (answer.held, answer.generation, answer.last_sequence) == (True, 1, 2)
    assert (answer.hold, answer.cases, answer.announcements) == (False, (), ())


def test_an_older_generation_is_not_held(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    office.bound(device, license_key)
    answer = truth(office, device.check_in(document))
    assert (answer.held, answer.generation) == (False, 2)


def test_a_device_whose_license_went_on_is_told_so(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    office.answer(device.release(document, code="FGR-a"))
    office.bound(office.device("new"), license_key, code="FGR-a")
    answer = truth(office, device.check_in(document))
    assert (answer.held, answer.generation) == (False, 2)


def test_a_stranger_without_a_document_is_unknown(office: Office) -> None:
    assert office.code(office.device().check_in()) == "device-unknown"
    assert not DeviceRow.objects.exists()


@pytest.mark.usefixtures("document")
def test_a_device_that_lost_its_document_hears_what_is_bound_to_it(
    office: Office, device: Device
) -> None:
    answer = truth(office, device.check_in(None, Standing.DAMAGED))
    assert (answer.held, answer.generation) == (False, 1)
    assert answer.license_id is not None
    assert truth(office, device.check_in(None, Standing.DAMAGED, generation=1)).held


@pytest.mark.usefixtures("document")
def test_a_waiting_device_hears_of_its_cases_and_of_nobody_elses(
    office: Office, license_key: str
) -> None:
    waiting, other = office.device("w"), office.device("o")
    office.answer(waiting.activate(license_key))
    office.answer(other.activate(license_key))
    answer = truth(office, waiting.check_in(None, Standing.ACTIVATING))
    assert [case.kind for case in answer.cases] == [CaseKind.RIGHT_MISSING]
    assert (answer.held, answer.generation, answer.license_id) == (False, 0, None)


@pytest.mark.usefixtures("document")
def test_a_case_that_waits_is_told_however_many_came_after_it(
    office: Office, license_key: str
) -> None:
    """A device would take it as lost, and wait for it no more."""
    device = office.device("w")
    office.answer(device.activate(license_key))
    waiting = CaseRow.objects.get()
    over = {"state": "declined", "decided_at": 1, "generation": 0, "opened_at": 1}
    later = [
        CaseRow(kind="right-missing", license=waiting.license, device=waiting.device, **over)
        for _ in range(20)
    ]
    CaseRow.objects.bulk_create(later)
    told = [case.case_id for case in truth(office, device.check_in(None)).cases]
    assert (len(told), told[0]) == (16, waiting.pk)
    assert told[1:] == [case.pk for case in later[-15:]]


def test_what_was_reported_is_kept(office: Office, device: Device, document: bytes) -> None:
    office.time[0] += 60
    office.answer(
        device.check_in(document, Standing.DRIFTED, statuses={"cpu": ComponentStatus.CHANGED})
    )
    row = Binding.objects.get()
    assert (row.last_check_in, row.last_standing) == (office.time[0], "drifted")
    assert row.last_statuses == {"cpu": "changed", "os": "unknown"}
    assert row.in_use_sequence == 2


def test_an_overtaken_report_does_not_overwrite_the_newer(
    office: Office, device: Device, document: bytes
) -> None:
    older = device.check_in(document, Standing.DRIFTED)
    truth(office, device.check_in(document, Standing.ACTIVE))
    assert truth(office, older).last_sequence == 3
    row = Binding.objects.get()
    assert (row.last_standing, row.in_use_sequence) == ("active", 3)


def test_the_newest_acknowledged_answer_is_remembered(
    office: Office, device: Device, document: bytes
) -> None:
    first = office.answer_bytes(device.check_in(document, last_answer=digest(document)))
    bound_at = DeviceRow.objects.get().acknowledged
    assert bound_at > 0
    office.answer(device.check_in(document, last_answer=digest(first)))
    newest = DeviceRow.objects.get().acknowledged
    assert newest > bound_at
    office.answer(device.check_in(document, last_answer=digest(document)))
    office.answer(device.check_in(document, last_answer=digest(b"foreign.x")))
    assert DeviceRow.objects.get().acknowledged == newest


def test_the_device_row_follows_its_requests(
    office: Office, device: Device, document: bytes
) -> None:
    office.time[0] += 5
    office.answer(device.check_in(document, sequence=40))
    row = DeviceRow.objects.get()
    assert (row.last_seen, row.last_sequence, row.first_seen) == (
        office.time[0],
        40,
        office.time[0] - 5,
    )
    assert row.agreement_key


def test_many_decided_cases_fit_into_one_truth(office: Office, license_key: str) -> None:
    from server_stub.licensing.models import Case

    office.bound(office.device(), license_key)
    waiting = office.device("w")
    for number in range(20):
        office.answer(waiting.activate(license_key))
        Case.objects.filter(state="open").update(state="declined", message="نه" * 990 + f"{number}")
    cases = truth(office, waiting.check_in(None, Standing.ACTIVATING)).cases
    assert len(cases) == 16
    assert [case.case_id for case in cases] == sorted(case.case_id for case in cases)
    assert cases[-1].message is not None
    assert cases[-1].message.endswith("19")
    assert cases[0].message is None


def test_only_a_shown_document_proves_use(office: Office, device: Device, document: bytes) -> None:
    release = device.release(document)
    assert truth(office, device.check_in(None, Standing.ACTIVE, generation=1)).held
    assert office.code(release) == "receipt+jws"


def test_only_the_device_that_holds_a_suspended_license_is_told_so(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    from server_stub.licensing.models import License as LicenseRow

    assert not truth(office, device.check_in(document)).suspended
    LicenseRow.objects.update(suspended=True)
    assert truth(office, device.check_in(document)).suspended
    LicenseRow.objects.update(suspended=False)
    office.answer(device.release(document, code="FGR-a"))
    office.bound(office.device("new"), license_key, code="FGR-a")
    LicenseRow.objects.update(suspended=True)
    assert not truth(office, device.check_in(document)).suspended
