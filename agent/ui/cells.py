"""What stands in a table: its model, and how a cell is drawn so that nothing of it is cut."""

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
    QFont,
    QFontMetricsF,
    QPainter,
    QPalette,
    QTextDocument,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from agent.ui import looks
from agent.ui.terms import wrapped
from agent.ui.views.tones import Listing

Index = QModelIndex | QPersistentModelIndex
_BESIDE, _ABOVE = 8, 6
# A document needs a little more room than its letters.
_SPARE = 4
_GROUND = QStyle.PrimitiveElement.PE_PanelItemViewItem


def width_of(words: str, font: QFont) -> int:
    """How wide a cell must be for words that are not broken."""
    metrics = QFontMetricsF(font)
    return ceil(max(map(metrics.horizontalAdvance, words.split("\n")))) + 2 * _BESIDE + _SPARE


class ListingModel(QAbstractTableModel):
    """What a listing says, for Qt and for screen readers; how it looks is its delegate's."""

    def __init__(self, listing: Listing, parent: QObject) -> None:
        super().__init__(parent)
        self._listing = listing

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Count the rows; cells have none below them."""
        return 0 if parent is not None and parent.isValid() else len(self._listing.rows)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """Count the columns."""
        return 0 if parent is not None and parent.isValid() else len(self._listing.header)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
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
            if role == Qt.ItemDataRole.ToolTipRole:
                return wrapped(self._hint(section))
            if role == Qt.ItemDataRole.AccessibleDescriptionRole:
                return self._hint(section)
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        return None

    def _hint(self, section: int) -> str:
        return self._listing.hints[section] if self._listing.hints else ""


class Cell(QStyledItemDelegate):
    """Draws a cell: its text wrapped, whole, and from the side where reading begins."""

    def __init__(self, table: QTableView, listing: Listing) -> None:
        super().__init__(table)
        self._table = table
        self._listing = listing

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
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

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        """Ask for as many lines as the text has in its column."""
        column, font = index.column(), self._font(index)
        words = self._listing.rows[index.row()].values[column]
        width, room = width_of(words, font), self._table.columnWidth(column)
        if width <= room:
            height = QFontMetricsF(font).lineSpacing() * (words.count("\n") + 1)
        else:
            # Only what must be broken is laid out, and no document made of it: five hundred rows
            # are asked for their height.
            height = sum(_height(line, font, room - 2 * _BESIDE) for line in words.split("\n"))
        return QSize(width, ceil(height) + 2 * _ABOVE)

    def _font(self, index: Index) -> QFont:
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
