"""History with its documents, and this server part by part: at the window, in both languages."""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from agent.ui.jobs.kept import DocumentOpened
from agent.ui.tables import Table
from agent.ui.wording import Place
from protocol.envelope import open_device_document
from protocol.values import ReleaseReason, Standing
from protocol.views import Report
from tests import machines
from tests.journeys.site import Host
from tests.ui.conftest import Open
from tests.ui.driving import Driver


@pytest.fixture
def released(active: Host) -> Host:
    active.agent.release(ReleaseReason.OS)
    return active


def table(driver: Driver, name: str) -> Table:
    text = driver.texts.gettext(name)
    return next(t for t in driver.seen(Table) if t.accessibleName() == text)


def cells(found: Table) -> list[list[str]]:
    model = found.model()
    rows, columns = range(model.rowCount()), range(model.columnCount())
    return [[str(model.index(row, column).data()) for column in columns] for row in rows]


def happened(driver: Driver) -> Table:
    return table(driver, "What happened on this server")


def documents(driver: Driver) -> Table:
    return table(driver, "Documents that are kept here")


def open_receipt(driver: Driver) -> DocumentOpened:
    """The newest document, by keyboard."""
    driver.window.go(Place.HISTORY)
    documents(driver).setFocus()
    QTest.keyClick(documents(driver), Qt.Key.Key_Return)
    word = driver.work().word
    assert isinstance(word, DocumentOpened)
    assert driver.window.page.place is Place.DOCUMENT
    return word


def forge_receipt(host: Host) -> None:
    with closing(sqlite3.connect(host.home.store)) as connection, connection:
        (raw,) = connection.execute("SELECT raw FROM papers WHERE kind = 'receipt'").fetchone()
        forged = raw[:-20] + raw[-20:-4].swapcase() + raw[-4:]
        connection.execute("UPDATE papers SET raw = ? WHERE kind = 'receipt'", (forged,))


def test_the_newest_event_stands_first_with_its_number_and_result(
    released: Host, opened: Open, language: str
) -> None:
    driver = opened(released, language)
    driver.window.go(Place.HISTORY)
    rows = cells(happened(driver))
    events = released.agent.history()
    assert len(rows) == len(events)
    newest, texts = events[-1], driver.texts
    assert rows[0][:2] == [texts.moment(newest.at), texts.text(newest.event, newest.detail)]
    assert rows[0][3] == texts.name("standing", Standing.RELEASED)
    asked = next(e for e in events if e.event == "activate-asked")
    assert rows[-1][2] == texts.latin(asked.detail["request"][:8])


def test_what_happens_meanwhile_is_seen(active: Host, opened: Open) -> None:
    driver = opened(active, "en")
    driver.window.go(Place.HISTORY)
    before = len(cells(happened(driver)))
    active.agent.release(ReleaseReason.OS)
    driver.until(lambda: len(cells(happened(driver))) > before)
    driver.until(lambda: len(cells(documents(driver))) == 2)


def test_an_empty_past_is_said(host: Host, opened: Open, language: str) -> None:
    driver = opened(host, language)
    driver.window.go(Place.HISTORY)
    assert driver.texts.gettext("Nothing has happened here yet.") in driver.words()
    assert not driver.seen(Table)


def test_a_receipt_is_opened_by_keyboard_and_says_what_it_says(
    released: Host, opened: Open, language: str
) -> None:
    driver = opened(released, language)
    word = open_receipt(driver)
    texts, said = driver.texts, driver.words()
    assert texts.gettext("Release receipt") in said
    assert word.found.paper.digest[-10:] in said
    assert texts.gettext("Generations freed") in said
    assert word.found.signature is not None
    genuine = texts.gettext(
        "Genuine and unchanged: signed by the vendor with document key {key:number} of trust root "
        "{root:number}; checked here {at:moment}",
        key=1,
        root=1,
        at=word.verified_at,
    )
    assert genuine in said


def test_a_receipt_that_was_changed_is_not_believed(
    released: Host, opened: Open, language: str
) -> None:
    driver = opened(released, language)
    open_receipt(driver)
    forge_receipt(released)
    driver.click("Verify signature")
    driver.work()
    assert driver.texts.text("document-bad-signature") in driver.words()
    assert driver.texts.gettext("Generations freed") not in driver.words()
    assert driver.focused().accessibleName() == driver.texts.gettext("Verify signature")


def test_a_document_that_is_gone_is_refused_by_name(released: Host, opened: Open) -> None:
    driver = opened(released, "en")
    open_receipt(driver)
    with closing(sqlite3.connect(released.home.store)) as connection, connection:
        connection.execute("DELETE FROM papers")
    driver.click("Verify signature")
    outcome = driver.work()
    assert outcome.trouble is not None
    assert outcome.trouble.text_code == "document-gone"


def test_a_document_is_saved_as_it_was_received_and_on_paper(
    released: Host, opened: Open, tmp_path: Path, language: str
) -> None:
    driver = opened(released, language)
    paper = open_receipt(driver).found.paper
    driver.field("Folder to save into").setText(str(tmp_path))
    driver.click("Save copy")
    driver.work()
    name = f"receipt-{paper.license_id[:8]}-{paper.generation}"
    assert (tmp_path / f"{name}.jws").read_bytes() == paper.raw
    driver.click("Save as PDF")
    driver.work()
    assert (tmp_path / f"{name}.pdf").read_bytes().startswith(b"%PDF")
    assert f"{name}.pdf" in driver.words()


def test_a_copy_never_takes_another_files_place(
    released: Host, opened: Open, tmp_path: Path
) -> None:
    driver = opened(released, "en")
    paper = open_receipt(driver).found.paper
    there = tmp_path / f"receipt-{paper.license_id[:8]}-{paper.generation}.jws"
    there.write_text("mine")
    driver.field("Folder to save into").setText(str(tmp_path))
    driver.click("Save copy")
    outcome = driver.work()
    assert outcome.trouble is not None
    assert outcome.trouble.code == "file-taken"
    assert there.read_text() == "mine"


def test_an_opened_document_stays_in_another_language(released: Host, opened: Open) -> None:
    driver = opened(released, "en")
    digest = open_receipt(driver).found.paper.digest
    driver.click("فارسی")
    driver.work()
    driver.speaks("fa")
    assert driver.window.page.place is Place.DOCUMENT
    assert digest[-10:] in driver.words()
    assert driver.texts.gettext("Release receipt") in driver.words()


def test_every_part_stands_beside_what_it_was(active: Host, opened: Open, language: str) -> None:
    active.become(machines.with_other_board(active.hardware))
    active.agent.check()
    driver = opened(active, language)
    driver.window.go(Place.SERVER)
    texts = driver.texts
    rows = {row[0]: row[1:] for row in cells(table(driver, "This server, part by part"))}
    board = rows[texts.name("component", "board")]
    assert board[0] != board[1]
    assert board[2:] == [texts.name("status", "changed"), texts.number(25)]
    system = rows[texts.gettext("Operating system")]
    assert system[2] == texts.name("os", "same")
    rule = {"rule": "anchor-changed"}
    assert texts.text("hardware-changed", rule) in driver.words()
    assert texts.gettext("Activate again…").rstrip("…") in driver.words(), "what to do now"


def test_a_hidden_part_says_why(active: Host, opened: Open, language: str) -> None:
    active.become(replace(active.hardware, readable_table=False))
    driver = opened(active, language)
    driver.window.go(Place.SERVER)
    rows = {row[0]: row[1:] for row in cells(table(driver, "This server, part by part"))}
    memory = rows[driver.texts.name("component", "memory")]
    assert memory[1] == driver.texts.name("reason", "absent")
    assert memory[2] == driver.texts.name("status", "unknown")


def test_a_machine_without_a_license_shows_its_parts(
    host: Host, opened: Open, language: str
) -> None:
    driver = opened(host, language)
    driver.window.go(Place.SERVER)
    nothing = "There is nothing to compare: no license is bound to this server."
    assert driver.texts.gettext(nothing) in driver.words()
    names = [row[0] for row in cells(table(driver, "This server, part by part"))]
    assert driver.texts.name("component", "board") in names
    assert driver.texts.name("detail", "kernel") in names
    assert host.hardware.serial not in str(cells(table(driver, "This server, part by part")))


def test_what_is_shown_can_be_copied(active: Host, opened: Open) -> None:
    driver = opened(active, "en")
    driver.window.go(Place.SERVER)
    driver.click("Copy")
    copied = QApplication.clipboard().text()
    view = active.agent.status()
    assert view.license is not None
    assert view.license.support_code in copied
    assert "Motherboard" in copied
    assert "100 points" in copied


def test_the_report_is_a_step_away(
    active: Host, opened: Open, tmp_path: Path, language: str
) -> None:
    driver = opened(active, language)
    driver.window.go(Place.SERVER)
    driver.click("Save report…")
    file = tmp_path / "report.jws"
    driver.write(str(file))
    driver.click("Save")
    driver.work()
    assert str(file) in driver.words()
    decoder = msgspec.json.Decoder(Report)
    agent = active.agent
    report = open_device_document(file.read_bytes(), Report.typ, agent.device, decoder)
    assert report.view.standing is Standing.ACTIVE
    driver.click("Back")
    assert driver.window.page.place is Place.SERVER
