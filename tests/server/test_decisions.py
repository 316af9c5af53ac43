"""What staff and owner decide, who may, and what the database refuses (§5)."""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest
from django.db import IntegrityError, transaction

from protocol.documents import License, Receipt, Truth
from protocol.values import CaseKind, CaseState
from server_stub import denials, errors
from server_stub.licensing.services.decisions import Step
from tests.server.conftest import Office
from tests.server.deciding import Staff, opened, row
from tests.server.devices import Device, machine
from tests.server.evidencing import staff

__all__ = ["staff"]


class Move(NamedTuple):
    """A license that one machine holds and another asks for."""

    license_key: str
    holder: Device
    document: bytes
    taker: Device
    case: int


@pytest.fixture
def moving(office: Office, device: Device, license_key: str) -> Move:
    document, taker = office.bound(device, license_key), office.device("taker")
    case = opened(office, taker.activate(license_key)).case_id
    return Move(license_key, device, document, taker, case)


@pytest.fixture
def changed(office: Office, device: Device, license_key: str) -> int:
    """A case about the bound machine itself."""
    office.bound(device, license_key)
    other = machine(board="another")
    return opened(office, device.activate(license_key, fingerprint=other)).case_id


def test_one_supervisor_approves_a_machine_that_changed(
    office: Office, device: Device, license_key: str, staff: Staff, changed: int
) -> None:
    assert staff.approve(changed, message="Welcome back") is Step.APPROVED
    case = row(changed)
    assert (case.state, case.decided_by, case.message) == ("approved", "Sara", "Welcome back")
    assert case.decided_at == office.time[0]
    taken = device.activate(license_key, fingerprint=machine(board="another"), case_id=changed)
    assert isinstance(office.answer(taken), License)


def test_a_machine_that_may_live_is_left_by_two_supervisors(staff: Staff, moving: Move) -> None:
    assert staff.approve(moving.case, "Sara") is Step.FIRST
    assert (row(moving.case).state, row(moving.case).first_by, row(moving.case).reason) == (
        "open",
        "Sara",
        "",
    )
    assert staff.approve(moving.case, "Reza") is Step.APPROVED
    assert (row(moving.case).first_by, row(moving.case).decided_by) == ("Sara", "Reza")


def test_the_first_approval_gives_no_right(office: Office, staff: Staff, moving: Move) -> None:
    staff.approve(moving.case)
    assert office.code(moving.taker.activate(moving.license_key, case_id=moving.case)) == "case+jws"


def test_the_same_supervisor_twice_is_one_person(staff: Staff, moving: Move) -> None:
    staff.approve(moving.case, "Sara")
    with pytest.raises(denials.SecondPersonNeeded):
        staff.approve(moving.case, "Sara")
    assert row(moving.case).state == "open"


def test_the_owners_word_and_one_supervisor_suffice(staff: Staff, moving: Move) -> None:
    assert staff.approve(moving.case, owner_confirmation="letter 7, burnt down") is Step.APPROVED
    assert row(moving.case).owner_confirmation == "letter 7, burnt down"


def test_the_first_of_two_may_finish_with_the_owners_word(staff: Staff, moving: Move) -> None:
    staff.approve(moving.case, "Sara")
    assert staff.approve(moving.case, "Sara", owner_confirmation="phoned back") is Step.APPROVED


def test_only_a_supervisor_decides(staff: Staff, changed: int) -> None:
    with pytest.raises(denials.RoleNeeded):
        staff.approve(changed, "Omid")
    with pytest.raises(denials.RoleNeeded):
        staff.decline(changed, "Omid")
    with pytest.raises(denials.RoleNeeded):
        staff.cancel(changed, "Omid")
    with pytest.raises(errors.NotFound):
        staff.approve(changed, "Nobody")
    assert row(changed).state == "open"


def test_a_live_machine_runs_on_until_its_next_check_in(
    office: Office, staff: Staff, moving: Move
) -> None:
    staff.approve(moving.case, owner_confirmation="letter 7")
    still = office.answer(moving.holder.check_in(moving.document))
    assert isinstance(still, Truth)
    assert still.held, "an approval frees nothing before it is used"
    office.bound(moving.taker, moving.license_key, case_id=moving.case)
    # The stated limit: the old document was usable until this very answer.
    now = office.answer(moving.holder.check_in(moving.document))
    assert isinstance(now, Truth)
    assert not now.held


def test_a_declined_device_may_ask_again(
    office: Office, device: Device, license_key: str, staff: Staff, changed: int
) -> None:
    staff.decline(changed, message="Which machine is this?")
    assert (row(changed).state, row(changed).reason) == ("declined", "unknown machine")
    again = opened(office, device.activate(license_key, fingerprint=machine(board="another")))
    assert (again.case_id == changed, again.state) == (False, CaseState.OPEN)


@pytest.mark.parametrize("decide", ["approve", "decline"])
def test_what_was_decided_is_not_decided_twice(staff: Staff, changed: int, decide: str) -> None:
    staff.decline(changed)
    with pytest.raises(denials.CaseDecided):
        getattr(staff, decide)(changed)
    with pytest.raises(denials.CaseDecided):
        staff.cancel(changed)
    assert row(changed).state == "declined"


def test_an_unused_approval_can_be_taken_back(office: Office, staff: Staff, moving: Move) -> None:
    staff.approve(moving.case, owner_confirmation="letter 7")
    staff.cancel(moving.case)
    assert row(moving.case).state == "cancelled"
    assert office.code(moving.taker.activate(moving.license_key, case_id=moving.case)) == "case+jws"


def test_a_used_approval_is_over(office: Office, staff: Staff, moving: Move) -> None:
    staff.approve(moving.case, owner_confirmation="letter 7")
    office.bound(moving.taker, moving.license_key, case_id=moving.case)
    with pytest.raises(denials.CaseDecided):
        staff.cancel(moving.case)


def test_nothing_is_approved_once_its_device_took_it_back(
    office: Office, staff: Staff, moving: Move
) -> None:
    office.answer(moving.taker.withdraw(moving.license_key))
    with pytest.raises(denials.CaseDecided):
        staff.approve(moving.case, owner_confirmation="letter 7")


def test_an_approval_is_gone_once_its_device_took_it_back(
    office: Office, staff: Staff, moving: Move
) -> None:
    staff.approve(moving.case, owner_confirmation="letter 7")
    office.answer(moving.taker.withdraw(moving.license_key))
    assert row(moving.case).state == "cancelled"
    assert office.code(moving.taker.activate(moving.license_key, case_id=moving.case)) == "case+jws"


def test_a_later_binding_ends_the_cases_of_others(
    office: Office, staff: Staff, moving: Move
) -> None:
    office.bound(moving.holder, moving.license_key)
    assert row(moving.case).state == "cancelled"
    with pytest.raises(denials.CaseDecided):
        staff.approve(moving.case, owner_confirmation="letter 7")


def test_nobody_approves_what_speaks_of_an_earlier_binding(staff: Staff, moving: Move) -> None:
    from server_stub.licensing.models import License as Row

    # What a restore with a newer paper of ours does: the books leap over generations.
    Row.objects.update(generation=7)
    with pytest.raises(denials.CaseOutdated):
        staff.approve(moving.case, owner_confirmation="letter 7")
    staff.decline(moving.case)
    Row.objects.update(generation=1)


def test_a_second_approval_of_a_license_waits(office: Office, staff: Staff, moving: Move) -> None:
    other = opened(office, office.device("x").activate(moving.license_key)).case_id
    staff.approve(moving.case, owner_confirmation="letter 7")
    with pytest.raises(denials.ApprovalStands):
        staff.approve(other, owner_confirmation="letter 8")
    staff.cancel(moving.case)
    assert staff.approve(other, owner_confirmation="letter 8") is Step.APPROVED


def test_an_approval_of_an_earlier_binding_stands_in_nobodys_way(
    office: Office, staff: Staff, moving: Move
) -> None:
    from server_stub.licensing.models import Case as Row

    Row.objects.filter(pk=moving.case).update(state="approved", generation=0, decided_at=1)
    other = opened(office, office.device("x").activate(moving.license_key)).case_id
    assert staff.approve(other, owner_confirmation="letter 8") is Step.APPROVED
    assert row(moving.case).state == "cancelled"


def test_the_database_refuses_a_second_standing_approval(office: Office, moving: Move) -> None:
    from server_stub.licensing.models import Case as Row

    opened(office, office.device("x").activate(moving.license_key))
    with pytest.raises(IntegrityError), transaction.atomic():
        Row.objects.update(state="approved")


def test_two_racing_approvals_leave_one(office: Office, staff: Staff, moving: Move) -> None:
    other = opened(office, office.device("x").activate(moving.license_key)).case_id

    def approve(number: int) -> str:
        from django.db import connection

        try:
            return staff.approve(number, owner_confirmation="letter").value
        except errors.ServerError as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(approve, [moving.case, other] * 3))
    assert told.count("approved") == 1
    assert set(told) <= {"approved", "case-decided", "approval-stands"}
    assert [row(moving.case).state, row(other).state].count("approved") == 1


def test_two_racing_first_approvals_are_two_persons(staff: Staff, moving: Move) -> None:
    def approve(name: str) -> str:
        from django.db import connection

        try:
            return staff.approve(moving.case, name).value
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        told = set(pool.map(approve, ["Sara", "Reza"]))
    assert told == {"first-approval", "approved"}


def freed(office: Office, *, drifted: bool = False) -> tuple[Device, str]:
    from protocol.values import ComponentStatus
    from tests.server.devices import PARTS

    device, issued = office.device(), office.issue()
    statuses = dict.fromkeys(PARTS, ComponentStatus.SAME)
    if drifted:
        statuses["board"] = ComponentStatus.CHANGED
    document = office.bound(device, issued.license_key)
    assert isinstance(office.answer(device.release(document, statuses=statuses)), Receipt)
    return device, issued.license_key


def test_the_owner_gives_a_free_license_to_another_machine(office: Office, staff: Staff) -> None:
    _, license_key = freed(office)
    taker = office.device("taker")
    case = opened(office, taker.activate(license_key)).case_id
    assert staff.owner_approves(case, "portal, 2 May") is Step.APPROVED
    assert (row(case).decided_by, row(case).owner_confirmation) == ("", "portal, 2 May")
    assert isinstance(office.answer(taker.activate(license_key, case_id=case)), License)


@pytest.mark.parametrize("about", ["moving", "changed"])
def test_the_owner_takes_no_license_from_a_machine(
    staff: Staff, about: str, request: pytest.FixtureRequest
) -> None:
    asked = request.getfixturevalue(about)
    case = asked.case if isinstance(asked, Move) else asked
    with pytest.raises(denials.OwnerCannotDecide):
        staff.owner_approves(case)
    assert row(case).state == "open"


def test_the_owner_washes_no_change_clean(office: Office, staff: Staff) -> None:
    _, license_key = freed(office, drifted=True)
    case = opened(office, office.device("taker").activate(license_key))
    assert case.kind is CaseKind.RIGHT_MISSING
    with pytest.raises(denials.OwnerCannotDecide):
        staff.owner_approves(case.case_id)


def test_every_decision_stands_in_the_books_and_in_the_second_place(
    office: Office, staff: Staff, moving: Move
) -> None:
    from server_stub.licensing.models import AuditEntry
    from server_stub.licensing.redo import read_redo

    staff.approve(moving.case, "Sara")
    staff.approve(moving.case, "Reza")
    staff.cancel(moving.case)
    logs = [read_redo(bytes(record.body)) for record in office.server.evidence.records()]
    rows = [row for log in logs for row in log.rows if row.table.endswith("Case")]
    states = [row.fields.get("state") for row in rows]
    assert states[-2:] == ["approved", "cancelled"]
    events = AuditEntry.objects.filter(event__startswith="case-").order_by("index")
    assert list(events.values_list("event", flat=True)) == [
        "case-opened",
        "case-approved-first",
        "case-approved",
        "case-cancelled",
    ]
