"""The last step of a release does not end before what is true now is off this disk."""

import errno
import os
from pathlib import Path

import pytest

from agent.diagnosis import bundle_of
from agent.texts import Texts
from agent.ui.tables import Table
from agent.ui.wording import Place
from protocol.values import Standing
from tests.journeys.site import Site
from tests.server.live import IssuedLicense
from tests.ui.driving import Driver

EN = Texts("en")
WHY = "Why they cannot be saved off this disk"


def save(driver: Driver, folder: Path) -> None:
    driver.field("Folder on a memory stick or a network drive").setText(str(folder))
    driver.click("Save")
    driver.work()


def test_a_receipt_that_comes_later_is_to_be_saved_too(
    site: Site, driver: Driver, issued: IssuedLicense, elsewhere: Path
) -> None:
    site.server.stop()
    driver.release(issued.license_key)
    assert driver.host.state.standing is Standing.RELEASING
    save(driver, elsewhere)
    assert driver.button("Finish").isEnabled()
    site.server.start()
    driver.click("Send again")
    driver.work()
    said = driver.texts.gettext("The receipt has come since then: save it too.")
    assert said in driver.words()
    assert not driver.button("Finish").isEnabled()
    save(driver, elsewhere)
    assert said not in driver.words()
    assert driver.button("Finish").isEnabled()
    assert list(elsewhere.glob("receipt-*.jws"))


def test_a_stick_that_knows_no_rights_takes_the_papers(
    driver: Driver, issued: IssuedLicense, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fchmod

    def refused(handle: int, mode: int) -> None:
        if elsewhere in Path(f"/proc/self/fd/{handle}").readlink().parents:
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
        real(handle, mode)

    monkeypatch.setattr(os, "fchmod", refused)
    driver.release(issued.license_key)
    save(driver, elsewhere)
    assert driver.outcomes[-1].trouble is None
    assert driver.button("Finish").isEnabled()


def test_memory_is_no_place_for_papers(
    driver: Driver, issued: IssuedLicense, in_memory: Path
) -> None:
    driver.release(issued.license_key)
    save(driver, in_memory)
    assert not driver.button("Finish").isEnabled()


def test_why_nothing_is_off_this_disk_stands_in_the_history_and_goes_to_support(
    driver: Driver, issued: IssuedLicense
) -> None:
    reason = "سرور USB ندارد"
    driver.release(issued.license_key)
    driver.field(WHY).setFocus()
    driver.write("no")
    assert not driver.button("Finish").isEnabled()
    driver.field(WHY).setText(f"  {reason} ")
    driver.click("Finish")
    driver.work()
    assert driver.window.page.place is Place.OVERVIEW
    written = driver.host.agent.history()[-1]
    assert (written.event, written.detail) == ("papers-not-saved", {"reason": reason})
    driver.window.go(Place.HISTORY)
    newest = driver.seen(Table)[0].model().index(0, 1).data()
    assert newest == driver.texts.text("papers-not-saved", written.detail)
    assert reason in newest
    packed = {file.name: file.text for file in bundle_of((), lambda: driver.host.agent, EN)}
    assert reason in packed["history.txt"]


def test_of_papers_that_are_safe_no_reason_is_written(
    driver: Driver, issued: IssuedLicense, elsewhere: Path
) -> None:
    driver.release(issued.license_key)
    driver.field(WHY).setText("no stick at hand")
    save(driver, elsewhere)
    driver.click("Finish")
    assert driver.window.page.place is Place.OVERVIEW
    assert "papers-not-saved" not in [entry.event for entry in driver.host.agent.history()]
