"""Paper: documents in HTML as a sheet on the screen, as PDF, and on a printer.

The HTML comes from `views` (which escapes whatever others wrote). Black on white whatever the
window wears; every page says at its foot which one it is, of how many, and when it was printed.
"""

import time

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QResizeEvent,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QTextBrowser, QWidget

from agent.ui.wording import WindowTexts

_INK, _FAINT_INK, _PAPER = "#000000", "#555555", "#ffffff"
_POINTS, _FOOT_POINTS = 10.5, 8.5
_RESOLUTION = 300
_MARGINS_MM = QMarginsF(20, 18, 20, 14)
_SHEET_MARGIN = 28
_FOOT_LINES = 2.5
_SCROLLING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def pdf_of(html: str, texts: WindowTexts, title: str) -> bytes:
    """Make the PDF; whoever writes it to a disk does so in the worker."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_RESOLUTION)
    writer.setTitle(title)
    writer.setCreator(texts.gettext("Faragostar Man"))
    _paint(html, texts, writer)
    return bytes(buffer.data().data())


def print_document(html: str, texts: WindowTexts, parent: QWidget) -> bool:
    """Let a printer be chosen and print; tells whether it was."""
    # Only who prints pays for it.
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    if dialog.exec() != QPrintDialog.DialogCode.Accepted:
        return False
    _paint(html, texts, printer)
    return True


class Sheet(QTextBrowser):
    """A document as it will be on paper, as high as it is; it can be read, selected and copied."""

    def __init__(self, texts: WindowTexts, name: str) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("sheet")
        self.setAccessibleName(name)
        self.setOpenLinks(False)
        # Paper has no dark side.
        self.setStyleSheet(f"QTextBrowser {{ background: {_PAPER}; color: {_INK}; }}")
        self.setPalette(_paper_palette())
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The page scrolls, and the keyboard goes on to the next button.
        self.setTabChangesFocus(True)

    def lay(self, html: str) -> None:
        """Show another document."""
        document = self.document()
        _prepare(document, self._texts)
        document.setDocumentMargin(_SHEET_MARGIN)
        document.setHtml(html)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let the page scroll by the keyboard: here is nothing that could."""
        if event.key() in _SCROLLING:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Be as high as the document is at this width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        height = int(self.document().size().height()) + 2 * self.frameWidth() + 2
        if height != self.height():
            self.setFixedHeight(height)


def _paint(html: str, texts: WindowTexts, device: QPagedPaintDevice) -> None:
    """Paint the document page by page, each with its foot."""
    device.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    device.setPageMargins(_MARGINS_MM, QPageLayout.Unit.Millimeter)
    painter = QPainter(device)
    foot_font = QFont(QGuiApplication.font())
    foot_font.setPointSizeF(_FOOT_POINTS)
    painter.setFont(foot_font)
    foot = painter.fontMetrics().height() * _FOOT_LINES
    width = float(painter.viewport().width())
    height = painter.viewport().height() - foot
    document = QTextDocument()
    _prepare(document, texts)
    document.setDocumentMargin(0)
    document.documentLayout().setPaintDevice(device)
    document.setHtml(html)
    document.setPageSize(QSizeF(width, height))
    printed_at = int(time.time())
    for page in range(document.pageCount()):
        if page:
            device.newPage()
        _paint_page(painter, document, QRectF(0, page * height, width, height))
        _paint_foot(painter, texts, (page + 1, document.pageCount()), printed_at)
    painter.end()


def _paint_page(painter: QPainter, document: QTextDocument, part: QRectF) -> None:
    painter.save()
    painter.translate(0, -part.top())
    painter.setClipRect(part)
    context = QAbstractTextDocumentLayout.PaintContext()
    context.clip = part
    context.palette = _paper_palette()
    document.documentLayout().draw(painter, context)
    painter.restore()


def _paint_foot(
    painter: QPainter, texts: WindowTexts, page: tuple[int, int], printed_at: int
) -> None:
    at, pages = page
    which = texts.gettext("Page {page:number} of {pages:number}", page=at, pages=pages)
    when = texts.gettext("Printed {at:moment}", at=printed_at)
    place = QRectF(painter.viewport())
    bottom = Qt.AlignmentFlag.AlignBottom
    painter.setPen(QColor(_FAINT_INK))
    for said, side in ((when, Qt.AlignmentFlag.AlignLeading), (which, _TRAILING)):
        option = QTextOption(side | bottom)
        option.setTextDirection(_direction(texts))
        painter.drawText(place, said, option)


_TRAILING = Qt.AlignmentFlag.AlignTrailing


def _prepare(document: QTextDocument, texts: WindowTexts) -> None:
    """Set a document's font, and the side where it begins."""
    font = QFont(QGuiApplication.font())
    font.setPointSizeF(_POINTS)
    document.setDefaultFont(font)
    option = QTextOption()
    option.setTextDirection(_direction(texts))
    document.setDefaultTextOption(option)


def _direction(texts: WindowTexts) -> Qt.LayoutDirection:
    if texts.is_persian:
        return Qt.LayoutDirection.RightToLeft
    return Qt.LayoutDirection.LeftToRight


def _paper_palette() -> QPalette:
    palette = QPalette(QGuiApplication.palette())
    palette.setColor(QPalette.ColorRole.Text, QColor(_INK))
    palette.setColor(QPalette.ColorRole.WindowText, QColor(_INK))
    palette.setColor(QPalette.ColorRole.Base, QColor(_PAPER))
    return palette
