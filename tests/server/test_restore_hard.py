"""Restores at their worst: torn, damaged, stale or doubled evidence, and a second restore (§5)."""

import pytest

from server_stub.errors import BooksBehind, DocumentInvalid
from server_stub.licensing import snapshots
from server_stub.licensing.models import Customer, Exchange, ServerState
from server_stub.licensing.roots import published
from server_stub.licensing.server import Books
from server_stub.licensing.services import exchange
from server_stub.licensing.services.issuing import add_customer
from server_stub.licensing.services.restoring import reconcile
from server_stub.licensing.verification import verify
from tests.server.conftest import Office
from tests.server.tables import all_tables
from tests.server.test_restore import Day, day

__all__ = ["day"]


def lines_of(office: Office) -> list[bytes]:
    return office.server.evidence.path.read_bytes().splitlines(keepends=True)


def keep(office: Office, lines: list[bytes]) -> None:
    office.server.evidence.path.write_bytes(b"".join(lines))


def test_a_torn_last_line_keeps_no_restore_from_its_work(day: Day) -> None:
    document = day.move()
    with day.office.server.evidence.path.open("ab") as spool:
        spool.write(b'{"index":99,"body":{"ep')
    day.empty()
    restored = day.restore()
    assert (restored.replayed, restored.held) == (2, 0)
    assert day.held(day.other, document).held
    assert verify(published(), day.office.server.evidence).faults == ()


def test_a_record_that_was_changed_is_never_replayed(day: Day) -> None:
    add_customer(day.office.server, "Binalud")
    kept = lines_of(day.office)
    keep(day.office, [line.replace(b"Binalud", b"Binalod") for line in kept])
    day.empty()
    with pytest.raises(DocumentInvalid):
        day.restore()
    assert not Customer.objects.exists()
    keep(day.office, kept)
    day.restore()
    assert Customer.objects.filter(name="Binalud").exists()


def test_evidence_that_ends_before_the_backup_proves_nothing_of_what_came_after(day: Day) -> None:
    stale = lines_of(day.office)[:-1]
    day.move()
    keep(day.office, stale)
    day.empty()
    assert day.restore().held == 1


def test_books_that_the_second_place_has_not_heard_of_yet_lose_nothing(day: Day) -> None:
    kept = lines_of(day.office)
    day.move()
    keep(day.office, kept)
    restored = reconcile(day.office.server)
    assert (restored.held, restored.lost_from) == (0, None)
    assert verify(published(), day.office.server.evidence).faults == ()


def test_a_second_restore_follows_the_evidence_over_what_the_first_lost(
    day: Day,
) -> None:
    day.move()
    lines = lines_of(day.office)
    keep(day.office, [*lines[:-2], lines[-1]])
    day.empty()
    first = day.restore()
    assert first.held == 1
    add_customer(day.office.server, "Binalud")
    tables = all_tables()
    day.empty()
    second = day.restore()
    assert (second.epoch, second.lost_from) == (first.epoch + 1, None)
    brought = all_tables()
    del brought["AuditEntry"][ServerState.objects.get().audit_index]
    assert brought == tables
    day.office.server.evidence.path.unlink()
    day.office.unrecorded = Exchange.objects.count()


def test_two_restores_of_one_backup_that_both_lost_something_share_no_epoch(day: Day) -> None:
    epochs = []
    for _ in range(2):
        day.office.time[0] += 3600
        day.office.server.evidence.path.unlink()
        day.empty()
        epochs.append(day.restore().epoch)
    assert epochs[1] > epochs[0] > 1


def test_nothing_is_written_into_books_that_are_older_than_their_evidence(day: Day) -> None:
    day.move()
    day.empty()
    with snapshots.Backup.opened(day.backup) as backup:
        backup.load()
    tables = all_tables()
    with pytest.raises(BooksBehind):
        exchange.answer(day.office.server, day.office.device("stranger").activate(day.key))
    for books in (day.office.server, Books.of(day.office.home)):
        with pytest.raises(BooksBehind):
            add_customer(books, "Binalud")
    assert all_tables() == tables
    assert reconcile(day.office.server).held == 0
