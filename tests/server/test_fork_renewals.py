"""A new key: it heals a store put back, and a copy takes nothing by it (§5)."""

import pytest

from protocol.documents import Case, License, Receipt, Refusal, Window
from protocol.values import CaseKind, CaseState, ComponentStatus, Standing
from server_stub.licensing.models import Case as CaseRow
from tests.server.conftest import Office
from tests.server.copies import DAY, OTHER_PARTS, Copy, fork, original, prove, renewed, states
from tests.server.deciding import Staff, row
from tests.server.devices import PARTS, machine

__all__ = ["original"]


class TestRenewal:
    def test_an_honest_store_put_back_heals_by_itself(self, original: Copy) -> None:
        old = fork(original)
        assert old.check_in().renew_key
        heir = renewed(old)
        truth = heir.check_in()
        assert (truth.held, truth.renew_key, truth.hold) == (True, False, False)
        assert states() == ["moved", "active"]
        former = old.row
        assert (former.must_renew, former.renewed_as_id) == (False, heir.device.id)
        assert CaseRow.objects.count() == 0

    def test_any_holder_may_take_a_new_key(self, original: Copy) -> None:
        heir = renewed(original)
        assert heir.check_in().held
        assert heir.row.forked_at is None

    def test_a_renewal_keeps_the_baseline(self, original: Copy) -> None:
        heir = original.heir()
        answer = heir.take_over(original, fingerprint=machine(cpu="another"))
        assert isinstance(answer, License)
        assert answer.baseline == machine()

    def test_a_copy_on_another_machine_takes_nothing(self, original: Copy) -> None:
        old = fork(original)
        heir = old.heir()
        answer = heir.take_over(old, fingerprint=machine(board="another", system_uuid="another"))
        assert isinstance(answer, Case)
        assert answer.case.kind is CaseKind.FORK
        assert original.check_in().held
        # And the machine that runs it still takes its own new key.
        assert isinstance(original.heir().take_over(original), License)

    def test_a_copy_that_hides_its_machine_takes_nothing(self, original: Copy) -> None:
        old = fork(original)
        answer = old.heir().take_over(old, fingerprint=machine(board=None))
        assert isinstance(answer, Case)
        assert answer.case.kind is CaseKind.FORK

    def test_an_approved_heir_takes_the_formers_place(self, original: Copy) -> None:
        old = fork(original)
        heir = old.heir()
        other = machine(board="another", system_uuid="another")
        case = heir.take_over(old, fingerprint=other)
        assert isinstance(case, Case)
        CaseRow.objects.update(state=CaseState.APPROVED.value, decided_at=1)
        answer = heir.take_over(old, fingerprint=other, case_id=case.case.case_id)
        assert isinstance(answer, License)
        assert old.row.renewed_as_id == heir.device.id

    def test_a_suspended_license_gets_its_new_key(self, original: Copy) -> None:
        from server_stub.licensing.models import License as LicenseRow

        LicenseRow.objects.update(suspended=True)
        renewed(fork(original))

    @pytest.mark.parametrize("is_bound_before", [True, False])
    def test_a_suspended_license_that_is_free_is_nobodys_by_a_handover(
        self, office: Office, original: Copy, *, is_bound_before: bool
    ) -> None:
        from server_stub.licensing.models import License as LicenseRow

        if is_bound_before:
            assert isinstance(original.send("release", original.document), Receipt)
        else:
            original.license_key = office.issue().license_key
        LicenseRow.objects.update(suspended=True)
        answer = original.heir().take_over(original)
        assert isinstance(answer, Refusal)
        assert answer.code == "license-suspended"

    def test_what_a_release_covers_is_refused_to_the_heir_too(self, original: Copy) -> None:
        heir = original.heir()
        late = heir.sign(
            "activate", original.license_key, handover=original.device.hand_over(heir.device.id)
        )
        original.sequence = heir.sequence
        assert isinstance(original.send("release", original.document), Receipt)
        refused = heir.deliver(late)
        assert isinstance(refused, Refusal)
        assert (refused.code, refused.last_sequence) == ("sequence-covered", original.sequence)
        assert states() == ["released"]
        assert isinstance(heir.take_over(original), License)

    def test_a_release_frees_what_the_heir_was_given_and_never_heard_of(
        self, original: Copy
    ) -> None:
        heir = renewed(original)
        original.sequence, original.asked = heir.sequence, heir.device.asked
        receipt = original.send("release", original.document)
        assert isinstance(receipt, Receipt)
        assert (receipt.freed, receipt.generation, states()) == ((2,), 2, ["moved", "released"])
        assert isinstance(heir.activate(), License)

    def test_a_release_takes_nothing_from_an_heir_that_runs_or_came_later(
        self, original: Copy
    ) -> None:
        early = original.copied()
        heir = renewed(original)
        assert isinstance(early.send("release", early.document), Receipt)
        original.sequence = heir.sequence
        assert heir.check_in().held
        receipt = original.send("release", original.document)
        assert isinstance(receipt, Receipt)
        assert (receipt.freed, states()) == ((), ["moved", "active"])

    def test_a_copys_release_frees_no_heir_of_another_store(self, original: Copy) -> None:
        """The heir may run without a network: nobody but people can tell."""
        old = fork(original)
        renewed(old)
        original.sequence = old.sequence + 40
        refused = original.send("release", original.document)
        assert isinstance(refused, Refusal)
        assert refused.code == "older-than-binding", "it knows nothing of the heir"
        answer = original.send("release", original.document)
        assert isinstance(answer, Case)
        assert answer.case.kind is CaseKind.FORK
        assert states() == ["moved", "active"]

    def test_an_approval_of_the_former_key_is_decided_anew_for_its_heir(
        self, office: Office, original: Copy
    ) -> None:
        staff = Staff(office)
        answer = original.activate(fingerprint=OTHER_PARTS)
        assert isinstance(answer, Case)
        staff.approve(answer.case.case_id)
        old = fork(original)
        heir = old.heir()
        again = heir.take_over(old, case_id=answer.case.case_id)
        assert isinstance(again, Case)
        assert again.case.kind is CaseKind.FORK, "no stranger"
        assert row(answer.case.case_id).state == CaseState.CANCELLED, "nobody could use it"
        staff.approve(again.case.case_id, "Sara")
        staff.approve(again.case.case_id, "Reza")
        assert isinstance(heir.take_over(old, case_id=again.case.case_id), License)

    def test_what_the_former_key_waits_for_ends_when_its_heir_asks(self, original: Copy) -> None:
        """Nobody can approve by mistake what that key could not use."""
        asked = original.activate(fingerprint=OTHER_PARTS)
        assert isinstance(asked, Case)
        old = fork(original)
        assert isinstance(old.heir().take_over(old, fingerprint=OTHER_PARTS), Case)
        assert row(asked.case.case_id).state == CaseState.CANCELLED

    def test_its_proof_still_waits_when_its_heir_asks(self, original: Copy) -> None:
        old = fork(original)
        proof = prove(original)
        assert isinstance(proof, Case)
        assert isinstance(old.heir().take_over(old, fingerprint=OTHER_PARTS), Case)
        assert row(proof.case.case_id).state == CaseState.OPEN

    def test_a_new_key_does_not_blur_when_its_machine_changed(
        self, office: Office, original: Copy
    ) -> None:
        start = office.time[0]
        days = (start + 10 * DAY, start + 12 * DAY)
        scope = ("cpu", "memory", "boot-disk")
        assert isinstance(original.send("notice", original.document, *days, scope=scope), Window)
        office.time[0] += 5 * DAY
        parts = dict.fromkeys(("cpu", "memory", "boot_disk"), ComponentStatus.CHANGED)
        same = dict.fromkeys(PARTS, ComponentStatus.SAME)
        original.check_in(standing=Standing.DRIFTED, statuses=same | parts)
        office.time[0] += 6 * DAY
        assert isinstance(original.heir().take_over(original, fingerprint=OTHER_PARTS), Case)

    def test_a_released_license_comes_back_under_a_new_key(self, original: Copy) -> None:
        assert isinstance(original.send("release", original.document), Receipt)
        renewed(original)

    def test_a_forked_device_takes_an_unbound_license_under_a_new_key(
        self, office: Office, original: Copy
    ) -> None:
        old = fork(original)
        other = office.issue().license_key
        old.license_key = other
        assert isinstance(old.activate(), Refusal)
        heir = old.heir()
        assert isinstance(heir.take_over(old), License)

    def test_a_second_fork_within_a_month_is_for_people_to_decide(
        self, office: Office, original: Copy
    ) -> None:
        heir = renewed(fork(original))
        heir.check_in()
        office.time[0] += 29 * DAY
        old = fork(heir)
        answer = old.heir().take_over(old)
        assert isinstance(answer, Case)
        assert answer.case.kind is CaseKind.FORK
        assert heir.check_in().held

    def test_a_fork_after_a_month_heals_again(self, office: Office, original: Copy) -> None:
        heir = renewed(fork(original))
        heir.check_in()
        office.time[0] += 31 * DAY
        renewed(fork(heir))

    def test_keys_renew_one_another_in_a_chain(self, original: Copy) -> None:
        last = renewed(renewed(original))
        assert last.check_in().held
        assert states() == ["moved", "moved", "active"]

    def test_the_heir_heals_its_own_lost_store(self, original: Copy) -> None:
        heir = renewed(original)
        heir.sequence, heir.last = heir.row.last_sequence, None
        assert isinstance(heir.take_over(original), License)
        assert heir.check_in().held
