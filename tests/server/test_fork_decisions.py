"""What people decided before they knew of a contest, beside it and after it (§5)."""

from protocol.documents import Case, License
from protocol.values import CaseState
from server_stub.licensing import case_selectors
from server_stub.licensing.case_selectors import CaseDetails
from server_stub.licensing.models import Case as CaseRow
from server_stub.licensing.services.decisions import Step
from server_stub.texts import Language
from tests.server.case_desk import Desk
from tests.server.conftest import Office
from tests.server.copies import OTHER_PARTS, Copy, both_live, contested, fork, original, prove
from tests.server.deciding import Staff, row
from tests.server.test_fork_homes import begun_anew, runs_on
from tests.server.test_fork_proofs import Homes, check_in, decide_for, homes

__all__ = ["homes", "original"]


def details(number: int) -> CaseDetails:
    return case_selectors.case_details(case_selectors.find_case(number))


def case_of(answer: object) -> int:
    assert isinstance(answer, Case), answer
    return answer.case.case_id


class TestWhatItsPageSays:
    def test_in_what_a_copy_differs_from_the_machine_that_runs(
        self, office: Office, original: Copy
    ) -> None:
        copy = fork(original)
        asked = copy.heir().take_over(copy, fingerprint=OTHER_PARTS)
        told = details(case_of(asked))
        assert told.kind == "fork"
        assert set(told.changed) == {"cpu", "memory", "boot_disk"}
        assert not told.alike
        page = Desk(office).page(told.case)
        assert "Changed   boot_disk, cpu, memory\n" in page

    def test_that_two_homes_look_the_same(self, office: Office, original: Copy) -> None:
        contested(original)
        told = details(CaseRow.objects.get().pk)
        assert (told.changed, told.alike) == ((), True)
        desk = Desk(office)
        assert "Changed   nothing: the two copies look the same\n" in desk.page(told.case)
        assert "دو نسخه یکسان" in desk.page(told.case, Language.PERSIAN)

    def test_a_proof_of_the_holder_has_nothing_to_be_compared_with(self, original: Copy) -> None:
        fork(original)
        told = details(case_of(prove(original)))
        assert (told.kind, told.changed, told.alike) == ("fork", (), False)


class TestApprovedBeforeAnybodyContested:
    def test_the_heirs_change_binds_nobody_once_a_home_is_heard_to_run(
        self, office: Office, original: Copy
    ) -> None:
        original, heir = both_live(original)
        asked = case_of(heir.activate(fingerprint=OTHER_PARTS))
        staff = Staff(office)
        assert staff.approve(asked, "Sara") is Step.APPROVED, "by one person, for nobody contests"
        runs_on(original)
        assert row(asked).state == CaseState.CANCELLED
        again = case_of(heir.activate(case_id=asked, fingerprint=OTHER_PARTS))
        assert check_in(original).hold
        assert staff.approve(again, "Sara") is Step.FIRST, "and now it takes two"

    def test_the_heirs_proof_frees_nothing(self, office: Office, original: Copy) -> None:
        original, heir = both_live(original)
        heir.check_in()
        fork(heir)
        given_back = case_of(prove(heir, "FGR-heir"))
        assert Staff(office).approve(given_back, "Sara") is Step.APPROVED
        runs_on(original)
        assert isinstance(prove(heir, "FGR-heir"), Case)
        assert check_in(original).hold

    def test_another_machine_takes_it_from_neither(self, office: Office, original: Copy) -> None:
        original, heir = both_live(original)
        stranger = Copy(office, office.device("another"), original.license_key)
        asked = case_of(stranger.activate())
        Staff(office).approve(asked, owner_confirmation="the machine is lost")
        runs_on(original)
        assert isinstance(stranger.activate(case_id=asked), Case)
        assert check_in(original).hold
        assert check_in(heir).held

    def test_the_first_approval_of_two_counts_no_more(self, office: Office, original: Copy) -> None:
        original, _ = both_live(original)
        stranger = Copy(office, office.device("another"), original.license_key)
        asked, staff = case_of(stranger.activate()), Staff(office)
        assert staff.approve(asked, "Sara") is Step.FIRST
        runs_on(original)
        assert staff.approve(asked, "Reza") is Step.FIRST
        acts = [act.event for act in case_selectors.case_details(row(asked)).acts]
        assert acts == [
            "case-opened",
            "case-approved-first",
            "case-undecided",
            "case-approved-first",
        ]

    def test_what_a_key_was_asked_for_before_its_home_was_heard_waits_no_more(
        self, original: Copy
    ) -> None:
        """Who runs on beside its heir is told of no new key, and would never take it up."""
        second = original.copied()
        original, _ = both_live(original)
        own = second.heir()
        asked = case_of(own.take_over(second))
        runs_on(original)
        assert row(asked).state == CaseState.CANCELLED
        again = case_of(own.take_over(second))
        assert row(again).state == CaseState.OPEN, "a home that waits for it may ask anew"
        assert check_in(original).hold


class TestOfTheKeyThatPeopleDecidedFor:
    def test_one_person_does_not_free_what_two_decided(self, office: Office, homes: Homes) -> None:
        homes.give_back()
        staff = decide_for(homes, office)
        check_in(homes.running)
        assert isinstance(homes.running.activate(case_id=homes.contest.pk), License)
        again = case_of(homes.give_back())
        assert staff.approve(again, "Sara") is Step.FIRST
        assert check_in(homes.running).held

    def test_one_person_binds_no_other_home_of_it(self, office: Office, homes: Homes) -> None:
        staff = decide_for(homes, office)
        check_in(homes.running)
        assert isinstance(homes.running.activate(case_id=homes.contest.pk), License)
        key = homes.running.row
        key.must_renew = False
        key.save()
        other = homes.running.copied()
        asked = case_of(other.activate(fingerprint=OTHER_PARTS))
        assert staff.approve(asked, "Sara") is Step.FIRST


def test_staff_see_what_else_waits_of_the_same_key(office: Office, homes: Homes) -> None:
    """The home that contests may have lost its store, and asks under its next key now."""
    anew = begun_anew(homes.running)
    own = anew.heir()
    asked = case_of(own.take_over(anew))
    details = case_selectors.case_details
    assert details(homes.contest).beside == (asked,)
    assert details(row(asked)).beside == (homes.contest.pk,)
    desk = Desk(office)
    staff = desk.staff
    assert "پروندهٔ ۲" in desk.page(homes.contest.pk, Language.PERSIAN)
    assert f"waits as case {asked}." in desk.page(homes.contest.pk)
    for by in ("Sara", "Reza"):
        staff.approve(homes.contest.pk, by)
    staff.cancel(homes.contest.pk)
    staff.approve(asked, "Sara")
    staff.approve(asked, "Reza")
    assert isinstance(own.activate(case_id=asked), License)
    assert details(row(asked)).beside == ()
