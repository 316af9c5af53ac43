"""The books: edited, dropped, reordered or cut, every time it is seen."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
from django.db import connection, transaction
from django.db.models import F

from protocol.values import Standing
from server_stub.licensing import audit
from server_stub.licensing.faults import Cause, Fault, causes_of
from server_stub.licensing.models import AuditEntry, Binding, Exchange, ServerState
from server_stub.licensing.records import EvidenceRecord, hash_of
from server_stub.licensing.services.exchange import record_missing_evidence
from server_stub.licensing.verification import Verification, verify
from tests import databases
from tests.server.command import Server
from tests.server.conftest import Office


@pytest.fixture
def kept(office: Office) -> Office:
    """An office with some history."""
    for _ in range(2):
        device, issued = office.device(), office.issue()
        document = office.bound(device, issued.license_key)
        office.answer(device.check_in(document))
        office.answer(device.release(document))
        document = office.bound(device, issued.license_key)
        office.answer(device.check_in(document, Standing.ACTIVE))
    return office


def check(office: Office) -> Verification:
    return verify(office.server.trust, office.server.evidence)


def test_honest_books_hold(kept: Office) -> None:
    found = check(kept)
    assert found.faults == ()
    assert (found.entries, found.exchanges, found.records) == (20, 10, 20)


def test_the_server_may_go_on_working_while_it_is_verified(kept: Office) -> None:
    working = False

    def go_on(execute: Callable[..., Any], *statement: Any) -> Any:
        nonlocal working
        found = execute(*statement)
        if not working:
            working = True
            kept.bound(kept.device(), kept.issue().license_key)
            working = False
        return found

    with connection.execute_wrapper(go_on):
        assert check(kept).faults == ()


def edit(entry: AuditEntry) -> None:
    AuditEntry.objects.filter(pk=entry.pk).update(at=F("at") + 1)


def edit_and_hash_again(entry: AuditEntry) -> None:
    entry.detail = '{"generation":99}'
    entry.hash = audit.hash_of(entry)
    entry.save()


def drop(entry: AuditEntry) -> None:
    with connection.cursor() as cursor:
        cursor.execute('DELETE FROM licensing_auditentry WHERE "index" = %s', [entry.index])


def swap_with_next(entry: AuditEntry) -> None:
    other = AuditEntry.objects.filter(index__gt=entry.index).first() or AuditEntry.objects.get(
        index=entry.index - 1
    )
    for target, source in ((entry, other), (other, entry)):
        AuditEntry.objects.filter(index=target.index).update(
            event=source.event, detail=source.detail, at=source.at + 1, hash=source.hash
        )


def cut_from_here(entry: AuditEntry) -> None:
    with connection.cursor() as cursor:
        cursor.execute('DELETE FROM licensing_auditentry WHERE "index" >= %s', [entry.index])


@contextmanager
def undone() -> Iterator[None]:
    """What was done to the tables is taken back; keys that point nowhere are never checked."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("attack", [edit, edit_and_hash_again, drop, swap_with_next, cut_from_here])
def test_every_entry_is_guarded(kept: Office, attack: Callable[[AuditEntry], None]) -> None:
    for index in range(1, ServerState.objects.get().audit_index + 1):
        with undone():
            attack(AuditEntry.objects.get(index=index))
            assert check(kept).faults, index
    assert check(kept).faults == ()


@pytest.mark.parametrize("attack", [edit, edit_and_hash_again, drop, swap_with_next, cut_from_here])
def test_what_follows_from_a_fault_is_counted_with_it(
    kept: Office, attack: Callable[[AuditEntry], None]
) -> None:
    """One cause, one line; a binding names no entry, and stands for itself."""
    with undone():
        attack(AuditEntry.objects.get(index=11))
        found = check(kept).found
        causes = [cause for cause in causes_of(found) if cause.fault.last]
        (cause,) = causes
        assert cause.fault == found[0]
        assert cause.others == sum(fault.last > 0 for fault in found) - 1
        assert cause.first <= 11 <= cause.last


def test_evidence_that_is_missing_is_one_cause_for_every_hole(kept: Office) -> None:
    spool = kept.server.evidence.path
    whole = spool.read_bytes()
    lines = whole.splitlines(keepends=True)
    for left in (b"", b"".join(lines[5:]), b"".join(lines[:5]), b"".join(lines[:5] + lines[12:])):
        spool.write_bytes(left)
        found = check(kept).found
        (cause,) = causes_of(found)
        assert cause.others == len(found) - 1 > 0
    spool.write_bytes(b"".join(lines[:3] + lines[6:12] + lines[15:]))
    assert len(causes_of(check(kept).found)) == 2
    spool.write_bytes(whole)


def test_far_faults_are_causes_of_their_own_in_the_order_in_which_they_were_found() -> None:
    one, two, license, beside = Fault.at(9, "a"), Fault("b", 2, 4), Fault("c"), Fault.at(5, "d")
    assert causes_of([one, two, license, beside]) == (
        Cause(one, 0, 9, 9),
        Cause(two, 1, 2, 5),
        Cause(license, 0, 0, 0),
    )
    assert causes_of([]) == ()


def test_people_read_a_line_for_each_cause_and_scripts_every_fault(kept: Office) -> None:
    spool = kept.server.evidence.path
    whole = spool.read_bytes()
    spool.write_bytes(b"")
    url = databases.url_for(kept.home.path)
    command = Server(kept.home.path, **({"DATABASE_URL": url} if url else {}))
    ran = command("verify-audit", "--json")
    faults = ran.json["parameters"]["faults"].splitlines()
    assert len(faults) == int(ran.json["parameters"]["count"]) == 10
    _, _, first, others = command("verify-audit").err.splitlines()
    assert first.strip() == faults[0]
    assert others.startswith("    and 9 more beside it or because of it, entries 1 to 20")
    assert "۹ ایراد دیگر" in command("verify-audit", "--lang", "fa").err
    spool.write_bytes(whole)


def test_the_chain_alone_knows_where_it_ends(kept: Office) -> None:
    state = ServerState.objects.get()
    entries = list(AuditEntry.objects.order_by("index"))
    assert list(audit.chain_faults(entries, state)) == []
    assert kept.server.evidence.newest() == state.audit_index
    for length in range(len(entries)):
        assert list(audit.chain_faults(entries[:length], state))


def test_a_whole_chain_made_anew_is_betrayed_by_the_evidence(kept: Office) -> None:
    before = list(AuditEntry.objects.order_by("index"))
    state = ServerState.objects.get()
    saved = (state.audit_index, state.audit_hash)
    previous = ""
    for entry in AuditEntry.objects.order_by("index"):
        entry.at += 1
        entry.previous_hash = previous
        entry.hash = previous = audit.hash_of(entry)
        entry.save()
    state.audit_hash = previous
    state.save()
    faults = check(kept).faults
    assert faults
    assert all("evidence" in fault for fault in faults)
    for entry in before:
        entry.save()
    state.audit_index, state.audit_hash = saved
    state.save()


def test_a_cut_with_a_matching_state_is_betrayed_by_the_evidence(kept: Office) -> None:
    last = AuditEntry.objects.order_by("index").last()
    assert last is not None
    with undone():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM licensing_exchange WHERE audit_index = %s", [last.index])
            cursor.execute('DELETE FROM licensing_auditentry WHERE "index" = %s', [last.index])
        ServerState.objects.update(audit_index=last.index - 1, audit_hash=last.previous_hash)
        assert check(kept).faults


def test_entries_beyond_the_head_are_seen(kept: Office) -> None:
    state = ServerState.objects.get()
    extra = AuditEntry.objects.create(
        index=state.audit_index + 1, at=1, event="x", detail="{}", hash="x"
    )
    assert any("beyond" in fault for fault in check(kept).faults)
    extra.delete()


@pytest.mark.parametrize("field", ["request", "answer"])
def test_an_exchange_that_was_changed_is_seen(kept: Office, field: str) -> None:
    first, second = Exchange.objects.order_by("pk")[:2]
    mine, others = getattr(first, field), getattr(second, field)
    for other in (others, bytes(mine)[:-20] + b"A" * 20):
        Exchange.objects.filter(pk=first.pk).update(**{field: other})
        assert check(kept).faults
    Exchange.objects.filter(pk=first.pk).update(**{field: mine})
    assert check(kept).faults == ()


def test_a_binding_that_was_moved_by_hand_is_seen(kept: Office) -> None:
    one, two = Binding.objects.filter(state="active")
    Binding.objects.filter(pk=one.pk).update(device=two.device)
    assert len(check(kept).faults) == 1
    Binding.objects.filter(pk=one.pk).update(device=one.device)


def test_evidence_that_was_changed_dropped_or_cut_is_seen(kept: Office) -> None:
    spool = kept.server.evidence.path
    whole = spool.read_bytes()
    lines = whole.splitlines(keepends=True)
    dice = random.Random(random.randrange(2**32))
    here = dice.randrange(len(lines) - 1)
    swapped = [*lines[:here], lines[here + 1], lines[here], *lines[here + 2 :]]
    edited = lines[here].replace(b'"index":', b'"index":1', 1)
    for damaged in (
        b"".join(lines[:here] + lines[here + 1 :]),
        b"".join(lines[:-1]),
        b"".join(swapped),
        b"".join([*lines[:here], edited, *lines[here + 1 :]]),
        whole + b"nonsense\n",
        b"",
    ):
        spool.write_bytes(damaged)
        assert check(kept).faults
    spool.unlink()
    assert check(kept).faults
    spool.write_bytes(whole)
    assert check(kept).faults == ()


def test_evidence_of_another_exchange_is_seen(kept: Office) -> None:
    spool = kept.server.evidence.path
    whole = spool.read_bytes()
    answers = [bytes(exchange.answer) for exchange in Exchange.objects.order_by("pk")]
    previous, forged = "", []
    for record in kept.server.evidence.records():
        body = bytes(record.body).replace(answers[0], answers[-1])
        hashed = hash_of(record.index, body, previous)
        changed = EvidenceRecord(
            index=record.index, body=msgspec.Raw(body), previous=previous, hash=hashed
        )
        previous = hashed
        forged.append(msgspec.json.encode(changed) + b"\n")
    spool.write_bytes(b"".join(forged))
    assert [fault for fault in check(kept).faults if "another exchange" in fault]
    spool.write_bytes(whole)


def test_a_start_makes_missing_evidence_good(kept: Office) -> None:
    spool = kept.server.evidence.path
    lines = spool.read_bytes().splitlines(keepends=True)
    spool.write_bytes(b"".join(lines[:-2]))
    assert check(kept).faults
    assert record_missing_evidence(kept.server) == 3  # entries, of two transactions
    assert record_missing_evidence(kept.server) == 0
    assert check(kept).faults == ()
