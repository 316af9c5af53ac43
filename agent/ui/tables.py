"""Tables: rows that can be reached and chosen by keyboard, read aloud cell by cell, and copied.

Long cells are wrapped and never cut; a table is as high as its rows, up to a height of its own,
and scrolls inside it.
"""

from math import ceil

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPalette,
    QResizeEvent,
    QTextDocument,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from agent.ui import looks
from agent.ui.views.tones import Listing
from agent.ui.wording import WindowTexts

_Index = QModelIndex | QPersistentModelIndex
_TALLEST = 360
_EDGES = 6
# As many rows as are asked how wide a column must be: all of five hundred would be slow.
_ASKED_ROWS = 40
_BESIDE, _ABOVE = 8, 6
# A document needs a little more room than its letters.
_SPARE = 4
_STRETCH = QHeaderView.ResizeMode.Stretch
_GROUND = QStyle.PrimitiveElement.PE_PanelItemViewItem


class ListingModel(QAbstractTableModel):
    """What a listing says, for Qt and for screen readers; how it looks is its delegate's."""

    def __init__(self, listing: Listing, parent: QObject) -> None:
        super().__init__(parent)
        self._listing = listing

    def rowCount(self, parent: _Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Count the rows; cells have none below them."""
        return 0 if parent is not None and parent.isValid() else len(self._listing.rows)

    def columnCount(self, parent: _Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Count the columns."""
        return 0 if parent is not None and parent.isValid() else len(self._listing.header)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Say what stands in a cell."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._listing.rows[index.row()].values[index.column()]
        return None

    def headerData(  # noqa: N802 - Qt's name
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Name a column."""
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._listing.header[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        return None


class _Cell(QStyledItemDelegate):
    """Draws a cell: its text wrapped, whole, and from the side where reading begins."""

    def __init__(self, table: "Table", listing: Listing) -> None:
        super().__init__(table)
        self._table = table
        self._listing = listing

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the ground, and the text on it; the row that is chosen says where one is."""
        self._table.style().drawPrimitive(_GROUND, option, painter, self._table)
        row = self._listing.rows[index.row()]
        colour = option.palette.color(QPalette.ColorRole.Text)
        if index.column() == self._listing.result and row.tone is not None:
            colour = QColor(looks.colours().tones[row.tone])
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, colour)
        text = _laid_out(row.values[index.column()], self._font(index), option)
        text.setTextWidth(option.rect.width() - 2 * _BESIDE)
        painter.save()
        painter.translate(option.rect.x() + _BESIDE, option.rect.y() + _ABOVE)
        text.documentLayout().draw(painter, context)
        painter.restore()

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        """Ask for as many lines as the text has in its column."""
        column, font = index.column(), self._font(index)
        words = self._listing.rows[index.row()].values[column]
        metrics = QFontMetricsF(font)
        lines = words.split("\n")
        width = max(map(metrics.horizontalAdvance, lines))
        room = self._table.columnWidth(column) - 2 * _BESIDE
        height = metrics.lineSpacing() * len(lines)
        if width > room and column in self._listing.wide:
            # Only what must be broken is laid out, and no document made of it: five hundred rows
            # are asked for their height.
            height = sum(_height(line, font, room) for line in lines)
        return QSize(ceil(width) + 2 * _BESIDE + _SPARE, ceil(height) + 2 * _ABOVE)

    def _font(self, index: _Index) -> QFont:
        font = QFont(self._table.font())
        font.setBold(index.column() == self._listing.result)
        return font


def _height(line: str, font: QFont, width: int) -> float:
    """How high a line is that must be broken in so much room."""
    layout = QTextLayout(line, font)
    layout.setTextOption(_wrapping(Qt.LayoutDirection.LeftToRight))
    height = 0.0
    layout.beginLayout()
    while (made := layout.createLine()).isValid():
        made.setLineWidth(width)
        height += made.height()
    layout.endLayout()
    return height


def _wrapping(direction: Qt.LayoutDirection) -> QTextOption:
    option = QTextOption(Qt.AlignmentFlag.AlignLeading)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(direction)
    return option


def _laid_out(words: str, font: QFont, option: QStyleOptionViewItem) -> QTextDocument:
    """Lay a text out as a document: Qt's plain way shifts lines that run from right to left."""
    made = QTextDocument()
    made.setDocumentMargin(0)
    made.setDefaultFont(font)
    made.setDefaultTextOption(_wrapping(option.direction))
    made.setPlainText(words)
    return made


class Table(QTableView):
    """A listing on the screen."""

    def __init__(self, texts: WindowTexts, tallest: int = _TALLEST) -> None:
        super().__init__()
        self._texts = texts
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
        columns.setResizeContentsPrecision(_ASKED_ROWS)
        columns.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def chosen(self) -> int | None:
        """Which row is chosen."""
        index = self.currentIndex()
        return index.row() if index.isValid() else None

    def lay(self, listing: Listing) -> None:
        """Show a listing; the chosen row stays where it was."""
        if listing == self._listing:
            return
        before, former = self.chosen, (self.model(), self.itemDelegate())
        self._listing = listing
        self.setAccessibleName(listing.name)
        self.setItemDelegate(_Cell(self, listing))
        self.setModel(ListingModel(listing, self))
        for old in former:
            if old is not None:
                old.deleteLater()
        columns = self.horizontalHeader()
        for column in range(len(listing.header)):
            columns.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        for column in listing.wide:
            columns.setSectionResizeMode(column, _STRETCH)
        self._laid_out_for = -1
        self._fit()
        if before is not None and before < len(listing.rows):
            self.selectRow(before)

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
            self.selectRow(self.chosen or 0)

    def currentChanged(self, current: _Index, previous: _Index) -> None:  # noqa: N802
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

    def _fit(self) -> None:
        width = self.viewport().width()
        if width == self._laid_out_for or self._listing is None:
            return
        self._laid_out_for = width
        self.resizeRowsToContents()
        header = self.horizontalHeader().sizeHint().height()
        whole = header + self.verticalHeader().length() + _EDGES
        self.setFixedHeight(min(whole, self._tallest))
