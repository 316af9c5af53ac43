"""Forks: what the network does is none, a store put back heals, a copy takes nothing (§5)."""

from typing import Any

import pytest

from protocol import envelope, jws
from protocol.documents import AnyAnswer, Case, License, Receipt, Refusal, Truth, Window
from protocol.values import CaseKind, CaseState, ComponentStatus, Digest, Standing
from protocol.verdicts import OsVerdict
from server_stub.licensing.models import AuditEntry, Binding
from server_stub.licensing.models import Case as CaseRow
from server_stub.licensing.models import Device as Row
from tests.server.conftest import Office
from tests.server.deciding import Staff
from tests.server.devices import PARTS, Device, machine

DAY = 86_400
OTHER_PARTS = machine(cpu="another", memory="another", boot_disk="another")


class Copy:
    """A device that remembers what it heard, and may be copied like a disk."""

    def __init__(self, office: Office, device: Device, license_key: str) -> None:
        self.office, self.device, self.license_key = office, device, license_key
        self.document = b""
        self.last: Digest | None = None
        self.sequence = 0

    def copied(self) -> "Copy":
        twin = Copy(self.office, self.device, self.license_key)
        twin.document, twin.last, twin.sequence = self.document, self.last, self.sequence
        return twin

    def heir(self) -> "Copy":
        """The next key of this machine, drawn beside the old one."""
        heir = self.copied()
        heir.device = self.office.device(self.device.name)
        return heir

    def send(self, make: str, *arguments: Any, **fields: Any) -> AnyAnswer:
        return self.deliver(self.sign(make, *arguments, **fields))

    def sign(self, make: str, *arguments: Any, **fields: Any) -> bytes:
        self.sequence += 1
        head = {"sequence": self.sequence, "last_answer": self.last}
        raw: bytes = getattr(self.device, make)(*arguments, **{**head, **fields})
        return raw

    def deliver(self, request: bytes) -> AnyAnswer:
        raw = self.office.answer_bytes(request)
        answer = envelope.open_answer(raw, self.office.server.trust)
        self.last = jws.digest(raw)
        if isinstance(answer, License):
            self.document = raw
        if isinstance(answer, Refusal | Truth):
            self.sequence = max(self.sequence, answer.last_sequence or 0)
        return answer

    def activate(self, **fields: Any) -> AnyAnswer:
        return self.send("activate", self.license_key, **fields)

    def check_in(self, **fields: Any) -> Truth:
        answer = self.send("check_in", self.document, **fields)
        assert isinstance(answer, Truth), answer
        return answer

    def take_over(self, former: "Copy", **fields: Any) -> AnyAnswer:
        return self.activate(handover=former.device.hand_over(self.device.id), **fields)

    @property
    def row(self) -> Row:
        return Row.objects.get(pk=self.device.id)


@pytest.fixture
def original(office: Office, device: Device, license_key: str) -> Copy:
    original = Copy(office, device, license_key)
    assert isinstance(original.activate(), License)
    assert original.check_in().held
    return original


def states() -> list[str]:
    return [binding.state for binding in Binding.objects.order_by("generation")]


def fork(copy: Copy) -> Copy:
    """Put a store back: what it was at the beginning of this goes on, after the other went on."""
    old = copy.copied()
    copy.check_in()
    copy.check_in()
    answer = old.send("check_in", old.document)
    assert isinstance(answer, Refusal)
    assert answer.code == "sequence-used"
    assert old.row.must_renew
    return old


def renewed(copy: Copy) -> Copy:
    heir = copy.heir()
    assert isinstance(heir.take_over(copy), License)
    return heir


def both_live(original: Copy) -> tuple[Copy, Copy]:
    """A copy renewed its key first; the original still runs, and both look alike."""
    copy = fork(original)
    return original, renewed(copy)


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
        original.sequence = heir.sequence
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
        staff.cancel(answer.case.case_id)
        staff.approve(again.case.case_id, "Sara")
        staff.approve(again.case.case_id, "Reza")
        assert isinstance(heir.take_over(old, case_id=again.case.case_id), License)

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
        original, copy = both_live(original)
        original.check_in()
        original.check_in()
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
        heir.send("withdraw", original.license_key)
        assert states() == ["moved", "active"]


class TestBothMatch:
    def test_nobody_is_stopped_and_people_decide(self, original: Copy) -> None:
        original, copy = both_live(original)
        first = original.check_in()
        assert (first.held, first.hold, first.cases) == (False, True, ())
        second = original.check_in()
        assert (second.held, second.hold) == (False, True)
        assert [case.kind for case in second.cases] == [CaseKind.FORK]
        assert copy.check_in().held
        assert len(original.check_in().cases) == 1

    def test_a_check_in_that_the_network_held_back_opens_no_case(
        self, office: Office, original: Copy
    ) -> None:
        old = fork(original)
        late = [old.sign("check_in", old.document) for _ in range(3)]
        renewed(old)
        for request in late:
            answer = office.answer(request)
            assert isinstance(answer, Truth)
            assert answer.hold
        assert not CaseRow.objects.exists()

    def test_a_copy_started_elsewhere_is_superseded(self, original: Copy) -> None:
        copy, _ = both_live(original)
        elsewhere = dict.fromkeys(PARTS, "same") | {"system_uuid": "changed"}
        truth = copy.check_in(statuses=elsewhere)
        assert (truth.held, truth.hold) == (False, False)

    @pytest.mark.parametrize(
        "fields",
        [{"standing": Standing.RELEASED}, {"os": OsVerdict.UPGRADE}, {"statuses": {}}],
    )
    def test_what_does_not_run_as_enrolled_is_not_kept_running(
        self, original: Copy, fields: dict[str, Any]
    ) -> None:
        original, _ = both_live(original)
        assert not original.check_in(**fields).hold

    def test_after_a_month_the_former_key_is_over(self, office: Office, original: Copy) -> None:
        original, _ = both_live(original)
        office.time[0] += 30 * DAY
        assert not original.check_in().hold

    def test_while_a_case_is_open_it_runs_on_however_long_that_takes(
        self, office: Office, original: Copy
    ) -> None:
        original, _ = both_live(original)
        original.check_in()
        original.check_in()
        office.time[0] += 90 * DAY
        assert original.check_in().hold

    @pytest.mark.parametrize("state", [CaseState.DECLINED, CaseState.CANCELLED])
    def test_a_decision_for_the_heir_ends_it(self, original: Copy, state: CaseState) -> None:
        original, copy = both_live(original)
        original.check_in()
        original.check_in()
        CaseRow.objects.update(state=state.value, decided_at=1)
        assert not original.check_in().hold
        assert CaseRow.objects.count() == 1
        assert isinstance(copy.activate(), License)

    def test_a_contested_holder_is_bound_anew_and_gives_back_by_decision_only(
        self, original: Copy
    ) -> None:
        original, copy = both_live(original)
        original.check_in()
        original.check_in()
        for answer in (
            copy.activate(),
            copy.heir().take_over(copy),
            copy.send("release", copy.document),
        ):
            assert isinstance(answer, Case)
            assert answer.case.kind is CaseKind.FORK
        assert original.check_in().hold

    def test_whom_the_decision_favours_is_not_stopped_before_hearing_of_it(
        self, office: Office, original: Copy
    ) -> None:
        original, copy = both_live(original)
        original.check_in()
        original.check_in()
        case, staff = CaseRow.objects.get(), Staff(office)
        staff.approve(case.pk, "Sara")
        staff.approve(case.pk, "Reza")
        assert isinstance(copy.send("release", copy.document), Case)
        assert original.check_in().hold
        assert isinstance(original.activate(case_id=case.pk), License)
        assert isinstance(copy.send("release", copy.document), Receipt)
        assert original.check_in().held

    def test_a_former_key_that_gives_back_contests_nothing_any_more(self, original: Copy) -> None:
        original, copy = both_live(original)
        original.check_in()
        original.check_in()
        proof = original.sign("release", original.document)
        assert isinstance(original.deliver(proof), Receipt)
        assert isinstance(copy.activate(), License)

    def test_an_older_proof_of_a_former_key_does_not_end_its_case(self, original: Copy) -> None:
        original, copy = both_live(original)
        proof = original.sign("release", original.document)
        original.check_in()
        original.check_in()
        assert isinstance(original.office.answer(proof), Receipt)
        assert isinstance(copy.activate(), Case)

    def test_it_runs_on_though_the_heir_was_renewed_again(self, original: Copy) -> None:
        original, copy = both_live(original)
        renewed(copy)
        assert original.check_in().hold

    def test_an_older_generation_of_the_former_key_does_not(self, original: Copy) -> None:
        older = original.document
        assert isinstance(original.activate(), License)
        renewed(original)
        original.document = older
        assert not original.check_in().hold

    def test_once_the_heir_gave_the_license_back_nobody_runs_on(self, original: Copy) -> None:
        original, copy = both_live(original)
        assert isinstance(copy.send("release", copy.document), Receipt)
        assert not original.check_in().hold


def test_a_machine_that_could_never_be_told_apart_runs_on_unless_something_differs(
    office: Office,
) -> None:
    device, license_key = office.device(), office.issue().license_key
    poor = machine(system_uuid=None, board=None, system_serial=None)
    original = Copy(office, device, license_key)
    assert isinstance(original.activate(fingerprint=poor), License)
    assert original.check_in().held
    copy = fork(original)
    assert isinstance(copy.heir().take_over(copy, fingerprint=poor), License)
    assert original.check_in().hold
    differs = dict.fromkeys(PARTS, "same") | {"cpu": "changed"}
    assert not original.check_in(statuses=differs).hold


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
