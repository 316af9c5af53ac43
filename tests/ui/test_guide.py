"""The guide in the window: at the page that is seen, searched, and left as one came."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QTextBrowser

from agent.home import Home
from agent.texts import LANGUAGES
from agent.ui.wording import Place
from protocol.codes import LICENSE_KEY_PREFIX, format_code
from tests.journeys.site import Host, Site
from tests.ui.conftest import Open
from tests.ui.driving import Driver

ROOT = Path(__file__).parent.parent.parent
CHAPTERS = {
    "en": {
        Place.OVERVIEW: "Where you stand",
        Place.PLAN: "Plan a change",
        Place.SUPPORT: "On the telephone",
    },
    "fa": {
        Place.OVERVIEW: "اکنون در چه وضعیتی هستید",
        Place.PLAN: "برنامه‌ریزی تغییر",
        Place.SUPPORT: "پشت تلفن",
    },
}


def reader(driver: Driver) -> QTextBrowser:
    return driver.seen(QTextBrowser)[0]


def chapter(driver: Driver) -> str:
    return driver.seen(QComboBox)[0].currentText()


def opened_guide(driver: Driver) -> None:
    """Wait until its text stands where it belongs."""
    assert driver.window.page.place is Place.GUIDE
    driver.until(lambda: bool(reader(driver).toPlainText()))
    driver.settle()


@pytest.mark.parametrize("place", [Place.OVERVIEW, Place.PLAN, Place.SUPPORT])
def test_f1_opens_the_chapter_of_the_page_that_is_seen(
    host: Host, opened: Open, language: str, place: Place
) -> None:
    driver = opened(host, language)
    driver.window.go(place)
    driver.press(Qt.Key.Key_F1)
    opened_guide(driver)
    assert chapter(driver) == CHAPTERS[language][place]
    assert reader(driver).textCursor().block().text() == CHAPTERS[language][place]
    driver.press(Qt.Key.Key_Escape)
    assert driver.window.page.place is place


def test_the_button_at_the_side_opens_it_and_back_leads_back(
    host: Host, opened: Open, language: str
) -> None:
    driver = opened(host, language)
    driver.window.go(Place.SUPPORT)
    driver.click("Guide")
    opened_guide(driver)
    assert driver.button("Guide").isChecked()
    driver.click("Guide")
    driver.click("Back")
    assert driver.window.page.place is Place.SUPPORT
    assert driver.button("Support").isChecked()


def test_the_guide_can_be_read_before_anything_is_set_up(
    host: Host, opened: Open, language: str, tmp_path: Path
) -> None:
    host.home = Home(tmp_path / "fresh")
    driver = opened(host, language)
    driver.press(Qt.Key.Key_F1)
    opened_guide(driver)
    driver.press(Qt.Key.Key_Escape)
    assert driver.window.page.place is Place.FIRST_RUN
    assert not host.home.folder.exists()


def test_what_was_begun_is_found_as_it_was_left(
    site: Site, host: Host, opened: Open, language: str
) -> None:
    issued = site.issue()
    host.agent.activate(issued.license_key)
    driver = opened(host, language)
    driver.click("Give the license back…")
    driver.click("Continue")
    driver.click("Continue")
    driver.write("ab")
    driver.press(Qt.Key.Key_F1)
    opened_guide(driver)
    driver.press(Qt.Key.Key_Escape)
    assert driver.window.page.place is Place.CONFIRM_RELEASE
    assert driver.seen(QLineEdit)[0].text() == "ab"
    assert driver.focused() is driver.seen(QLineEdit)[0]


def test_a_failure_is_still_told_when_somebody_has_read_about_it(
    host: Host, opened: Open, language: str
) -> None:
    driver = opened(host, language)
    driver.window.go(Place.ACTIVATE)
    driver.field("License key").setText(format_code(LICENSE_KEY_PREFIX, 1))
    driver.click("Activate")
    driver.work()
    assert driver.has("Try again")
    driver.press(Qt.Key.Key_F1)
    opened_guide(driver)
    assert not driver.has("Try again")
    driver.click("Back")
    assert driver.has("Try again")


def test_another_language_is_read_at_the_same_page(host: Host, opened: Open, language: str) -> None:
    driver = opened(host, language)
    driver.window.go(Place.SUPPORT)
    driver.press(Qt.Key.Key_F1)
    opened_guide(driver)
    other = {"fa": "en", "en": "fa"}[language]
    driver.click({"fa": "فارسی", "en": "English"}[other])
    driver.speaks(other)
    opened_guide(driver)
    driver.until(lambda: not driver.worker.is_busy)
    assert chapter(driver) == CHAPTERS[other][Place.SUPPORT]
    driver.press(Qt.Key.Key_Escape)
    assert driver.window.page.place is Place.SUPPORT


def test_words_are_searched_forth_back_and_round(host: Host, opened: Open, language: str) -> None:
    driver = opened(host, language)
    driver.press(Qt.Key.Key_F1)
    opened_guide(driver)
    reader(driver).moveCursor(QTextCursor.MoveOperation.Start)
    QTest.keyClick(driver.focused(), Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    driver.write("1658")
    driver.press(Qt.Key.Key_Return)
    first = reader(driver).textCursor().position()
    assert reader(driver).textCursor().selectedText() == driver.texts.number("1658")
    driver.click("Next")
    second = reader(driver).textCursor().position()
    assert second > first
    driver.click("Next")
    assert reader(driver).textCursor().position() == first, "after the end comes the beginning"
    driver.click("Previous")
    assert reader(driver).textCursor().position() == second


def test_what_the_guide_does_not_have_is_said(host: Host, opened: Open, language: str) -> None:
    driver = opened(host, language)
    driver.press(Qt.Key.Key_F1)
    opened_guide(driver)
    said = driver.texts.gettext("The guide does not have this")
    before = reader(driver).textCursor().position()
    driver.click("Next")
    assert said not in driver.words(), "nothing was asked for"
    driver.field("Search in the guide").setText("xyzzy")
    driver.click("Next")
    assert said in driver.words()
    assert reader(driver).textCursor().position() == before
    driver.field("Search in the guide").setText("xyzz")
    assert said not in driver.words()


def test_a_chapter_is_chosen_and_the_one_that_is_read_is_named(
    host: Host, opened: Open, language: str
) -> None:
    driver = opened(host, language)
    driver.press(Qt.Key.Key_F1)
    opened_guide(driver)
    choice = driver.seen(QComboBox)[0]
    choice.setFocus()
    driver.press(Qt.Key.Key_Down)
    chosen = choice.currentText()
    assert chosen != CHAPTERS[language][Place.OVERVIEW]
    assert reader(driver).textCursor().block().text() == chosen
    bar = reader(driver).verticalScrollBar()
    bar.setValue(bar.maximum())
    assert choice.currentIndex() >= choice.count() - 2
    driver.window.resize(720, 400)
    driver.settle()
    assert choice.currentIndex() >= choice.count() - 2, "it stays at what is read"


@pytest.mark.parametrize("size", [(1024, 640), (720, 400)])
def test_no_line_above_a_chapter_is_cut_and_the_first_one_has_the_title_above_it(
    host: Host, opened: Open, language: str, size: tuple[int, int]
) -> None:
    driver = opened(host, language)
    driver.window.resize(*size)
    driver.press(Qt.Key.Key_F1)
    opened_guide(driver)
    choice, bar = driver.seen(QComboBox)[0], reader(driver).verticalScrollBar()
    choice.setFocus()
    driver.press(Qt.Key.Key_Home)
    driver.until(lambda: bar.value() == 0)
    for _ in range(choice.count() - 1):
        driver.press(Qt.Key.Key_Down)
        if bar.value() == bar.maximum():
            break  # the last ones stand below each other
        heading = reader(driver).textCursor().block()
        laid_out = reader(driver).document().documentLayout()
        assert laid_out.blockBoundingRect(heading.previous()).bottom() <= bar.value()
        assert bar.value() <= laid_out.blockBoundingRect(heading).top()


def test_nothing_is_shifted_out_of_sight_in_a_window_that_becomes_narrow(
    host: Host, opened: Open, language: str
) -> None:
    driver = opened(host, language)
    driver.press(Qt.Key.Key_F1)
    opened_guide(driver)
    driver.settle()
    driver.window.resize(720, 400)
    driver.settle()
    assert reader(driver).horizontalScrollBar().maximum() == 0


def test_a_command_is_copied_as_a_terminal_must_have_it(
    host: Host, opened: Open, language: str
) -> None:
    driver = opened(host, language)
    driver.press(Qt.Key.Key_F1)
    opened_guide(driver)
    reader(driver).selectAll()
    reader(driver).copy()
    copied = QGuiApplication.clipboard().text()
    assert "faragostar-man export check FILE" in copied
    assert not set("\u2066\u2067\u2068\u2069") & set(copied)


COPYING = """
from PySide6.QtWidgets import QApplication, QTextBrowser
from agent.ui.pages.guide import GuidePage
from agent.ui.wording import WindowTexts
app = QApplication([])
reader = GuidePage(WindowTexts("en")).findChildren(QTextBrowser)[0]
reader.setMarkdown("Run `faragostar-man check`.")
reader.selectAll()
reader.copy()
assert app.clipboard().text() == "Run faragostar-man check."
"""


def test_a_window_from_which_something_was_copied_ends_in_peace() -> None:
    subprocess.run([sys.executable, "-c", COPYING], cwd=ROOT, check=True)


def test_the_guide_is_in_what_is_installed(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        for language in LANGUAGES:
            inside = wheel.read(f"agent/ui/guide/{language}.md")
            assert inside == (ROOT / "agent" / "ui" / "guide" / f"{language}.md").read_bytes()
