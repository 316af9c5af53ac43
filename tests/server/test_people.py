"""The vendor's staff, what each may do, and how errors speak to them."""

import pytest

from server_stub import denials, errors
from server_stub.licensing.models.decisions import Role
from server_stub.licensing.services import people, suspension
from server_stub.texts import TEXTS
from tests.server.command import Server
from tests.server.conftest import Office
from tests.server.deciding import Staff


def test_a_name_is_taken_once(office: Office) -> None:
    people.add_staff(office.server, "Sara", Role.SUPPORT)
    with pytest.raises(errors.AlreadyExists):
        people.add_staff(office.server, "Sara", Role.SUPERVISOR)
    assert people.require_role("Sara", Role.SUPPORT, Role.ISSUER).role == Role.SUPPORT


def test_a_suspended_license_binds_nobody_new_until_it_is_resumed(office: Office) -> None:
    staff, issued, device = Staff(office), office.issue(), office.device()
    people.add_staff(office.server, "Iman", Role.ISSUER)
    suspension.suspend(office.server, issued.license_id, by="Iman", reason="unpaid")
    assert office.code(device.activate(issued.license_key)) == "license-suspended"
    suspension.resume(office.server, issued.license_id, by="Sara", reason="paid")
    office.bound(device, issued.license_key)
    # A perpetual license in use is never stopped from afar.
    suspension.suspend(office.server, issued.license_id, by="Sara", reason="again")
    suspension.suspend(office.server, issued.license_id, by="Sara", reason="twice is harmless")
    office.bound(device, issued.license_key)
    with pytest.raises(denials.RoleNeeded):
        suspension.resume(office.server, issued.license_id, by="Omid", reason="asked")
    del staff


def test_a_suspended_license_binds_no_approved_stranger_either(office: Office) -> None:
    from tests.server.deciding import opened

    staff, issued, heir = Staff(office), office.issue(), office.device("heir")
    office.bound(office.device(), issued.license_key)
    case = opened(office, heir.activate(issued.license_key)).case_id
    staff.approve(case, owner_confirmation="letter 4")
    suspension.suspend(office.server, issued.license_id, by="Sara", reason="stolen")
    taken = heir.activate(issued.license_key, case_id=case)
    assert office.code(taken) == "license-suspended"
    suspension.resume(office.server, issued.license_id, by="Sara", reason="found")
    office.bound(heir, issued.license_key, case_id=case)


def test_staff_are_added_and_listed_by_the_command(founded: Server) -> None:
    assert founded("staff", "list").out.strip() == "No staff yet."
    ran = founded("staff", "add", "سارا", "--role", "supervisor", "--json")
    assert (ran.code, ran.json) == (0, {"name": "سارا", "role": "supervisor"})
    assert founded("staff", "add", "سارا", "--role", "support").code == 37
    assert founded("staff", "add", "Omid", "--role", "king").code == 2
    listed = founded("staff", "list", "--json").json
    assert listed == {"staff": [{"name": "سارا", "role": "supervisor"}]}
    assert founded("staff", "list", "--lang", "fa").out.strip() == "سرپرست  سارا"


def test_licenses_are_suspended_and_resumed_by_the_command(founded: Server) -> None:
    founded("customer", "add", "Alborz")
    code = founded("issue", "--customer", "Alborz", "--json").json["support_code"]
    founded("staff", "add", "Sara", "--role", "supervisor")
    words = ("--by", "Sara", "--reason", "unpaid")
    ran = founded("license", "suspend", code, *words, "--json")
    assert (ran.code, ran.json["suspended"]) == (0, True)
    assert "suspended" in founded("license", "show", code).out
    ran = founded("license", "resume", code, *words, "--lang", "fa")
    assert "دوباره فعال‌شدنی" in ran.out
    assert founded("license", "suspend", code, "--by", "Nobody", "--reason", "x").code == 36
    assert founded("license", "suspend", "1234", *words).code == 36


def _leaves(error: type[errors.ServerError]) -> list[type[errors.ServerError]]:
    below = error.__subclasses__()
    return [error, *(leaf for each in below for leaf in _leaves(each))]


@pytest.mark.parametrize("error", _leaves(errors.ServerError), ids=lambda error: str(error.code))
def test_every_error_has_its_sentence_and_its_advice_in_both_languages(
    error: type[errors.ServerError],
) -> None:
    if error is denials.DecisionRefused:
        return  # never raised itself
    for code in (error.code, f"advice.{error.code}"):
        english, persian = TEXTS[code]
        assert english
        assert persian
        assert {*_names(english)} == {*_names(persian)}


def _names(sentence: str) -> list[str]:
    from string import Formatter

    return [name for _, name, _, _ in Formatter().parse(sentence) if name]
