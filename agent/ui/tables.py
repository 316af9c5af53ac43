"""Tables: rows that can be reached and chosen by keyboard, read aloud cell by cell, and copied.

Long cells are wrapped and never cut; a table is as high as its rows, up to a height of its own,
and scrolls inside it.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QScrollArea,
    QSizePolicy,
    QTableView,
)

from agent.ui.cells import Cell, Index, ListingModel, width_of
from agent.ui.views.tones import Listing

_TALLEST = 360
_EDGES = 6
# As many rows as are asked how wide a column must be: all of five hundred would be slow.
_ASKED_ROWS = 40
# What is longer than any word (a path, a digest) is broken; where the room is less, words are too.
_LONGEST_WORD = 130
_LEAST = 72


def shared_out(
    wishes: Sequence[int], least: Sequence[int], wide: Sequence[int], whole: int
) -> list[int]:
    """Give the wide columns what the others leave; where that is too little, the widest give way.

    What gives way is wrapped, and never narrower than its longest word.
    """
    widths = list(wishes)
    others = sorted(set(range(len(wishes))) - set(wide), key=lambda c: -wishes[c])
    lacking = sum(least[c] for c in wide) + sum(wishes[c] for c in others) - whole
    for column in others:
        taken = max(0, min(lacking, wishes[column] - least[column]))
        widths[column] -= taken
        lacking -= taken
    left = whole - sum(widths[c] for c in others)
    for place, column in enumerate(sorted(wide, key=lambda c: -least[c])):
        widths[column] = max(least[column], left // (len(wide) - place))
        left -= widths[column]
    return widths


class Table(QTableView):
    """A listing on the screen."""

    def __init__(self, tallest: int = _TALLEST) -> None:
        super().__init__()
        self._tallest = tallest
        self._listing: Listing | None = None
        self._laid_out_for = -1
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        # The keyboard leaves the table by Tab and moves in it by arrows.
        self.setTabKeyNavigation(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        columns.setHighlightSections(False)
        columns.setSectionsClickable(False)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setResizeContentsPrecision(_ASKED_ROWS)
        columns.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def chosen(self) -> int | None:
        """Which row is chosen."""
        index = self.currentIndex()
        return index.row() if index.isValid() else None

    def choose(self, row: int) -> None:
        """Choose a row.

        Qt's own `selectRow` asks which column lies at the edge: read from right to left, none does.
        """
        self.setCurrentIndex(self.model().index(row, 0))

    def lay(self, listing: Listing) -> None:
        """Show a listing; the chosen row stays where it was."""
        if listing == self._listing:
            return
        before, former = self.chosen, (self.model(), self.itemDelegate())
        self._listing = listing
        self.setAccessibleName(listing.name)
        self.setItemDelegate(Cell(self, listing))
        self.setModel(ListingModel(listing, self))
        for old in former:
            if old is not None:
                old.deleteLater()
        self._laid_out_for = -1
        self._fit()
        if before is not None and before < len(listing.rows):
            self.choose(before)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Copy the chosen row, as it reads."""
        if event.matches(QKeySequence.StandardKey.Copy):
            if self._listing is not None and self.chosen is not None:
                values = self._listing.rows[self.chosen].values
                QGuiApplication.clipboard().setText("\t".join(values))
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Stand somewhere: whoever comes by keyboard sees where the arrows begin."""
        super().focusInEvent(event)
        if self.chosen is None or not self.selectionModel().hasSelection():
            self.choose(self.chosen or 0)

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        """Have the page scroll to the row that is gone to: a table may be taller than it."""
        super().currentChanged(current, previous)
        page = self.parent()
        while page is not None and not isinstance(page, QScrollArea):
            page = page.parent()
        if page is None or not current.isValid():
            return
        inside, row = page.widget(), self.visualRect(current)
        if inside is not None:
            place = self.viewport().mapTo(inside, row.center())
            page.ensureVisible(place.x(), place.y(), 0, row.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Wrap anew at another width."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Be as high as the rows, within reason."""
        return QSize(super().sizeHint().width(), self.height())

    def _widths(self, listing: Listing, whole: int) -> list[int]:
        """Share the room out among the columns."""
        columns = range(len(listing.header))
        headings = [self.horizontalHeader().sectionSizeHint(c) for c in columns]
        wishes = [max(headings[c], self.sizeHintForColumn(c)) for c in columns]
        words = [self._longest_word(c) for c in columns]
        least = [max(headings[c], _LEAST if c in listing.wide else words[c]) for c in columns]
        spare = whole - sum(least)
        for c in listing.wide:
            wanted = min(words[c], _LONGEST_WORD) - least[c]
            given = max(0, min(wanted, spare))
            least[c] += given
            spare -= given
        return shared_out(wishes, least, listing.wide, whole)

    def _longest_word(self, column: int) -> int:
        rows = self._listing.rows[:_ASKED_ROWS] if self._listing else ()
        words = (word for row in rows for word in row.values[column].split())
        font = QFont(self.font())
        font.setBold(True)
        return max((width_of(word, font) for word in words), default=0)

    def _fit(self) -> None:
        width = self.viewport().width()
        if width == self._laid_out_for or self._listing is None:
            return
        self._laid_out_for = width
        for column, room in enumerate(self._widths(self._listing, width)):
            self.setColumnWidth(column, room)
        self.resizeRowsToContents()
        header = self.horizontalHeader().sizeHint().height()
        whole = header + self.verticalHeader().length() + _EDGES
        self.setFixedHeight(min(whole, self._tallest))
