"""What a failure leaves open: "try again" does what stands in the fields, and never by surprise."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLineEdit

from agent.ui.jobs.by_hand import TakeIn
from agent.ui.jobs.notices import Declare
from agent.ui.jobs.recovery import LoadRecovery
from agent.ui.wording import Place
from protocol.parts import split_parts
from protocol.values import Standing
from tests.journeys.site import Host, Site
from tests.server.live import IssuedLicense
from tests.ui.busy import busy
from tests.ui.carrying import ANSWER, REQUEST, paste, place, standing, take_in
from tests.ui.conftest import Open
from tests.ui.driving import Driver

CHECK = "Check: ask the vendor how the license stands"
PART = split_parts(b".".join([b"QUJD" * 400] * 3))[0]
READ = "I have read this: the software stops here now"


def confirmed(driver: Driver, issued: IssuedLicense) -> None:
    driver.click("Give the license back…")
    driver.click("Continue")
    driver.click("Continue")
    driver.write(issued.license_key[-4:])
    driver.tick(driver.checkbox(READ))


def failed(driver: Driver) -> None:
    outcome = driver.work()
    assert outcome.trouble is not None


def test_a_release_that_failed_is_not_tried_again_once_its_confirmation_is_taken_back(
    driver: Driver, issued: IssuedLicense
) -> None:
    confirmed(driver, issued)
    with busy(driver.host):
        driver.click("Give the license back now")
        failed(driver)
    assert driver.focused().accessibleName() == driver.texts.gettext("Close this message")
    driver.tick(driver.checkbox(READ))
    driver.click("Try again")
    driver.work()
    assert standing(driver) is Standing.ACTIVE
    driver.tick(driver.checkbox(READ))
    driver.click("Try again")
    driver.work()
    assert standing(driver) is Standing.RELEASED


def test_a_release_that_failed_while_somebody_was_elsewhere_is_confirmed_anew(
    driver: Driver, issued: IssuedLicense
) -> None:
    confirmed(driver, issued)
    with busy(driver.host):
        driver.click("Give the license back now")
        driver.window.go(Place.SUPPORT)
        failed(driver)
    assert place(driver) is Place.SUPPORT
    driver.press(Qt.Key.Key_Space)
    assert driver.host.usable
    driver.window.go(Place.CONFIRM_RELEASE)
    driver.write(issued.license_key[-4:])
    driver.tick(driver.checkbox(READ))
    with busy(driver.host):
        driver.click("Give the license back now")
        driver.window.go(Place.SUPPORT)
        failed(driver)
    driver.click("Try again")
    assert place(driver) is Place.CONFIRM_RELEASE
    assert not driver.button("Give the license back now").isEnabled()
    assert driver.host.usable


def test_what_was_only_looked_for_takes_the_keyboard_from_nobody(
    driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def broken(*_given: object) -> object:
        gate.wait(5)
        raise OSError("gone")

    monkeypatch.setattr("agent.hardware.volumes.shelves_here", broken)
    driver.click("Support")
    driver.click("Save the recovery file…")
    driver.field("Passphrase").setFocus()
    driver.write("correct ")
    gate.set()
    driver.until(lambda: driver.has("Try again"))
    driver.settle()
    driver.write("horse")
    assert driver.field("Passphrase").text() == "correct horse"


def test_a_passphrase_that_was_mended_is_the_one_that_is_tried_and_none_stays_behind(
    driver: Driver, tmp_path: Path
) -> None:
    name = "Passphrase of the recovery file"
    broken = tmp_path / "x.recovery"
    broken.write_bytes(b"junk")
    driver.click("Support")
    driver.click("Load a recovery file…")
    driver.field("Recovery file").setText(str(broken))
    driver.field(name).setText("first")
    driver.click("Load the recovery file")
    failed(driver)
    driver.click("Try again")
    assert driver.focused() is driver.field(name), "none is sent that nobody sees any more"
    driver.write("second")
    driver.click("Try again")
    job = driver.work().job
    assert isinstance(job, LoadRecovery)
    assert job.passphrase == "second"
    driver.tick(driver.checkbox("Show what is typed"))
    driver.field(name).setText("third")
    driver.press_named(driver.texts.gettext("Close this message"))
    assert driver.window._job is None
    driver.window.go(Place.SUPPORT)
    driver.window.go(Place.LOAD_RECOVERY)
    assert not driver.field(name).text()
    assert driver.field(name).echoMode() is QLineEdit.EchoMode.Password


def test_the_dates_that_were_mended_are_the_ones_that_are_declared(driver: Driver) -> None:
    driver.window.go(Place.NOTICE)
    driver.tick(driver.seen(QCheckBox)[0])
    for name, text in {
        "From": "2099-01-01 10:00",
        "Until": "2099-01-02 12:00",
        "Why the change is made": "why",
        "Whom the vendor may ask: name and phone": "me",
    }.items():
        driver.field(name).setText(text)
    with busy(driver.host):
        driver.click("Declare it to the vendor")
        failed(driver)
    driver.field("Until").setText("2099-01-03 12:00")
    driver.click("Try again")
    job = driver.work().job
    assert isinstance(job, Declare)
    assert job.ends == "2099-01-03 12:00"


def test_a_request_that_was_chosen_otherwise_is_the_one_that_goes_out(
    driver: Driver, tmp_path: Path
) -> None:
    driver.click("By file")
    driver.tick(driver.button(CHECK))
    driver.field(REQUEST).setText(str(tmp_path / "missing" / "x.jws"))
    driver.click("Write the file")
    failed(driver)
    driver.field(REQUEST).setText(str(tmp_path / "x.jws"))
    driver.click("Try again")
    assert driver.work().trouble is None
    assert (tmp_path / "x.jws").exists()


def test_another_answer_that_was_chosen_is_the_one_that_is_taken_in(
    driver: Driver, tmp_path: Path
) -> None:
    driver.click("By file")
    take_in(driver, tmp_path / "first.answer")
    failed(driver)
    driver.field(ANSWER).setText(str(tmp_path / "second.answer"))
    driver.click("Try again")
    assert driver.work().job == TakeIn(file=tmp_path / "second.answer")


def test_another_folder_that_was_chosen_is_the_one_that_the_papers_go_to(
    driver: Driver, issued: IssuedLicense, tmp_path: Path
) -> None:
    driver.release(issued.license_key)
    (tmp_path / "file").write_bytes(b"")
    name = "Folder on a memory stick or a network drive"
    driver.field(name).setText(str(tmp_path / "file"))
    driver.click("Save")
    failed(driver)
    driver.field(name).setText(str(tmp_path / "folder"))
    driver.click("Try again")
    assert driver.work().trouble is None
    assert (tmp_path / "folder").is_dir()


def test_a_license_key_outlasts_another_language_and_no_leaving(site: Site, opened: Open) -> None:
    driver = opened(site.host(), "en")
    driver.click("Activate a license…")
    driver.field("License key").setText("FGM-AB")
    driver.click("فارسی")
    driver.speaks("fa")
    driver.until(lambda: not driver.worker.is_busy)
    assert driver.field("License key").text() == "FGM-AB"
    driver.click("Back")
    driver.window.go(Place.ACTIVATE)
    assert not driver.field("License key").text()
    assert "FGM-AB" not in repr(driver.window._about)


def test_a_declaration_that_was_begun_outlasts_another_language(
    host: Host, opened: Open, issued: IssuedLicense
) -> None:
    host.agent.activate(issued.license_key)
    driver = opened(host, "en")
    driver.window.go(Place.NOTICE)
    driver.field("Why the change is made").setText("half a rea")
    driver.click("فارسی")
    driver.speaks("fa")
    assert driver.field("Why the change is made").text() == "half a rea"


def test_another_language_leaves_the_clipboard_alone(
    host: Host, opened: Open, issued: IssuedLicense
) -> None:
    host.agent.activate(issued.license_key)
    driver = opened(host, "en")
    driver.click("By file")
    driver.tick(driver.button(CHECK))
    driver.click("Copy as text")
    driver.work()
    assert QGuiApplication.clipboard().text()
    QGuiApplication.clipboard().setText("the answer from the portal")
    driver.click("فارسی")
    driver.settle()
    assert QGuiApplication.clipboard().text() == "the answer from the portal"


def test_parts_of_an_answer_stay_until_somebody_forgets_them(driver: Driver) -> None:
    driver.click("By file")
    paste(driver, PART)
    assert driver.has("Forget these parts")
    driver.click("Support")
    driver.click("By file")
    assert driver.has("Forget these parts")
    driver.click("Forget these parts")
    assert not driver.has("Forget these parts")


def test_a_reason_that_was_not_written_down_is_tried_again_as_it_stands_by_now(
    driver: Driver, issued: IssuedLicense
) -> None:
    driver.release(issued.license_key)
    why = driver.field("Why they cannot be saved off this disk")
    why.setText("no stick")
    with busy(driver.host):
        driver.click("Finish")
        failed(driver)
    assert place(driver) is Place.KEEP_PAPERS
    why.clear()
    driver.click("Try again")
    assert driver.focused() is why
    driver.write("no stick allowed here")
    driver.click("Try again")
    driver.work()
    assert place(driver) is Place.OVERVIEW
    written = [e.detail for e in driver.host.agent.history() if e.event == "papers-not-saved"]
    assert written == [{"reason": "no stick allowed here"}]
