"""Restored books are the newest, or everything is on hold until its machine speaks (§5)."""

from pathlib import Path

import pytest

from protocol.documents import License, Truth, Window
from server_stub.denials import NotOnHold, RoleNeeded, SecondPersonNeeded
from server_stub.errors import EvidenceForeign
from server_stub.licensing import snapshots
from server_stub.licensing.audit import chain_faults, hash_of
from server_stub.licensing.models import AuditEntry, Binding, Exchange, ServerState
from server_stub.licensing.models import License as LicenseRow
from server_stub.licensing.models.decisions import Role
from server_stub.licensing.roots import published
from server_stub.licensing.services import holds
from server_stub.licensing.services.people import add_staff
from server_stub.licensing.services.restoring import reconcile
from server_stub.licensing.verification import verify
from tests.server.restores import Day, day
from tests.server.tables import all_tables

__all__ = ["day"]


def test_a_restore_with_its_evidence_brings_everything_back(day: Day) -> None:
    document = day.move()
    tables, head = all_tables(), ServerState.objects.get()
    day.empty()
    restored = day.restore()
    assert (restored.held, restored.lost_from, restored.complete) == (0, None, True)
    assert (restored.epoch, restored.replayed) == (day.office.time[0], 2)
    newest = AuditEntry.objects.get(event="server-restored")
    assert newest.index == head.audit_index + 1
    brought = all_tables()
    del brought["AuditEntry"][newest.pk]
    assert brought == tables
    assert verify(published(), day.office.server.evidence).faults == ()
    assert day.held(day.other, document).held
    assert not day.held(day.machine, day.document).held
    again = day.office.answer(day.other.activate(day.key))
    assert isinstance(again, License)
    assert (again.epoch, again.generation) == (restored.epoch, 3)


def test_an_old_database_put_back_is_brought_up_to_date_in_its_place(day: Day) -> None:
    document = day.move()
    day.empty()
    with snapshots.Backup.opened(day.backup) as backup:
        backup.load()
    restored = reconcile(day.office.server)
    assert (restored.replayed, restored.held) == (2, 0)
    assert day.held(day.other, document).held


def test_without_the_evidence_everything_is_on_hold_until_its_machine_checks_in(day: Day) -> None:
    document = day.move()
    day.office.server.evidence.path.unlink()
    day.empty()
    restored = day.restore(is_lost=True)
    assert (restored.replayed, restored.held, restored.complete) == (0, 1, False)
    stranger = day.office.device("stranger")
    assert day.office.code(stranger.activate(day.key, code="FGR-a")) == "on-hold"
    assert day.office.code(day.machine.activate(day.key)) == "on-hold"
    told = day.held(day.other, document)
    assert (told.held, told.hold) == (True, True), "what was said before the restore proves little"
    assert day.hears_the_epoch(day.other, document).hold is False
    assert Binding.objects.get(state="active").generation == 2
    assert not day.held(day.machine, day.document).held
    again = day.office.answer(day.other.activate(day.key))
    assert isinstance(again, License)
    assert again.generation == 2 + holds.GENERATIONS_SKIPPED + 1


def test_a_machine_that_the_old_books_know_ends_the_hold_by_its_check_in(day: Day) -> None:
    day.office.server.evidence.path.unlink()
    day.empty()
    day.restore(is_lost=True)
    nobody = day.office.answer(day.machine.check_in())
    assert isinstance(nobody, Truth)
    assert nobody.hold, "without its document it shows nothing"
    assert day.held(day.machine, day.document).hold
    told = day.hears_the_epoch(day.machine, day.document)
    assert (told.held, told.hold) == (True, False)


def test_a_release_of_a_binding_that_was_lost_frees_the_license(day: Day) -> None:
    document = day.move()
    day.office.server.evidence.path.unlink()
    day.empty()
    day.restore(is_lost=True)
    assert day.office.code(day.other.release(document, code="FGR-b")) == "receipt+jws"
    row = LicenseRow.objects.get()
    assert (row.generation, row.hold) == (2, True)
    assert not Binding.objects.filter(state="active").exists()


def test_a_machine_that_the_old_books_never_met_may_declare_a_change(day: Day) -> None:
    document = day.move()
    day.office.server.evidence.path.unlink()
    day.empty()
    day.restore(is_lost=True)
    begin = day.office.time[0] + 3600
    answer = day.office.answer(day.other.notice(document, begin, begin + 3600, scope=("cpu",)))
    assert isinstance(answer, Window), answer


def test_evidence_that_breaks_off_loses_by_name_and_gives_no_index_twice(
    day: Day, tmp_path: Path
) -> None:
    day.move()
    newest = ServerState.objects.get().audit_index
    spool = day.office.server.evidence.path
    lines = spool.read_bytes().splitlines(keepends=True)
    spool.write_bytes(b"".join([*lines[:-2], lines[-1]]))
    day.empty()
    restored = day.restore(is_lost=True)
    assert restored.held == 1
    assert (restored.lost_from, restored.lost_to) == (
        AuditEntry.objects.order_by("-index")[1].index + 1,
        newest,
    )
    assert ServerState.objects.get().audit_index == newest + 1
    day.write(tmp_path / "evening.zip")
    restored_at = AuditEntry.objects.filter(event="server-restored")
    told = restored_at.get().detail
    assert faults() == 0
    restored_at.update(detail="{}")
    assert faults() == 2, "only its own word explains what is missing"
    restored_at.update(detail=told)
    spool.unlink()
    day.office.unrecorded = Exchange.objects.count()


def faults() -> int:
    return len(list(chain_faults(AuditEntry.objects.order_by("index"), ServerState.objects.get())))


def test_evidence_known_to_be_lost_proves_nothing(day: Day) -> None:
    day.empty()
    assert day.restore(is_lost=True).held == 1


def test_two_supervisors_end_a_hold(day: Day) -> None:
    office = day.office
    for name, role in (("Sara", Role.SUPERVISOR), ("Omid", Role.SUPERVISOR), ("Ali", Role.SUPPORT)):
        add_staff(office.server, name, role)
    license_id = LicenseRow.objects.get().license_id
    with pytest.raises(NotOnHold):
        holds.end_by_staff(office.server, license_id, "Sara", "why")
    reconcile(office.server, is_lost=True)
    with pytest.raises(RoleNeeded):
        holds.end_by_staff(office.server, license_id, "Ali", "why")
    assert not holds.end_by_staff(office.server, license_id, "Sara", "letter 7")
    with pytest.raises(SecondPersonNeeded):
        holds.end_by_staff(office.server, license_id, "Sara", "letter 7")
    assert holds.end_by_staff(office.server, license_id, "Omid", "letter 7")
    row = LicenseRow.objects.get()
    assert (row.hold, row.generation) == (False, 1 + holds.GENERATIONS_SKIPPED)
    assert isinstance(office.answer(day.machine.activate(day.key)), License)


def test_evidence_of_another_history_is_refused(day: Day) -> None:
    day.move()
    AuditEntry.objects.filter(index=2).update(hash="x" * 43)
    before = all_tables()
    with pytest.raises(EvidenceForeign):
        reconcile(day.office.server)
    assert all_tables() == before
    AuditEntry.objects.filter(index=2).update(hash=hash_of(AuditEntry.objects.get(index=2)))
