"""A path is longer than a small window is wide: it is broken, and copied whole."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel

from agent.texts import isolate
from agent.ui.parts import Sentence
from agent.ui.views.marks import breakable, unbroken, unmarked
from agent.ui.wording import Act, Place, WindowTexts
from tests.journeys.site import Host, Site
from tests.ui.carrying import pick, place, take_in, write
from tests.ui.conftest import Open
from tests.ui.driving import Driver
from tests.ui.test_every_page import clipped

SMALLEST = (720, 400)
DIGEST = "0123456789abcdef" * 4


@pytest.fixture
def far(tmp_path: Path) -> Path:
    """A folder of some two hundred letters, with long names in it."""
    names = "b" * 90, "server-room-of-the-main-building", "مدارک و رسیدهای بازپس‌دهی", "c" * 40
    folder = tmp_path.joinpath(*names)
    folder.mkdir(parents=True)
    assert len(str(folder)) > 200
    return folder


@pytest.fixture
def driver(site: Site, host: Host, opened: Open, language: str) -> Driver:
    host.agent.activate(site.issue().license_key)
    driver = opened(host, language)
    driver.window.resize(*SMALLEST)
    driver.settle()
    return driver


def cut(driver: Driver) -> list[tuple[str, str]]:
    """Whatever cannot be read whole."""
    driver.settle()
    found = [(w.text(), clipped(driver, w)) for w in driver.seen(QLabel)]
    found += [(w.text(), clipped(driver, w)) for w in driver.seen(QAbstractButton)]
    return [(text, why) for text, why in found if why]


def test_what_was_written_far_away_is_read_whole(driver: Driver, far: Path) -> None:
    for where, name in (
        (Place.REPORT, "File to write"),
        (Place.KEEP_PAPERS, "Folder on a memory stick or a network drive"),
    ):
        driver.window.go(where)
        driver.field(name).setText(str(far / "x.jws"))
        driver.click("Save")
        driver.work()
        assert str(far) in driver.words(), where
        assert not cut(driver), where


def test_a_request_and_its_confirmation_name_the_whole_file(driver: Driver, far: Path) -> None:
    driver.click("By file")
    write(driver, far / "check.jws")
    assert str(far) in driver.words()
    assert not cut(driver)
    pick(driver, Act.RELEASE)
    driver.field("File to write, for example on a memory stick").setText(str(far / "y.jws"))
    driver.click("Write the file")
    driver.click("Continue")
    driver.click("Continue")
    assert place(driver) is Place.CONFIRM_RELEASE
    assert str(far) in driver.words()
    assert not cut(driver)


def test_a_failure_names_the_whole_file(driver: Driver, far: Path) -> None:
    driver.click("By file")
    assert take_in(driver, far / "no.answer").trouble is not None
    assert str(far) in driver.words()
    assert not cut(driver)


def test_a_path_that_is_chosen_and_copied_is_the_path(driver: Driver, far: Path) -> None:
    driver.click("By file")
    write(driver, far / "check.jws")
    label = next(w for w in driver.seen(Sentence) if str(far) in w.text())
    shown = QLabel.text(label)
    begin, end = shown.index("/"), shown.index(".\u200bjws") + len(".\u200bjws\u200b")
    label.setSelection(begin, end - begin)
    assert label.selectedText() == str(far / "check.jws")
    QTest.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == str(far / "check.jws")


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("texts", [WindowTexts("fa"), WindowTexts("en")])
def test_lines_that_are_copied_stay_lines(texts: WindowTexts) -> None:
    label = Sentence(f"{texts.latin(DIGEST)}\n{texts.latin('a b')}", texts)
    label.setSelection(0, len(QLabel.text(label)))
    assert label.selectedText() == f"{DIGEST}\na b"


@pytest.mark.parametrize("word", ["/srv/" + "d" * 200, DIGEST, r"\\tsclient\C" + r"\folder" * 20])
def test_no_piece_of_a_long_word_is_long(word: str) -> None:
    shown = breakable(f"Written to {isolate(word)}, and more")
    assert max(map(len, shown.replace("\u200b", " ").split())) < 25
    assert unbroken(shown) == f"Written to {isolate(word)}, and more"
    assert unmarked(shown) == f"Written to {word}, and more"


def test_what_people_write_is_not_broken() -> None:
    said = "Nothing happens to it; بازپس‌دهی مجوز is free of charge (021-42623)."
    assert breakable(said) == said
