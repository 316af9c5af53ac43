"""Proofs of a key that two homes have: whose it is, and what people decide first (§5)."""

from dataclasses import dataclass

import pytest

from protocol.documents import AnyAnswer, Case, License, Receipt, Refusal, Truth
from protocol.values import CaseState, Standing
from server_stub.licensing import case_selectors
from server_stub.licensing.case_selectors import Effect
from server_stub.licensing.models import Case as CaseRow
from tests.server.conftest import Office
from tests.server.copies import Copy, contested, fork, original, prove, states
from tests.server.deciding import Staff

__all__ = ["original"]


@dataclass
class Homes:
    """Two homes of one key: `renewing` never heard that its heir was bound, `running` contests."""

    renewing: Copy
    running: Copy
    heir: Copy

    @property
    def contest(self) -> CaseRow:
        return CaseRow.objects.get(evidence__has_key="renewed_as")

    def give_back(self) -> AnyAnswer:
        return prove(self.renewing, "FGR-renewing")


def check_in(home: Copy) -> Truth:
    answer = home.send("check_in", home.document)
    if isinstance(answer, Refusal):
        answer = home.send("check_in", home.document)
    assert isinstance(answer, Truth)
    return answer


def trust(home: Copy) -> None:
    row = home.row
    row.must_renew = False
    row.save()


def decide_for(homes: Homes, office: Office) -> Staff:
    staff = Staff(office)
    staff.approve(homes.contest.pk, "Sara")
    staff.approve(homes.contest.pk, "Reza")
    return staff


@pytest.fixture
def homes(original: Copy) -> Homes:
    renewing = fork(original)
    renewing.check_in()
    heir = renewing.heir()
    paper = renewing.device.hand_over(heir.device.id)
    asked = heir.sign("activate", heir.license_key, handover=paper)
    renewing.sequence, renewing.asked = heir.sequence, heir.asked
    heir_answer = renewing.office.answer(asked)
    assert isinstance(heir_answer, License), "and it never arrives"
    for _ in range(3):
        original.send("check_in", original.document)
    homes = Homes(renewing, original, heir)
    assert homes.contest.state == CaseState.OPEN
    assert check_in(original).hold
    return homes


@pytest.fixture
def decided(office: Office, homes: Homes) -> Homes:
    """People decided for the home that runs, and it has heard so."""
    decide_for(homes, office)
    check_in(homes.running)
    return homes


class TestTheHomeThatRenewed:
    def test_its_proof_waits_for_what_people_decide_between_the_homes(self, homes: Homes) -> None:
        answer = homes.give_back()
        assert isinstance(answer, Case)
        assert answer.case.case_id == homes.contest.pk
        assert list(homes.contest.evidence["proofs_met"]), "staff see that one gave back"
        assert check_in(homes.running).hold
        assert states() == ["moved", "active"]

    def test_it_waits_as_long_though_it_asks_after_its_case_and_proves_again(
        self, homes: Homes
    ) -> None:
        homes.give_back()
        homes.renewing.send("check_in", None, standing=Standing.RELEASING, generation=1)
        assert isinstance(homes.give_back(), Case)
        assert len(homes.contest.evidence["proofs_met"]) == 1
        assert check_in(homes.running).hold

    def test_decided_for_the_home_that_runs_the_proof_takes_nothing_from_it(
        self, office: Office, homes: Homes
    ) -> None:
        homes.give_back()
        staff = decide_for(homes, office)
        waiting = homes.give_back()
        assert isinstance(waiting, Case), "decided, and not carried out yet"
        assert waiting.case.case_id != homes.contest.pk
        assert waiting.case.state is CaseState.OPEN
        truth = check_in(homes.running)
        assert (truth.hold, truth.renew_key) == (True, False)
        assert isinstance(homes.running.activate(case_id=homes.contest.pk), License)
        assert check_in(homes.running).held
        again = homes.give_back()
        assert isinstance(again, Case), "a proof from before the decision"
        staff.decline(again.case.case_id)
        assert check_in(homes.running).held
        assert states() == ["moved", "moved", "active"]

    def test_decided_for_the_heir_its_proof_frees_after_a_decision_of_its_own(
        self, office: Office, homes: Homes
    ) -> None:
        homes.give_back()
        staff = Staff(office)
        staff.decline(homes.contest.pk)
        assert not check_in(homes.running).hold
        answer = homes.give_back()
        assert isinstance(answer, Case)
        case = CaseRow.objects.get(pk=answer.case.case_id)
        assert case_selectors.effect_of(case) is Effect.FREES
        assert case_selectors.needs_second_person(case), "the heir's binding may be alive"
        staff.approve(case.pk, "Sara")
        staff.approve(case.pk, "Reza")
        receipt = homes.give_back()
        assert isinstance(receipt, Receipt)
        assert (receipt.freed, states()) == ((2,), ["moved", "released"])
        taker = Copy(office, office.device("taker"), homes.running.license_key)
        assert isinstance(taker.activate(code="FGR-renewing"), License)

    def test_a_proof_that_waited_frees_nothing_unasked_though_its_key_was_bound_by_another_case(
        self, office: Office, homes: Homes
    ) -> None:
        homes.give_back()
        staff = Staff(office)
        staff.decline(homes.contest.pk)
        check_in(homes.running)
        trust(homes.running)
        asked = homes.running.activate()
        assert isinstance(asked, Case)
        for by in ("Sara", "Reza"):
            staff.approve(asked.case.case_id, by)
        assert isinstance(homes.running.activate(case_id=asked.case.case_id), License)
        homes.renewing.sequence += 50  # check-ins that never arrived
        homes.renewing.send("check_in", None, standing=Standing.RELEASING, generation=1)
        trust(homes.running)
        assert isinstance(homes.give_back(), Case)
        assert states() == ["moved", "moved", "active"]

    def test_a_proof_that_waited_frees_nothing_unasked_after_the_key_was_bound_again(
        self, office: Office, homes: Homes
    ) -> None:
        """Nothing else suspects the key any more: the contest alone is remembered."""
        homes.give_back()
        decide_for(homes, office)
        check_in(homes.running)
        assert isinstance(homes.running.activate(case_id=homes.contest.pk), License)
        trust(homes.running)
        assert isinstance(homes.give_back(), Case)
        assert states() == ["moved", "moved", "active"]


class TestDecidedForTheHomeThatRuns:
    """Nothing suspects its key any more, and another home's proof comes, from before."""

    def test_another_homes_proof_takes_nothing_from_it(self, decided: Homes) -> None:
        third = decided.running.copied()
        assert isinstance(decided.running.activate(case_id=decided.contest.pk), License)
        trust(decided.running)
        # The newest answer it knows was given to a key of its own, and says nothing of this one.
        third.last, third.sequence = None, decided.running.sequence
        assert isinstance(prove(third, "FGR-third"), Case)
        assert check_in(decided.running).held

    def test_it_gives_back_what_it_was_given(self, decided: Homes) -> None:
        assert isinstance(decided.running.activate(case_id=decided.contest.pk), License)
        trust(decided.running)
        receipt = prove(decided.running, "FGR-running")
        assert isinstance(receipt, Receipt)
        assert receipt.freed == (3,)

    def test_it_gives_back_what_it_never_heard_that_it_was_given(
        self, office: Office, decided: Homes
    ) -> None:
        key, number = decided.running.license_key, decided.contest.pk
        taken = office.answer(decided.running.sign("activate", key, case_id=number))
        assert isinstance(taken, License), "and it never arrives"
        trust(decided.running)
        receipt = prove(decided.running, "FGR-running")
        assert isinstance(receipt, Receipt)
        assert receipt.freed == (3,)


class TestTheHomeThatRuns:
    def test_it_gives_up_its_contest_with_a_proof_of_its_own(self, homes: Homes) -> None:
        answer = prove(homes.running, "FGR-running")
        assert isinstance(answer, Receipt)
        assert answer.freed == ()
        assert homes.contest.state == CaseState.CANCELLED
        assert states() == ["moved", "active"]
        # And the heir, whose answer was lost, goes on.
        assert isinstance(homes.heir.activate(), License)

    def test_it_gives_up_after_the_other_gave_back_too(self, office: Office, homes: Homes) -> None:
        homes.give_back()
        assert isinstance(prove(homes.running, "FGR-running"), Receipt)
        own = homes.give_back()
        assert isinstance(own, Case), "the key is suspected: people say whether it is freed"
        staff = Staff(office)
        staff.approve(own.case.case_id, owner_confirmation="letter 9")
        assert isinstance(homes.give_back(), Receipt)
        assert states() == ["moved", "released"]

    def test_a_third_home_of_its_key_does_not_end_its_contest(self, original: Copy) -> None:
        third = original.copied()
        original, heir = contested(original)
        assert heir.check_in().held
        assert isinstance(prove(third, "FGR-third"), Receipt)
        assert check_in(original).hold
        assert check_in(heir).held


def test_an_approved_proof_of_a_former_key_frees_what_its_heir_was_given(
    office: Office, original: Copy
) -> None:
    """It waits as a case of its key, and contests nothing by that."""
    old = fork(original)
    heir = old.heir()
    assert isinstance(heir.take_over(old), License)
    original.sequence = old.sequence + 40
    answer = prove(original)
    assert isinstance(answer, Case)
    Staff(office).approve(answer.case.case_id, owner_confirmation="letter 9")
    receipt = original.send("release", original.document)
    assert isinstance(receipt, Receipt)
    assert (receipt.freed, states()) == ((2,), ["moved", "released"])
