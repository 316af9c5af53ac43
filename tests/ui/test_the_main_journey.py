"""Activate, release, activate again: at the window, by mouse and by keyboard, in both languages."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QRadioButton

from agent.ui.wording import Place
from protocol.values import Standing
from tests.journeys.site import Host, Site
from tests.ui.conftest import Open
from tests.ui.driving import Driver


def standing(driver: Driver) -> Standing:
    view = driver.outcomes[-1].known.view
    assert view is not None
    return view.standing


def place(driver: Driver) -> Place:
    return driver.window.page.place


def activate(driver: Driver, license_key: str) -> None:
    driver.click("Activate a license…")
    QApplication.clipboard().setText(f"  {license_key.lower()}\n")
    field = driver.field("License key")
    field.paste()
    driver.click("Activate")
    driver.work()


def test_by_mouse(site: Site, host: Host, opened: Open, language: str) -> None:
    issued = site.issue()
    driver = opened(host, language)
    activate(driver, issued.license_key)
    assert place(driver) is Place.OVERVIEW
    assert standing(driver) is Standing.ACTIVE
    assert driver.texts.text("standing-active") in driver.words()
    site.assert_nothing_lost_or_doubled()

    driver.release(issued.license_key)
    assert standing(driver) is Standing.RELEASED
    assert place(driver) is Place.KEEP_PAPERS
    assert str(host.agent.reactivation_code()) in driver.words()
    site.assert_nothing_lost_or_doubled()

    driver.field("Why they cannot be saved off this disk").setText("no stick")
    driver.click("Finish")
    driver.click("Activate again…")
    driver.click("Activate again on this server")
    driver.work()
    assert standing(driver) is Standing.ACTIVE
    assert host.state.generation == 2
    site.assert_nothing_lost_or_doubled()


def test_by_keyboard(site: Site, host: Host, opened: Open, language: str) -> None:
    issued = site.issue()
    driver = opened(host, language)
    key = Qt.Key
    driver.press(key.Key_Space)  # the first button: activate
    driver.write(issued.license_key)
    driver.press(key.Key_Return)
    driver.work()
    assert standing(driver) is Standing.ACTIVE

    driver.reach("Give the license back…")
    driver.press(key.Key_Space)
    assert place(driver) is Place.RELEASE
    driver.press(key.Key_Down)
    assert driver.seen(QRadioButton)[1].isChecked()
    driver.press(key.Key_Tab, key.Key_Tab, key.Key_Space)
    assert place(driver) is Place.CHECKS
    driver.press(key.Key_Space)  # whoever knows all this goes on at once
    assert place(driver) is Place.CONFIRM_RELEASE
    driver.write(issued.license_key[-4:])
    driver.press(key.Key_Return)
    assert not driver.worker.is_busy, "Enter in a field gives nothing back"
    driver.press(key.Key_Tab, key.Key_Space, key.Key_Tab, key.Key_Tab, key.Key_Space)
    driver.work()
    assert standing(driver) is Standing.RELEASED

    site.assert_nothing_lost_or_doubled()
    driver.reach("Why they cannot be saved off this disk")
    driver.write("later")
    driver.press(key.Key_Tab, key.Key_Space)
    driver.work()
    assert place(driver) is Place.OVERVIEW
    driver.press(key.Key_Space)  # activate again is what comes next
    driver.press(key.Key_Space)
    driver.work()
    assert standing(driver) is Standing.ACTIVE
    site.assert_nothing_lost_or_doubled()


def test_a_release_needs_the_keys_end_and_the_box(site: Site, host: Host, opened: Open) -> None:
    issued = site.issue()
    host.agent.activate(issued.license_key)
    driver = opened(host, "en")
    driver.click("Give the license back…")
    driver.click("Continue")
    driver.click("Continue")
    act = driver.button("Give the license back now")
    end = driver.window.focusWidget()
    assert not act.isEnabled()
    driver.tick(driver.seen(QCheckBox)[0])
    assert not act.isEnabled()
    QTest.keyClicks(end, "ZZZZ")
    assert not act.isEnabled()
    assert "not the end" in driver.words()
    QTest.keyClick(end, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(end, issued.license_key[-4:])
    assert act.isEnabled()
    driver.tick(driver.seen(QCheckBox)[0])
    assert not act.isEnabled()
    assert host.usable


def test_a_release_ends_when_its_papers_are_on_another_disk(
    site: Site, opened: Open, language: str, elsewhere: Path
) -> None:
    host = site.host()
    issued = site.issue()
    host.agent.activate(issued.license_key)
    driver = opened(host, language)
    driver.release(issued.license_key)
    folder = driver.field("Folder on a memory stick or a network drive")
    folder.setText(str(site.folder / "here"))
    driver.click("Save")
    driver.work()
    assert not driver.button("Finish").isEnabled(), "the same disk is not off this disk"
    folder.setText(str(elsewhere))
    driver.click("Save")
    driver.work()
    assert driver.button("Finish").isEnabled()
    saved = {path.suffix: path for path in elsewhere.iterdir()}
    assert saved[".jws"].read_bytes() == host.agent.receipts()[-1].raw
    assert str(host.agent.reactivation_code()) in saved[".txt"].read_text()
    assert saved[".txt"].stat().st_mode & 0o077 == 0
