"""The end of a hold binds nothing: what waits for people or its device goes on waiting (§5)."""

from pathlib import Path

import pytest

from protocol.documents import Case, License
from protocol.values import CaseState
from server_stub.licensing.models import Case as CaseRow
from server_stub.licensing.models import License as LicenseRow
from server_stub.licensing.models import ServerState
from server_stub.licensing.services import holds
from server_stub.licensing.services.decisions import Step
from server_stub.licensing.services.restoring import reconcile
from server_stub.texts import Language
from tests.server.case_desk import Desk
from tests.server.conftest import Office
from tests.server.copies import OTHER_PARTS, Copy, contested, original, prove
from tests.server.deciding import Staff, row
from tests.server.test_fork_proofs import check_in

__all__ = ["original"]


def lose_some_evidence(office: Office, *homes: Copy) -> None:
    """Every license is on hold, and these homes have heard of the new epoch."""
    reconcile(office.server, is_lost=True)
    assert all(license.hold for license in LicenseRow.objects.all())
    for home in homes:
        home.device.head = {"epoch_seen": ServerState.objects.get().epoch}


def end_by(home: Copy) -> None:
    assert check_in(home).held
    assert LicenseRow.objects.get().generation > holds.GENERATIONS_SKIPPED


def end_by_staff(office: Office) -> None:
    number = LicenseRow.objects.get().license_id
    holds.end_by_staff(office.server, number, "Sara", "letter 7")
    assert holds.end_by_staff(office.server, number, "Reza", "letter 7")


def case_of(answer: object) -> int:
    assert isinstance(answer, Case), answer
    return answer.case.case_id


class TestContest:
    def test_the_heir_neither_gives_back_nor_is_bound_anew_without_a_decision(
        self, office: Office, original: Copy
    ) -> None:
        original, heir = contested(original)
        lose_some_evidence(office, heir)
        end_by(heir)
        assert check_in(original).hold
        assert isinstance(heir.activate(), Case)
        assert isinstance(prove(heir, "FGR-heir"), Case)
        taker = Copy(office, office.device("taker"), original.license_key)
        assert not isinstance(taker.activate(code="FGR-heir"), License)
        assert check_in(original).hold

    @pytest.mark.parametrize("is_decided", [False, True])
    def test_what_is_decided_for_the_home_that_runs_is_carried_out(
        self, office: Office, original: Copy, *, is_decided: bool
    ) -> None:
        original, heir = contested(original)
        contest, staff = CaseRow.objects.get(), Staff(office)
        staff.approve(contest.pk, "Sara")
        if is_decided:
            staff.approve(contest.pk, "Reza")
        lose_some_evidence(office, heir)
        end_by(heir)
        if not is_decided:
            assert staff.approve(contest.pk, "Reza") is Step.APPROVED
        assert check_in(original).hold
        assert isinstance(original.activate(case_id=contest.pk), License)
        assert check_in(original).held


class TestApproval:
    def test_the_machine_that_was_heard_keeps_its_own(self, office: Office, original: Copy) -> None:
        """One machine, and no copy: it has paid, and people said yes."""
        staff = Staff(office)
        staff.publish("hardware", 100)
        asked = case_of(original.activate(fingerprint=OTHER_PARTS))
        staff.approve(asked)
        lose_some_evidence(office, original)
        end_by(original)
        assert isinstance(original.activate(case_id=asked, fingerprint=OTHER_PARTS), License)
        assert CaseRow.objects.count() == 1, "nobody pays twice"

    def test_one_that_takes_it_from_who_was_heard_is_decided_anew(
        self, office: Office, original: Copy
    ) -> None:
        """In what was lost it may have been taken back, for the machine was found again."""
        other, staff = Copy(office, office.device("other"), original.license_key), Staff(office)
        asked = case_of(other.activate())
        staff.approve(asked, owner_confirmation="the machine is lost")
        lose_some_evidence(office, original, other)
        end_by(original)
        assert row(asked).state == CaseState.CANCELLED, "and its device is told"
        again = case_of(other.activate(case_id=asked))
        assert staff.approve(again, "Sara") is Step.FIRST
        assert check_in(original).held

    def test_the_first_of_two_is_given_anew(self, office: Office, original: Copy) -> None:
        other, staff = Copy(office, office.device("other"), original.license_key), Staff(office)
        asked = case_of(other.activate())
        assert staff.approve(asked, "Sara") is Step.FIRST
        lose_some_evidence(office, original)
        end_by(original)
        assert staff.approve(asked, "Reza") is Step.FIRST
        assert staff.approve(asked, "Sara") is Step.APPROVED

    def test_two_supervisors_who_end_a_hold_leave_it_as_it_stands(
        self, office: Office, original: Copy
    ) -> None:
        """They do so because the machine is lost, and see who was approved in its place."""
        other, staff = Copy(office, office.device("other"), original.license_key), Staff(office)
        asked = case_of(other.activate())
        staff.approve(asked, owner_confirmation="the machine is lost")
        lose_some_evidence(office, other)
        end_by_staff(office)
        assert isinstance(other.activate(case_id=asked), License)


def test_a_case_about_an_earlier_binding_stays_outdated(office: Office, original: Copy) -> None:
    asked = case_of(original.activate(fingerprint=OTHER_PARTS))
    CaseRow.objects.update(generation=0)
    lose_some_evidence(office, original)
    end_by(original)
    assert row(asked).generation == 0


class TestWhatStaffAreTold:
    """A hold that only people end is not waited for; one that two errands end is no mystery."""

    def test_the_machine_that_holds_it_ends_it_by_two_check_ins(self, office: Office) -> None:
        desk = Desk(office)
        asked = desk.moved()
        lose_some_evidence(office)
        code = LicenseRow.objects.get(cases__pk=asked).support_code
        shown = " ".join(desk.command("license", "show", code).out.split())
        page = desk.page(asked)
        for told in (shown, page):
            assert "ends by two check-ins of that machine" in told
            assert f"license unhold {code}" in told
        assert "an approval counts once the hold has ended" in page
        assert "در تعلیق" in desk.page(asked, Language.PERSIAN)

    def test_nobodys_hold_is_ended_by_people_alone(self, office: Office, tmp_path: Path) -> None:
        desk = Desk(office)
        desk.released()
        asked = desk.moved()
        lose_some_evidence(office)
        assert "nothing ends the hold by itself: two supervisors end it" in desk.page(asked)
        request = tmp_path / "request.jws"
        request.write_bytes(desk.device.activate(desk.issued.license_key))
        said = desk.command("answer", str(request), "-o", str(tmp_path / "answer.jws"))
        assert "on-hold" in said.out
        assert "nothing ends the hold by itself" in said.out
        assert "checks in" not in said.out
        end_by_staff_of(office, desk)
        assert "hold" not in desk.page(asked)


def end_by_staff_of(office: Office, desk: Desk) -> None:
    for name in ("Sara", "Reza"):
        holds.end_by_staff(office.server, desk.issued.license_id, name, "letter 7")
