"""Acts of the vendor's people: in the books, in the evidence, and replayed from it."""

from typing import Any

import pytest

from server_stub.licensing.services.acts import acting, record_missing, replay
from tests.server.conftest import Office


def _values(row: Any) -> dict[str, Any]:
    """A row as its table holds it."""
    (values,) = type(row).objects.filter(pk=row.pk).values()
    return {name: bytes(v) if isinstance(v, memoryview) else v for name, v in values.items()}


def test_every_row_of_an_act_is_put_back_from_its_evidence(office: Office) -> None:
    from server_stub.licensing.models import Customer, License

    office.issue("شرکت «البرز»")
    license, customer = License.objects.get(), Customer.objects.get()
    before, keys = (_values(license), _values(customer)), [customer.pk, license.pk]
    records = list(office.server.evidence.records())
    License.objects.all().delete()
    Customer.objects.all().delete()
    put_back = [row for record in records for row in replay(record)]
    assert [row.pk for row in put_back] == keys
    assert (_values(license), _values(customer)) == before


def test_what_is_no_act_puts_nothing_back(office: Office) -> None:
    office.bound(office.device(), office.issue().license_key)
    newest = list(office.server.evidence.records())[-1]
    assert "answer" in newest.facts
    assert replay(newest) == ()


def test_evidence_that_a_crash_left_out_is_made_good(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server_stub.errors import StoreUnreadable
    from server_stub.licensing.models import Customer
    from server_stub.licensing.services.exchange import record_missing_evidence
    from server_stub.licensing.services.issuing import add_customer

    def full(_: object) -> None:
        raise StoreUnreadable

    office.issue()
    with monkeypatch.context() as broken:
        broken.setattr(office.server.evidence, "ensure", full)
        with pytest.raises(StoreUnreadable):
            add_customer(office.server, "Lost")
    customer = Customer.objects.get(name="Lost")
    assert record_missing_evidence(office.server) == 1
    assert record_missing(office.server) == 0
    newest = list(office.server.evidence.records())[-1]
    assert (newest.event, [row.pk for row in replay(newest)]) == ("customer-added", [customer.pk])


def test_an_act_that_fails_leaves_no_trace(office: Office) -> None:
    from server_stub.licensing.models import AuditEntry, Customer

    def fail_in_the_middle() -> None:
        with acting(office.server) as act:
            act.record("customer-added", Customer.objects.create(name="x", created_at=act.now))
            raise ZeroDivisionError

    before = AuditEntry.objects.count(), len(list(office.server.evidence.records()))
    with pytest.raises(ZeroDivisionError):
        fail_in_the_middle()
    assert not Customer.objects.exists()
    assert (AuditEntry.objects.count(), len(list(office.server.evidence.records()))) == before
