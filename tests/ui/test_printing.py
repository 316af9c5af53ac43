"""Paper: what is printed is black on white, whole, and says on every page which one it is."""

import re
import zlib

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from agent.ui.looks import follow
from agent.ui.printing import Sheet, pdf_of
from agent.ui.views import paper
from agent.ui.wording import WindowTexts

FA, EN = WindowTexts("fa"), WindowTexts("en")


def long_document(texts: WindowTexts) -> str:
    return paper.paper(texts, paper.steps(["a word"] * 200, texts))


def pages_of(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page\n")


def painted(pdf: bytes) -> list[bytes]:
    """What is drawn on the pages."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    drawn = [zlib.decompress(stream) for stream in streams if stream[:1] == b"x"]
    return [stream for stream in drawn if b"\nBT\n" in stream]


@pytest.mark.usefixtures("qapp")
def test_a_long_document_has_pages() -> None:
    assert pages_of(pdf_of(paper.paper(EN, paper.title("short", EN)), EN, "short")) == 1
    assert pages_of(pdf_of(long_document(EN), EN, "long")) > 3


@pytest.mark.usefixtures("qapp")
def test_what_others_wrote_stays_text() -> None:
    sheet = Sheet(FA, "paper")
    sheet.lay(paper.paper(FA, paper.paragraph("<img src='x'> & <b>", FA)))
    assert "<img src='x'> & <b>" in sheet.toPlainText()


@pytest.mark.parametrize("scheme", [Qt.ColorScheme.Light, Qt.ColorScheme.Dark])
def test_the_sheet_is_white_whatever_the_window_wears(
    qapp: QApplication, scheme: Qt.ColorScheme
) -> None:
    follow(qapp, scheme)
    try:
        sheet = Sheet(EN, "paper")
        sheet.resize(QSize(500, 300))
        sheet.lay(paper.paper(EN, paper.title("W" * 12, EN)))
        seen = sheet.grab().toImage()
        colours = {
            seen.pixelColor(x, y).name()
            for x in range(4, seen.width() - 4)
            for y in range(4, seen.height() - 4)
        }
    finally:
        follow(qapp, Qt.ColorScheme.Light)
    assert seen.pixelColor(6, 6) == QColor("#ffffff")
    assert "#000000" in colours


@pytest.mark.usefixtures("qapp")
def test_ink_is_black_whatever_the_window_wears(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 1_795_000_000.0)
    inks = []
    for scheme in (Qt.ColorScheme.Light, Qt.ColorScheme.Dark):
        follow(qapp, scheme)
        inks.append(painted(pdf_of(long_document(FA), FA, "long")))
    follow(qapp, Qt.ColorScheme.Light)
    assert inks[0] == inks[1]
    assert len(inks[0]) > 3


def test_a_sheet_is_as_high_as_its_document() -> None:
    sheet = Sheet(EN, "paper")
    sheet.resize(QSize(500, 100))
    sheet.show()
    sheet.lay(long_document(EN))
    assert sheet.height() >= sheet.document().size().height()


def test_columns_begin_at_the_side_where_reading_begins() -> None:
    for texts, first, second in ((EN, "name", "value"), (FA, "value", "name")):
        made = paper.facts((("name", "value"),), texts)
        assert made.index(first) < made.index(second)
