"""The second place alone can make the database anew, whatever the transactions were about."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction

from protocol.values import Standing
from server_stub.denials import AnswerWrong
from server_stub.licensing import redo
from server_stub.licensing.models import Customer, License, Redo, ServerState
from server_stub.licensing.models.recorded import read_bytes, spelled
from server_stub.licensing.services import holidays
from server_stub.licensing.transactions import writing
from tests.server.calling import Caller, ask, checked
from tests.server.conftest import Office
from tests.server.deciding import Staff
from tests.server.tables import all_tables


def live(office: Office) -> None:
    """A little of everything that a device can do."""
    issued, device = office.issue(), office.device()
    document = office.bound(device, issued.license_key)
    office.answer(device.check_in(document, Standing.ACTIVE))
    office.answer(device.activate(issued.license_key))
    office.answer(office.device("stranger").activate(issued.license_key))
    office.answer(device.check_in(document, Standing.ACTIVE))
    office.answer(device.release(office.bound(device, issued.license_key), code="FGR-a"))
    office.bound(office.device("other"), issued.license_key, code="FGR-a")


def tell(office: Office) -> None:
    """A little of everything that all machines are told."""
    staff = Staff(office)
    staff.announce("خبر", "News")
    for page in ("https://a.example/", "https://b.example/"):
        staff.offer("tickets", page)
    staff.end_offer("tickets")
    staff.close_on(date(2120, 3, 21), date(2120, 3, 22))
    holidays.remove(office.server, "2120-03-21")


def call(office: Office) -> None:
    """A code that was asked, and answered wrong and then right."""
    caller = Caller(office, office.device("caller"))
    asked = ask(office, caller.take(office.issue().license_key))
    with pytest.raises(AnswerWrong):
        checked(office, asked, caller.answers(asked, generation=2))
    checked(office, asked, caller.answers(asked))


def test_the_evidence_alone_makes_the_database_anew(office: Office) -> None:
    live(office)
    tell(office)
    call(office)
    kept, head = all_tables(), ServerState.objects.get()
    call_command("flush", interactive=False, verbosity=0)
    assert License.objects.count() == 0
    for record in office.server.evidence.records():
        with transaction.atomic():
            redo.apply(redo.read_redo(bytes(record.body)))
    ServerState.objects.create(
        pk=1, audit_index=head.audit_index, audit_hash=head.audit_hash, epoch=head.epoch
    )
    assert all_tables() == kept


def test_what_the_second_place_has_is_dropped_in_time(office: Office) -> None:
    live(office)
    spool = office.server.evidence
    assert Redo.objects.count() > 1
    with writing(office.server.clock(), spool.known_newest) as journal:
        while journal.next_index % 64:
            journal.record("filler")
        journal.record("filler")
    assert Redo.objects.count() == 1
    assert Redo.objects.get().last_index > spool.newest()


def test_nothing_is_changed_of_which_no_entry_speaks(office: Office) -> None:
    with pytest.raises(AssertionError), writing(office.server.clock()) as journal:
        Customer.objects.create(name="Alborz", created_at=journal.now)
    assert not Customer.objects.exists()


@pytest.mark.parametrize("raw", [b"", b"{}", "شرکت".encode(), b"\xff\x00\x80"])
def test_bytes_are_read_back_as_they_were_spelled(raw: bytes) -> None:
    assert read_bytes(spelled(raw)) == raw


@pytest.mark.parametrize("text", ["", "x:", "b:***", "text"])
def test_no_other_text_passes_for_bytes(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_bytes(text)
