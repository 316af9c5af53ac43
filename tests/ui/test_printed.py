"""Paper before a change: the page hides its key until asked, the letter is numbered and Persian."""

import re
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog

from agent.errors import StoreBusy
from agent.planning import Advice
from agent.presentation import Remaining, failure_of
from agent.ui.jobs import Known
from agent.ui.jobs.notices import Declare
from agent.ui.jobs.planning import Planned
from agent.ui.jobs.printed import ForPaper, SavePrinted
from agent.ui.printing import Sheet
from agent.ui.views.letters import Letter, letter_number, letter_of, letter_wanted
from agent.ui.views.notices import spelled
from agent.ui.views.printed import Server, Work, page_before, work_of
from agent.ui.wording import Place, WindowTexts
from protocol.digits import passes_damm
from protocol.values import ReleaseReason, Timestamp
from protocol.views import LicenseView
from protocol.windows import Change
from tests.journeys.site import Host, Site
from tests.server.live import IssuedLicense
from tests.ui.conftest import Open
from tests.ui.driving import Driver, save_as

EN, FA = WindowTexts("en"), WindowTexts("fa")
NOW = 1_795_000_000
LETTER = Letter((Change.BOARD,), Timestamp(NOW), Timestamp(NOW + 3600), "old", "0912")
MARKS = re.compile("[\u200e\u200f\u2066-\u2069]")


@pytest.fixture
def issued(site: Site) -> IssuedLicense:
    return site.issue()


@pytest.fixture
def active(host: Host, issued: IssuedLicense) -> Host:
    host.agent.activate(issued.license_key)
    return host


def place(driver: Driver) -> Place:
    return driver.window.page.place


def sheet(driver: Driver) -> str:
    return MARKS.sub("", driver.seen(Sheet)[0].toPlainText())


def known_of(host: Host) -> Known:
    agent = host.agent
    key = agent.license_key()
    return Known(
        view=agent.status(),
        key_end=key[-4:] if key else "",
        reactivation_code=agent.reactivation_code(),
    )


def license_of(host: Host) -> LicenseView:
    license = host.agent.status().license
    assert license is not None
    return license


def test_the_key_is_on_paper_only_for_who_asked(
    active: Host, issued: IssuedLicense, opened: Open, language: str
) -> None:
    driver = opened(active, language)
    driver.window.go(Place.PRINTED, Planned((Change.NEW_HOST,)))
    driver.until(lambda: driver.texts.text("plan-release") in sheet(driver))
    key = issued.license_key
    assert key not in sheet(driver)
    assert key[-4:] in sheet(driver)
    driver.click("Show the license key")
    driver.until(lambda: key in sheet(driver))
    assert not driver.has("Show the license key")
    driver.window.go(Place.OVERVIEW)
    assert key not in driver.window.page.window().findChildren(Sheet)[0].toPlainText()
    driver.window.go(Place.PRINTED)
    assert key not in sheet(driver)


def test_the_page_leads_back_to_the_plan(active: Host, opened: Open, language: str) -> None:
    driver = opened(active, language)
    driver.window.go(Place.PRINTED, Planned((Change.NEW_HOST,)))
    driver.click("Back")
    assert place(driver) is Place.PLAN
    driver.click("Print the checklist…")
    assert place(driver) is Place.PRINTED


def test_the_page_is_read_by_keyboard(active: Host, opened: Open) -> None:
    driver = opened(active, "en")
    driver.window.go(Place.PRINTED)
    driver.reach("The document as it will be printed")
    driver.window.page.verticalScrollBar().setValue(0)
    driver.press(Qt.Key.Key_PageDown)
    assert driver.window.page.verticalScrollBar().value() > 0
    driver.press(Qt.Key.Key_Tab)
    assert not isinstance(driver.focused(), Sheet)


def test_it_is_saved_as_pdf_for_nobody_else_to_read(
    active: Host, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    chosen = tmp_path / "page"
    save_as(chosen, ".pdf", monkeypatch)
    driver = opened(active, language)
    driver.window.go(Place.PRINTED)
    driver.click("Save as PDF…")
    driver.work()
    file = chosen.with_suffix(".pdf")
    assert file.read_bytes().startswith(b"%PDF")
    assert file.stat().st_mode & 0o077 == 0
    assert str(file) in MARKS.sub("", driver.words())


def test_a_pdf_that_cannot_be_written_is_told(
    active: Host, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = tmp_path / "none" / "page.pdf"
    save_as(nowhere, ".pdf", monkeypatch)
    driver = opened(active, "en")
    driver.window.go(Place.PRINTED)
    driver.click("Save as PDF…")
    outcome = driver.work()
    assert outcome.trouble is not None
    assert outcome.trouble.code == "file-unreadable"
    assert driver.texts.text("unchanged") in driver.words()


def test_nothing_is_written_or_printed_when_nobody_chose(
    active: Host, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: QFileDialog.DialogCode.Rejected)
    monkeypatch.setattr(QPrintDialog, "exec", lambda _dialog: QPrintDialog.DialogCode.Rejected)
    driver = opened(active, "en")
    driver.window.go(Place.PRINTED)
    driver.settle()
    asked = len(driver.outcomes)
    driver.click("Save as PDF…")
    driver.click("Print…")
    assert not driver.worker.is_busy
    assert len(driver.outcomes) - asked <= 2, "only the quiet looks of the page itself"


def test_it_is_printed(
    active: Host, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    paper = tmp_path / "printed.pdf"

    def chosen(dialog: QPrintDialog) -> int:
        dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        dialog.printer().setOutputFileName(str(paper))
        return int(QPrintDialog.DialogCode.Accepted)

    monkeypatch.setattr(QPrintDialog, "exec", chosen)
    driver = opened(active, language)
    driver.window.go(Place.PRINTED)
    driver.click("Print…")
    assert paper.read_bytes().startswith(b"%PDF")


def test_what_was_typed_becomes_a_letter(active: Host, opened: Open, language: str) -> None:
    driver = opened(active, language)
    driver.window.go(Place.NOTICE, Planned((Change.BOARD,)))
    begins = int(time.time()) + 3600
    for name, text in (
        ("From", spelled(begins, driver.texts)),
        ("Until", spelled(begins + 3600, driver.texts)),
        ("Why the change is made", "<b>سوخته</b>"),
        ("Whom the vendor may ask: name and phone", "رضایی"),
    ):
        driver.field(name).setText(text)
    driver.click("Letter to the vendor…")
    letter = sheet(driver)
    for words in ("باسمه تعالی", "<b>سوخته</b>", "رضایی", "برد اصلی", "امضا و مهر"):
        assert words in letter
    assert not driver.has("Show the license key"), "the letter needs no key"
    driver.click("Back")
    assert driver.field("Whom the vendor may ask: name and phone").text() == "رضایی"


def test_without_a_declaration_there_is_no_letter(
    active: Host, opened: Open, language: str
) -> None:
    driver = opened(active, language)
    driver.window.go(Place.PRINTED)
    driver.click("Letter to the vendor")
    assert not driver.button("Print…").isEnabled()
    driver.click("Declare a change…")
    assert place(driver) is Place.NOTICE


def test_a_window_that_stands_can_be_confirmed_in_writing(active: Host) -> None:
    active.agent.notice(
        Declare(
            (Change.BOARD,),
            spelled(int(time.time()), EN),
            spelled(int(time.time()) + 7200, EN),
            "old",
            "0912",
        ).declaration()
    )
    known = known_of(active)
    letter = letter_wanted(known, None)
    assert letter is not None
    assert letter.changes == (Change.BOARD,)
    assert letter.window_id is not None
    written = letter_of(license_of(active), letter, Server("srv"), NOW)
    assert FA.number(letter.window_id) in written
    work = work_of(known, (), None)
    assert work == Work((Change.BOARD,), Advice.DECLARE)
    page = page_before(known, Server("srv"), work, NOW, EN)
    assert f"change window {letter.window_id}" in page


def test_a_letters_number_can_be_cited(active: Host) -> None:
    license = license_of(active)
    number = letter_number(license, LETTER, NOW)
    day, support, telling = number.split("/")
    assert day == "14050827"
    assert support == license.support_code
    assert passes_damm(telling)
    assert len(telling) == 4
    assert letter_number(license, LETTER, NOW + 60) == number, "printed twice, it is one letter"
    later = LETTER._replace(ends=Timestamp(NOW + 7200))
    assert letter_number(license, later, NOW) != number


@pytest.mark.parametrize("texts", [EN, FA])
@pytest.mark.parametrize(
    ("advice", "command"),
    [
        (Advice.RELEASE, "release"),
        (Advice.DECLARE, "check"),
        (Advice.NOTHING, "check"),
        (None, "release"),
    ],
)
def test_the_page_says_what_to_do(
    active: Host, texts: WindowTexts, advice: Advice | None, command: str
) -> None:
    page = page_before(known_of(active), Server("srv"), Work((), advice), NOW, texts)
    assert f"faragostar-man {command}" in page
    assert ("faragostar-man reactivate" in page) is (command == "release")
    assert texts.number("021-42623") in page
    assert texts.number(license_of(active).support_code) in page


def test_after_the_release_the_page_has_the_code(active: Host) -> None:
    active.agent.release(ReleaseReason.OS)
    known = known_of(active)
    page = page_before(known, Server("srv", active.agent.license_key()), Work(), NOW, EN)
    assert str(known.reactivation_code) in page
    assert str(active.agent.license_key()) in page
    assert "given back already" in page


def test_without_a_license_there_is_nothing_to_keep() -> None:
    assert "nothing that must be kept" in page_before(Known(), Server(""), Work(), NOW, EN)


def test_who_may_not_see_the_license_is_not_told_that_there_is_none(active: Host) -> None:
    seen = Known(view=active.agent.status(), as_of=Timestamp(NOW))
    said = page_before(seen, Server(""), Work(), NOW, EN)
    assert EN.text("admin-rights-needed") in said
    assert "nothing that must be kept" not in said
    busy = Known(trouble=failure_of(StoreBusy(), Remaining(), 1))
    assert EN.text("standing-unknown") in page_before(busy, Server(""), Work(), NOW, EN)


def test_neither_key_nor_document_shows_itself(tmp_path: Path) -> None:
    assert "FGM" not in repr(ForPaper("srv", "FGM-SECRET"))
    assert "FGM" not in repr(SavePrinted(tmp_path, b"FGM-SECRET"))
