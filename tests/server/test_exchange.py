"""The pipeline: once and for ever, whole or not at all, evidence first (§5)."""

import random
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection

from protocol import envelope
from protocol.documents import Case, License, Receipt, Refusal
from protocol.exchange import pack_roots, unpack_answer
from protocol.problems import BadSignature, ProtocolError
from server_stub.errors import BooksBehind, DocumentInvalid, StoreBusy, StoreUnreadable
from server_stub.home import Home
from server_stub.licensing.evidence import EvidenceSpool
from server_stub.licensing.models import AuditEntry, Binding, Exchange, ServerState
from server_stub.licensing.records import spool_faults
from server_stub.licensing.services import exchange
from server_stub.licensing.services.papers import verify_papers
from server_stub.licensing.transactions import writing
from tests import databases
from tests.databases import Kind
from tests.server.conftest import Office
from tests.server.devices import Device


def test_eight_machines_ask_at_once_and_one_is_bound(office: Office) -> None:
    issued = office.issue()
    answers = office.in_threads(
        [office.device(f"m{n}").activate(issued.license_key) for n in range(8)]
    )
    assert sum(isinstance(answer, License) for answer in answers) == 1
    assert sum(isinstance(answer, Case) for answer in answers) == 7
    assert Binding.objects.filter(state="active").count() == 1


def test_eight_copies_of_one_request_are_answered_alike(office: Office) -> None:
    request = office.device().activate(office.issue().license_key)
    answers = office.in_threads([request] * 8)
    assert len(set(map(str, answers))) == 1
    assert Exchange.objects.count() == 1


def test_requests_of_one_device_in_any_order_leave_one_truth(office: Office) -> None:
    dice = random.Random(random.randrange(2**32))  # seeded by pytest-randomly, which prints it
    for _ in range(15):
        device, issued = office.device(), office.issue()
        document = office.bound(device, issued.license_key)
        requests = [
            device.check_in(document),
            device.activate(issued.license_key),
            device.release(document),
            device.activate(issued.license_key),
        ]
        deliveries = [dice.choice(requests) for _ in range(8)]
        first: dict[bytes, bytes] = {}
        for request in deliveries:
            answer = office.answer_bytes(request)
            assert first.setdefault(request, answer) == answer
        if requests[2] in deliveries and requests[3] not in deliveries:
            released = envelope.open_answer(first[requests[2]], office.server.trust)
            active = Binding.objects.filter(license=issued.license_id, state="active")
            assert isinstance(released, Receipt)
            assert not active.exists()


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ({"audience": "another"}, "audience-wrong"),
        ({"epoch_seen": 2}, "server-behind"),
        ({"trust_version": 2}, "server-behind"),
    ],
)
def test_what_no_server_should_accept_is_refused_without_a_record(
    office: Office, head: dict[str, object], code: str
) -> None:
    device, issued = office.device(), office.issue()
    device.head = head
    request = device.activate(issued.license_key)
    assert office.code(request) == code
    assert not Exchange.objects.exists()
    ServerState.objects.update(epoch=2)
    device.head = {"epoch_seen": 2}
    assert office.code(device.activate(issued.license_key)) == "license+jws"


def test_what_is_no_request_changes_nothing(office: Office) -> None:
    device, issued = office.device(), office.issue()
    request = device.activate(issued.license_key)
    before = AuditEntry.objects.count()
    for forged in (b"", b"a.b.c", request[:-4] + b"AAAA", request + b"\n"):
        with pytest.raises(ProtocolError):
            exchange.answer(office.server, forged)
    with pytest.raises(BadSignature):
        exchange.answer(office.server, request[:-86] + b"A" * 86)
    assert AuditEntry.objects.count() == before


def test_later_roots_travel_before_every_answer(office: Office) -> None:
    other_process = type(office.server).open(office.home, clock=office.server.clock)
    office.rotate()
    device, issued = office.device(), office.issue()
    body = exchange.answer(other_process, device.activate(issued.license_key)).body
    assert other_process.trust.root.version == 2
    assert body.startswith(pack_roots(other_process.trust.chain[1:]))
    assert len(unpack_answer(body).roots) == 1
    device.head = {"trust_version": 2}
    assert unpack_answer(exchange.answer(other_process, device.check_in()).body).roots == ()


def crash(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_crash_after_the_commit_is_made_good_by_the_resend(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = office.device().activate(office.issue().license_key)
    with monkeypatch.context() as patch:
        patch.setattr(EvidenceSpool, "ensure", crash)
        with pytest.raises(KeyboardInterrupt):
            office.answer(request)
    index = Exchange.objects.get().audit_id
    assert office.server.evidence.newest() < index
    assert isinstance(office.answer(request), License)
    assert office.server.evidence.newest() == index


def test_an_old_database_put_back_is_not_served(office: Office) -> None:
    key, machine = office.issue().license_key, office.device()
    document = office.bound(machine, key)
    old = databases.Backup(office.home.path)
    office.answer(machine.release(document, code="FGR-a"))
    office.bound(office.device("other"), key, code="FGR-a")
    newest = databases.Backup(office.home.path)
    old.put_back()
    with pytest.raises(BooksBehind):
        exchange.record_missing_evidence(office.server)
    newest.put_back()
    assert exchange.record_missing_evidence(office.server) == 0


def test_nothing_leaves_while_the_second_place_cannot_be_written(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    request = office.device().activate(office.issue().license_key)
    for broken in ("write", "fsync"):
        with monkeypatch.context() as patch:
            patch.setattr(os, broken, full)
            with pytest.raises(StoreUnreadable):
                office.answer(request)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda *_: 0)
        with pytest.raises(StoreUnreadable):
            office.answer(request)
    assert isinstance(office.answer(request), License)


def test_a_torn_last_line_is_cut_and_written_again(office: Office) -> None:
    device, issued = office.device(), office.issue()
    request = device.activate(issued.license_key)
    first = office.answer_bytes(request)
    spool = office.server.evidence.path
    spool.write_bytes(spool.read_bytes()[:-20])
    reopened = EvidenceSpool(spool.parent)
    assert reopened.newest() < Exchange.objects.get().audit_id
    assert office.answer_bytes(request) == first
    assert reopened.newest() == Exchange.objects.get().audit_id
    assert list(spool_faults(reopened.records())) == []


def test_two_processes_may_append_to_one_spool(office: Office) -> None:
    other = type(office.server).open(office.home)
    issued = [office.issue() for _ in range(4)]
    for number, license in enumerate(issued):
        server = (office.server, other)[number % 2]
        exchange.answer(server, office.device(str(number)).activate(license.license_key))
    assert list(spool_faults(other.evidence.records())) == []


def test_a_spool_that_was_moved_away_is_begun_anew(office: Office, tmp_path: Path) -> None:
    request = office.device().activate(office.issue().license_key)
    office.answer(request)
    office.server.evidence.path.rename(tmp_path / "moved")
    office.answer(request)
    newest = list(office.server.evidence.records())[-1]
    assert newest.index == Exchange.objects.get().audit_id
    assert list(spool_faults(office.server.evidence.records())) == []


def test_a_damaged_spool_stops_the_server(office: Office) -> None:
    request = office.device().activate(office.issue().license_key)
    spool = office.server.evidence.path
    whole = spool.read_bytes()
    spool.write_bytes(b"nonsense\n" + whole)
    with pytest.raises(DocumentInvalid):
        office.answer(request)
    with pytest.raises(DocumentInvalid):
        list(office.server.evidence.records())
    spool.write_bytes(whole)
    office.answer(request)


def test_a_crash_before_the_commit_leaves_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = office.device().activate(office.issue().license_key)
    before = AuditEntry.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr(exchange, "_record", crash)
        with pytest.raises(KeyboardInterrupt):
            office.answer(request)
    assert AuditEntry.objects.count() == before
    assert not Binding.objects.exists()
    assert isinstance(office.answer(request), License)


def test_the_database_itself_refuses_a_second_active_binding(office: Office) -> None:
    office.bound(office.device(), office.issue().license_key)
    twin = Binding.objects.get()
    twin.pk, twin.generation = None, 2
    with pytest.raises(IntegrityError):
        twin.save()


def test_a_locked_or_broken_store_is_named(office: Office) -> None:
    for text, error in (("database is locked", StoreBusy), ("disk I/O error", StoreUnreadable)):
        with pytest.raises(error), writing(office.server.clock()):
            raise OperationalError(text)
    with pytest.raises(StoreUnreadable), writing(office.server.clock()):
        raise IntegrityError


def test_a_license_bound_meanwhile_is_seen_under_the_lock(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = office.issue()
    early, late = office.device("early"), office.device("late")
    raced: list[Device] = []

    def overtaken(*arguments: object) -> object:
        papers = verify_papers(*arguments)  # type: ignore[arg-type]
        if not raced:
            raced.append(late)
            office.bound(late, issued.license_key)
        return papers

    monkeypatch.setattr(exchange, "verify_papers", overtaken)
    assert isinstance(office.answer(early.activate(issued.license_key)), Case)


def test_a_refusal_of_a_known_device_is_on_the_record(office: Office) -> None:
    device, issued = office.device(), office.issue()
    document = office.bound(device, issued.license_key)
    refusal = office.answer(device.check_in(document, generation=9))
    assert isinstance(refusal, Refusal)
    row = Exchange.objects.get(accepted=False)
    assert (row.op, row.sequence) == ("check-in", 2)
    # Its sequence was not used up: the corrected request may carry it.
    assert office.code(device.check_in(document, sequence=2)) == "truth+jws"


@databases.only_on(Kind.SQLITE, "these are its words; test_postgresql.py has the other's")
def test_a_commit_is_on_the_disk_when_it_returns(home: Home) -> None:
    with connection.cursor() as cursor:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            cursor.execute(f"PRAGMA {pragma}")
            assert cursor.fetchone()[0] == value
    assert home.database.with_name("server.sqlite3-wal").exists()
