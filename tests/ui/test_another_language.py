"""Another language: the window is made anew, and whatever was entered and read is still there."""

import re
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
)

from agent.home import Home
from agent.ui.jobs import Look
from agent.ui.jobs.support import Examine
from agent.ui.pages.codes import QrCode
from agent.ui.wording import Place
from protocol.parts import split_parts
from tests.journeys.site import Host, Site
from tests.server.live import IssuedLicense
from tests.ui.carrying import paste, place, take_in
from tests.ui.conftest import Open
from tests.ui.driving import Driver

PART = split_parts(b".".join([b"QUJD" * 400] * 3))[0]
HALF_A_KEY = "FGM-ABCDE-FGH"
NAMES = {"fa": "فارسی", "en": "English"}
OTHER = {"fa": "en", "en": "fa"}
WITH_FIELDS = (
    Place.PLAN,
    Place.NOTICE,
    Place.PRINTED,
    Place.EXCHANGE,
    Place.ACTIVATE,
    Place.RELEASE,
    Place.CHECKS,
    Place.KEEP_PAPERS,
    Place.SAVE_RECOVERY,
    Place.LOAD_RECOVERY,
    Place.REPORT,
    Place.SETTINGS,
    Place.CHALLENGE,
)


class Entered(NamedTuple):
    """What stands on a page."""

    lines: list[str]
    texts: list[str]
    ticks: list[bool]
    choices: list[int]


def ticked(driver: Driver) -> list[QAbstractButton]:
    """Everything to be ticked or chosen; how the window speaks is chosen for all its pages."""
    if place(driver) is Place.SETTINGS:
        return list(driver.seen(QCheckBox))
    return [*driver.seen(QCheckBox), *driver.seen(QRadioButton)]


def entered(driver: Driver) -> Entered:
    return Entered(
        [line.text() for line in driver.seen(QLineEdit)],
        [text.toPlainText() for text in driver.seen(QPlainTextEdit)],
        [button.isChecked() for button in ticked(driver)],
        [choice.currentIndex() for choice in driver.seen(QComboBox)],
    )


def enter_everywhere(driver: Driver) -> None:
    """Write into every field, tick every box, and choose the last of all choices."""
    for box in ticked(driver):
        box.setChecked(True)
    for number, line in enumerate(driver.seen(QLineEdit)):
        line.setText(f"{number}-half")
    for text in driver.seen(QPlainTextEdit):
        text.setPlainText("half a line")
    driver.settle()


def digits(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def turn(driver: Driver) -> None:
    """Choose the other language at the side of the window."""
    other = OTHER[driver.texts.language]
    driver.until(lambda: not driver.worker.is_busy)
    at_the_side = (b for b in driver.seen(QPushButton) if b.text() == NAMES[other])
    QTest.mouseClick(next(at_the_side), Qt.MouseButton.LeftButton)
    driver.speaks(other)
    driver.until(lambda: not driver.worker.is_busy)
    driver.settle()


def test_whatever_was_entered_is_still_there_with_the_keyboard_where_it_was(
    driver: Driver,
) -> None:
    for where in WITH_FIELDS:
        driver.window.go(where)
        driver.settle()
        enter_everywhere(driver)
        before, last = entered(driver), driver.seen(QLineEdit)
        if last:
            last[-1].setFocus()
        assert any(any(each) for each in before), where
        turn(driver)
        assert place(driver) is where
        assert entered(driver) == before, where
        if last:
            assert driver.focused() is driver.seen(QLineEdit)[-1], where


def test_what_was_entered_before_anything_is_set_up_is_still_there(
    host: Host, opened: Open, language: str
) -> None:
    host.home = Home(host.folder / "nowhere")
    driver = opened(host, language)
    driver.tick(driver.checkbox("The way to it leads through a proxy"))
    driver.field("Address of the signing server").setText(host.server.url)
    driver.field("Proxy").setText("http://127.0.0.1:9")
    driver.field("File with the trust root").setText(str(host.server.root_file))
    driver.click("Test the connection")
    assert driver.work().trouble is None
    before = [line.text() for line in driver.seen(QLineEdit)]
    turn(driver)
    assert [line.text() for line in driver.seen(QLineEdit)] == before
    assert driver.texts.gettext("Found on the way to the signing server") in driver.words()


def test_the_parts_of_an_answer_and_half_a_key_outlast_another_language(
    site: Site, opened: Open, language: str
) -> None:
    driver = opened(site.host(), language)
    driver.click("By file")
    driver.field("License key").setText(HALF_A_KEY)
    paste(driver, PART)
    assert driver.has("Forget these parts")
    driver.seen(QPlainTextEdit)[0].setPlainText("half a part")
    turn(driver)
    assert driver.has("Forget these parts")
    assert driver.field("License key").text() == HALF_A_KEY
    assert driver.seen(QPlainTextEdit)[0].toPlainText() == "half a part"
    driver.click("Support")
    turn(driver)
    driver.click("By file")
    assert driver.has("Forget these parts")
    assert not driver.field("License key").text(), "no key outlasts that somebody went on"


def test_codes_are_seen_at_the_same_part(driver: Driver) -> None:
    driver.click("By file")
    driver.click("Show as QR codes")
    driver.work()
    driver.click("Next part")
    name = driver.seen(QrCode)[0].accessibleName()
    turn(driver)
    seen = driver.seen(QrCode)[0].accessibleName()
    assert digits(seen) == digits(name)
    assert digits(seen)[0] == 2
    driver.click("Back to the steps")
    turn(driver)
    assert driver.has("Show as QR codes")
    assert not driver.has("Back to the steps")


def test_a_declaration_leads_back_to_its_plan(driver: Driver) -> None:
    driver.click("Plan a change")
    driver.tick(driver.seen(QCheckBox)[0])
    driver.click("Declare this change…")
    driver.field("Why the change is made").setText("half a rea")
    turn(driver)
    assert driver.field("Why the change is made").text() == "half a rea"
    driver.click("Back")
    assert place(driver) is Place.PLAN
    assert driver.seen(QCheckBox)[0].isChecked()


def test_what_is_examined_is_read_on_and_not_examined_again(driver: Driver) -> None:
    driver.window.go(Place.DIAGNOSTICS)
    driver.until(lambda: driver.has("Save"))
    choice = driver.seen(QComboBox)[0]
    choice.setCurrentIndex(1)
    text = driver.seen(QPlainTextEdit)[0].toPlainText()
    turn(driver)
    assert driver.seen(QPlainTextEdit)[0].toPlainText() == text
    assert [type(o.job) for o in driver.outcomes].count(Examine) == 1


def test_papers_that_are_safe_stay_safe(
    driver: Driver, issued: IssuedLicense, elsewhere: Path
) -> None:
    driver.release(issued.license_key)
    assert place(driver) is Place.KEEP_PAPERS
    driver.field("Folder on a memory stick or a network drive").setText(str(elsewhere / "papers"))
    driver.click("Save")
    driver.work()
    assert driver.button("Finish").isEnabled()
    turn(driver)
    assert driver.button("Finish").isEnabled()
    written = driver.texts.gettext("Written to {path}", path=elsewhere / "papers")
    assert written in driver.words()


def test_papers_that_lack_the_receipt_since_are_not_called_safe(
    driver: Driver, issued: IssuedLicense, elsewhere: Path, site: Site
) -> None:
    site.server.stop()
    driver.release(issued.license_key)
    driver.field("Folder on a memory stick or a network drive").setText(str(elsewhere / "papers"))
    driver.click("Save")
    driver.work()
    site.server.start()
    driver.click("Send again")
    driver.work()
    later = "The receipt has come since then: save it too."
    assert driver.texts.gettext(later) in driver.words()
    turn(driver)
    assert driver.texts.gettext(later) in driver.words()
    assert not driver.button("Finish").isEnabled()


def test_what_came_of_an_activation_is_still_told(driver: Driver, issued: IssuedLicense) -> None:
    driver.release(issued.license_key)
    driver.window.go(Place.REACTIVATE)
    driver.click("Activate again on this server")
    driver.work()
    assert driver.has("Finish")
    turn(driver)
    assert driver.has("Finish")
    assert not driver.has("Activate again on this server")


def test_a_failure_is_told_in_the_other_language_and_can_be_tried_again(
    driver: Driver, tmp_path: Path
) -> None:
    driver.click("By file")
    outcome = take_in(driver, tmp_path / "no.answer")
    assert outcome.trouble is not None
    turn(driver)
    assert driver.has("Try again")
    driver.click("Try again")
    assert driver.work().job == outcome.job


def test_a_failure_that_was_closed_stays_closed(driver: Driver, tmp_path: Path) -> None:
    driver.click("By file")
    take_in(driver, tmp_path / "no.answer")
    driver.press_named(driver.texts.gettext("Close this message"))
    turn(driver)
    assert not driver.has("Try again")


def test_a_release_is_confirmed_in_the_language_that_is_read(
    driver: Driver, issued: IssuedLicense
) -> None:
    driver.click("Give the license back…")
    driver.click("Continue")
    driver.click("Continue")
    driver.write(issued.license_key[-4:])
    driver.tick(driver.seen(QCheckBox)[0])
    assert driver.button("Give the license back now").isEnabled()
    turn(driver)
    assert not driver.button("Give the license back now").isEnabled()
    assert not driver.seen(QCheckBox)[0].isChecked()


def rest(driver: Driver) -> None:
    """Wait for what is done quietly too."""
    worker = driver.worker
    driver.until(lambda: not (worker._looks or worker._writes or worker._doing))
    driver.settle()


def test_nothing_is_asked_again(driver: Driver) -> None:
    for where in (Place.PLAN, Place.PRINTED, Place.CHECKS, Place.SAVE_RECOVERY, Place.ABOUT):
        driver.window.go(where)
        rest(driver)
        before = [o.job for o in driver.outcomes if type(o.job) is not Look]
        told = len(driver.words())
        turn(driver)
        rest(driver)  # how one likes to read is remembered quietly
        after = [o.job for o in driver.outcomes if type(o.job) is not Look]
        assert [repr(job) for job in after[len(before) :]] == [repr(after[-1])], where
        assert len(driver.words()) > told // 2


def test_what_is_typed_outlasts_another_language_of_the_guide(driver: Driver) -> None:
    driver.window.go(Place.SAVE_RECOVERY)
    driver.field("Passphrase").setText("correct horse")
    driver.window.consult()
    driver.settle()
    turn(driver)
    driver.click("Back")
    assert driver.field("Passphrase").text() == "correct horse"
    driver.window.consult()
    driver.settle()
    turn(driver)
    driver.click("Support")
    driver.window.go(Place.SAVE_RECOVERY)
    assert not driver.field("Passphrase").text()


def test_nothing_that_was_entered_shows_itself(driver: Driver) -> None:
    driver.window.go(Place.SAVE_RECOVERY)
    driver.field("Passphrase").setText("correct horse")
    memory = driver.window.page.memory(None)
    assert "correct horse" in memory.entries.lines
    assert "horse" not in f"{memory!r} {memory.entries!r}"
