"""Homes of one key: whose a contest is, whatever the other homes did before and do since (§5)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from protocol.codes import code_hash
from protocol.documents import AnyAnswer, Case, License, Receipt, Refusal
from protocol.problems import RefusalCode
from protocol.values import CaseState, Standing
from server_stub.licensing import case_selectors
from server_stub.licensing.case_selectors import Effect
from server_stub.licensing.models import Case as CaseRow
from server_stub.licensing.services import contests
from server_stub.licensing.services.decisions import Step
from tests.server.conftest import Office
from tests.server.copies import DAY, OTHER_PARTS, Copy, contested, fork, original, prove, states
from tests.server.deciding import Staff, row
from tests.server.test_fork_proofs import Homes, check_in, decide_for, homes

__all__ = ["homes", "original"]


def renewal_unheard(original: Copy, ahead: int = 0) -> Homes:
    """One home has renewed the key and hears nothing; nobody knows yet that another one lives."""
    renewing = fork(original)
    renewing.check_in()
    renewing.sequence += ahead  # check-ins that never arrived
    heir = renewing.heir()
    paper = renewing.device.hand_over(heir.device.id)
    asked = heir.sign("activate", heir.license_key, handover=paper)
    renewing.sequence, renewing.asked = heir.sequence, heir.asked
    assert isinstance(renewing.office.answer(asked), License), "and it never arrives"
    return Homes(renewing, original, heir)


def runs_on(home: Copy) -> None:
    for _ in range(3):
        home.send("check_in", home.document)
    assert check_in(home).hold


def begun_anew(home: Copy) -> Copy:
    """The same key on another machine, whose store remembers nothing (a recovery file)."""
    anew = Copy(home.office, home.device, home.license_key)
    anew.sequence = home.sequence + 30
    return anew


def is_to_renew(answer: AnyAnswer) -> bool:
    return isinstance(answer, Refusal) and answer.code == RefusalCode.KEY_RENEWAL_NEEDED


class TestTheOtherHomesProofCameFirst:
    @pytest.fixture
    def proven(self, original: Copy) -> tuple[Homes, CaseRow]:
        homes = renewal_unheard(original)
        original.send("check_in", original.document)  # which shows a fork again
        answer = homes.give_back()
        assert isinstance(answer, Case)
        return homes, row(answer.case.case_id)

    def test_its_case_becomes_the_contest_of_the_home_that_runs(
        self, proven: tuple[Homes, CaseRow]
    ) -> None:
        homes, case = proven
        assert case_selectors.effect_of(case) is Effect.FREES
        runs_on(homes.running)
        assert homes.contest.pk == case.pk
        assert case_selectors.effect_of(homes.contest) is Effect.MOVES, "to the home that runs"
        assert len(homes.contest.evidence["proofs_met"]) == 1
        acts = [act.event for act in case_selectors.case_details(homes.contest).acts]
        assert acts == ["case-opened", "case-contested"]
        again = homes.give_back()
        assert isinstance(again, Case)
        assert again.case.case_id == case.pk, "the proof waits"

    def test_a_first_approval_of_the_proof_counts_no_more(
        self, office: Office, proven: tuple[Homes, CaseRow]
    ) -> None:
        homes, case = proven
        staff = Staff(office)
        staff.approve(case.pk, "Sara")
        runs_on(homes.running)
        staff.approve(case.pk, "Reza")
        assert homes.contest.state == CaseState.OPEN, "a first approval, of something else"
        staff.approve(case.pk, "Sara")
        assert isinstance(homes.give_back(), Case)
        check_in(homes.running)
        assert isinstance(homes.running.activate(case_id=case.pk), License)
        assert check_in(homes.running).held

    def test_an_approval_that_the_proof_did_not_use_is_decided_anew(
        self, office: Office, proven: tuple[Homes, CaseRow]
    ) -> None:
        homes, case = proven
        Staff(office).approve(case.pk, owner_confirmation="letter 9")
        runs_on(homes.running)
        assert row(case.pk).state == CaseState.CANCELLED
        assert homes.contest.state == CaseState.OPEN
        answer = homes.give_back()
        assert isinstance(answer, Case)
        assert answer.case.case_id == homes.contest.pk
        assert states() == ["moved", "active"]

    def test_nobody_is_stopped_however_long_it_takes(
        self, office: Office, proven: tuple[Homes, CaseRow]
    ) -> None:
        homes, _ = proven
        runs_on(homes.running)
        office.time[0] += 31 * DAY
        assert check_in(homes.running).hold


class TestAnotherHomeOfTheKey:
    def test_it_is_not_answered_with_the_contest_and_asks_under_a_key_of_its_own(
        self, original: Copy
    ) -> None:
        original, _ = contested(original)
        anew = begun_anew(original)
        assert is_to_renew(anew.activate(fingerprint=OTHER_PARTS))
        assert anew.send("check_in", None).renew_key, "and goes on hearing it"  # type: ignore[union-attr]
        heir = anew.heir()
        own = heir.take_over(anew, fingerprint=OTHER_PARTS)
        assert isinstance(own, Case)
        assert row(own.case.case_id).device_id == heir.device.id
        assert check_in(original).hold

    def test_as_it_is_enrolled_it_is_not_told_of_an_undecided_contest_either(
        self, original: Copy
    ) -> None:
        original, _ = contested(original)
        assert is_to_renew(begun_anew(original).activate())

    def test_its_withdrawal_leaves_the_contest(self, original: Copy) -> None:
        original, _ = contested(original)
        contest = CaseRow.objects.get(evidence__has_key="renewed_as")
        anew = begun_anew(original)
        anew.send("withdraw", anew.license_key, case_id=contest.pk, takes_back=None)
        contest.refresh_from_db()
        assert contest.state == CaseState.OPEN
        assert check_in(original).hold

    def test_the_home_that_contests_may_withdraw(self, original: Copy) -> None:
        original, _ = contested(original)
        contest = CaseRow.objects.get(evidence__has_key="renewed_as")
        key = original.license_key
        original.send("withdraw", key, case_id=contest.pk, takes_back=None, generation=1)
        contest.refresh_from_db()
        assert contest.state == CaseState.CANCELLED

    def test_one_of_two_that_contest_withdraws_and_the_other_goes_on(self, homes: Homes) -> None:
        other, key = homes.running.copied(), homes.running.license_key
        runs_on(other)
        runs_on(homes.running)
        taken_back = {"case_id": homes.contest.pk, "takes_back": None, "generation": 1}
        homes.running.send("withdraw", key, **taken_back)
        assert homes.contest.state == CaseState.OPEN
        assert check_in(other).hold
        other.send("withdraw", key, **taken_back)
        assert homes.contest.state == CaseState.CANCELLED

    def test_the_home_that_renewed_withdraws_and_stops_nobody(self, homes: Homes) -> None:
        """It holds the same document, and was never heard to contest."""
        key = homes.renewing.license_key
        for _ in range(2):
            homes.renewing.send("withdraw", key, takes_back=homes.renewing.asked, generation=1)
        assert homes.contest.state == CaseState.OPEN
        assert check_in(homes.running).hold

    def test_what_was_decided_for_the_one_that_runs_is_carried_out_by_no_other_machine(
        self, office: Office, homes: Homes
    ) -> None:
        decide_for(homes, office)
        anew = begun_anew(homes.running)
        stolen = anew.activate(fingerprint=OTHER_PARTS, case_id=homes.contest.pk)
        assert is_to_renew(stolen)
        assert check_in(homes.running).hold
        shown = homes.running.document.decode()
        taken = homes.running.activate(
            case_id=homes.contest.pk, shown=shown, fingerprint=OTHER_PARTS
        )
        assert isinstance(taken, License), "drifted meanwhile, it shows its document"

    def test_the_machine_itself_may_have_lost_its_document(
        self, office: Office, homes: Homes
    ) -> None:
        decide_for(homes, office)
        anew = begun_anew(homes.running)
        assert isinstance(anew.activate(case_id=homes.contest.pk), License)
        assert check_in(anew).held


class TestGivenBackByTheHomeThatContests:
    def test_it_ends_its_contest_though_the_other_home_counted_further(
        self, original: Copy
    ) -> None:
        homes = renewal_unheard(original, ahead=50)
        runs_on(original)
        assert isinstance(prove(original, "FGR-running"), Receipt)
        assert homes.contest.state == CaseState.CANCELLED
        homes.heir.activate()
        assert isinstance(homes.heir.activate(), License), "nobody contests any more"

    def test_another_home_that_contests_goes_on(self, homes: Homes) -> None:
        other = homes.running.copied()
        runs_on(other)
        runs_on(homes.running)
        assert len(homes.contest.evidence["heard"]) == 2
        assert isinstance(prove(homes.running, "FGR-running"), Receipt)
        assert homes.contest.state == CaseState.OPEN
        assert check_in(other).hold
        assert isinstance(prove(other, "FGR-other"), Receipt)
        assert homes.contest.state == CaseState.CANCELLED

    def test_what_the_heir_asks_meanwhile_one_person_cannot_approve(
        self, office: Office, original: Copy
    ) -> None:
        """The home that runs may be alive; nobody may give its license to others alone."""
        _, heir = contested(original)
        given_back = prove(heir, "FGR-heir")
        assert isinstance(given_back, Case)
        case = row(given_back.case.case_id)
        assert case_selectors.effect_of(case) is Effect.FREES
        staff = Staff(office)
        assert staff.approve(case.pk, "Sara") is Step.FIRST
        assert isinstance(prove(heir, "FGR-heir"), Case)
        assert staff.approve(case.pk, "Reza") is Step.APPROVED
        assert isinstance(prove(heir, "FGR-heir"), Receipt)

    def test_more_homes_than_are_told_apart_are_for_people(
        self, homes: Homes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(contests, "MOST_HOMES", 1)
        others = [homes.running.copied(), homes.running.copied()]
        for home in (homes.running, *others):
            runs_on(home)
        for home in (homes.running, others[0]):
            prove(home, "FGR-x")
            assert homes.contest.state == CaseState.OPEN
        assert check_in(others[1]).hold


class TestTheWorkThatOneKeyMayCause:
    def test_a_proof_is_followed_back_a_few_answers_only(self, homes: Homes) -> None:
        homes.give_back()

        def queries_after(check_ins: int) -> int:
            for _ in range(check_ins):
                homes.renewing.send("check_in", None, standing=Standing.RELEASING, generation=1)
            with CaptureQueriesContext(connection) as queries:
                assert isinstance(homes.give_back(), Case)
            return len(queries)

        assert queries_after(2 * contests.FURTHEST) == queries_after(2 * contests.FURTHEST)

    def test_more_proofs_than_are_kept_are_all_for_people_to_decide(
        self, office: Office, homes: Homes
    ) -> None:
        for number in range(contests.MOST_PROOFS + 2):
            assert isinstance(prove(homes.renewing, f"FGR-{number}"), Case)
        assert len(homes.contest.evidence["proofs_met"]) == contests.MOST_PROOFS
        license, device = homes.contest.license, homes.running.row
        unseen = code_hash("FGR-another")
        assert contests.has_met_contest(license, device, unseen), "it may have been one too many"
        decide_for(homes, office)
        check_in(homes.running)
        assert isinstance(homes.running.activate(case_id=homes.contest.pk), License)
        assert isinstance(prove(homes.renewing, "FGR-another"), Case)
        assert states() == ["moved", "moved", "active"]
