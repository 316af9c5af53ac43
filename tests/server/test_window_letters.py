"""Windows that staff open by letter, and what the holder is told of any window (§3, §5)."""

import pytest

from protocol.documents import License
from protocol.values import Timestamp
from server_stub.denials import (
    RoleNeeded,
    WindowBackwards,
    WindowBeforeLetter,
    WindowOver,
    WindowTooLong,
)
from server_stub.errors import NotFound, ServerError
from server_stub.licensing.models import Window as Row
from tests.server.conftest import Office
from tests.server.declaring import DAY, HOUR, START, Desk, changed, desk, notice, truth
from tests.server.devices import Device

__all__ = ["desk"]


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
        self, office: Office, device: Device, document: bytes, desk: Desk
    ) -> None:
        notice(office, device, document)
        desk.close(1)
        assert truth(office, device.check_in(document)).window is None

    def test_the_window_that_runs_is_told_before_a_later_one(
        self, office: Office, device: Device, document: bytes, desk: Desk
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
