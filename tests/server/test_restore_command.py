"""Backup, restore, evidence and holds on the command line (§5)."""

import shutil
from pathlib import Path

from tests.server.command import Server
from tests.server.restores import flip


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
    assert new("restore", str(file), "--evidence-lost", "--by", "Sara").code == 0


def test_restore_without_a_file_takes_the_database_that_is_there(founded: Server) -> None:
    done = founded("--json", "restore", "--evidence-lost", "--by", "Sara")
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


def test_evidence_that_was_found_is_named_until_a_restore_puts_it_back(
    founded: Server, tmp_path: Path
) -> None:
    found, third = tmp_path / "found.jsonl", str(tmp_path / "third")
    for name in ("Alborz", "Binalud", "Sabalan"):
        assert founded("customer", "add", name).code == 0
    spool = founded.home / "evidence/evidence.jsonl"
    *lines, lost, newest = spool.read_bytes().splitlines(keepends=True)
    found.write_bytes(lost)
    spool.write_bytes(b"".join([*lines, newest]))
    named = ("--evidence", str(found))
    alone = founded("--json", "verify-audit")
    assert (alone.code, alone.json["error"]) == (24, "evidence-elsewhere")
    assert alone.json["parameters"]["count"] == "1"
    assert "restore --evidence FILE" in alone.json["advice"]
    assert "شواهد" in founded("--lang", "fa", "verify-audit").err
    assert founded("verify-audit", *named).code == 0
    assert founded("--json", "export-evidence", third).json["error"] == "audit-broken"
    assert founded("restore", *named).code == 0
    found.unlink()
    assert founded("verify-audit").code == 0
    assert founded("export-evidence", third).code == 0
    # More evidence explains no edited record.
    spool.write_bytes(spool.read_bytes().replace(b"Alborz", b"Alburz"))
    edited = founded("--json", "verify-audit")
    assert (edited.code, edited.json["error"]) == (24, "audit-broken")


def test_records_out_of_order_are_explained_by_no_other_file(founded: Server) -> None:
    for name in ("Alborz", "Binalud", "Sabalan"):
        assert founded("customer", "add", name).code == 0
    spool = founded.home / "evidence/evidence.jsonl"
    *lines, last, newest = spool.read_bytes().splitlines(keepends=True)
    spool.write_bytes(b"".join([*lines, newest, last]))
    assert founded("verify-audit").code == 24


def test_a_hold_is_ended_by_two_on_the_command_line(founded: Server) -> None:
    assert founded("customer", "add", "Alborz").code == 0
    key = founded("--json", "issue", "--customer", "Alborz").json["license_key"]
    for name in ("Sara", "Omid"):
        assert founded("staff", "add", name, "--role", "supervisor").code == 0
    words = ("license", "unhold", key, "--reason", "letter 7", "--by")
    assert founded(*words, "Sara").code == 46
    assert founded("restore", "--evidence-lost", "--by", "Sara").code == 0
    assert "on hold: " in founded("license", "show", key).out
    first = founded("--json", *words, "Sara")
    assert (first.code, first.json["ended"]) == (23, False)
    again = founded("--json", *words, "Sara")
    assert (again.code, again.json["error"]) == (46, "second-person-needed")
    second = founded("--json", *words, "Omid")
    assert (second.code, second.json["ended"]) == (0, True)
    assert "on hold" not in founded("license", "list").out
