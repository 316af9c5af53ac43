"""`history` and `receipts`: what happened here, shown and written down."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from agent.cli import Exit
from tests.agent.cli.console import Run
from tests.agent.worlds import World
from tests.simulated_server import LICENSE_ID


def test_history_tells_everything_in_order(run: Run, active: World) -> None:
    active.server.lose_next_request()
    assert run("release", "--reason", "os", "--yes").code == Exit.RELEASING
    events = [entry["event"] for entry in run("history", "--json").json["history"]]
    assert events[:2] == ["activate-asked", "license-received"]
    assert "release-asked" in events
    text = run("history").out.splitlines()
    assert len(text) == len(events)
    assert text[0].endswith("A license was asked for this server")


def test_an_empty_past_is_said(run: Run) -> None:
    assert run("history").out == "Nothing has happened here yet.\n"
    assert run("receipts").out == "There is no release receipt yet.\n"
    assert run("receipts", "--json").json == {
        "receipts": [],
        "reactivation_code": None,
        "code_file": None,
    }


def test_receipts_are_written_with_what_they_say(run: Run, active: World, tmp_path: Path) -> None:
    assert run("release", "--reason", "os", "--yes").code == 0
    folder = tmp_path / "papers"
    said = run("receipts", "--out", str(folder), "--json", "--lang", "fa")
    (receipt,) = said.json["receipts"]
    assert receipt["license_id"] == LICENSE_ID
    assert receipt["freed"] == [1]
    assert receipt["problem"] is None
    document = folder / f"receipt-{LICENSE_ID[:8]}-1.jws"
    assert receipt["file"] == str(document)
    assert document.read_bytes() == active.agent.receipts()[0].raw
    assert "رسید بازپس‌دهی" in document.with_suffix(".txt").read_text(encoding="utf-8")
    assert f"Written to {document}" in run("receipts", "--out", str(folder)).out


@pytest.mark.parametrize("is_received", [True, False])
def test_receipts_bring_the_code_of_the_last_release(
    run: Run, active: World, tmp_path: Path, *, is_received: bool
) -> None:
    if not is_received:
        active.server.lose_next_request(1000)
    run("release", "--reason", "os", "--yes")
    code = active.agent.reactivation_code()
    assert f"\n    {code}" in run("receipts").out
    folder = tmp_path / "papers"
    said = run("receipts", "--out", str(folder), "--json")
    assert said.json["reactivation_code"] == code
    written = folder / f"reactivation-code-{LICENSE_ID[:8]}.txt"
    assert said.json["code_file"] == str(written)
    assert str(code) in written.read_text(encoding="utf-8")
    assert LICENSE_ID in written.read_text(encoding="utf-8")
    assert written.stat().st_mode & 0o777 == 0o600
    assert f"Written to {written}" in run("receipts", "--out", str(folder)).out


def test_a_folder_that_cannot_be_made_is_22(run: Run, active: World, tmp_path: Path) -> None:
    assert run("release", "--reason", "os", "--yes").code == 0
    (tmp_path / "file").write_text("in the way")
    said = run("receipts", "--out", str(tmp_path / "file" / "below"), "--json")
    assert (said.code, said.json["error"]) == (Exit.INVALID, "file-unreadable")
    assert active.agent.receipts()


def test_a_receipt_is_believed_by_the_stores_own_roots(run: Run, active: World) -> None:
    assert run("release", "--reason", "os", "--yes").code == 0
    (active.home.public / "roots.jws").unlink()
    (receipt,) = run("receipts", "--json").json["receipts"]
    assert (receipt["generation"], receipt["problem"]) == (1, None)


def test_a_receipt_that_was_changed_keeps_the_facts_of_the_store(run: Run, active: World) -> None:
    assert run("release", "--reason", "os", "--yes").code == 0
    with closing(sqlite3.connect(active.home.store)) as connection, connection:
        (raw,) = connection.execute("SELECT raw FROM papers WHERE kind = 'receipt'").fetchone()
        forged = raw[:-20] + raw[-20:-4].swapcase() + raw[-4:]
        connection.execute("UPDATE papers SET raw = ? WHERE kind = 'receipt'", (forged,))
    (receipt,) = run("receipts", "--json").json["receipts"]
    assert (receipt["generation"], receipt["problem"]) == (1, "document-bad-signature")
    assert receipt["freed"] is None
    said = run("receipts").out
    assert "Signed by the vendor" not in said
    assert "was changed" in said
