"""The last step of a release does not end before what is true now is off this disk."""

import errno
import os
from pathlib import Path

import pytest

from protocol.values import Standing
from tests.journeys.site import Host, Site
from tests.server.live import IssuedLicense
from tests.ui.conftest import Open
from tests.ui.driving import Driver


@pytest.fixture
def driver(host: Host, issued: IssuedLicense, opened: Open, language: str) -> Driver:
    host.agent.activate(issued.license_key)
    return opened(host, language)


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
