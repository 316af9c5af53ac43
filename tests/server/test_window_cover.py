"""What a window covers: at the next activation, and at a release (§5, §7)."""

import pytest

from protocol.documents import Case, License, Receipt
from protocol.values import CaseKind, Fingerprint
from protocol.verdicts import OsVerdict
from server_stub.licensing.models import Window as Row
from tests.server.conftest import Office
from tests.server.deciding import Staff
from tests.server.declaring import HOUR, NEW_CPU, between, changed, notice
from tests.server.devices import PARTS, Device, machine


class TestRebind:
    def test_a_declared_change_is_bound_in_agreement(
        self, office: Office, device: Device, license_key: str, document: bytes
    ) -> None:
        notice(office, device, document)
        office.time[0] += 2 * HOUR
        answer = office.answer(changed(device, license_key))
        assert isinstance(answer, License)
        # Its baseline is the machine as it is now.
        assert (answer.generation, answer.fingerprint, answer.baseline) == (2, NEW_CPU, None)

    def test_a_tolerated_change_that_was_declared_makes_a_new_baseline(
        self, office: Office, device: Device, license_key: str, document: bytes
    ) -> None:
        cpu = machine(cpu="another")
        plain = office.answer(changed(device, license_key, cpu))
        assert isinstance(plain, License)
        assert plain.baseline == machine()
        document = office.answer_bytes(device.activate(license_key, fingerprint=cpu))
        notice(office, device, document, fingerprint=cpu)
        office.time[0] += 2 * HOUR
        answer = office.answer(changed(device, license_key, machine(cpu="third")))
        assert isinstance(answer, License)
        assert answer.baseline is None

    def test_nothing_changed_keeps_the_baseline(
        self, office: Office, device: Device, license_key: str
    ) -> None:
        cpu = machine(cpu="another")
        office.answer(changed(device, license_key, machine()))
        document = office.answer_bytes(changed(device, license_key, cpu))
        notice(office, device, document, fingerprint=cpu)
        office.time[0] += 2 * HOUR
        answer = office.answer(changed(device, license_key, cpu))
        assert isinstance(answer, License)
        assert answer.baseline == machine()

    @pytest.mark.parametrize(
        ("now", "kind"),
        [
            (machine(cpu="x", memory="x", boot_disk="x", nic="x"), CaseKind.CHANGED),
            (machine("another"), CaseKind.CHANGED),
            (machine(cpu="x", memory="x", boot_disk="x", os_instance="x"), CaseKind.CHANGED),
            (machine(cpu="x", nic=None), CaseKind.COVERAGE_LOWERED),
        ],
    )
    def test_what_exceeds_the_scope_is_a_case(  # noqa: PLR0917 (fixtures)
        self,
        office: Office,
        device: Device,
        license_key: str,
        document: bytes,
        now: Fingerprint,
        kind: CaseKind,
    ) -> None:
        notice(office, device, document)
        office.time[0] += 2 * HOUR
        answer = office.answer(changed(device, license_key, now))
        assert isinstance(answer, Case)
        assert answer.case.kind is kind

    def test_a_part_in_the_scope_may_be_unknown_now(
        self, office: Office, device: Device, license_key: str, document: bytes
    ) -> None:
        notice(office, device, document)
        office.time[0] += 2 * HOUR
        now = machine(cpu="another", boot_disk=None)
        assert isinstance(office.answer(changed(device, license_key, now)), License)

    def test_a_machine_that_could_not_be_told_apart_any_more_is_a_case(
        self, office: Office, device: Device, license_key: str, document: bytes
    ) -> None:
        notice(office, device, document, scope=("board",))
        office.time[0] += 2 * HOUR
        now = machine(nic="x", system_uuid=None, system_serial=None, board=None)
        assert isinstance(office.answer(changed(device, license_key, now)), Case)

    def test_before_the_window_nothing_is_covered(
        self, office: Office, device: Device, license_key: str, document: bytes
    ) -> None:
        notice(office, device, document)
        office.time[0] += HOUR - 1
        assert isinstance(office.answer(changed(device, license_key)), Case)

    def test_a_window_counts_for_three_days_after_its_end(
        self, office: Office, device: Device, license_key: str, document: bytes
    ) -> None:
        office.time[0] = notice(office, device, document).window.ends_at + 72 * HOUR
        assert isinstance(office.answer(changed(device, license_key)), License)

    def test_later_only_a_change_that_is_known_to_have_been_in_it_counts(
        self, office: Office, device: Device, license_key: str, document: bytes
    ) -> None:
        window = notice(office, device, document).window
        office.time[0] = window.ends_at + 72 * HOUR + 1
        assert isinstance(office.answer(changed(device, license_key)), Case)
        device.sequence = 100
        after = between(window.ends_at + 1, window.ends_at + 2)
        assert isinstance(office.answer(changed(device, license_key, drift=after)), Case)
        office.answer(device.withdraw(license_key, generation=1))
        inside = between(window.starts_at - 5, window.starts_at + 5)
        assert isinstance(office.answer(changed(device, license_key, drift=inside)), License)

    def test_a_check_in_that_found_all_the_same_after_the_window_speaks_against_it(
        self, office: Office, device: Device, license_key: str, document: bytes
    ) -> None:
        window = notice(office, device, document).window
        office.time[0] = window.ends_at + HOUR
        office.answer(device.check_in(document))
        office.time[0] += HOUR
        assert isinstance(office.answer(changed(device, license_key)), Case)

    def test_a_check_in_that_found_the_change_in_the_window_speaks_for_it(
        self, office: Office, device: Device, license_key: str, document: bytes
    ) -> None:
        window = notice(office, device, document).window
        office.time[0] = window.starts_at + HOUR
        statuses = dict.fromkeys(PARTS, "same") | {"cpu": "changed"}
        office.answer(device.check_in(document, statuses=statuses))
        office.time[0] = window.ends_at + 300 * HOUR
        assert isinstance(office.answer(changed(device, license_key)), License)

    def test_what_had_changed_before_the_notice_is_settled_once_it_was_agreed_to(
        self, office: Office, device: Device, license_key: str, document: bytes
    ) -> None:
        granted = notice(office, device, document, fingerprint=NEW_CPU)
        assert granted.window.not_covered
        case = office.answer(changed(device, license_key))
        assert isinstance(case, Case)
        Staff(office).approve(case.case.case_id)
        office.time[0] += 2 * HOUR
        asked = changed(device, license_key, case_id=case.case.case_id)
        assert isinstance(office.answer(asked), License)
        later = machine(cpu="later", memory="later", boot_disk="later")
        assert isinstance(office.answer(changed(device, license_key, later)), License)

    def test_a_closed_window_covers_what_was_done_while_it_was_open(
        self, office: Office, device: Device, license_key: str, document: bytes
    ) -> None:
        window = notice(office, device, document).window
        office.time[0] = window.starts_at + HOUR
        Row.objects.update(closed_at=office.time[0])
        office.time[0] += 100 * HOUR
        late = between(window.starts_at + 2 * HOUR, window.starts_at + 3 * HOUR)
        assert isinstance(office.answer(changed(device, license_key, drift=late)), Case)
        office.answer(device.withdraw(license_key, generation=1))
        inside = between(window.starts_at, window.starts_at + 5)
        assert isinstance(office.answer(changed(device, license_key, drift=inside)), License)


class TestRelease:
    def released(self, office: Office, device: Device, document: bytes, **statuses: str) -> None:
        told = dict.fromkeys(PARTS, "same") | statuses
        proof = device.release(document, code="FGR-a", statuses=told, os=OsVerdict.SAME)
        assert isinstance(office.answer(proof), Receipt)

    def test_a_declared_change_is_released_clean(
        self, office: Office, device: Device, license_key: str, document: bytes
    ) -> None:
        notice(office, device, document)
        office.time[0] += 2 * HOUR
        self.released(office, device, document, cpu="changed", boot_disk="changed")
        assert isinstance(office.answer(changed(device, license_key)), License)

    @pytest.mark.parametrize("part", ["board", "nic"])
    def test_a_change_outside_the_scope_is_not(
        self, office: Office, device: Device, license_key: str, document: bytes, part: str
    ) -> None:
        notice(office, device, document)
        office.time[0] += 2 * HOUR
        told = {"cpu": "changed", "boot_disk": "changed", part: "changed"}
        self.released(office, device, document, **told)
        answer = office.answer(changed(device, license_key))
        assert isinstance(answer, Case)
        assert answer.case.kind is CaseKind.CHANGED
