"""Whose answer to a challenge code it is: which machine, license, generation and key (§10)."""

import pytest

from protocol import challenge
from protocol.challenge import DriftClass
from protocol.encoding import to_base64url
from protocol.values import Standing
from server_stub import denials
from server_stub.licensing.models import AuditEntry, License
from server_stub.licensing.services import challenges
from server_stub.licensing.services.challenges import (
    NEWEST_BINDINGS,
    InBooks,
)
from tests.server.calling import Caller, ask, caller, checked
from tests.server.conftest import Office
from tests.server.copies import Copy, contested
from tests.server.deciding import Staff, opened
from tests.server.devices import Device, machine
from tests.server.evidencing import staff

__all__ = ["caller", "staff"]

WRONG = challenge.shown_answer("0" * challenge.ANSWER_DIGITS)


def test_another_machine_another_license_and_another_generation_are_wrong(
    office: Office, caller: Caller
) -> None:
    asked = ask(office, caller.document)
    stranger = Caller(office, office.device("other"), document=caller.document)
    owner_of_two = Caller(office, caller.device, caller.secret)
    owner_of_two.take(office.issue().license_key)
    there = ask(office, owner_of_two.document).row.license_id
    for answer in (
        stranger.answers(asked),
        caller.answers(asked, license_id=there),
        caller.answers(asked, generation=2),
        caller.answers(asked, standing=Standing.UNLICENSED, drift=DriftClass.NOT_COMPARED),
    ):
        with pytest.raises(denials.AnswerWrong):
            checked(office, asked, answer)


def test_a_released_machine_proves_it_and_so_does_one_whose_proof_is_on_its_way(
    office: Office, caller: Caller
) -> None:
    state = {"standing": Standing.RELEASING, "drift": DriftClass.NOT_COMPARED}
    asked = ask(office, caller.document)
    assert checked(office, asked, caller.answers(asked, **state)).in_books is InBooks.BOUND
    office.answer(caller.device.release(caller.document))
    asked = ask(office, caller.document)
    assert asked.binding.device_id == caller.device.id
    state["standing"] = Standing.RELEASED
    assert checked(office, asked, caller.answers(asked, **state)).in_books is InBooks.ENDED


def test_a_machine_that_was_bound_anew_and_has_not_heard_is_known(
    office: Office, caller: Caller, license_key: str
) -> None:
    old = caller.document
    caller.take(license_key, fingerprint=machine(cpu="other"))
    asked = ask(office, caller.document)
    known = Caller(office, caller.device, caller.secret, old)
    assert checked(office, asked, known.answers(asked)).in_books is InBooks.BOUND_ANEW


def test_a_machine_that_runs_on_after_its_license_moved_is_found_out(
    office: Office, caller: Caller, license_key: str, staff: Staff
) -> None:
    taker = Caller(office, office.device("taker"))
    asked_for = taker.device.activate(license_key, agreement_key=taker.public)
    number = opened(office, asked_for).case_id
    staff.approve(number, "Sara")
    staff.approve(number, "Reza")
    taker.take(license_key, case_id=number)
    asked = ask(office, taker.document)
    assert asked.binding.device_id == taker.device.id
    proved = checked(office, asked, caller.answers(asked))
    assert (proved.binding.device_id, proved.in_books) == (caller.device.id, InBooks.ENDED)
    assert proved.state.standing is Standing.ACTIVE


def test_who_answers_under_a_key_that_was_renewed_may_run_on(
    office: Office, device: Device, license_key: str, staff: Staff
) -> None:
    """Both look alike, and nobody is stopped before people decide: staff are told no less."""
    assert staff.office is office
    caller, home = Caller(office, device), Copy(office, device, license_key)
    home.activate(agreement_key=caller.public)
    home.check_in()
    caller.document = home.document
    home, heir = contested(home)
    assert home.check_in().hold
    asked = ask(office, heir.document)
    proved = checked(office, asked, caller.answers(asked))
    assert (proved.binding.device_id, proved.in_books) == (device.id, InBooks.RENEWED)


def test_only_the_newest_bindings_are_recognised(
    office: Office, caller: Caller, license_key: str
) -> None:
    first = Caller(office, caller.device, caller.secret, caller.document)
    for _ in range(NEWEST_BINDINGS - 1):
        caller.take(license_key)
    asked = ask(office, caller.document)
    assert checked(office, asked, first.answers(asked)).state.generation == 1
    caller.take(license_key)
    asked = ask(office, caller.document)
    with pytest.raises(denials.AnswerWrong):
        checked(office, asked, first.answers(asked))


def test_a_device_whose_key_agrees_with_everybody_proves_nothing(
    office: Office, device: Device, license_key: str, staff: Staff
) -> None:
    document = staff.office.bound(device, license_key, agreement_key=to_base64url(bytes(32)))
    with pytest.raises(denials.AnswerWrong):
        checked(office, ask(office, document), WRONG)


def test_a_license_that_no_machine_ever_held_is_not_asked(office: Office, staff: Staff) -> None:
    assert staff.office is office
    license = License.objects.get(pk=office.issue().license_id)
    with pytest.raises(denials.NeverBound):
        challenges.ask(office.server, license, by="Omid")
    assert not AuditEntry.objects.filter(event__startswith="challenge").exists()


def test_what_was_taken_back_was_never_held_and_names_no_machine(
    office: Office, caller: Caller, license_key: str
) -> None:
    taker, other = Caller(office, office.device("taker")), office.issue().license_key
    document = taker.take(other)
    office.answer(taker.device.withdraw(other))
    with pytest.raises(denials.NeverBound):
        ask(office, document)
    office.answer(caller.device.release(caller.document, code="FGR-a"))
    taker.take(license_key, code="FGR-a")
    office.answer(taker.device.withdraw(license_key))
    assert ask(office, caller.document).binding.device_id == caller.device.id
