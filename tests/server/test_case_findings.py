"""What a case found: its timeline, and what check-ins, windows and bindings say of it."""

import pytest

from protocol.values import ComponentStatus, DriftRecord, Standing, Timestamp
from protocol.verdicts import OsVerdict
from server_stub.licensing.case_selectors import case_details
from tests.server.conftest import Office
from tests.server.deciding import DAY, opened, row
from tests.server.declaring import notice
from tests.server.devices import PARTS, machine
from tests.server.evidencing import checked_in, open_window, priced, staff

__all__ = ["priced", "staff"]


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


@pytest.mark.usefixtures("priced")
def test_a_machine_that_declared_a_change_was_heard_of(office: Office) -> None:
    issued, device = office.issue(), office.device()
    document = office.bound(device, issued.license_key)
    office.time[0] += DAY
    noticed = office.time[0]
    notice(office, device, document)
    office.time[0] += 400 * DAY
    found = row(opened(office, office.device("other").activate(issued.license_key)).case_id)
    assert (found.evidence["because"], found.fee_amount) != ("never-confirmed", None)
    assert case_details(found).last_heard == noticed
