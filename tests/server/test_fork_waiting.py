"""A key that holds nothing and waits goes on as it is, though its store was put back (§5)."""

from typing import NamedTuple

import pytest

from protocol.documents import Case, License, Refusal, Truth
from protocol.values import CaseState, Standing
from tests.server.conftest import Office
from tests.server.copies import Copy, contested, original
from tests.server.deciding import Staff, row
from tests.server.test_fork_homes import begun_anew, is_to_renew, renewal_unheard
from tests.server.test_fork_proofs import check_in

__all__ = ["original"]


class Waiting(NamedTuple):
    """A machine that asks for a license another one holds, was put back, and waits."""

    home: Copy
    case: int


def ask_after(home: Copy) -> Truth:
    answer = home.send("check_in", None, standing=Standing.ACTIVATING, generation=0)
    if isinstance(answer, Refusal):
        answer = home.send("check_in", None, standing=Standing.ACTIVATING, generation=0)
    assert isinstance(answer, Truth)
    return answer


def put_back(home: Copy) -> Copy:
    """The machine as it was at the beginning of this goes on, after two check-ins."""
    old = home.copied()
    ask_after(home)
    ask_after(home)
    ask_after(old)
    assert old.row.must_renew
    return old


@pytest.fixture
def waiting(office: Office, original: Copy) -> Waiting:
    home = Copy(office, office.device("waits"), original.license_key)
    answer = home.activate()
    assert isinstance(answer, Case)
    ask_after(home)
    return Waiting(put_back(home), answer.case.case_id)


def approve(office: Office, number: int) -> None:
    staff = Staff(office)
    staff.approve(number, "Sara")
    staff.approve(number, "Reza")
    assert row(number).state == CaseState.APPROVED


class TestAKeyThatHoldsNothing:
    def test_it_is_told_of_no_new_key_while_it_waits(self, waiting: Waiting) -> None:
        assert not ask_after(waiting.home).renew_key

    def test_it_asks_again_and_is_answered_with_the_case_it_waits_in(
        self, waiting: Waiting
    ) -> None:
        answer = waiting.home.activate()
        assert isinstance(answer, Case)
        assert answer.case.case_id == waiting.case

    def test_it_uses_its_approval_as_it_is_and_renews_its_key_afterwards(
        self, office: Office, waiting: Waiting
    ) -> None:
        approve(office, waiting.case)
        assert isinstance(waiting.home.activate(case_id=waiting.case), License)
        assert waiting.home.check_in().renew_key
        assert is_to_renew(waiting.home.activate())
        heir = waiting.home.heir()
        assert isinstance(heir.take_over(waiting.home), License)
        assert heir.check_in().held

    def test_of_two_homes_that_wait_one_takes_it_and_the_other_asks_under_its_own_key(
        self, office: Office, waiting: Waiting
    ) -> None:
        twin = waiting.home.copied()
        approve(office, waiting.case)
        assert isinstance(waiting.home.activate(case_id=waiting.case), License)
        waiting.home.check_in()
        assert ask_after(twin).renew_key
        assert is_to_renew(twin.activate(case_id=waiting.case))
        assert check_in(waiting.home).held

    def test_it_waits_for_nothing_any_more_and_asks_under_its_next_key(
        self, office: Office, waiting: Waiting
    ) -> None:
        Staff(office).decline(waiting.case)
        assert ask_after(waiting.home).renew_key
        assert is_to_renew(waiting.home.activate())
        own = waiting.home.heir().take_over(waiting.home)
        assert isinstance(own, Case)
        assert own.case.case_id != waiting.case


class TestAKeyThatMustBeRenewedEvenSo:
    def test_another_home_of_a_key_that_contests(self, original: Copy) -> None:
        original, _ = contested(original)
        anew = begun_anew(original)
        assert is_to_renew(anew.activate())
        assert ask_after(anew).renew_key

    def test_another_home_of_a_key_whose_proof_waits(self, original: Copy) -> None:
        """A proof asks for nothing: its case is no answer to whoever asks for the license."""
        homes = renewal_unheard(original)
        original.send("check_in", original.document)  # which shows a fork again
        assert isinstance(homes.give_back(), Case)
        assert is_to_renew(begun_anew(original).activate())
