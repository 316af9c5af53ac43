"""What was decided about one binding says nothing about a later one."""

import pytest

from protocol.documents import Case, License, Receipt, Refusal
from protocol.values import CaseState, ComponentStatus
from server_stub.licensing.services.order import LONGEST_LEAP
from tests.server.conftest import Office
from tests.server.devices import PARTS, Device, machine


def case_row(case_id: int) -> "tuple[str, int | None]":
    from server_stub.licensing.models import Case as Row

    row = Row.objects.get(pk=case_id)
    return row.state, row.spent_at


def decide(case_id: int, state: CaseState) -> None:
    from server_stub.licensing.models import Case as Row

    Row.objects.filter(pk=case_id).update(state=state.value)


def opened(office: Office, raw: bytes) -> int:
    answer = office.answer(raw)
    assert isinstance(answer, Case), answer
    return answer.case.case_id


def changed_machine(office: Office, device: Device, license_key: str) -> int:
    changed = machine(board="another board", system_uuid="another uuid")
    return opened(office, device.activate(license_key, fingerprint=changed))


def test_a_release_ends_its_devices_open_case(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    case = changed_machine(office, device, license_key)
    assert isinstance(office.answer(device.release(document)), Receipt)
    assert case_row(case)[0] == CaseState.CANCELLED.value


def test_an_approval_that_a_release_overtook_reserves_nothing(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    case = changed_machine(office, device, license_key)
    decide(case, CaseState.APPROVED)
    assert isinstance(office.answer(device.release(document, code="FGR-a")), Receipt)
    assert case_row(case)[1] is not None
    second = office.device()
    assert isinstance(office.answer(second.activate(license_key, code="FGR-a")), License)


def test_an_old_approval_cannot_move_a_license_that_went_on(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    stranger = office.device()
    case = opened(office, stranger.activate(license_key))
    assert isinstance(office.answer(device.release(document, code="FGR-a")), Receipt)
    owner = office.device()
    assert isinstance(office.answer(owner.activate(license_key, code="FGR-a")), License)
    decide(case, CaseState.APPROVED)
    answer = office.answer(stranger.activate(license_key, case_id=case))
    assert isinstance(answer, Case)
    assert answer.case.case_id != case


def test_a_new_case_takes_the_place_of_one_about_an_earlier_binding(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    stranger = office.device()
    first = opened(office, stranger.activate(license_key))
    assert isinstance(office.answer(device.release(document)), Receipt)
    assert isinstance(office.answer(device.activate(license_key)), License)
    second = opened(office, stranger.activate(license_key))
    assert second != first
    assert case_row(first)[0] == CaseState.CANCELLED.value
    assert case_row(second)[0] == CaseState.OPEN.value


def test_no_device_leaps_to_the_end_of_all_sequences(
    office: Office, device: Device, document: bytes
) -> None:
    same = dict.fromkeys(PARTS, ComponentStatus.SAME)
    device.sequence = LONGEST_LEAP * 2
    leap = device.check_in(document, statuses=same)
    answer = office.answer(leap)
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.last_sequence) == ("sequence-used", 1)


def contradicted_proof(office: Office, device: Device, document: bytes) -> int:
    """A proof, and a copy that was in use after it."""
    proof = device.release(document, code="FGR-old")
    office.answer(device.check_in(document))
    return opened(office, proof)


@pytest.mark.parametrize("state", [CaseState.OPEN, CaseState.DECLINED, CaseState.CANCELLED])
def test_a_proof_under_a_later_sequence_frees_nothing_without_an_approval(
    office: Office, device: Device, document: bytes, state: CaseState
) -> None:
    case = contradicted_proof(office, device, document)
    decide(case, state)
    again = opened(office, device.release(document, code="FGR-old"))
    # Who was told no may ask again; who waits goes on waiting.
    assert (again == case) is (state is CaseState.OPEN)
    assert case_row(again)[0] == CaseState.OPEN.value
    # What runs is given back by a proof of its own; after that the old one contradicts nothing.
    assert isinstance(office.answer(device.release(document, code="FGR-new")), Receipt)
    assert isinstance(office.answer(device.release(document, code="FGR-old")), Receipt)


def test_an_approved_proof_frees_under_a_later_sequence(
    office: Office, device: Device, document: bytes
) -> None:
    decide(contradicted_proof(office, device, document), CaseState.APPROVED)
    assert isinstance(office.answer(device.release(document, code="FGR-old")), Receipt)


def test_a_proof_whose_case_a_later_binding_outdated_is_decided_again(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    first = contradicted_proof(office, device, document)
    assert isinstance(office.answer(device.activate(license_key)), License)
    assert case_row(first)[0] == CaseState.CANCELLED.value
    second = opened(office, device.release(document, code="FGR-old"))
    assert second != first
    decide(second, CaseState.APPROVED)
    assert isinstance(office.answer(device.release(document, code="FGR-old")), Receipt)
