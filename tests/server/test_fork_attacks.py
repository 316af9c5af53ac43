"""Handovers that are kept, doubled or forged take nothing, and strangers learn nothing (§5)."""

import pytest

from protocol.documents import Case, License, Receipt, Refusal
from protocol.problems import RefusalCode
from protocol.values import CaseKind, CaseState, Digest
from server_stub.licensing.models import AuditEntry
from server_stub.licensing.models import Case as CaseRow
from server_stub.licensing.models import License as LicenseRow
from tests.server.conftest import Office
from tests.server.copies import Copy, contested, original, renewed, states
from tests.server.deciding import Staff
from tests.server.devices import Device, machine

__all__ = ["original"]


class TestAttacks:
    def test_a_handover_names_one_heir_for_ever(self, original: Copy) -> None:
        heir = renewed(original)
        thief = original.heir()
        answer = thief.take_over(original)
        assert isinstance(answer, Case)
        assert answer.case.kind is CaseKind.FORK
        assert heir.check_in().held

    def test_a_handover_to_another_key_is_no_paper(self, office: Office, original: Copy) -> None:
        paper = original.device.hand_over(office.device("named").id)
        answer = original.heir().activate(handover=paper)
        assert isinstance(answer, Refusal)
        assert answer.code == "document-invalid"

    def test_a_handover_by_a_key_that_nobody_knows_is_no_right(
        self, office: Office, original: Copy
    ) -> None:
        stranger = Copy(office, office.device("stranger"), original.license_key)
        answer = stranger.heir().take_over(stranger)
        assert isinstance(answer, Case)
        assert answer.case.kind is CaseKind.RIGHT_MISSING

    def test_a_device_that_lost_the_license_meanwhile_hands_nothing_over(
        self, office: Office, original: Copy
    ) -> None:
        assert isinstance(original.send("release", original.document, code="FGR-a"), Receipt)
        taker = Copy(office, office.device("taker"), original.license_key)
        assert isinstance(taker.activate(code="FGR-a"), License)
        heir = original.heir()
        answer = heir.take_over(original)
        assert isinstance(answer, Case)
        assert answer.case.kind is CaseKind.RIGHT_MISSING
        assert isinstance(taker.send("release", taker.document, code="FGR-b"), Receipt)
        again = heir.take_over(original)
        assert isinstance(again, Case)

    def test_a_handover_that_was_kept_takes_nothing_back(self, original: Copy) -> None:
        original, copy = contested(original)
        CaseRow.objects.update(state=CaseState.APPROVED.value, decided_at=1)
        case = CaseRow.objects.get()
        assert isinstance(original.activate(case_id=case.pk), License)
        assert not copy.check_in().held
        answer = copy.take_over(original)
        assert isinstance(answer, Case)
        assert original.check_in().held
        # A key that counts again may be renewed again.
        renewed(original)

    def test_a_key_that_was_renewed_is_nobodys_heir(self, original: Copy) -> None:
        heir = renewed(original)
        answer = original.take_over(heir)
        assert isinstance(answer, Case)
        assert heir.check_in().held

    def test_an_heir_of_one_device_is_not_the_heir_of_another(
        self, office: Office, original: Copy
    ) -> None:
        other = Copy(office, office.device(), office.issue().license_key)
        assert isinstance(other.activate(), License)
        heir = renewed(original)
        heir.license_key = other.license_key
        answer = heir.take_over(other)
        assert isinstance(answer, Case)
        assert other.check_in().held

    def test_a_copied_key_names_no_endless_row_of_heirs(self, original: Copy) -> None:
        elsewhere = machine(board="another", system_uuid="another")
        answers = [original.heir().take_over(original, fingerprint=elsewhere) for _ in range(4)]
        assert [type(answer) for answer in answers] == [Case, Case, Case, Refusal]
        assert getattr(answers[-1], "code", "") == "too-many-cases"
        # The machine that runs it waits for nobody.
        renewed(original)

    def test_one_key_has_one_heir_for_all_its_licenses(
        self, office: Office, original: Copy
    ) -> None:
        second = original.copied()
        second.license_key = office.issue().license_key
        assert isinstance(second.activate(), License)
        original.sequence = second.sequence
        heir, thief = renewed(original), second.heir()
        answer = thief.take_over(second)
        assert isinstance(answer, Case)
        assert answer.case.kind is CaseKind.FORK
        heir.license_key = second.license_key
        assert isinstance(heir.take_over(second), License)

    def test_while_its_license_is_suspended_people_decide_and_nobody_is_bound(
        self, office: Office, original: Copy
    ) -> None:
        """Its key has an heir for another license, and its copies would run on side by side."""
        second = original.copied()
        second.license_key = office.issue().license_key
        assert isinstance(second.activate(), License)
        original.sequence = second.sequence
        renewed(original)
        LicenseRow.objects.update(suspended=True)
        heir = second.heir()
        answer = heir.take_over(second)
        assert isinstance(answer, Case)
        staff = Staff(office)
        for by in ("Sara", "Reza"):
            staff.approve(answer.case.case_id, by)
        refused = heir.take_over(second, case_id=answer.case.case_id)
        assert isinstance(refused, Refusal)
        assert refused.code == RefusalCode.LICENSE_SUSPENDED
        LicenseRow.objects.update(suspended=False)
        assert isinstance(heir.take_over(second, case_id=answer.case.case_id), License)

    def test_a_former_key_is_no_heir_of_another_device(
        self, office: Office, original: Copy
    ) -> None:
        other = Copy(office, office.device(), office.issue().license_key)
        assert isinstance(other.activate(), License)
        renewed(original)
        original.license_key = other.license_key
        assert isinstance(original.take_over(other), Case)
        assert other.check_in().held

    def test_the_key_alone_takes_nothing_back_by_withdrawing(self, original: Copy) -> None:
        heir = renewed(original)
        heir.send("withdraw", original.license_key)  # and names the renewal
        assert states() == ["moved", "active"]


def test_strangers_learn_nothing_of_how_much_was_written(office: Office, device: Device) -> None:
    issued = office.issue()
    unknown = "FGM-2Z7VS-DKHEN-KQ7T9-8M8TV-81A75"
    stranger = office.answer(office.device("x").activate(unknown))
    assert stranger.audit_index == 1
    office.bound(device, issued.license_key)
    known = office.answer(device.activate(unknown))
    assert known.audit_index == AuditEntry.objects.count()


@pytest.mark.parametrize("field", ["tombstone", "reactivation_code"])
def test_a_release_with_a_hash_that_is_none_is_refused(
    office: Office, device: Device, document: bytes, field: str
) -> None:
    for odd in ("*" * 43, "A" * 42 + "B"):
        request = device.release(document, **{field: Digest(odd)})
        assert office.code(request) == "document-invalid"
    assert states() == ["active"]


def test_tags_and_keys_that_are_none_are_refused(
    office: Office, device: Device, license_key: str
) -> None:
    import msgspec

    odd = msgspec.structs.replace(machine(), components={"cpu": ("ب" * 22,)})
    assert office.code(device.activate(license_key, fingerprint=odd)) == "document-invalid"
    assert office.code(device.activate(license_key, agreement_key="*" * 43)) == "document-invalid"
