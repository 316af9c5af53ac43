"""Forks: what the network does is none, and what a store put back shows is one (§5)."""

from protocol.documents import Case, License, Receipt, Refusal
from protocol.values import CaseKind, CaseState
from server_stub.licensing.models import AuditEntry
from server_stub.licensing.models import Case as CaseRow
from tests.server.conftest import Office
from tests.server.copies import DAY, Copy, fork, original, states
from tests.server.devices import machine

__all__ = ["original"]


class TestWhatIsNone:
    def test_doubled_and_delayed_requests_are_no_fork(self, original: Copy) -> None:
        late = original.sign("check_in", original.document)
        for _ in range(3):
            assert original.check_in().held
        original.office.answer(late)
        original.office.answer(late)
        assert not original.row.must_renew
        assert not original.check_in().renew_key

    def test_a_request_signed_before_an_answer_came_is_no_fork(self, original: Copy) -> None:
        first = original.sign("check_in", original.document)
        second = original.sign("check_in", original.document)
        third = original.sign("check_in", original.document)
        for request in (third, first, second):
            original.deliver(request)
        assert not original.row.must_renew

    def test_a_store_begun_anew_is_a_repair(self, original: Copy) -> None:
        original.sequence, original.last = 0, None
        answer = original.activate()
        assert isinstance(answer, Refusal)
        assert (answer.code, answer.last_sequence) == ("sequence-used", 2)
        assert isinstance(original.activate(), License)
        assert not original.check_in().renew_key

    def test_a_refused_sequence_may_be_used_again(self, original: Copy) -> None:
        refused = original.send("check_in", original.document, generation=9)
        assert isinstance(refused, Refusal)
        original.sequence -= 1
        assert original.check_in().held
        assert not original.row.must_renew

    def test_an_answer_of_another_devices_says_nothing(
        self, office: Office, original: Copy
    ) -> None:
        other = Copy(office, office.device("other"), original.license_key)
        other.activate()
        original.last = other.last
        assert original.check_in().held
        assert not original.row.must_renew


class TestSuspicion:
    def test_a_used_sequence_of_one_who_remembers_is_a_fork(self, original: Copy) -> None:
        fork(original)
        events = AuditEntry.objects.filter(event="fork-suspected")
        assert [entry.device for entry in events] == [original.device.id]

    def test_a_later_request_that_knows_less_is_a_fork(self, original: Copy) -> None:
        old = original.copied()
        original.check_in()
        original.check_in()
        old.sequence += 20
        # It is answered as ever, and told to take a new key.
        answer = old.check_in()
        assert (answer.held, answer.renew_key) == (True, True)

    def test_what_is_seen_until_the_renewal_is_one_fork(
        self, office: Office, original: Copy
    ) -> None:
        old = fork(original)
        first = old.row.forked_at
        office.time[0] += DAY
        original.check_in()
        old.sequence -= 3
        assert isinstance(old.send("check_in", old.document), Refusal)
        assert (old.row.forked_at, old.row.forked_before) == (first, None)

    def test_a_forked_device_is_bound_and_declares_changes_under_a_new_key_only(
        self, original: Copy
    ) -> None:
        old = fork(original)
        answers = [
            old.activate(),
            old.send("notice", old.document, old.office.time[0], old.office.time[0] + DAY),
        ]
        assert [getattr(answer, "code", "") for answer in answers] == ["key-renewal-needed"] * 2
        assert states() == ["active"]

    def test_the_very_activation_that_shows_the_fork_is_refused(self, original: Copy) -> None:
        old = original.copied()
        original.check_in()
        original.check_in()
        old.sequence += 20
        answer = old.activate()
        assert isinstance(answer, Refusal)
        assert answer.code == "key-renewal-needed"
        assert old.check_in().renew_key

    def test_a_proof_of_a_forked_device_is_a_case_and_frees_once_it_is_approved(
        self, original: Copy
    ) -> None:
        old = fork(original)
        answer = old.send("release", old.document)
        assert isinstance(answer, Case)
        assert answer.case.kind is CaseKind.FORK
        assert states() == ["active"]
        CaseRow.objects.update(state=CaseState.APPROVED.value, decided_at=1)
        assert isinstance(old.send("release", old.document), Receipt)
        assert states() == ["released"]

    def test_a_proof_is_not_answered_with_the_case_of_a_change(self, original: Copy) -> None:
        changed = original.activate(fingerprint=machine(board="x", system_uuid="x"))
        assert isinstance(changed, Case)
        answer = fork(original).send("release", original.document)
        assert isinstance(answer, Case)
        assert answer.case.kind is CaseKind.FORK
        assert CaseRow.objects.get(pk=changed.case.case_id).state == "cancelled"
