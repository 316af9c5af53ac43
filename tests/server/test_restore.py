"""A backup is whole or refused; restored books are the newest, or everything is on hold (§5)."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from protocol.documents import License, Truth, Window
from protocol.values import Standing
from server_stub.errors import (
    BackupDamaged,
    EvidenceForeign,
    NotOnHold,
    RoleNeeded,
    SecondPersonNeeded,
)
from server_stub.licensing import snapshots
from server_stub.licensing.audit import chain_faults, hash_of
from server_stub.licensing.models import AuditEntry, Binding, Exchange, ServerState
from server_stub.licensing.models import License as LicenseRow
from server_stub.licensing.models.decisions import Role
from server_stub.licensing.roots import published
from server_stub.licensing.services import holds
from server_stub.licensing.services.people import add_staff
from server_stub.licensing.services.restoring import Restored, reconcile
from server_stub.licensing.verification import verify
from tests.server.command import Server
from tests.server.conftest import Office
from tests.server.devices import Device
from tests.server.tables import all_tables


class Day:
    """A morning's backup and what happened after it."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office
        self.backup = folder / "morning.zip"
        self.machine, self.other = office.device("machine"), office.device("other")
        self.key = office.issue().license_key
        self.document = office.bound(self.machine, self.key)
        self.write(self.backup)

    def write(self, path: Path) -> None:
        audience = published().root.audience
        snapshots.write_backup(path, self.office.home, audience, self.office.time[0])
        with snapshots.Backup.opened(path) as backup:
            backup.check()

    def move(self) -> bytes:
        """After the backup the license moves to the other machine."""
        self.office.answer(self.machine.release(self.document, code="FGR-a"))
        return self.office.bound(self.other, self.key, code="FGR-a")

    def empty(self) -> None:
        """The database is gone; its server too."""
        from django.core.management import call_command

        call_command("flush", interactive=False, verbosity=0)

    def restore(self, *, is_lost: bool = False) -> Restored:
        with snapshots.Backup.opened(self.backup) as backup:
            backup.check()
            return reconcile(self.office.server, is_lost=is_lost, backup=backup)

    def held(self, device: Device, document: bytes) -> Truth:
        answer = self.office.answer(device.check_in(document, Standing.ACTIVE))
        assert isinstance(answer, Truth)
        return answer

    def hears_the_epoch(self, device: Device, document: bytes) -> Truth:
        """The next check-in, by a device that knows of the restore."""
        device.head = {"epoch_seen": ServerState.objects.get().epoch}
        return self.held(device, document)


@pytest.fixture
def day(office: Office, tmp_path: Path) -> Day:
    return Day(office, tmp_path)


def lose_the_end(office: Office, lines: int) -> None:
    spool = office.server.evidence.path
    kept = spool.read_bytes().splitlines(keepends=True)[:-lines]
    spool.write_bytes(b"".join(kept))


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


def cut(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def flip(raw: bytes) -> bytes:
    middle = len(raw) // 3
    return raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :]


def empty(_: bytes) -> bytes:
    return b""


def other(_: bytes) -> bytes:
    return b"PK nonsense"


@pytest.mark.parametrize("damage", [cut, flip, empty, other])
def test_a_damaged_backup_is_refused_and_nothing_is_made(
    day: Day, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(damage(day.backup.read_bytes()))
    before = all_tables()
    with pytest.raises(BackupDamaged), snapshots.Backup.opened(broken) as backup:
        backup.check()
    assert all_tables() == before


@pytest.mark.parametrize("table", ["License", "AuditEntry"])
def test_a_line_that_was_edited_is_found_whatever_the_archive_says(
    day: Day, tmp_path: Path, table: str
) -> None:
    edited = tmp_path / "edited.zip"
    with zipfile.ZipFile(day.backup) as source, zipfile.ZipFile(edited, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b"1", b"2") if table in name else content)
    with pytest.raises(BackupDamaged), snapshots.Backup.opened(edited) as backup:
        backup.check()


def test_a_backup_takes_no_other_files_place_and_leaves_nothing_half_written(
    day: Day, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    with pytest.raises(FileExistsError):
        day.write(precious)
    assert precious.read_text() == "mine"
    assert not list(tmp_path.glob(".precious*"))


def test_a_backup_is_of_one_moment_while_others_write(day: Day) -> None:
    with snapshots.one_moment():
        before = LicenseRow.objects.count()
        from concurrent.futures import ThreadPoolExecutor

        def write() -> None:
            try:
                day.office.issue()
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            pool.submit(write).result()
        assert LicenseRow.objects.count() == before
    assert LicenseRow.objects.count() == before + 1


def test_the_commands_back_up_and_restore_into_a_new_home(founded: Server, tmp_path: Path) -> None:
    from tests.server.command import snapshot

    file = tmp_path / "backup.zip"
    assert founded("customer", "add", "Alborz").code == 0
    key = founded("--json", "issue", "--customer", "Alborz").json["license_key"]
    done = founded("--json", "backup", str(file))
    assert done.code == 0, done.err
    assert done.json["audit_index"] == 3
    assert founded("backup", str(file)).code == 37
    assert founded("customer", "add", "Later").code == 0
    new = Server(tmp_path / "new")
    (tmp_path / "new").mkdir()
    shutil.copytree(founded.home / "evidence", tmp_path / "new" / "evidence")
    restored = new("--json", "restore", str(file))
    assert restored.code == 0, restored.err
    told = restored.json
    assert told.pop("epoch") > 1_000_000_000
    assert told.pop("key")
    assert told == {
        "replayed": 2,
        "held": 0,
        "complete": True,
        "roots": 0,
        "lost_from": None,
        "lost_to": None,
        "key_state": "here",
    }
    assert new("--json", "license", "show", key).json["license_id"]
    assert new("--json", "customer", "add", "Later").json["error"] == "already-exists"
    assert new("verify-audit").code == 0
    assert sorted(path.name for path in (new.home / "keys").iterdir()) == [
        "agreement-1.pem",
        "document-1.pem",
    ]
    before = snapshot(new.home / "keys")
    assert new("restore", str(file)).code == 34
    assert snapshot(new.home / "keys") == before


def test_a_restore_that_fails_leaves_nothing_behind(founded: Server, tmp_path: Path) -> None:
    file, new = tmp_path / "backup.zip", Server(tmp_path / "new")
    assert founded("backup", str(file)).code == 0
    broken = tmp_path / "broken.zip"
    broken.write_bytes(flip(file.read_bytes()))
    done = new("--json", "restore", str(broken))
    assert (done.code, done.json["error"]) == (22, "backup-damaged")
    assert new("restore", str(tmp_path / "nowhere")).code == 2
    assert new("restore", str(file), "--evidence", str(tmp_path / "nowhere")).code == 2
    done = new("--json", "restore", str(file))
    assert (done.code, done.json["error"]) == (48, "evidence-missing")
    assert not [path for path in new.home.rglob("*") if path.is_file()]
    assert new("restore", str(file), "--evidence-lost").code == 0


def test_restore_without_a_file_takes_the_database_that_is_there(founded: Server) -> None:
    done = founded("--json", "restore", "--evidence-lost")
    assert done.code == 0, done.err
    assert done.json["epoch"] > 1
    assert founded("verify-audit").code == 0


def test_the_evidence_is_copied_to_a_third_place(founded: Server, tmp_path: Path) -> None:
    assert founded("customer", "add", "Alborz").code == 0
    done = founded("--json", "export-evidence", str(tmp_path / "third"))
    assert done.code == 0, done.err
    copied = Path(done.json["file"])
    assert copied.read_bytes() == (founded.home / "evidence/evidence.jsonl").read_bytes()
    assert founded("export-evidence", str(tmp_path / "third")).code == 37
    assert founded("export-evidence", str(copied)).code == 2
    spool = founded.home / "evidence/evidence.jsonl"
    spool.write_bytes(spool.read_bytes().replace(b"Alborz", b"Alburz"))
    damaged = founded("--json", "export-evidence", str(tmp_path / "fourth"))
    assert (damaged.code, damaged.json["error"]) == (24, "audit-broken")
    assert not list((tmp_path / "fourth").iterdir())


def test_a_hold_is_ended_by_two_on_the_command_line(founded: Server) -> None:
    assert founded("customer", "add", "Alborz").code == 0
    key = founded("--json", "issue", "--customer", "Alborz").json["license_key"]
    for name in ("Sara", "Omid"):
        assert founded("staff", "add", name, "--role", "supervisor").code == 0
    words = ("license", "unhold", key, "--reason", "letter 7", "--by")
    assert founded(*words, "Sara").code == 46
    assert founded("restore", "--evidence-lost").code == 0
    assert "on hold: " in founded("license", "show", key).out
    first = founded("--json", *words, "Sara")
    assert (first.code, first.json["ended"]) == (23, False)
    again = founded("--json", *words, "Sara")
    assert (again.code, again.json["error"]) == (46, "second-person-needed")
    second = founded("--json", *words, "Omid")
    assert (second.code, second.json["ended"]) == (0, True)
    assert "on hold" not in founded("license", "list").out
