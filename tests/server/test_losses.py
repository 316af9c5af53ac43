"""What was declared to be lost is known, and what is lost beside it is not (§5)."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from server_stub.licensing.losses import Loss, LossKind
from server_stub.licensing.models import AuditEntry, Exchange
from server_stub.licensing.records import EvidenceRecord, hash_of, read_record
from server_stub.licensing.roots import published
from server_stub.licensing.services.issuing import add_customer
from server_stub.licensing.services.restoring import Kept, reconcile
from server_stub.licensing.verification import Verification, look_at, verify
from tests.server.command import Server
from tests.server.restores import Day, day, keep, lines_of

__all__ = ["day"]

Lines = list[bytes]


def check(day: Day, *older: Path) -> Verification:
    return verify(published(), day.office.server.evidence, older)


def index(line: bytes) -> int:
    return read_record(line).index


@pytest.fixture
def lossy(day: Day) -> Day:
    """Three customers came after the backup; the evidence of the first is lost."""
    for name in ("Binalud", "Sabalan", "Damavand"):
        add_customer(day.office.server, name)
    lines = lines_of(day.office)
    keep(day.office, [*lines[:-3], *lines[-2:]])
    day.empty()
    day.office.time[0] += 60
    assert day.restore(is_lost=True).lost_from == index(lines[-3])
    return day


def leave(day: Day) -> None:
    """The office's own invariants know of no losses."""
    day.office.server.evidence.path.unlink()
    day.office.unrecorded = Exchange.objects.count()


def test_a_declared_loss_is_told_and_is_no_fault(lossy: Day) -> None:
    restored = AuditEntry.objects.get(event="server-restored")
    found = check(lossy)
    assert found.faults == ()
    assert found.losses == (
        Loss(
            kind=LossKind.ENTRIES,
            first=restored.index - 3,
            last=restored.index - 1,
            declared_at=lossy.office.time[0],
            declared_by="Sara",
            declared_in=restored.index,
        ),
    )
    assert look_at(lossy.office.server.evidence.path) == ((), found.losses)
    add_customer(lossy.office.server, "Alvand")
    assert check(lossy)[-3:] == found[-3:], "what comes after it changes nothing of it"
    leave(lossy)


def without(at: int) -> Callable[[Lines], Lines]:
    return lambda lines: [*lines[:at], *lines[at:][1:]]


def chained_anew(lines: Lines) -> Lines:
    """As whoever can write the file would: every later hash is right again."""
    at = len(lines) - 3
    altered, previous = lines[:at], read_record(lines[at]).previous
    for line in (lines[at].replace(b"Damavand", b"Damawand"), *lines[at + 1 :]):
        record = read_record(line)
        hashed = hash_of(record.index, bytes(record.body), previous)
        made = EvidenceRecord(index=record.index, body=record.body, previous=previous, hash=hashed)
        altered.append(msgspec.json.encode(made) + b"\n")
        previous = hashed
    assert altered != lines
    return altered


@pytest.mark.parametrize(
    "tampered",
    [
        pytest.param(without(2), id="far from it"),
        pytest.param(without(-5), id="before it"),
        pytest.param(without(-4), id="after it"),
        pytest.param(without(-3), id="the end of what is lost"),
        pytest.param(without(-2), id="what declares it"),
        chained_anew,
    ],
)
def test_what_is_lost_or_altered_beside_a_declared_loss_is_a_fault(
    lossy: Day, tampered: Callable[[Lines], Lines]
) -> None:
    add_customer(lossy.office.server, "Alvand")
    lines = lines_of(lossy.office)
    assert check(lossy).faults == ()
    keep(lossy.office, tampered(lines))
    assert lines_of(lossy.office) != lines
    assert check(lossy).faults
    assert look_at(lossy.office.server.evidence.path).faults
    leave(lossy)


def test_a_hole_that_nobody_declared_is_a_fault_also_after_a_whole_restore(day: Day) -> None:
    lines = lines_of(day.office)
    keep(day.office, [*lines[:1], *lines[2:]])
    assert reconcile(day.office.server).complete
    assert check(day).faults
    assert check(day).losses == ()
    keep(day.office, [*lines, *lines_of(day.office)[len(lines) - 1 :]])


def test_evidence_that_is_lost_of_what_the_books_have_is_told_as_such(
    day: Day, tmp_path: Path
) -> None:
    """The disk lost a piece in its midst and what was newest; the books lost nothing."""
    add_customer(day.office.server, "Binalud")
    add_customer(day.office.server, "Sabalan")
    lines = lines_of(day.office)
    from server_stub.licensing.models import Redo

    Redo.objects.all().delete()
    keep(day.office, [lines[0], lines[2], *lines[3:-1]])
    restored = reconcile(day.office.server, Kept(declared_by="Sara"), is_lost=True)
    assert restored.lost_from is None
    found = check(day)
    assert found.faults == ()
    assert [(loss.kind, loss.first, loss.last) for loss in found.losses] == [
        (LossKind.EVIDENCE, index(lines[0]) + 1, index(lines[1])),
        (LossKind.EVIDENCE, index(lines[-1]), index(lines[-1])),
    ]
    late = tmp_path / "late.jsonl"
    late.write_bytes(lines[1])
    (left,) = check(day, late).losses
    assert left.first == index(lines[-1]), "what was found is not lost"
    leave(day)


def test_people_and_scripts_are_told_of_a_known_loss(founded: Server, tmp_path: Path) -> None:
    for name in ("Alborz", "Binalud", "Sabalan"):
        assert founded("customer", "add", name).code == 0
    spool = founded.home / "evidence/evidence.jsonl"
    lines = spool.read_bytes().splitlines(keepends=True)
    spool.write_bytes(b"".join([*lines[:1], *lines[2:]]))
    third = tmp_path / "third"
    assert founded("--json", "export-evidence", str(third)).json["error"] == "audit-broken"
    for words in (("--evidence-lost",), ("--by", "Sara")):
        done = founded("--json", "restore", *words)
        assert (done.code, done.json["error"]) == (2, "declared-by-nobody")
        assert "--evidence-lost --by" in done.json["advice"]
    assert founded("restore", "--evidence-lost", "--by", "Sara").code == 0
    done = founded("--json", "verify-audit")
    assert (done.code, done.json["faults"]) == (0, []), done.err
    (loss,) = done.json["losses"]
    assert loss.pop("declared_at") > 1_700_000_000
    assert loss == {
        "kind": "evidence",
        "first": 2,
        "last": 2,
        "declared_by": "Sara",
        "declared_in": 5,
    }
    assert "Known loss: the evidence of entries 2 to 2" in founded("verify-audit").out
    assert "Sara" in founded("--lang", "fa", "verify-audit").out
    exported = founded("--json", "export-evidence", str(third))
    assert (exported.code, exported.json["losses"][0]["declared_by"]) == (0, "Sara")
    assert Path(exported.json["file"]).read_bytes() == spool.read_bytes()
    assert "فقدان" in founded("--lang", "fa", "export-evidence", str(tmp_path / "fourth")).out
