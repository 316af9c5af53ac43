"""Proofs that something contradicts: who runs meanwhile loses nothing that people decided (§5)."""

import pytest

from protocol.documents import AnyAnswer, Case, License, Receipt, Refusal, Truth
from protocol.values import CaseState, Standing
from server_stub.licensing.models import Case as CaseRow
from server_stub.licensing.services import contests
from tests.server.conftest import Office
from tests.server.copies import OTHER_PARTS, Copy, fork, original, prove, states
from tests.server.deciding import Staff, row

__all__ = ["original"]


@pytest.fixture
def proof(original: Copy) -> bytes:
    """Written down by a store that was lost since; the machine runs on, and nothing suspects it."""
    lost = original.copied()
    raw = lost.sign("release", lost.document, code="FGR-lost")
    original.sequence += 5  # check-ins that never arrived
    original.check_in()
    assert not original.row.must_renew
    return raw


def approved_change(office: Office, original: Copy) -> int:
    asked = original.activate(fingerprint=OTHER_PARTS)
    assert isinstance(asked, Case)
    Staff(office).approve(asked.case.case_id, "Sara")
    return asked.case.case_id


def case_of(answer: AnyAnswer) -> CaseRow:
    assert isinstance(answer, Case), answer
    found: CaseRow = row(answer.case.case_id)
    return found


class TestWhatWasApprovedForTheMachineThatRuns:
    def test_a_late_proof_leaves_its_approval_which_it_uses(
        self, office: Office, original: Copy, proof: bytes
    ) -> None:
        number = approved_change(office, original)
        case = case_of(original.copied().deliver(proof))
        assert case.pk != number, "a case of its own"
        assert row(number).state == CaseState.APPROVED
        taken = original.activate(case_id=number, fingerprint=OTHER_PARTS)
        assert isinstance(taken, License)
        case.refresh_from_db()
        assert case.state == CaseState.CANCELLED, "about a binding that is over"
        assert states() == ["rebound", "active"]

    def test_an_approved_proof_is_left_by_another_homes(
        self, office: Office, original: Copy, proof: bytes
    ) -> None:
        lost = original.copied()
        first = case_of(lost.deliver(proof))
        Staff(office).approve(first.pk, "Sara")
        other = original.copied()
        other.sequence = original.sequence - 2
        assert case_of(other.send("release", other.document, code="FGR-other")).pk != first.pk
        assert isinstance(lost.send("release", lost.document, code="FGR-lost"), Receipt)

    def test_a_declined_proof_may_be_decided_anew_beside_an_approval(
        self, office: Office, original: Copy, proof: bytes
    ) -> None:
        lost = original.copied()
        first = case_of(lost.deliver(proof))
        Staff(office).decline(first.pk)
        asked = case_of(original.activate(fingerprint=OTHER_PARTS))
        CaseRow.objects.filter(pk=asked.pk).update(state=CaseState.APPROVED.value)
        again = case_of(prove(lost, "FGR-lost"))
        assert (again.pk != first.pk, again.state) == (True, CaseState.OPEN)
        assert row(asked.pk).state == CaseState.APPROVED


class TestAnApprovalToFree:
    def test_the_home_that_runs_is_not_told_of_it_and_the_one_that_gave_back_is(
        self, office: Office, original: Copy, proof: bytes
    ) -> None:
        lost = original.copied()
        case = case_of(lost.deliver(proof))
        assert [told.case_id for told in original.check_in().cases] == [case.pk], "undecided, it is"
        Staff(office).approve(case.pk, "Sara")
        assert original.check_in().cases == ()
        lost.sequence = original.sequence
        truth = lost.send("check_in", None, standing=Standing.RELEASING, generation=1)
        assert isinstance(truth, Truth)
        assert [told.state for told in truth.cases] == [CaseState.APPROVED]

    def test_it_binds_nobody_and_what_the_machine_asks_is_a_case_of_its_own(
        self, office: Office, original: Copy, proof: bytes
    ) -> None:
        case = case_of(original.copied().deliver(proof))
        Staff(office).approve(case.pk, "Sara")
        asked = original.activate(case_id=case.pk, fingerprint=OTHER_PARTS)
        assert case_of(asked).pk != case.pk
        assert row(case.pk).spent_at is None

    def test_a_machine_that_is_bound_anew_meanwhile_outdates_it(
        self, office: Office, original: Copy, proof: bytes
    ) -> None:
        lost = original.copied()
        case = case_of(lost.deliver(proof))
        Staff(office).approve(case.pk, "Sara")
        assert isinstance(original.activate(), License)
        case.refresh_from_db()
        assert (case.state, case.spent_at) == (CaseState.CANCELLED, None)
        assert isinstance(lost.send("release", lost.document, code="FGR-lost"), Refusal)
        assert original.check_in().held


class TestTheCasesThatOneKeyMayOpen:
    def test_beyond_a_few_proofs_the_next_waits_for_the_case_that_is_open(
        self, original: Copy
    ) -> None:
        fork(original)
        met = [case_of(prove(original, f"FGR-{number}")).pk for number in range(20)]
        assert len({*met}) == CaseRow.objects.count() == contests.MOST_PROOFS
        assert met[-1] == met[contests.MOST_PROOFS - 1]
        assert row(met[-1]).state == CaseState.OPEN

    def test_when_that_is_decided_a_proof_that_waited_is_decided_too(
        self, office: Office, original: Copy
    ) -> None:
        fork(original)
        met = [case_of(prove(original, f"FGR-{n}")) for n in range(contests.MOST_PROOFS)]
        case = met[-1]
        assert case_of(prove(original, "FGR-honest")).pk == case.pk
        staff = Staff(office)
        staff.decline(case.pk)
        own = case_of(prove(original, "FGR-honest"))
        staff.approve(own.pk, "Sara")
        assert isinstance(prove(original, "FGR-honest"), Receipt)
