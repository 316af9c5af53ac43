"""Withdraw: taken back is what the device does not hold, and nothing else (§3, §5)."""

from typing import Any

import pytest

from protocol.documents import Case, License, Receipt, Refusal, Truth
from protocol.values import CaseKind
from server_stub.licensing.models import Binding
from server_stub.licensing.models import Case as CaseRow
from server_stub.licensing.models import License as LicenseRow
from tests.server.conftest import Office
from tests.server.devices import Device, machine


def truth(office: Office, raw: bytes) -> Truth:
    answer = office.answer(raw)
    assert isinstance(answer, Truth), answer
    return answer


def states() -> list[str]:
    return [binding.state for binding in Binding.objects.order_by("generation")]


def verified(office: Office) -> tuple[str, ...]:
    from server_stub.licensing.verification import verify

    return verify(office.server.trust, office.server.evidence).faults


def test_an_activation_whose_answer_was_lost_is_taken_back(
    office: Office, device: Device, license_key: str
) -> None:
    office.bound(device, license_key)
    answer = truth(office, device.withdraw(license_key))
    assert (answer.held, answer.generation, answer.license_id is not None) == (False, 1, True)
    assert states() == ["withdrawn"]
    assert verified(office) == ()


def test_an_activation_that_arrives_after_it_was_taken_back_binds_nobody(
    office: Office, device: Device, license_key: str
) -> None:
    late, withdrawal = device.activate(license_key), device.withdraw(license_key)
    assert truth(office, withdrawal).held is False
    refusal = office.answer(late)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.last_sequence) == ("sequence-covered", 2)
    assert office.answer(late) == refusal
    assert states() == []
    assert isinstance(office.answer(device.activate(license_key)), License)


def test_a_late_double_of_a_withdrawal_gets_the_same_answer_and_frees_no_later_binding(
    office: Office, device: Device, license_key: str
) -> None:
    office.bound(device, license_key)
    withdrawal = device.withdraw(license_key)
    first = office.answer_bytes(withdrawal)
    office.bound(device, license_key)
    assert office.answer_bytes(withdrawal) == first
    assert states() == ["withdrawn", "active"]


def test_a_binding_of_a_later_request_is_untouched_by_an_older_withdrawal(
    office: Office, device: Device, license_key: str
) -> None:
    office.bound(device, license_key, sequence=9)
    assert truth(office, device.withdraw(license_key, sequence=5)).last_sequence == 9
    assert states() == ["active"]


def test_a_withdrawal_of_a_lost_store_frees_nothing_that_the_next_store_runs(
    office: Office, device: Device, license_key: str
) -> None:
    device.activate(license_key, sequence=1)  # never arrives
    withdrawal = device.withdraw(license_key, sequence=2)  # held back, or a file on a stick
    # The store is damaged and begun anew: its counter is lost, its key is not.
    office.bound(device, license_key, sequence=1)
    assert truth(office, withdrawal).last_sequence == 2
    assert states() == ["active"]
    # What was asked for by the lost store binds nobody any more.
    assert office.code(device.activate(license_key, sequence=2)) == "sequence-used"
    assert states() == ["active"]


def test_a_withdrawal_that_names_nothing_frees_nothing_that_is_bound(
    office: Office, device: Device, license_key: str
) -> None:
    office.bound(device, license_key)
    assert not truth(office, device.withdraw(license_key, takes_back=None)).held
    assert states() == ["active"]
    truth(office, device.withdraw(license_key))
    assert states() == ["withdrawn"]


def test_a_withdrawal_older_than_what_is_covered_is_signed_again(
    office: Office, device: Device, license_key: str
) -> None:
    office.bound(device, license_key)
    office.answer(device.withdraw(license_key, sequence=20))
    assert office.code(device.withdraw(license_key, sequence=10)) == "sequence-covered"


def test_what_a_device_holds_is_not_taken_back(
    office: Office, device: Device, license_key: str
) -> None:
    office.bound(device, license_key)
    office.bound(device, license_key)
    answer = truth(office, device.withdraw(license_key, generation=2))
    assert answer.held
    assert states() == ["rebound", "active"]
    assert not truth(office, device.withdraw(license_key, generation=1)).held
    assert states() == ["rebound", "active"]


def test_a_word_takes_no_license_from_a_machine_that_was_seen_to_run_it(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    office.answer(device.check_in(document))
    office.answer(device.withdraw(license_key))
    assert states() == ["active"]
    # Nor by a rebind that nobody has confirmed yet.
    office.bound(device, license_key)
    office.answer(device.withdraw(license_key))
    assert states() == ["rebound", "active"]


def test_repeated_activations_that_were_never_confirmed_are_taken_back_together(
    office: Office, device: Device, license_key: str
) -> None:
    office.bound(device, license_key)
    office.bound(device, license_key)
    office.answer(device.withdraw(license_key))
    assert states() == ["rebound", "withdrawn"]


def test_another_device_takes_back_nothing_of_mine(
    office: Office, device: Device, license_key: str, document: bytes
) -> None:
    other = office.device("other")
    answer = truth(office, other.withdraw(license_key))
    assert (answer.held, answer.generation, answer.license_id) == (False, 0, None)
    assert truth(office, device.check_in(document)).held


def test_whoever_mistyped_the_machine_takes_the_key_to_the_right_one(
    office: Office, device: Device, license_key: str
) -> None:
    office.bound(device, license_key)
    office.answer(device.withdraw(license_key))
    answer = office.answer(office.device("right").activate(license_key))
    assert isinstance(answer, License)
    assert answer.generation == 2


def test_a_key_that_a_stranger_tried_meanwhile_opens_for_its_device_alone(
    office: Office, device: Device, license_key: str
) -> None:
    office.bound(device, license_key)
    thief = office.device("thief")
    assert isinstance(office.answer(thief.activate(license_key)), Case)
    office.answer(device.withdraw(license_key))
    answer = office.answer(office.device("another").activate(license_key))
    assert isinstance(answer, Case)
    assert answer.case.kind is CaseKind.RIGHT_MISSING
    assert isinstance(office.answer(device.activate(license_key)), License)


def test_a_stranger_who_only_guessed_a_code_tried_it_too(
    office: Office, device: Device, license_key: str
) -> None:
    office.bound(device, license_key)
    thief = office.device("thief")
    assert office.code(thief.activate(license_key, code="FGR-guess")) == "reactivation-code-wrong"
    office.answer(device.withdraw(license_key))
    assert isinstance(office.answer(thief.activate(license_key)), Case)


def freed(office: Office, **statuses: Any) -> tuple[Device, str]:
    device, issued = office.device(), office.issue()
    document = office.bound(device, issued.license_key)
    proof = device.release(document, code="FGR-right", **statuses)
    assert isinstance(office.answer(proof), Receipt)
    return device, issued.license_key


def test_the_code_that_a_withdrawn_binding_used_is_good_again(office: Office) -> None:
    _, license_key = freed(office)
    mistyped = office.device("mistyped")
    office.bound(mistyped, license_key, code="FGR-right")
    office.answer(mistyped.withdraw(license_key))
    stranger, right = office.device("stranger"), office.device("right")
    assert office.code(stranger.activate(license_key, code="FGR-w")) == "reactivation-code-wrong"
    assert isinstance(office.answer(stranger.activate(license_key)), Case)
    assert isinstance(office.answer(right.activate(license_key, code="FGR-right")), License)


def test_the_device_itself_may_come_back_without_the_code(office: Office) -> None:
    _, license_key = freed(office)
    taker = office.device("taker")
    office.bound(taker, license_key, code="FGR-right")
    office.answer(taker.withdraw(license_key))
    assert isinstance(office.answer(taker.activate(license_key)), License)


def test_a_withdrawal_washes_no_change_clean(office: Office) -> None:
    changed = dict.fromkeys(machine().components, "same") | {"board": "changed"}
    device, license_key = freed(office, statuses=changed)
    case = office.answer(device.activate(license_key))
    assert isinstance(case, Case)
    CaseRow.objects.update(state="approved", decided_at=1)
    office.bound(device, license_key, case_id=case.case.case_id)
    office.answer(device.withdraw(license_key))
    again = office.answer(device.activate(license_key))
    assert isinstance(again, Case)
    assert again.case.kind is CaseKind.CHANGED


def test_what_staff_moved_and_the_device_gave_up_has_no_code_left(office: Office) -> None:
    _, license_key = freed(office)
    holder, heir = office.device("holder"), office.device("heir")
    office.bound(holder, license_key, code="FGR-right")
    case = office.answer(heir.activate(license_key))
    assert isinstance(case, Case)
    CaseRow.objects.update(state="approved", decided_at=1)
    office.bound(heir, license_key, case_id=case.case.case_id)
    office.answer(heir.withdraw(license_key))
    assert LicenseRow.objects.get().reactivation_hash == ""
    late = office.device("late").activate(license_key, code="FGR-right")
    assert office.code(late) == "reactivation-code-wrong"
    assert isinstance(office.answer(heir.activate(license_key)), License)


def test_an_open_case_is_taken_back_and_may_be_asked_for_again(
    office: Office, license_key: str
) -> None:
    office.bound(office.device(), license_key)
    other = office.device("other")
    first = office.answer(other.activate(license_key))
    assert isinstance(first, Case)
    # It was answered, so it can have been given nothing that would have to be named.
    request = other.withdraw(license_key, case_id=first.case.case_id, takes_back=None)
    answer = truth(office, request)
    assert [case.state for case in answer.cases] == ["cancelled"]
    second = office.answer(other.activate(license_key))
    assert isinstance(second, Case)
    assert second.case.case_id != first.case.case_id


def test_an_approval_that_was_not_used_is_taken_back(office: Office, license_key: str) -> None:
    owner, other = office.device(), office.device("other")
    office.bound(owner, license_key)
    case = office.answer(other.activate(license_key))
    assert isinstance(case, Case)
    CaseRow.objects.update(state="approved", decided_at=1)
    office.answer(other.withdraw(license_key))
    late = office.answer(other.activate(license_key, case_id=case.case.case_id))
    assert isinstance(late, Case)
    # Nothing is reserved any more: the machine that runs it is bound anew.
    assert isinstance(office.answer(owner.activate(license_key)), License)


@pytest.mark.parametrize("number", [1, 99])
def test_a_case_of_somebody_else_is_unknown(
    office: Office, device: Device, license_key: str, number: int
) -> None:
    office.bound(device, license_key)
    office.answer(office.device("other").activate(license_key))
    request = device.withdraw(license_key, case_id=number)
    assert office.code(request) == "case-unknown"
    assert states() == ["active"]


def test_a_stranger_without_the_key_takes_back_nothing(office: Office, license_key: str) -> None:
    from server_stub.licensing.models import Device as DeviceRow

    del license_key
    no_such_key = "FGM-2Z7VS-DKHEN-KQ7T9-8M8TV-81A75"
    assert office.code(office.device("x").withdraw(no_such_key)) == "license-unknown"
    assert not DeviceRow.objects.exists()


def test_the_heir_of_a_released_license_takes_its_activation_back(
    office: Office, device: Device, document: bytes, license_key: str
) -> None:
    assert isinstance(office.answer(device.release(document, code="FGR-a")), Receipt)
    heir = office.device(device.name)
    heir.sequence = device.sequence
    office.bound(heir, license_key, handover=device.hand_over(heir.id))
    assert truth(office, heir.withdraw(license_key)).held is False
    assert states() == ["released", "withdrawn"]
    assert isinstance(office.answer(office.device().activate(license_key, code="FGR-a")), License)
