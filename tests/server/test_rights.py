"""Who may take a license that was bound before: device, code, approval, shown paper (§3, §5)."""

from typing import Any

from protocol.documents import Case, License, Receipt
from protocol.values import CaseKind, CaseState
from tests.server.conftest import Office
from tests.server.devices import Device, machine


def _freed(office: Office) -> tuple[Device, str, bytes]:
    device, issued = office.device(), office.issue()
    document = office.bound(device, issued.license_key)
    assert isinstance(office.answer(device.release(document, code="FGR-right")), Receipt)
    return device, issued.license_key, document


def test_the_previous_device_takes_its_license_back_without_a_code(office: Office) -> None:
    device, license_key, _ = _freed(office)
    answer = office.answer(device.activate(license_key, fingerprint=machine(board="new")))
    assert isinstance(answer, License)
    assert (answer.generation, answer.baseline) == (2, None)


def test_another_device_takes_it_with_the_reactivation_code(office: Office) -> None:
    _, license_key, _ = _freed(office)
    answer = office.answer(office.device("new").activate(license_key, code="FGR-right"))
    assert isinstance(answer, License)
    assert answer.generation == 2


def test_a_wrong_code_is_refused_for_ever(office: Office) -> None:
    _, license_key, _ = _freed(office)
    request = office.device("new").activate(license_key, code="FGR-wrong")
    assert office.code(request) == "reactivation-code-wrong"
    assert office.code(request) == "reactivation-code-wrong"


def test_no_code_at_all_opens_a_case(office: Office) -> None:
    _, license_key, _ = _freed(office)
    answer = office.answer(office.device("new").activate(license_key))
    assert isinstance(answer, Case)
    assert answer.case.kind is CaseKind.RIGHT_MISSING


def test_a_reactivation_code_works_once(office: Office) -> None:
    _, license_key, _ = _freed(office)
    taker = office.device("new")
    document = office.bound(taker, license_key, code="FGR-right")
    office.answer(taker.release(document, code="FGR-next"))
    third = office.device("third")
    assert office.code(third.activate(license_key, code="FGR-right")) == "reactivation-code-wrong"
    assert office.code(third.activate(license_key, code="FGR-next")) == "license+jws"


def test_a_binding_closes_the_devices_open_case(office: Office) -> None:
    from server_stub.licensing.models import Case as Row

    _, license_key, _ = _freed(office)
    taker = office.device("new")
    assert office.code(taker.activate(license_key)) == "case+jws"
    office.bound(taker, license_key, code="FGR-right")
    assert [row.state for row in Row.objects.all()] == ["cancelled"]


def _approve(case_id: int) -> None:
    from server_stub.licensing.models import Case as Row

    Row.objects.filter(pk=case_id).update(state="approved", decided_at=1)


def test_an_approved_device_is_bound_once_and_the_old_binding_ends(office: Office) -> None:
    from server_stub.licensing.models import Binding

    device, other, issued = office.device(), office.device("other"), office.issue()
    office.bound(device, issued.license_key)
    case = office.answer(other.activate(issued.license_key))
    assert isinstance(case, Case)
    _approve(case.case.case_id)
    unnamed = office.answer(other.activate(issued.license_key))
    assert isinstance(unnamed, Case)
    assert unnamed.case.state is CaseState.APPROVED
    named = office.answer(other.activate(issued.license_key, case_id=case.case.case_id))
    assert isinstance(named, License)
    assert [binding.state for binding in Binding.objects.order_by("pk")] == ["moved", "active"]
    assert office.code(device.activate(issued.license_key)) == "case+jws"


def test_an_approval_is_good_for_one_binding(office: Office) -> None:
    device, issued = office.device(), office.issue()
    office.bound(device, issued.license_key)
    changed = machine(board="new")
    case = office.answer(device.activate(issued.license_key, fingerprint=changed))
    assert isinstance(case, Case)
    _approve(case.case.case_id)
    named: dict[str, Any] = {"case_id": case.case.case_id}
    bound = office.answer(device.activate(issued.license_key, fingerprint=changed, **named))
    assert isinstance(bound, License)
    assert bound.baseline is None
    again = machine(board="newer")
    code = office.code(device.activate(issued.license_key, fingerprint=again, **named))
    assert code == "case+jws"


def test_nobody_else_is_bound_while_an_approval_waits(office: Office) -> None:
    device, license_key, _ = _freed(office)
    other = office.device("other")
    case = office.answer(other.activate(license_key))
    assert isinstance(case, Case)
    _approve(case.case.case_id)
    stranger = office.answer(device.activate(license_key, case_id=case.case.case_id))
    assert isinstance(stranger, Case)
    assert stranger.case.kind is CaseKind.BOUND_ELSEWHERE


def test_a_suspended_license_binds_nobody_new_but_its_own_machine_anew(office: Office) -> None:
    from server_stub.licensing.models import License as Row

    device, other, issued = office.device(), office.device("other"), office.issue()
    office.bound(device, issued.license_key)
    Row.objects.update(suspended=True)
    assert office.code(other.activate(issued.license_key)) == "license-suspended"
    assert office.code(device.activate(issued.license_key)) == "license+jws"


def test_a_bare_high_water_number_is_never_believed(office: Office) -> None:
    device, issued = office.device(), office.issue()
    answer = office.answer(device.activate(issued.license_key, high_water=5000))
    assert isinstance(answer, License)
    assert answer.generation == 1


def _forget_bindings() -> None:
    """What a restore from an old backup does to the books."""
    from server_stub.licensing.models import Binding
    from server_stub.licensing.models import License as Row

    Binding.objects.all().delete()
    Row.objects.update(generation=0, last_device=None)


def test_a_shown_document_of_ours_lifts_the_generation(office: Office) -> None:
    device, issued = office.device(), office.issue()
    office.bound(device, issued.license_key)
    office.bound(device, issued.license_key)
    document = office.bound(device, issued.license_key)
    _forget_bindings()
    answer = office.answer(device.activate(issued.license_key, shown=document.decode()))
    assert isinstance(answer, License)
    assert answer.generation == 4


def test_another_device_cannot_take_a_license_by_showing_its_document(office: Office) -> None:
    device, issued = office.device(), office.issue()
    document = office.bound(device, issued.license_key)
    _forget_bindings()
    thief = office.device("thief")
    answer = office.answer(thief.activate(issued.license_key, shown=document.decode()))
    assert isinstance(answer, Case)
    assert answer.case.kind is CaseKind.RIGHT_MISSING
    # Restore what the invariants look at.
    office.bound(device, issued.license_key, shown=document.decode())


def test_a_shown_receipt_lifts_the_generation_too(office: Office) -> None:
    device, license_key, _ = _freed(office)
    document = office.bound(device, license_key)
    receipt = office.answer_bytes(device.release(document))
    answer = office.answer(device.activate(license_key, shown=receipt.decode()))
    assert isinstance(answer, License)
    assert answer.generation == 3


def test_a_paper_of_another_license_is_refused(office: Office) -> None:
    device, issued, other = office.device(), office.issue(), office.issue()
    document = office.bound(device, other.license_key)
    request = device.activate(issued.license_key, shown=document.decode())
    assert office.code(request) == "document-invalid"
    truth = office.answer_bytes(device.check_in(document))
    for shown in (truth.decode(), "no.such.thing"):
        assert office.code(device.activate(issued.license_key, shown=shown)) == "document-invalid"


def test_a_refused_activate_can_never_bind(office: Office) -> None:
    from server_stub.licensing.models import License as Row

    device, issued = office.device(), office.issue()
    Row.objects.update(suspended=True)
    request = device.activate(issued.license_key)
    assert office.code(request) == "license-suspended"
    Row.objects.update(suspended=False)
    assert office.code(request) == "license-suspended"


def test_a_code_opens_nothing_where_no_release_made_one(office: Office) -> None:
    from server_stub.licensing.models import License as Row

    _, license_key, _ = _freed(office)
    Row.objects.update(reactivation_hash="")
    request = office.device("new").activate(license_key, code="FGR-right")
    assert office.code(request) == "reactivation-code-wrong"


def test_rows_name_themselves_for_the_log(office: Office) -> None:
    from server_stub.licensing import models

    device, issued = office.device(), office.issue()
    office.answer(device.release(office.bound(device, issued.license_key)))
    office.answer(office.device("new").activate(issued.license_key))
    assert str(models.Customer.objects.get()) == "Alborz"
    assert str(models.License.objects.get()) == issued.license_id
    assert str(models.Binding.objects.get()) == f"{issued.license_id} (1)"
    assert str(models.Receipt.objects.get()) == f"{issued.license_id} (1)"
    assert device.id in map(str, models.Device.objects.all())
    assert str(models.Case.objects.get()).endswith("right-missing open")
    assert str(models.Exchange.objects.first()).startswith("activate ")
    assert str(models.AuditEntry.objects.first()) == "1 server-founded"
    assert str(models.ServerState.objects.get()).startswith("epoch 1, audit ")
