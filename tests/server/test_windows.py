"""Notices and change windows: what the policy grants, and what a window covers (§3, §5, §7)."""

import itertools
from typing import Any

import pytest

from protocol.documents import Case, License, Receipt, Refusal, Truth, Window
from protocol.values import CaseKind, DriftRecord, Fingerprint, Timestamp
from protocol.verdicts import OsVerdict
from server_stub.errors import (
    NotFound,
    RoleNeeded,
    ServerError,
    WindowBackwards,
    WindowBeforeLetter,
    WindowOver,
    WindowTooLong,
)
from server_stub.licensing.models import Window as Row
from server_stub.licensing.services import windows
from tests.server.conftest import Office
from tests.server.deciding import Staff
from tests.server.devices import PARTS, Device, machine

DAY = 86_400
HOUR = 3600
START = 1_800_000_000
NEW_CPU = machine(cpu="another", memory="another", boot_disk="another")
SCOPE = ("cpu", "memory", "boot-disk")


def opened(office: Office, raw: bytes) -> Window:
    answer = office.answer(raw)
    assert isinstance(answer, Window), answer
    return answer


def notice(office: Office, device: Device, document: bytes, **fields: Any) -> Window:
    """A window from an hour ahead, for a day."""
    begin = office.time[0] + HOUR
    return opened(office, device.notice(document, begin, begin + DAY, **{"scope": SCOPE} | fields))


def truth(office: Office, raw: bytes) -> Truth:
    answer = office.answer(raw)
    assert isinstance(answer, Truth), answer
    return answer


def between(last_match: int, first_difference: int) -> DriftRecord:
    return DriftRecord(
        last_match=Timestamp(last_match), first_difference=Timestamp(first_difference)
    )


def changed(device: Device, license_key: str, now: Fingerprint = NEW_CPU, **fields: Any) -> bytes:
    return device.activate(license_key, fingerprint=now, **fields)


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
        window = notice(office, device, document, fingerprint=machine(memory=None)).window
        assert window.not_covered == ()

    def test_what_was_seen_the_same_long_ago_may_have_changed(
        self, office: Office, device: Device, document: bytes
    ) -> None:
        office.answer(device.check_in(document))
        office.time[0] += 73 * HOUR
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


class TestTold:
    def test_the_holder_is_told_of_its_window_until_three_days_after_its_end(
        self, office: Office, device: Device, document: bytes
    ) -> None:
        assert truth(office, device.check_in(document)).window is None
        window = notice(office, device, document).window
        assert truth(office, device.check_in(document)).window == window
        office.time[0] = window.ends_at + 72 * HOUR
        assert truth(office, device.check_in(document)).window == window
        office.time[0] += 1
        assert truth(office, device.check_in(document)).window is None

    def test_a_window_that_staff_took_back_is_told_no_more(
        self, office: Office, device: Device, document: bytes, desk: "Desk"
    ) -> None:
        notice(office, device, document)
        desk.close(1)
        assert truth(office, device.check_in(document)).window is None

    def test_the_window_that_runs_is_told_before_a_later_one(
        self, office: Office, device: Device, document: bytes, desk: "Desk"
    ) -> None:
        first = notice(office, device, document).window
        desk.open(first.ends_at + DAY, first.ends_at + 2 * DAY)
        told = truth(office, device.check_in(document)).window
        assert told is not None
        assert told.window_id == 2
        office.time[0] = first.starts_at
        assert truth(office, device.check_in(document)).window == first

    def test_nobody_else_is_told(
        self, office: Office, device: Device, license_key: str, document: bytes
    ) -> None:
        notice(office, device, document)
        other = office.device("other")
        office.answer(other.activate(license_key))
        from protocol.values import Standing

        assert truth(office, other.check_in(None, Standing.ACTIVATING)).window is None
        office.answer(device.release(document))
        assert truth(office, device.check_in(document)).window is None


class Desk:
    """The vendor's office at work."""

    def __init__(self, office: Office, license_key: str) -> None:
        from server_stub.licensing.models.decisions import Role
        from server_stub.licensing.services.people import add_staff

        self.office, self.license_key = office, license_key
        self.names = {role: f"{role.value}-1" for role in Role}
        for role, name in self.names.items():
            add_staff(office.server, name, role)

    def open(self, begin: int, end: int, *, by: str = "support-1", **fields: Any) -> Row:
        from protocol.windows import Change
        from server_stub.licensing import selectors

        letter: dict[str, Any] = {
            "scope": (Change.CPU, Change.MEMORY, Change.BOOT_DISK),
            "starts_at": Timestamp(begin),
            "ends_at": Timestamp(end),
            "citation": "letter 1405/77",
            "received_at": None,
            "by": by,
        }
        license = selectors.find_license(self.license_key)
        return windows.open_by_letter(
            self.office.server, license, windows.Letter(**letter | fields)
        )

    def close(self, number: int, by: str = "supervisor-1") -> None:
        windows.close(self.office.server, number, by=by, reason="opened by mistake")


@pytest.fixture
def desk(office: Office, license_key: str) -> Desk:
    return Desk(office, license_key)


class TestLetter:
    def test_a_window_by_letter_covers_like_any_other_and_names_its_letter(
        self, office: Office, device: Device, license_key: str, document: bytes, desk: Desk
    ) -> None:
        desk.open(START, START + DAY)
        told = truth(office, device.check_in(document)).window
        assert told is not None
        assert told.citation == "letter 1405/77"
        office.time[0] += HOUR
        assert isinstance(office.answer(changed(device, license_key)), License)

    def test_a_letter_that_came_in_time_covers_a_change_that_was_made_since(
        self, office: Office, device: Device, license_key: str, document: bytes, desk: Desk
    ) -> None:
        del document
        office.time[0] += 3 * DAY
        desk.open(START + DAY, START + 2 * DAY, received_at=Timestamp(START + 5))
        assert isinstance(office.answer(changed(device, license_key)), License)

    def test_staff_are_bound_neither_by_number_nor_by_distance(
        self, office: Office, device: Device, document: bytes, desk: Desk
    ) -> None:
        for day in range(8):
            desk.open(START + day * DAY, START + (day + 1) * DAY)
        desk.open(START + 100 * DAY, START + 114 * DAY)
        # What staff open does not count against the six of a notice.
        office.time[0] = START + 115 * DAY + 7 * DAY
        notice(office, device, document)

    @pytest.mark.parametrize(
        ("begin", "end", "received", "error"),
        [
            (DAY, DAY, None, WindowBackwards),
            (DAY, 15 * DAY + 1, None, WindowTooLong),
            (-1, DAY, None, WindowBeforeLetter),
            (DAY, 2 * DAY, 1, WindowBeforeLetter),
            (-2 * DAY, -DAY, -DAY, WindowBeforeLetter),
        ],
    )
    def test_what_not_even_staff_may_open(
        self,
        desk: Desk,
        begin: int,
        end: int,
        received: int | None,
        error: type[ServerError],
    ) -> None:
        came = None if received is None else Timestamp(START + received)
        with pytest.raises(error):
            desk.open(START + begin, START + end, received_at=came)
        assert not Row.objects.exists()

    def test_only_support_and_supervisors_open_and_close(self, desk: Desk) -> None:
        for by in ("issuer-1", "auditor-1"):
            with pytest.raises(RoleNeeded):
                desk.open(START, START + DAY, by=by)
        with pytest.raises(NotFound):
            desk.open(START, START + DAY, by="nobody")
        desk.open(START, START + DAY)
        with pytest.raises(RoleNeeded):
            desk.close(1, by="auditor-1")

    def test_a_window_is_closed_once_and_before_its_end(self, office: Office, desk: Desk) -> None:
        with pytest.raises(NotFound):
            desk.close(7)
        desk.open(START, START + DAY)
        desk.close(1)
        with pytest.raises(WindowOver):
            desk.close(1)
        desk.open(START, START + DAY)
        office.time[0] += DAY
        with pytest.raises(WindowOver):
            desk.close(2)

    def test_every_act_stands_in_the_books_and_in_the_evidence(
        self, office: Office, desk: Desk
    ) -> None:
        from server_stub.licensing.models import AuditEntry
        from server_stub.licensing.verification import verify

        desk.open(START, START + DAY)
        desk.close(1)
        events = AuditEntry.objects.filter(event__startswith="window-").order_by("index")
        assert [(entry.event, "letter 1405/77" in entry.detail) for entry in events] == [
            ("window-opened", True),
            ("window-closed", False),
        ]
        assert "opened by mistake" in events[1].detail
        assert verify(office.server.trust, office.server.evidence).faults == ()
        assert str(Row.objects.get()) == f"1 {START}-{START + DAY}"


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
