"""Cases as they open: their verdict and price, and what a device is told of them."""

import pytest

from protocol.documents import Case as CaseAnswer
from protocol.documents import Fee, License, Receipt
from protocol.values import CaseKind, CaseState, ComponentStatus, Coordination
from tests.server.conftest import Office
from tests.server.deciding import DAY, Staff, heard, opened, row
from tests.server.devices import PARTS, machine
from tests.server.evidencing import checked_in, open_window, priced, staff

__all__ = ["priced", "staff"]


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
    from server_stub.denials import FeeNotDue

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
    from server_stub.denials import FeeNotDue
    from server_stub.errors import NotFound

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
