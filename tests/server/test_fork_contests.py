"""Two that look alike: nobody is stopped, and people decide (§5)."""

from typing import Any

import pytest

from protocol.documents import Case, License, Receipt, Truth
from protocol.values import CaseKind, CaseState, Standing
from protocol.verdicts import OsVerdict
from server_stub.licensing.models import Case as CaseRow
from tests.server.conftest import Office
from tests.server.copies import DAY, Copy, both_live, contested, fork, original, renewed
from tests.server.deciding import Staff
from tests.server.devices import PARTS, machine

__all__ = ["original"]


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
        original, _ = contested(original)
        office.time[0] += 90 * DAY
        assert original.check_in().hold

    @pytest.mark.parametrize("state", [CaseState.DECLINED, CaseState.CANCELLED])
    def test_a_decision_for_the_heir_ends_it(self, original: Copy, state: CaseState) -> None:
        original, copy = contested(original)
        CaseRow.objects.update(state=state.value, decided_at=1)
        assert not original.check_in().hold
        assert CaseRow.objects.count() == 1
        assert isinstance(copy.activate(), License)

    def test_a_contested_holder_is_bound_anew_and_gives_back_by_decision_only(
        self, original: Copy
    ) -> None:
        original, copy = contested(original)
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
        original, copy = contested(original)
        case, staff = CaseRow.objects.get(), Staff(office)
        staff.approve(case.pk, "Sara")
        staff.approve(case.pk, "Reza")
        assert isinstance(copy.send("release", copy.document), Case)
        assert original.check_in().hold
        assert isinstance(original.activate(case_id=case.pk), License)
        assert isinstance(copy.send("release", copy.document), Receipt)
        assert original.check_in().held

    def test_a_former_key_that_gives_back_contests_nothing_any_more(self, original: Copy) -> None:
        original, copy = contested(original)
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
