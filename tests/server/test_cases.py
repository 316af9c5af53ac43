"""Cases as they open: their verdict and price, and what a device is told of them."""

from typing import Any

import pytest

from protocol.documents import Case as CaseAnswer
from protocol.documents import Fee, License, Receipt
from protocol.values import (
    CaseKind,
    CaseState,
    ComponentStatus,
    Coordination,
    DriftRecord,
    Standing,
    Timestamp,
)
from protocol.verdicts import OsVerdict
from tests.server.conftest import Office
from tests.server.deciding import DAY, Staff, heard, opened, row
from tests.server.devices import PARTS, Device, machine


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


@pytest.mark.usefixtures("priced")
@pytest.mark.parametrize(
    ("changed", "tariff", "amount"),
    [
        ({"board": "other"}, "hardware-in", 100),
        ({"os_release": "other"}, "os-in", 200),
        ({"board": "other", "os_release": "other"}, "hardware-in", 100),
        (dict.fromkeys(PARTS, "other"), "move-in", 300),
    ],
)
def test_a_change_costs_what_the_tariff_says_of_its_reason(
    office: Office, changed: dict[str, str], tariff: str, amount: int
) -> None:
    issued, device, _ = checked_in(office)
    asked = device.activate(issued.license_key, fingerprint=machine(**changed))
    case = opened(office, asked)
    assert case.coordination is Coordination.UNCOORDINATED
    assert case.fee == Fee(tariff=tariff, amount=amount, currency="IRR")


@pytest.mark.usefixtures("priced")
def test_the_price_follows_the_warranty_on_the_day_the_case_opened(office: Office) -> None:
    issued, device, _ = checked_in(office)
    # The last day of the warranty counts wholly: 2027-03-20.
    office.time[0] = 1_805_587_199
    changed = machine(board="other")
    case = opened(office, device.activate(issued.license_key, fingerprint=changed))
    assert case.fee is not None
    assert case.fee.tariff == "hardware-in"
    office.time[0] += 1
    case = heard(office, device)
    assert case.fee is not None
    assert case.fee.tariff == "hardware-in", "what was quoted stays"
    office.answer(device.withdraw(issued.license_key))
    case = opened(office, device.activate(issued.license_key, fingerprint=changed))
    assert case.fee is not None
    assert case.fee.tariff == "hardware-out"


def test_what_the_tariff_does_not_name_costs_nothing(office: Office, staff: Staff) -> None:
    staff.publish("move", 300)
    issued, device, _ = checked_in(office)
    asked = device.activate(issued.license_key, fingerprint=machine(board="other"))
    case = opened(office, asked)
    assert (case.coordination, case.fee) == (Coordination.UNCOORDINATED, None)


def test_a_dead_machine_is_a_move_and_its_heir_hears_the_price_once_approved(
    office: Office, priced: Staff
) -> None:
    issued, _, _ = checked_in(office)
    heir = office.device("heir")
    asked = opened(office, heir.activate(issued.license_key))
    assert (asked.fee, asked.coordination) == (None, None), "a stranger until somebody vouches"
    priced.approve(asked.case_id, owner_confirmation="letter 3", message="Sorry for your loss")
    told = heard(office, heir)
    assert told.fee == Fee(tariff="move-in", amount=300, currency="IRR")
    assert (told.kind, told.coordination, told.message, told.decided_at) == (
        CaseKind.BOUND_ELSEWHERE,
        Coordination.UNCOORDINATED,
        "Sorry for your loss",
        office.time[0],
    )


@pytest.mark.usefixtures("priced")
def test_a_dead_machine_under_a_window_costs_nothing(office: Office) -> None:
    issued, _, _ = checked_in(office, days=0)
    open_window(office, issued.license_id, "new-host")
    office.time[0] += 5 * DAY
    case = opened(office, office.device("heir").activate(issued.license_key))
    found = row(case.case_id)
    assert (found.coordination, found.fee_amount) == ("coordinated", None)
    assert found.evidence["because"] == "window"


def test_a_machine_that_died_at_once_costs_nothing_whoever_decides(
    office: Office, priced: Staff
) -> None:
    from server_stub.errors import FeeNotDue

    issued, device = office.issue(), office.device()
    office.bound(device, issued.license_key)
    office.time[0] += 3 * DAY - 1
    case = opened(office, office.device("heir").activate(issued.license_key)).case_id
    assert (row(case).evidence["because"], row(case).fee_amount) == ("never-confirmed", None)
    with pytest.raises(FeeNotDue):
        priced.approve(case, fee="move-in", owner_confirmation="letter")


@pytest.mark.usefixtures("priced")
def test_a_release_while_drifted_is_charged_at_the_next_activation(office: Office) -> None:
    issued, device, document = checked_in(office)
    statuses = {**dict.fromkeys(PARTS, ComponentStatus.SAME), "board": ComponentStatus.CHANGED}
    proof = device.release(document, statuses=statuses, code="FGR-c")
    assert isinstance(office.answer(proof), Receipt)
    case = opened(office, device.activate(issued.license_key, fingerprint=machine(board="o")))
    assert case.kind is CaseKind.CHANGED
    assert case.coordination is Coordination.UNCOORDINATED
    assert case.fee == Fee(tariff="hardware-in", amount=100, currency="IRR")
    # With the code it is no stranger's case: the code proves the right, not the change.
    taker = opened(office, office.device("taker").activate(issued.license_key, code="FGR-c"))
    assert (taker.kind, taker.fee) == (CaseKind.CHANGED, case.fee)


@pytest.mark.usefixtures("priced")
def test_a_release_before_the_change_costs_nothing(office: Office) -> None:
    issued, device, document = checked_in(office)
    office.answer(device.release(document))
    after = office.bound(device, issued.license_key, fingerprint=machine(board="other"))
    office.answer(device.release(after))
    case = opened(office, office.device("taker").activate(issued.license_key))
    found = row(case.case_id)
    assert (found.coordination, found.fee_amount) == ("coordinated", None)
    assert found.evidence["because"] == "receipt"


def test_a_coordinated_case_carries_no_fee_whatever_staff_say(
    office: Office, priced: Staff
) -> None:
    from server_stub.errors import FeeNotDue, NotFound

    issued, device, document = checked_in(office)
    office.answer(device.release(document))
    case = opened(office, office.device("taker").activate(issued.license_key)).case_id
    with pytest.raises(FeeNotDue):
        priced.approve(case, fee="move-in")
    with pytest.raises(NotFound):
        priced.approve(case, fee="no-such")
    priced.approve(case, fee="waive")
    assert (row(case).fee_amount, row(case).fee_waived) == (None, False)


def test_staff_may_choose_a_fee_where_nobody_can_tell(office: Office, priced: Staff) -> None:
    issued, device = office.issue(), office.device()
    office.bound(device, issued.license_key)
    changed = machine(board="other")
    case = opened(office, device.activate(issued.license_key, fingerprint=changed))
    assert (case.coordination, case.fee) == (Coordination.UNDETERMINED, None)
    priced.approve(case.case_id, fee="hardware-out")
    assert heard(office, device).fee == Fee(tariff="hardware-out", amount=1000, currency="IRR")


def test_a_waived_fee_is_told_as_waived(office: Office, priced: Staff) -> None:
    issued, device, _ = checked_in(office)
    changed = machine(board="other")
    case = opened(office, device.activate(issued.license_key, fingerprint=changed)).case_id
    priced.approve(case, fee="waive")
    fee = heard(office, device).fee
    assert fee == Fee(tariff="hardware-in", amount=100, currency="IRR", waived=True)


def test_nobody_pays_for_what_was_declined(office: Office, priced: Staff) -> None:
    issued, device, _ = checked_in(office)
    changed = machine(board="other")
    case = opened(office, device.activate(issued.license_key, fingerprint=changed)).case_id
    priced.decline(case, message="Whose board?")
    told = heard(office, device)
    assert (told.state, told.fee, told.message) == (CaseState.DECLINED, None, "Whose board?")


def test_the_timeline_holds_what_device_and_server_saw(office: Office) -> None:
    issued, device, document = checked_in(office, days=0)
    bound, same = office.time[0] - DAY, office.time[0]
    open_window(office, issued.license_id, "cpu", citation="letter 9")
    office.time[0] += DAY
    drifted = {**dict.fromkeys(PARTS, ComponentStatus.SAME), "board": ComponentStatus.CHANGED}
    for _ in range(2):
        office.answer(device.check_in(document, Standing.DRIFTED, statuses=drifted))
        office.time[0] += DAY
    drift = DriftRecord(last_match=Timestamp(same + 3600), first_difference=Timestamp(same + 7200))
    changed = machine(board="other")
    asked = device.activate(issued.license_key, fingerprint=changed, drift=drift)
    found = row(opened(office, asked).case_id)
    assert (found.coordination, found.evidence["because"]) == ("uncoordinated", "outside-scope")
    assert (found.evidence["outside"], found.evidence["changed"]) == (["board"], ["board"])
    assert [(moment["what"], moment["at"]) for moment in found.evidence["timeline"]] == [
        ("binding-made", bound),
        ("checked-in-same", same),
        ("letter-received", same),
        ("window-from", same),
        ("last-match", same + 3600),
        ("first-difference", same + 7200),
        ("checked-in-different", same + DAY),
        ("case-opened", same + 3 * DAY),
        ("window-until", same + 14 * DAY),
    ]


@pytest.mark.usefixtures("priced")
def test_no_number_of_check_ins_makes_the_last_match_forgotten(office: Office) -> None:
    issued, device, document = checked_in(office, days=0)
    same = office.time[0]
    drifted = {**dict.fromkeys(PARTS, ComponentStatus.SAME), "board": ComponentStatus.CHANGED}
    unreadable = dict.fromkeys(PARTS, ComponentStatus.UNKNOWN)
    for statuses in (unreadable, drifted, *[unreadable, drifted] * 20):
        office.time[0] += 3600
        office.answer(device.check_in(document, Standing.DRIFTED, statuses=statuses))
    # Nor one that lost its document: it speaks of nothing that it could be compared with.
    office.answer(device.check_in(None, Standing.DAMAGED, generation=1))
    changed = machine(board="other")
    found = row(opened(office, device.activate(issued.license_key, fingerprint=changed)).case_id)
    told = {moment["what"]: moment["at"] for moment in found.evidence["timeline"]}
    assert (told["checked-in-same"], told["checked-in-different"]) == (same, same + 2 * 3600)
    assert found.fee_amount == 100


def test_an_upgrade_seen_by_a_check_in_is_a_difference(office: Office) -> None:
    issued, device, document = checked_in(office, days=0)
    office.time[0] += DAY
    office.answer(device.check_in(document, os=OsVerdict.UPGRADE))
    changed = machine(os_release="other")
    found = row(opened(office, device.activate(issued.license_key, fingerprint=changed)).case_id)
    told = {moment["what"]: moment["at"] for moment in found.evidence["timeline"]}
    assert told["checked-in-different"] == office.time[0]


def test_a_machine_that_is_whole_again_begins_anew(office: Office) -> None:
    from server_stub.licensing.models import Binding

    _, device, document = checked_in(office)
    drifted = {**dict.fromkeys(PARTS, ComponentStatus.SAME), "board": ComponentStatus.CHANGED}
    office.answer(device.check_in(document, Standing.DRIFTED, statuses=drifted))
    assert Binding.objects.get().different_at == office.time[0]
    office.time[0] += DAY
    office.answer(device.check_in(document))
    assert (Binding.objects.get().same_at, Binding.objects.get().different_at) == (
        office.time[0],
        None,
    )


def test_a_window_that_was_closed_ends_there(office: Office) -> None:
    issued, device, _ = checked_in(office, days=0)
    now = office.time[0]
    open_window(office, issued.license_id, "board", closed_at=now + DAY)
    open_window(office, issued.license_id, "board", starts_at=now + 5, closed_at=now + 4)
    office.time[0] += 5 * DAY
    drift = DriftRecord(
        last_match=Timestamp(now + 2 * DAY), first_difference=Timestamp(now + 3 * DAY)
    )
    changed = machine(board="other")
    asked = device.activate(issued.license_key, fingerprint=changed, drift=drift)
    evidence = row(opened(office, asked).case_id).evidence
    assert evidence["because"] == "outside-period"
    ends = [m["at"] for m in evidence["timeline"] if m["what"] == "window-until"]
    assert ends == [now + DAY]


@pytest.mark.usefixtures("priced")
def test_a_binding_that_was_withdrawn_says_nothing_of_any_machine(office: Office) -> None:
    issued, device = office.issue(), office.device()
    other = office.device("other")
    office.answer(device.activate(issued.license_key))
    opened(office, other.activate(issued.license_key))
    office.answer(device.withdraw(issued.license_key))
    office.answer(other.withdraw(issued.license_key))
    found = row(opened(office, other.activate(issued.license_key)).case_id)
    assert (found.kind, found.coordination) == ("right-missing", "coordinated")
    assert found.evidence["because"] == "never-held"


def test_a_machine_that_renewed_its_binding_has_held_it_all_along(office: Office) -> None:
    """Bound anew yesterday, for years before: it did not die young."""
    issued, device = office.issue(), office.device()
    office.bound(device, issued.license_key)
    office.time[0] += 400 * DAY
    office.bound(device, issued.license_key)
    office.time[0] += DAY
    found = row(opened(office, office.device("heir").activate(issued.license_key)).case_id)
    assert found.evidence["because"] == "no-window"


def test_an_approved_case_binds_and_the_new_machine_is_the_baseline(
    office: Office, staff: Staff
) -> None:
    issued, device, _ = checked_in(office)
    changed = machine(board="other")
    case = opened(office, device.activate(issued.license_key, fingerprint=changed)).case_id
    staff.approve(case)
    answer = office.answer(device.activate(issued.license_key, fingerprint=changed, case_id=case))
    assert isinstance(answer, License)
    assert answer.baseline is None
    assert row(case).spent_at == office.time[0]


def test_the_answer_is_the_case_as_its_device_may_see_it(office: Office) -> None:
    issued, device, _ = checked_in(office)
    answer = office.answer(device.activate(issued.license_key, fingerprint=machine(board="other")))
    assert isinstance(answer, CaseAnswer)
    assert answer.generation == 0
    assert answer.case.decided_at is None
