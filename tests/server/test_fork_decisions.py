"""What people decided before they knew of a contest, beside it and after it (§5)."""

from protocol.documents import Case
from protocol.values import CaseState
from server_stub.licensing import case_selectors
from server_stub.licensing.services.decisions import Step
from tests.server.conftest import Office
from tests.server.copies import OTHER_PARTS, Copy, both_live, fork, original, prove
from tests.server.deciding import Staff, row
from tests.server.test_fork_homes import runs_on
from tests.server.test_fork_proofs import check_in

__all__ = ["original"]


def case_of(answer: object) -> int:
    assert isinstance(answer, Case), answer
    return answer.case.case_id


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
