"""A license key that leaked: strangers learn nothing, take nothing and stop nobody (§3, §5, I5)."""

import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest

from protocol.documents import Case as CaseAnswer
from protocol.documents import License, Receipt, Refusal
from protocol.exchange import unpack_answer
from protocol.values import CaseKind, CaseState, ComponentStatus
from server_stub.licensing.services.cases import MOST_CASES_OF_STRANGERS
from tests.server.conftest import Office
from tests.server.deciding import DAY, Staff, heard, opened, row
from tests.server.devices import PARTS, Device, machine

# What differs between two honest answers to two requests, whatever the license is doing.
_OF_EVERY_ANSWER = {"request_id", "request_hash", "device", "audit_index", "server_time"}


class Leak:
    """The same key in the hands of many."""

    def __init__(self, office: Office, staff: Staff) -> None:
        self.office, self.staff = office, staff
        self.owner, issued = office.device("owner"), office.issue("The Owner")
        self.key, self.license_id = issued.license_key, issued.license_id
        self.document = office.bound(self.owner, self.key)

    def strangers(self, count: int) -> list[Device]:
        return [self.office.device(f"stranger {number}") for number in range(count)]

    def flood(self) -> list[Device]:
        """As many strangers as may wait."""
        some = self.strangers(MOST_CASES_OF_STRANGERS)
        for stranger in some:
            opened(self.office, stranger.activate(self.key))
        return some

    def release(self, **fields: Any) -> None:
        request = self.owner.release(self.document, code="FGR-right", **fields)
        assert isinstance(self.office.answer(request), Receipt)


@pytest.fixture
def leak(office: Office) -> Leak:
    return Leak(office, Staff(office))


def shape(raw: bytes) -> Any:
    """An answer as its bytes spell it, without what every request changes."""

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {n: bare(v) for n, v in value.items() if n not in {*_OF_EVERY_ANSWER, "case_id"}}
        return value

    header, payload, _ = raw.split(b".")
    return header, bare(json.loads(urlsafe_b64decode(payload + b"=" * (-len(payload) % 4))))


def _bound(_: Leak) -> None:
    """As it is."""


def _free(leak: Leak) -> None:
    leak.release()


def _free_after_a_change(leak: Leak) -> None:
    changed = {**dict.fromkeys(PARTS, ComponentStatus.SAME), "board": ComponentStatus.CHANGED}
    leak.release(statuses=changed)


def _bound_many_times(leak: Leak) -> None:
    for _ in range(3):
        leak.office.bound(leak.owner, leak.key)


def _bound_by_another(leak: Leak) -> None:
    leak.release()
    leak.office.bound(leak.office.device("second"), leak.key, code="FGR-right")


def _reserved(leak: Leak) -> None:
    heir = leak.office.device("heir")
    case = opened(leak.office, heir.activate(leak.key)).case_id
    leak.staff.approve(case, owner_confirmation="letter 1")


def _under_a_window(leak: Leak) -> None:
    from server_stub.licensing.models import Window

    now = leak.office.time[0]
    Window.objects.create(
        license_id=leak.license_id,
        scope=["new-host"],
        starts_at=now,
        ends_at=now + DAY,
        received_at=now,
        created_at=now,
    )


STATES = (
    _bound,
    _free,
    _free_after_a_change,
    _bound_many_times,
    _bound_by_another,
    _reserved,
    _under_a_window,
)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__.strip("_"))
@pytest.mark.parametrize("code", [None, "FGR-guessed"])
def test_a_stranger_learns_nothing_of_the_license(
    office: Office, state: Any, code: str | None
) -> None:
    """Byte for byte the same answer, whatever is asked of whichever license."""
    staff = Staff(office)
    staff.publish("move", 45_000_000)
    usual, leak = Leak(office, staff), Leak(office, staff)
    state(leak)
    for device in (office.device("x"), office.device("y")):
        answers = [
            office.answer_bytes(device.activate(known.key, code=code)) for known in (usual, leak)
        ]
        assert shape(answers[0]) == shape(answers[1])
        assert len(answers[0]) == len(answers[1])
        again = [office.answer_bytes(device.check_in(None)) for _ in range(2)]
        assert len({len(raw) for raw in again}) == 1


def test_a_strangers_check_in_tells_no_more_than_the_answer_did(leak: Leak, office: Office) -> None:
    stranger = office.device("stranger")
    asked = opened(office, stranger.activate(leak.key))
    assert heard(office, stranger) == asked
    assert (asked.kind, asked.coordination, asked.fee) == (CaseKind.RIGHT_MISSING, None, None)


def test_a_declined_stranger_learns_that_it_was_declined(leak: Leak, office: Office) -> None:
    stranger = office.device("stranger")
    leak.staff.decline(opened(office, stranger.activate(leak.key)).case_id, message="Who are you?")
    told = heard(office, stranger)
    assert (told.state, told.message) == (CaseState.DECLINED, "Who are you?")
    assert (told.kind, told.coordination, told.fee) == (CaseKind.RIGHT_MISSING, None, None)


def test_strangers_are_few_at_a_time(leak: Leak, office: Office) -> None:
    waiting = leak.flood()
    request = office.device("one more").activate(leak.key)
    refusal = office.answer(request)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "too-many-cases"
    assert office.code(request) == "too-many-cases", "for ever, for this request"
    # Whoever waits may ask after his case, and staff make room.
    assert office.code(waiting[0].activate(leak.key)) == "case+jws"
    leak.staff.decline(opened(office, waiting[0].activate(leak.key)).case_id)
    assert office.code(office.device("next").activate(leak.key)) == "case+jws"


def test_refused_strangers_leave_no_case(leak: Leak, office: Office) -> None:
    from server_stub.licensing.models import Case

    leak.flood()
    for stranger in leak.strangers(5):
        assert office.code(stranger.activate(leak.key)) == "too-many-cases"
    assert Case.objects.count() == MOST_CASES_OF_STRANGERS


def test_strangers_of_one_license_stop_nobody_of_another(leak: Leak, office: Office) -> None:
    leak.flood()
    other = Leak(office, leak.staff)
    assert office.code(office.device("x").activate(other.key)) == "case+jws"


def test_the_holder_goes_on_whatever_strangers_ask(leak: Leak, office: Office) -> None:
    leak.flood()
    changed = machine("owner", board="another")
    assert opened(office, leak.owner.activate(leak.key, fingerprint=changed)).state == "open"
    office.answer(leak.owner.withdraw(leak.key))
    document = office.bound(leak.owner, leak.key)
    assert isinstance(office.answer(leak.owner.release(document, code="FGR-a")), Receipt)
    office.bound(leak.owner, leak.key)


def test_a_code_opens_the_license_through_any_crowd(leak: Leak, office: Office) -> None:
    leak.flood()
    leak.release()
    taken = office.device("new machine").activate(leak.key, code="FGR-right")
    assert isinstance(office.answer(taken), License)


def test_a_former_holder_may_ask_through_any_crowd(leak: Leak, office: Office) -> None:
    leak.release()
    office.bound(office.device("second"), leak.key, code="FGR-right")
    leak.flood()
    case = opened(office, leak.owner.activate(leak.key))
    assert case.kind is CaseKind.BOUND_ELSEWHERE, "it held the license, and may know"


def test_a_binding_ends_the_strangers_cases(leak: Leak, office: Office) -> None:
    waiting = leak.flood()
    office.bound(leak.owner, leak.key)
    assert {heard(office, stranger).state for stranger in waiting} == {CaseState.CANCELLED}
    assert office.code(office.device("x").activate(leak.key)) == "case+jws"


def test_an_approved_stranger_is_one_no_more(leak: Leak, office: Office) -> None:
    heir = office.device("heir")
    case = opened(office, heir.activate(leak.key)).case_id
    leak.staff.approve(case, owner_confirmation="letter 2")
    assert heard(office, heir).kind is CaseKind.BOUND_ELSEWHERE
    assert isinstance(office.answer(heir.activate(leak.key, case_id=case)), License)
    # What another was approved for is nobody else's.
    thief = office.device("thief")
    assert isinstance(office.answer(thief.activate(leak.key, case_id=case)), CaseAnswer)


def test_an_approval_is_its_devices_alone(leak: Leak, office: Office) -> None:
    heir, thief = office.device("heir"), office.device("thief")
    case = opened(office, heir.activate(leak.key)).case_id
    leak.staff.approve(case, owner_confirmation="letter 2")
    assert isinstance(office.answer(thief.activate(leak.key, case_id=case)), CaseAnswer)
    assert row(case).spent_at is None


@pytest.mark.parametrize("guess", ["", "FGM-00000-00000-00000-00000-00000"])
def test_a_key_that_is_none_is_unknown_whatever_is_bound(
    leak: Leak, office: Office, guess: str
) -> None:
    raw = office.device("x").activate(guess or leak.key[:-1] + "?")
    from server_stub.licensing.services.exchange import answer

    reply = unpack_answer(answer(office.server, raw).body).answer
    assert shape(reply)[1]["code"] == "license-unknown"
