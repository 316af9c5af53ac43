"""Notices: what the policy grants, and what a window leaves out (§3, §5)."""

import itertools

import pytest

from agent.config import LONGEST_INTERVAL_HOURS
from protocol.documents import Case, License, Refusal
from protocol.values import CaseKind
from server_stub.licensing.models import Window as Row
from tests.server.conftest import Office
from tests.server.declaring import DAY, HOUR, START, changed, notice, opened
from tests.server.devices import Device, machine


class TestPolicy:
    def test_a_notice_is_answered_with_its_window(
        self, office: Office, device: Device, document: bytes
    ) -> None:
        begin = START + 5 * DAY
        scope = ("memory", "cpu", "cpu")
        answer = opened(office, device.notice(document, begin, begin + DAY, scope=scope))
        window = answer.window
        assert (answer.generation, window.window_id, window.scope) == (1, 1, ("cpu", "memory"))
        assert (window.starts_at, window.ends_at) == (begin, begin + DAY)
        assert (window.received_at, window.not_covered, window.citation) == (START, (), None)
        row = Row.objects.get()
        assert (row.reason, row.contact, row.device_id) == (
            "a new processor",
            "admin",
            device.id,
        )

    def test_a_window_begins_not_before_its_notice_was_received(
        self, office: Office, device: Device, document: bytes
    ) -> None:
        window = opened(office, device.notice(document, 1, START + DAY)).window
        assert window.starts_at == START

    @pytest.mark.parametrize(
        ("begin", "end", "code"),
        [
            (-2 * DAY, -DAY, "window-past"),
            (DAY, DAY, "window-past"),
            (DAY, DAY - 1, "window-past"),
            (DAY, 15 * DAY + 1, "window-too-long"),
            (60 * DAY + 1, 61 * DAY, "window-too-far"),
        ],
    )
    def test_a_window_that_the_policy_does_not_allow_is_refused_by_name(  # noqa: PLR0917 (fixtures)
        self, office: Office, device: Device, document: bytes, begin: int, end: int, code: str
    ) -> None:
        assert office.code(device.notice(document, START + begin, START + end)) == code
        assert not Row.objects.exists()

    def test_the_longest_and_the_farthest_window_are_granted(
        self, office: Office, device: Device, document: bytes
    ) -> None:
        begin = START + 60 * DAY
        opened(office, device.notice(document, begin, begin + 14 * DAY))

    def test_a_change_that_this_server_does_not_know_is_refused(
        self, office: Office, device: Device, document: bytes
    ) -> None:
        request = device.notice(document, START, START + DAY, scope=("cpu", "warp-core"))
        assert office.code(request) == "window-scope-unknown"

    def test_one_window_stands_at_a_time(
        self, office: Office, device: Device, document: bytes
    ) -> None:
        notice(office, device, document)
        later = START + 20 * DAY
        assert office.code(device.notice(document, later, later + DAY)) == "window-stands"

    def test_windows_back_to_back_are_refused(
        self, office: Office, device: Device, document: bytes
    ) -> None:
        ends = notice(office, device, document).window.ends_at
        office.time[0] = ends
        early = ends + 7 * DAY - 1
        assert office.code(device.notice(document, early, early + DAY)) == "window-too-soon"
        opened(office, device.notice(document, early + 1, early + DAY))

    def test_six_a_year_and_no_more(self, office: Office, device: Device, document: bytes) -> None:
        for _ in range(6):
            notice(office, device, document)
            office.time[0] += 9 * DAY
        request = device.notice(document, office.time[0], office.time[0] + DAY)
        assert office.code(request) == "windows-used-up"
        office.time[0] = START + 365 * DAY
        notice(office, device, document)

    def test_only_the_holder_declares_a_change(
        self, office: Office, device: Device, license_key: str, document: bytes
    ) -> None:
        office.bound(device, license_key)
        request = device.notice(document, START, START + DAY)
        assert office.code(request) == "older-than-binding"
        stranger = office.device("other").notice(document, START, START + DAY)
        assert office.code(stranger) == "device-mismatch"

    def test_who_gave_the_license_back_declares_nothing(
        self, office: Office, device: Device, document: bytes
    ) -> None:
        office.answer(device.release(document))
        assert office.code(device.notice(document, START, START + DAY)) == "device-mismatch"

    def test_a_fingerprint_of_unheard_size_is_refused(
        self, office: Office, device: Device, document: bytes
    ) -> None:
        import msgspec

        huge = {f"part-{n}": (f"{n:022}",) * 40 for n in range(20)}
        swollen = msgspec.structs.replace(machine(), components=huge)
        request = device.notice(document, START, START + DAY, fingerprint=swollen)
        assert office.code(request) == "document-invalid"

    def test_a_notice_shows_the_document_in_use(
        self, office: Office, device: Device, document: bytes
    ) -> None:
        proof = device.release(document)
        notice(office, device, document)
        answer = office.answer(proof)
        assert isinstance(answer, Case)
        assert answer.case.kind is CaseKind.FORK

    def test_a_refused_notice_may_be_corrected_under_the_same_sequence(
        self, office: Office, device: Device, document: bytes
    ) -> None:
        assert office.code(device.notice(document, START, START)) == "window-past"
        opened(office, device.notice(document, START, START + DAY, sequence=device.sequence))


class TestNotCovered:
    def test_what_had_changed_before_the_notice_is_named(
        self, office: Office, device: Device, document: bytes
    ) -> None:
        now = machine(memory="another", os_release="another")
        window = notice(office, device, document, fingerprint=now).window
        assert window.not_covered == ("memory", "os")

    def test_what_is_hidden_at_the_notice_may_have_changed(
        self, office: Office, device: Device, document: bytes
    ) -> None:
        now = machine(memory=None, os_release=None)
        window = notice(office, device, document, fingerprint=now).window
        assert window.not_covered == ("memory", "os")

    def test_what_was_lately_seen_the_same_may_be_hidden(
        self, office: Office, device: Device, document: bytes
    ) -> None:
        office.answer(device.check_in(document))
        # The longest that an administrator may have a machine wait, which is seen every hour.
        office.time[0] += LONGEST_INTERVAL_HOURS * HOUR
        window = notice(office, device, document, fingerprint=machine(memory=None)).window
        assert window.not_covered == ()

    def test_what_was_seen_the_same_long_ago_may_have_changed(
        self, office: Office, device: Device, document: bytes
    ) -> None:
        office.answer(device.check_in(document))
        office.time[0] += 8 * DAY + 1
        window = notice(office, device, document, fingerprint=machine(memory=None)).window
        assert window.not_covered == ("memory",)

    def test_a_binding_made_by_a_clock_that_was_ahead_blinds_no_window(
        self, office: Office, device: Device, license_key: str
    ) -> None:
        office.time[0] += 400 * 24 * HOUR
        document = office.bound(device, license_key)
        office.time[0] -= 400 * 24 * HOUR
        notice(office, device, document)
        office.time[0] += 2 * HOUR
        changed = machine(boot_disk="another")
        assert isinstance(office.answer(device.activate(license_key, fingerprint=changed)), License)

    def test_a_change_from_before_the_notice_is_a_case(
        self, office: Office, device: Device, license_key: str, document: bytes
    ) -> None:
        notice(office, device, document, fingerprint=machine(boot_disk="another"))
        office.time[0] += 2 * HOUR
        assert isinstance(office.answer(changed(device, license_key)), Case)


def test_a_double_of_a_notice_opens_no_second_window(
    office: Office, device: Device, document: bytes
) -> None:
    request = device.notice(document, START, START + DAY)
    answers = {office.answer_bytes(request) for _ in itertools.repeat(None, 3)}
    assert len(answers) == 1
    assert Row.objects.count() == 1


def test_a_refusal_of_a_notice_is_final(office: Office, device: Device, document: bytes) -> None:
    request = device.notice(document, START + 61 * DAY, START + 62 * DAY)
    first = office.answer(request)
    office.time[0] += 10 * DAY
    assert office.answer(request) == first
    assert isinstance(first, Refusal)
