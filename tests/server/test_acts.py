"""Acts of the vendor's people: in the books and in the second place, or nowhere."""

import pytest

from server_stub.errors import StoreUnreadable
from server_stub.licensing.models import AuditEntry, Customer
from server_stub.licensing.redo import read_redo
from server_stub.licensing.services.acts import acting
from server_stub.licensing.services.exchange import record_missing_evidence
from server_stub.licensing.services.issuing import add_customer
from tests.server.conftest import Office


def told(office: Office) -> list[str]:
    """Every event that the evidence knows."""
    logs = (read_redo(bytes(record.body)) for record in office.server.evidence.records())
    return [entry.event for log in logs for entry in log.entries]


def test_evidence_that_a_crash_left_out_is_made_good(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreUnreadable

    office.issue()
    with monkeypatch.context() as broken:
        broken.setattr(office.server.evidence, "ensure", full)
        with pytest.raises(StoreUnreadable):
            add_customer(office.server, "Lost")
    assert Customer.objects.filter(name="Lost").exists()
    before = told(office)
    assert record_missing_evidence(office.server) == 1
    assert told(office) == [*before, "customer-added"]
    assert record_missing_evidence(office.server) == 0


def test_an_act_that_fails_leaves_no_trace(office: Office) -> None:
    def fail_in_the_middle() -> None:
        with acting(office.server) as act:
            act.record("customer-added")
            Customer.objects.create(name="x", created_at=act.now)
            raise ZeroDivisionError

    before = AuditEntry.objects.count(), told(office)
    with pytest.raises(ZeroDivisionError):
        fail_in_the_middle()
    assert not Customer.objects.exists()
    assert (AuditEntry.objects.count(), told(office)) == before
