"""What is written, opened or saved when it is tried again: what stands there by now."""

from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtWidgets import QLineEdit

from agent.license_store import SqliteStore
from agent.ui.fields import PathField
from agent.ui.jobs.kept import OpenDocument
from agent.ui.jobs.printed import SavePrinted
from agent.ui.pages.directory import page_of
from agent.ui.pages.page import Page
from agent.ui.tables import Table
from agent.ui.wording import Place, WindowTexts
from protocol.values import ReleaseReason
from tests.journeys.site import Host, Site
from tests.ui.busy import busy
from tests.ui.conftest import Open
from tests.ui.driving import Driver, save_as
from tests.ui.test_trying_again import failed


class Way(NamedTuple):
    """A page that writes: its field, its button, and what is typed after a folder."""

    place: Place
    field: str
    button: str
    suffix: str


@pytest.fixture
def driver(
    site: Site, host: Host, opened: Open, monkeypatch: pytest.MonkeyPatch, language: str
) -> Driver:
    host.agent.activate(site.issue().license_key)
    defaults = SqliteStore.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "busy_seconds", 0.5)
    return opened(host, language)


@pytest.mark.parametrize(
    "way",
    [
        Way(Place.REPORT, "File to write", "Save", "x.jws"),
        Way(Place.DIAGNOSTICS, "File for support", "Save", "x.zip"),
        Way(Place.DOCUMENT, "Folder to save into", "Save copy", ""),
        Way(Place.DOCUMENT, "Folder to save into", "Save as PDF", ""),
    ],
)
def test_another_place_that_was_typed_is_the_one_that_is_written_to(
    driver: Driver, tmp_path: Path, way: Way
) -> None:
    where, name, pressed, suffix = way
    if where is Place.DOCUMENT:
        driver.window.go(Place.HISTORY)
        driver.click("Open")
        driver.work()
    else:
        driver.window.go(where)
    driver.until(lambda: driver.has(pressed))
    driver.field(name).setText(str(tmp_path / "missing" / suffix))
    driver.click(pressed)
    failed(driver)
    driver.field(name).setText("")
    driver.click("Try again")
    assert driver.focused() is driver.field(name), "nothing is written where nobody says any more"
    (folder := tmp_path / "there").mkdir()
    driver.field(name).setText(str(folder / suffix))
    driver.click("Try again")
    assert driver.work().trouble is None
    assert list(folder.iterdir())


def test_the_document_that_is_chosen_by_now_is_opened(driver: Driver) -> None:
    driver.host.agent.release(ReleaseReason.OS)
    driver.host.agent.check()
    driver.window.go(Place.HISTORY)
    driver.until(lambda: driver.seen(Table)[-1].model().rowCount() > 1)
    newest, before = driver.host.agent.papers()[::-1][:2]
    with busy(driver.host):
        driver.click("Open")
        failed(driver)
    driver.seen(Table)[-1].choose(1)
    driver.click("Try again")
    assert driver.work().job == OpenDocument(before.digest) != OpenDocument(newest.digest)


def test_the_sheet_that_is_seen_by_now_is_the_one_that_is_saved(
    driver: Driver, tmp_path: Path
) -> None:
    driver.window.go(Place.PRINTED)
    driver.click("Show the license key")
    driver.until(lambda: not driver.has("Show the license key"))
    page = driver.window.page
    stale = SavePrinted(tmp_path / "x.pdf", b"as it was")
    renewed = page.renewed(stale)
    assert isinstance(renewed, SavePrinted)
    assert renewed.path == stale.path
    assert renewed.content.startswith(b"%PDF")


@pytest.mark.usefixtures("qapp")
def test_every_page_with_a_field_asks_again_with_what_stands_there() -> None:
    """A release is only begun where its reason is typed; of the guide nothing is asked."""
    pages = [page_of(place, WindowTexts("en")) for place in Place]
    typed = {page.place for page in pages if page.findChildren(QLineEdit)}
    stale = {page.place for page in pages if type(page).renewed is Page.renewed}
    assert typed & stale == {Place.RELEASE, Place.GUIDE}


@pytest.mark.parametrize(
    "way",
    [
        Way(Place.REPORT, "File to write", "Save", ".jws"),
        Way(Place.DIAGNOSTICS, "File for support", "Save", ".zip"),
        Way(Place.SAVE_RECOVERY, "Recovery file", "Save", ".recovery"),
        Way(Place.EXCHANGE, "File to write, for example on a memory stick", "", ".jws"),
    ],
)
def test_a_name_without_a_suffix_gets_the_one_of_its_kind(
    driver: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    driver.window.go(way.place)
    driver.until(lambda: any(f.isVisible() for f in driver.seen(PathField)))
    save_as(tmp_path / "mine", way.suffix, monkeypatch)
    what = driver.texts.gettext(way.field)
    driver.press_named(driver.texts.gettext("Choose: {what:words}", what=what))
    assert driver.field(way.field).text() == str(tmp_path / f"mine{way.suffix}")
