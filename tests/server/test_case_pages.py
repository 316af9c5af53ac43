"""A case's page: what a tired colleague reads before deciding."""

from collections.abc import Callable
from typing import Any

import pytest

from protocol.values import ComponentStatus, DriftRecord, Timestamp
from server_stub.commands.shown import columns
from server_stub.licensing.case_selectors import Effect
from server_stub.texts import Language
from tests.server.case_desk import Desk, desk
from tests.server.conftest import Office
from tests.server.deciding import DAY, opened
from tests.server.devices import Device, machine

__all__ = ["desk"]


LANGUAGES = tuple(Language)


def short(device: Device) -> str:
    return device.id[:8]


def test_a_page_says_everything_that_a_decision_needs(desk: Desk) -> None:
    page = desk.page(desk.changed())
    for said in (
        "Case 1 · open",
        f"didgah for Alborz, support code {desk.issued.support_code}",
        f"device {short(desk.device)}",
        "uncoordinated: nothing was declared for that time",
        "Changed   board",
        "12,000,000 IRR (hardware-in)",
        "ran when the case opened, until 2027-03-20",
        "check-in: everything as enrolled",
        f"binds the license anew to device {short(desk.device)}",
        "One supervisor decides.",
    ):
        assert said in page


def test_the_timeline_is_aligned(desk: Desk) -> None:
    lines = desk.page(desk.changed()).splitlines()
    begin = lines.index("Timeline (UTC)")
    told = lines[begin + 1 : lines.index("", begin)]
    assert [line[:22] for line in told] == sorted(line[:22] for line in told)
    assert {line.index("server") for line in told} == {24}


def test_a_move_says_who_stops_and_whose_word_it_takes(desk: Desk) -> None:
    number = desk.moved()
    page = desk.page(number)
    assert f"moves the license from device {short(desk.device)} to device" in page
    assert f"{short(desk.device)} stops at its next check-in" in page
    assert "it takes two supervisors" in page
    desk.staff.approve(number, "Sara")
    assert "Sara approved; another supervisor" in desk.page(number)
    assert "open, approved by Sara alone" in desk.list()
    desk.staff.approve(number, "Reza", owner_confirmation="letter 12")
    page = desk.page(number)
    assert "Owner's word    letter 12" in page
    assert "\nApproved\n  moves the license" in page
    assert "supervisors" not in page


def test_a_free_license_may_be_decided_by_its_owner(desk: Desk) -> None:
    desk.released()
    number = desk.moved()
    page = desk.page(number)
    assert "binds the free license to device" in page
    assert "coordinated: the license was given back before" in page
    assert "Bound to  nobody: the license is free" in page
    assert "--by-owner" in page
    desk.staff.owner_approves(number, "portal, 2 May")
    page = desk.page(number)
    assert "Decided       the owner, " in page
    assert "portal, 2 May" in page


def test_a_changed_license_is_not_the_owners_to_decide(desk: Desk) -> None:
    desk.released(board=ComponentStatus.CHANGED)
    page = desk.page(desk.moved())
    assert "license given back, changed already" in page
    assert "--by-owner" not in page


def test_a_proof_that_was_contradicted_says_what_it_frees(desk: Desk) -> None:
    number = desk.contradicted()
    assert desk.details(number).effect is Effect.FREES
    assert "frees the license" in desk.page(number)
    assert "none by itself; a supervisor may choose one" in desk.page(number)


def test_a_case_that_is_over_does_nothing(desk: Desk) -> None:
    number = desk.changed()
    desk.staff.decline(number, message="Whose board?")
    page = desk.page(number)
    assert "nothing: the case is over" in page
    assert "Message   Whose board?" in page
    assert "Reason    unknown machine" in page
    assert desk.list() == ""
    assert "declined" in desk.list(decided=True)


def test_an_approval_that_was_used_does_nothing_any_more(desk: Desk) -> None:
    number = desk.changed()
    desk.staff.approve(number)
    assert desk.details(number).effect is Effect.REBINDS
    changed = machine(board="other")
    desk.office.bound(desk.device, desk.issued.license_key, fingerprint=changed, case_id=number)
    assert desk.details(number).effect is Effect.NOTHING


def test_an_outdated_case_says_so(desk: Desk) -> None:
    from server_stub.licensing.models import License

    number = desk.moved()
    License.objects.update(generation=9)
    assert "outdated" in desk.list()
    assert "impossible: the license went on since" in desk.page(number)
    License.objects.update(generation=1)


def test_what_nobody_decided_names_nobody(desk: Desk) -> None:
    number = desk.changed()
    desk.office.answer(desk.device.withdraw(desk.issued.license_key))
    assert "by the device or by what came after" in desk.page(number)


def test_a_suspended_license_is_named(desk: Desk) -> None:
    from server_stub.licensing.models import License

    number = desk.changed()
    License.objects.update(suspended=True)
    assert "The license is suspended" in desk.page(number)


def _unpriced(desk: Desk) -> int:
    return desk.moved()


def _silent(desk: Desk) -> int:
    from server_stub.licensing.models import Binding

    number = desk.moved()
    Binding.objects.update(last_check_in=None)
    return number


def _silent_itself(desk: Desk) -> int:
    from server_stub.licensing.models import Binding

    number = desk.changed()
    Binding.objects.update(last_check_in=None)
    return number


def _waived(desk: Desk) -> int:
    number = desk.changed()
    desk.staff.approve(number, fee="waive")
    return number


def _unwarranted(desk: Desk) -> int:
    desk.office.time[0] += 400 * DAY
    return desk.changed()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_unpriced, "none: the tariff has no entry for “move to another machine, in warranty”"),
        (_silent, "never heard of since"),
        (_silent_itself, ", the one that asks"),
        (_waived, "12,000,000 IRR (hardware-in), waived"),
        (_unwarranted, "Warranty  ended on 2027-03-20"),
    ],
)
def test_a_page_names_what_is_missing(desk: Desk, make: Callable[[Desk], int], said: str) -> None:
    assert said in desk.page(make(desk))


def test_what_nobody_declared_and_a_clock_that_is_wrong_are_named(desk: Desk) -> None:
    from server_stub.licensing.models import Window

    now = desk.office.time[0]
    Window.objects.create(
        license_id=desk.issued.license_id,
        scope=["cpu"],
        starts_at=now,
        ends_at=now + DAY,
        received_at=now,
        created_at=now,
    )
    tomorrow = DriftRecord(
        last_match=Timestamp(now + 2 * DAY), first_difference=Timestamp(now + 3 * DAY)
    )
    changed = machine(board="other", cpu="other")
    asked = desk.device.activate(desk.issued.license_key, fingerprint=changed, drift=tomorrow)
    page = desk.page(opened(desk.office, asked).case_id)
    for said in (
        "more changed than was declared",
        "Changed       board, cpu",
        "Not declared  board",
        "The device's clock contradicts the server's",
    ):
        assert said in page


def test_a_license_without_warranty_says_none(desk: Desk) -> None:
    from server_stub.licensing.models import License

    License.objects.update(warranty_until="")
    assert "Warranty  none" in desk.page(desk.changed())


def test_a_dead_young_machine_is_free_of_charge_on_the_page(office: Office) -> None:
    desk = Desk(office)
    issued = office.issue()
    office.bound(office.device("young"), issued.license_key)
    case = opened(office, office.device("heir").activate(issued.license_key)).case_id
    page = desk.page(case)
    assert "free of charge" in page
    assert "Fee       none\n" in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [Desk.changed, Desk.moved, Desk.contradicted])
def test_every_page_is_said_in_both_languages(
    desk: Desk, make: Callable[[Desk], int], language: Language
) -> None:
    number = make(desk)
    page, listed = desk.page(number, language), desk.list(language)
    assert ("If approved" in page) is (language is Language.ENGLISH)
    for text in (page, listed):
        assert "{" not in text


def test_every_word_of_a_case_has_its_sentence() -> None:
    """A new verdict or moment cannot reach a page that has no word for it."""
    from protocol.values import CaseKind, CaseState, Coordination
    from server_stub.licensing.models.decisions import Role, TariffReason
    from server_stub.licensing.services.findings import Because, Source, What
    from server_stub.texts import TEXTS

    families: dict[str, Any] = {
        "kind": CaseKind,
        "state": CaseState,
        "coordination": Coordination,
        "because": Because,
        "what": What,
        "source": Source,
        "effect": Effect,
        "role": Role,
        "tariff": TariffReason,
    }
    wanted = {f"{name}.{word.value}" for name, words in families.items() for word in words}
    assert wanted <= TEXTS.keys()


def test_columns_stand_under_each_other_in_persian_too() -> None:
    rows = (("می‌شود", "x"), ("هزینهٔ", "y"), ("ab", "z"))
    # Neither the joiner nor the hamza above takes a place.
    assert [len(line) for line in columns(rows)] == [len("میشود") + 4, len("هزینه") + 4, 8]
    assert columns(()) == ()
