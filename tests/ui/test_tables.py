"""Tables: whole cells, the keyboard, the clipboard, long histories; and what Qt owes Python."""

import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextDocument, QTextOption
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from agent.ports import HistoryEntry
from agent.texts.events import SENTENCES
from agent.ui.tables import Table
from agent.ui.views.history import history_of
from agent.ui.views.tones import Listing, TableRow, Tone
from agent.ui.wording import WindowTexts
from protocol.values import Timestamp
from tests.ui.conftest import rubbish_kept

PATH = "/var/lib/faragostar-man/outbox/release-of-the-license-before-the-change.jws"
MARGINS = 12
DIRECTIONS = (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft)


def listing(*rows: str, wide: tuple[int, ...] = (0,)) -> Listing:
    made = tuple(TableRow((words, "done"), Tone.GOOD) for words in rows)
    return Listing("what happened", ("event", "result"), made, wide, result=1)


def shown(table: Table, found: Listing, width: int = 300) -> Table:
    table.resize(width, 200)
    table.show()
    table.lay(found)
    QApplication.processEvents()
    return table


@pytest.fixture(params=list(DIRECTIONS), ids=["ltr", "rtl"])
def table(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Table]:
    with rubbish_kept(qapp):
        made = Table()
        made.setLayoutDirection(request.param)
        yield made
        made.close()
        made.deleteLater()
        del made


def lines_of(words: str, table: Table) -> int:
    """As many lines as a document breaks the words into, in the first column."""
    document = QTextDocument()
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    document.setDefaultFont(QFont(table.font()))
    document.setDocumentMargin(0)
    document.setPlainText(words)
    document.setTextWidth(table.columnWidth(0) - 16)
    return round(document.size().height() / QFontMetricsF(table.font()).lineSpacing())


@pytest.mark.parametrize("width", [200, 300, 640])
@pytest.mark.parametrize("words", ["short", PATH, "word " * 40, "two\nlines", "متن " * 60])
def test_a_row_is_as_high_as_its_longest_cell(table: Table, words: str, width: int) -> None:
    shown(table, listing(words), width)
    line = QFontMetricsF(table.font()).lineSpacing()
    assert table.rowHeight(0) >= lines_of(words, table) * line + MARGINS - 1
    assert table.rowHeight(0) <= (lines_of(words, table) + 1) * line + MARGINS


def test_a_table_is_as_high_as_its_rows_up_to_a_height_of_its_own(table: Table) -> None:
    shown(table, listing("one"))
    low = table.height()
    shown(table, listing("one", "two"))
    assert table.height() > low
    shown(table, listing(*map(str, range(100))))
    assert table.height() == 360


def test_rows_are_gone_to_and_copied_by_keyboard(table: Table) -> None:
    shown(table, listing("one", "two"))
    table.choose(0)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.chosen == 1
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "two\tdone"


def test_the_chosen_row_stays_when_something_new_happens(table: Table) -> None:
    shown(table, listing("one", "two"))
    table.choose(1)
    shown(table, listing("new", "one", "two"))
    assert table.chosen == 1
    shown(table, listing("new"))
    assert table.chosen is None


def test_a_screen_reader_is_told_cells_and_columns(table: Table) -> None:
    shown(table, listing("one"))
    model = table.model()
    assert table.accessibleName() == "what happened"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "result"
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.data(model.index(0, 1), role) == "done"
    assert (model.rowCount(model.index(0, 0)), model.columnCount(model.index(0, 0))) == (0, 0)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_five_hundred_events_are_all_laid_out(table: Table, language: str) -> None:
    texts = WindowTexts(language)
    events = [*SENTENCES, "request-exported"]
    entries = [
        HistoryEntry(
            at=Timestamp(1_770_000_000 + at * 3600),
            event=events[at % len(events)],
            detail={"path": PATH, "number": str(at), "standing": "active"},
        )
        for at in range(500)
    ]
    shown(table, history_of(entries, texts), 640)
    assert table.model().rowCount() == len(entries)


@pytest.mark.usefixtures("qapp")
def test_qt_takes_no_reference_of_none_away() -> None:
    """A PySide6 that counts on an immortal `None` ends a long-lived window on Python 3.11."""
    font, calls = QFont(), 500
    before = sys.getrefcount(None)
    for _ in range(calls):
        font.setBold(True)
    assert sys.getrefcount(None) > before - calls // 2
