"""Activate: who may bind which license to which machine (docs/protocol.md §3, §5)."""

import pytest

from protocol import codes, envelope
from protocol.documents import Case, License, Receipt, Refusal
from protocol.values import CaseKind, CaseState, Level, OsAxis
from tests.server.conftest import Office
from tests.server.devices import Device, machine, tag


def test_a_never_bound_license_is_bound_by_its_claim_alone(office: Office) -> None:
    device, issued = office.device(), office.issue()
    answer = office.answer(device.activate(issued.license_key))
    assert isinstance(answer, License)
    assert (answer.generation, answer.device, answer.license_id) == (
        1,
        device.id,
        issued.license_id,
    )
    assert (answer.product, answer.customer, answer.modules) == (
        "didgah",
        "Alborz",
        ("bpm", "forms"),
    )
    assert (answer.seats, answer.warranty_until) == (50, "2027-03-20")
    assert answer.support_code == issued.support_code
    assert answer.baseline is None


def test_an_unknown_key_and_a_forged_claim_are_answered_alike(office: Office) -> None:
    device, issued = office.device(), office.issue()
    other_key = codes.format_code(codes.LICENSE_KEY_PREFIX, 7)
    forged = codes.claim(issued.license_key, device.id, "0197-other-request")  # type: ignore[arg-type]
    unknown = office.answer(device.activate(other_key))
    wrong = office.answer(device.activate(issued.license_key, license=forged))
    assert isinstance(unknown, Refusal)
    assert isinstance(wrong, Refusal)
    assert unknown.code == wrong.code == "license-unknown"
    assert (unknown.generation, unknown.last_sequence) == (wrong.generation, wrong.last_sequence)


def test_an_unknown_key_leaves_no_trace(office: Office) -> None:
    from server_stub.licensing.models import AuditEntry, Device, Exchange

    before = AuditEntry.objects.count()
    office.answer(office.device().activate(codes.format_code(codes.LICENSE_KEY_PREFIX, 7)))
    assert (Exchange.objects.count(), Device.objects.count()) == (0, 0)
    assert AuditEntry.objects.count() == before


def test_the_same_bytes_get_the_same_answer_for_ever(office: Office) -> None:
    device, issued = office.device(), office.issue()
    request = device.activate(issued.license_key)
    first = office.answer_bytes(request)
    office.time[0] += 10 * 365 * 86400
    assert office.answer_bytes(request) == first


def test_the_same_id_with_other_bytes_is_refused(office: Office) -> None:
    device, issued = office.device(), office.issue()
    request = device.activate(issued.license_key)
    first = envelope.open_request(request).request
    office.answer(request)
    again = device.activate(issued.license_key, request_id=first.request_id, high_water=9)
    assert office.code(again) == "request-id-reused"


def test_another_activate_of_the_same_device_gets_the_next_generation(office: Office) -> None:
    device, issued = office.device(), office.issue()
    office.bound(device, issued.license_key)
    answer = office.answer(device.activate(issued.license_key))
    assert isinstance(answer, License)
    assert answer.generation == 2


def test_a_tolerated_rebind_keeps_the_baseline(office: Office) -> None:
    device, issued = office.device(), office.issue()
    office.bound(device, issued.license_key)
    answer = office.answer(device.activate(issued.license_key, fingerprint=machine(cpu="new")))
    assert isinstance(answer, License)
    assert answer.fingerprint == machine(cpu="new")
    assert answer.baseline == machine()


def test_small_tolerated_steps_do_not_add_up_to_another_machine(office: Office) -> None:
    device, issued = office.device(), office.issue()
    office.bound(device, issued.license_key)
    steps: dict[str, str | None] = {"cpu": "new", "nic": "new"}
    office.bound(device, issued.license_key, fingerprint=machine(**steps))
    answer = office.answer(
        device.activate(issued.license_key, fingerprint=machine(**{**steps, "memory": "new"}))
    )
    assert isinstance(answer, Case)
    assert answer.case.kind is CaseKind.CHANGED


def test_a_step_back_to_the_baseline_is_free(office: Office) -> None:
    device, issued = office.device(), office.issue()
    office.bound(device, issued.license_key)
    office.bound(device, issued.license_key, fingerprint=machine(cpu="new"))
    answer = office.answer(device.activate(issued.license_key))
    assert isinstance(answer, License)
    assert answer.baseline is None


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"board": "new"}, CaseKind.CHANGED),
        ({"boot_disk": "new", "nic": "new"}, CaseKind.CHANGED),
        (
            dict.fromkeys(("system_uuid", "board", "system_serial", "boot_disk"), "x"),
            CaseKind.CHANGED,
        ),
        ({"os_release": "new"}, CaseKind.CHANGED),
        ({"os_instance": "new"}, CaseKind.CHANGED),
        ({"cpu": None}, CaseKind.COVERAGE_LOWERED),
        ({"board": None}, CaseKind.COVERAGE_LOWERED),
    ],
)
def test_an_uncovered_change_is_a_case(
    office: Office, changed: dict[str, str | None], kind: CaseKind
) -> None:
    device, issued = office.device(), office.issue()
    office.bound(device, issued.license_key)
    answer = office.answer(device.activate(issued.license_key, fingerprint=machine(**changed)))
    assert isinstance(answer, Case)
    assert (answer.case.kind, answer.case.state) == (kind, CaseState.OPEN)


def test_the_licenses_own_policy_decides(office: Office) -> None:
    device, issued = office.device(), office.issue(level=Level.STRICT)
    office.bound(device, issued.license_key)
    office_code = office.code(device.activate(issued.license_key, fingerprint=machine(cpu="new")))
    assert office_code == "case+jws"
    other, loose = office.device("n"), office.issue(os_axis=OsAxis.NONE)
    office.bound(other, loose.license_key)
    changed = machine("n", os_release="new")
    assert office.code(other.activate(loose.license_key, fingerprint=changed)) == "license+jws"


def test_a_license_bound_elsewhere_is_a_case_that_tells_nothing(office: Office) -> None:
    device, other, issued = office.device(), office.device("other"), office.issue()
    office.bound(device, issued.license_key)
    office.bound(device, issued.license_key)
    answer = office.answer(other.activate(issued.license_key))
    assert isinstance(answer, Case)
    assert answer.generation == 0
    assert answer.case.kind is CaseKind.BOUND_ELSEWHERE
    spelled = str(answer)
    assert device.id not in spelled
    assert "Alborz" not in spelled


def test_asking_again_joins_the_open_case(office: Office) -> None:
    device, other, issued = office.device(), office.device("other"), office.issue()
    office.bound(device, issued.license_key)
    first = office.answer(other.activate(issued.license_key))
    second = office.answer(other.activate(issued.license_key))
    assert isinstance(first, Case)
    assert isinstance(second, Case)
    assert first.case == second.case


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
    named = {"case_id": case.case.case_id}
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


def test_a_fingerprint_that_no_document_could_carry_is_refused(office: Office) -> None:
    import msgspec

    device, issued = office.device(), office.issue()
    parts = {f"part-{n}": tuple(tag(f"{n}-{m}") for m in range(64)) for n in range(12)}
    bloated = msgspec.structs.replace(machine(), components=parts)
    request = device.activate(issued.license_key, fingerprint=bloated)
    assert office.code(request) == "document-invalid"
    assert office.code(device.activate(issued.license_key)) == "license+jws"
