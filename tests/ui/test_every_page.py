"""Every page in every standing: translated, whole at the smallest sizes, and named for readers."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QProgressBar,
    QTableView,
    QWidget,
)

from agent.texts import LANGUAGES
from tests.journeys.site import Site
from tests.server.live import LiveServer
from tests.ui.conftest import windows
from tests.ui.driving import Driver
from tests.ui.scenes import scenes

SIZES = ((1024, 640), (720, 400))
INTERACTIVE = (QAbstractButton, QLineEdit, QProgressBar, QTableView)
ISOLATED = re.compile("[\u2066\u2068][^\u2069]*\u2069")
MARKS = re.compile("[\u200b-\u200f\u2060-\u2069]")
CUSTOMER = "شرکت نمونه"


class Seen(NamedTuple):
    """One widget, as it was found."""

    scene: str
    kind: str
    text: str
    name: str
    is_interactive: bool
    clipped: str


class Walk(NamedTuple):
    language: str
    seen: list[Seen]


@pytest.fixture(scope="module", params=LANGUAGES)
def walk(request: pytest.FixtureRequest, qapp: QApplication) -> Walk:
    seen = []
    with (
        tempfile.TemporaryDirectory() as folder,
        LiveServer(Path(folder) / "server") as server,
        windows(qapp) as opened,
    ):
        far = Path(folder, "a" * 90, "server-room-of-the-main-building", "b" * 75)
        far.mkdir(parents=True)
        for scene in scenes(Site(far, server)):
            driver = opened(scene.host, request.param)
            scene.play(driver)
            for size in SIZES:
                driver.window.resize(*size)
                driver.settle()
                seen += list(everything(driver, f"{scene.name} at {size[0]}"))
            driver.close()
    return Walk(request.param, seen)


def everything(driver: Driver, scene: str) -> Iterator[Seen]:
    for widget in driver.seen(QWidget):
        is_own_word = widget.objectName() == "language"  # of the other language
        if isinstance(widget, (QLabel, *INTERACTIVE)) and not is_own_word:
            yield Seen(
                scene,
                type(widget).__name__,
                text_of(widget),
                widget.accessibleName(),
                isinstance(widget, INTERACTIVE),
                clipped(driver, widget),
            )
        if isinstance(widget, QTableView):
            yield from cells(widget, scene)


def cells(table: QTableView, scene: str) -> Iterator[Seen]:
    model = table.model()
    for column in range(model.columnCount()):
        heading = model.headerData(column, Qt.Orientation.Horizontal)
        need = table.horizontalHeader().sectionSizeHint(column)
        room = table.columnWidth(column)
        place = table.columnViewportPosition(column)
        is_inside = place >= 0 and place + room <= table.viewport().width()
        cut = "" if need <= room and is_inside else f"{need} in {room} at {place}"
        yield Seen(scene, "heading", str(heading), "", is_interactive=False, clipped=cut)
        for row in range(model.rowCount()):
            index = model.index(row, column)
            text, need = str(index.data()), table.sizeHintForRow(row)
            room = table.rowHeight(row)
            cut = f"{need} high in {room}" if need > room else ""
            yield Seen(scene, "cell", text, "", is_interactive=False, clipped=cut)


def text_of(widget: QWidget) -> str:
    if isinstance(widget, (QLabel, QAbstractButton)):
        return widget.text()
    return ""


def clipped(driver: Driver, widget: QWidget) -> str:
    """Why not all of it can be read; empty when it can."""
    inside = driver.window.page.widget()
    assert inside is not None
    if inside.isAncestorOf(widget):
        place = QRect(widget.mapTo(inside, QPoint(0, 0)), widget.size())
        if not inside.rect().contains(place):
            return f"{place} is outside {inside.rect()}"
        room = driver.window.page.viewport().width()
        if inside.width() > room:
            return f"the page is {inside.width()} wide in {room}"
    if isinstance(widget, QLabel) and widget.wordWrap():
        need = widget.heightForWidth(widget.width())
        word = widest_word(widget)
        if word > widget.width():
            return f"a word of {word} in {widget.width()}"
        return f"{need} lines in {widget.height()}" if need > widget.height() + 1 else ""
    if isinstance(widget, (QLabel, QAbstractButton)):
        need = widget.sizeHint().width()
        return f"{need} in {widget.width()}" if need > widget.width() + 1 else ""
    return ""


def widest_word(label: QLabel) -> int:
    """Measure what is laid out, in pieces that are not broken any more."""
    metrics = label.fontMetrics()
    words = re.sub("[\u2066-\u2069]", "", QLabel.text(label)).replace("\u200b", " ").split()
    return max((metrics.horizontalAdvance(word) for word in words), default=0)


def test_nothing_is_clipped(walk: Walk) -> None:
    assert walk.seen
    assert not [(s.scene, s.text, s.clipped) for s in walk.seen if s.clipped]


def test_nothing_is_untranslated(walk: Walk) -> None:
    foreign = re.compile("[A-Za-z0-9]" if walk.language == "fa" else "[\u0600-\u06ff]")
    found = {
        text
        for s in walk.seen
        for text in (s.text, s.name)
        if foreign.search(ISOLATED.sub("", text).replace(CUSTOMER, ""))
    }
    assert not found


def test_what_there_is_not_is_said_in_a_word(walk: Walk) -> None:
    read = {MARKS.sub("", s.text).strip(): s.scene for s in walk.seen}
    assert not read.keys() & {"-", "–", "—"}


def test_whatever_can_be_used_has_an_accessible_name(walk: Walk) -> None:
    interactive = [s for s in walk.seen if s.is_interactive]
    assert interactive
    assert not [(s.scene, s.kind, s.text) for s in interactive if not s.name]


def test_the_whole_window_runs_from_the_side_where_reading_begins(walk: Walk) -> None:
    direction = QApplication.layoutDirection()
    assert (direction is Qt.LayoutDirection.RightToLeft) is (walk.language == "fa")
