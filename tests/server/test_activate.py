"""Activate: who may bind which license to which machine (docs/protocol.md §3, §5)."""

import pytest

from protocol import codes, envelope
from protocol.documents import Case, License, Refusal
from protocol.values import CaseKind, CaseState, DriftRecord, Level, OsAxis, Timestamp
from tests.server.conftest import Office
from tests.server.devices import machine, tag


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
    assert answer.case.kind is CaseKind.RIGHT_MISSING
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


def test_a_fingerprint_that_no_document_could_carry_is_refused(office: Office) -> None:
    import msgspec

    device, issued = office.device(), office.issue()
    parts = {f"part-{n}": tuple(tag(f"{n}-{m}") for m in range(64)) for n in range(12)}
    bloated = msgspec.structs.replace(machine(), components=parts)
    request = device.activate(issued.license_key, fingerprint=bloated)
    assert office.code(request) == "document-invalid"
    assert office.code(device.activate(issued.license_key)) == "license+jws"


def test_a_case_keeps_what_staff_need_to_judge_it(office: Office) -> None:
    from server_stub.licensing.models import Case as Row

    device, issued = office.device(), office.issue()
    office.bound(device, issued.license_key)
    drift = DriftRecord(last_match=Timestamp(10), first_difference=Timestamp(20))
    changed = machine(board="new")
    office.answer(device.activate(issued.license_key, fingerprint=changed, drift=drift))
    evidence = Row.objects.get().evidence
    assert (evidence["verdict"], evidence["rule"]) == ("changed", "anchor-changed")
    assert (evidence["last_match"], evidence["first_difference"]) == (10, 20)
    assert evidence["statuses"]["board"] == "changed"
