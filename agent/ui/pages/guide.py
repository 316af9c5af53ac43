"""The guide, in the window: opened at the chapter of the page that was seen, and searched."""

from bisect import bisect_right
from math import ceil

from msgspec import structs
from PySide6.QtCore import QMimeData, QPoint, QRegularExpression, Qt, QTimer
from PySide6.QtGui import (
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QTextBrowser, QWidget

from agent.ui.fields import labelled
from agent.ui.jobs import Known, Outcome, Word
from agent.ui.jobs.guide import Consulted, GuideRead, ReadGuide
from agent.ui.pages.memory import Memory
from agent.ui.pages.page import About, Page
from agent.ui.parts import Sentence, button
from agent.ui.views.guide import CHAPTER_OF, Chapter, shown, sought
from agent.ui.views.marks import unmarked
from agent.ui.views.tones import Tone
from agent.ui.wording import Place, WindowTexts

_LEAST_PIXELS = 180
_MARGIN = 14
_CELL_PADDING = 5
_CHAPTER_LEVEL = 2


class GuidePage(Page):
    """All chapters in one text; "back" leads to the page that one came from, as it was."""

    place = Place.GUIDE

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts)
        self._consulted = Consulted(Place.OVERVIEW)
        self._chapter = Chapter.HURRY
        self._read = ""
        self._headings: list[QTextBlock] = []
        self._chapters = _wide(QComboBox())
        self._words = QLineEdit()
        self._next = button(texts.gettext("Next"), self._find)
        self._previous = button(texts.gettext("Previous"), lambda: self._find(back=True))
        self._said = Sentence("", texts, "faint")
        self._text = _reader(texts)
        self._back = button(texts.gettext("Back"), self._go_back)
        self._lay_out()
        self._chapters.activated.connect(lambda place: self._open(Chapter(place)))
        self._words.returnPressed.connect(self._find)
        self._words.textChanged.connect(lambda _words: self._said.hide())
        self._text.verticalScrollBar().valueChanged.connect(self._mark)
        self._keys()

    def entered(self, about: About, /) -> None:
        """Open the chapter of the page that one came from."""
        self._consulted = about if isinstance(about, Consulted) else Consulted(Place.OVERVIEW)
        chapter = self._consulted.chapter
        own = CHAPTER_OF[about.place if isinstance(about, Consulted) else self.place]
        self._chapter = own if chapter is None else Chapter(chapter)
        self._text.setFocus()
        if self._read:
            self._open_soon()
        else:
            self.asked.emit(ReadGuide())

    def kept(self, _about: About, /) -> Consulted:
        """The way back, and the chapter that is read."""
        read = max(0, self._chapters.currentIndex())
        return structs.replace(self._consulted, chapter=read)

    def recall(self, memory: Memory, known: Known | None) -> None:
        """Read it in this language."""
        super().recall(memory, known)
        self.asked.emit(ReadGuide())

    def relived(self, outcome: Outcome, /) -> None:
        """What was read in another language is not shown."""

    def found(self, word: Word, /) -> None:
        """Lay the text out, once."""
        if not isinstance(word, GuideRead) or word.markdown == self._read:
            return
        self._read = word.markdown
        self._text.setMarkdown(shown(word.markdown, self.texts))
        _stretch_tables(self._text.document())
        self._headings = _headings(self._text.document())
        self._chapters.clear()
        self._chapters.addItems([heading.text() for heading in self._headings])
        self._open_soon()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Stay at what is being read."""
        block = self._seen().block()
        super().resizeEvent(event)
        if self._headings:
            QTimer.singleShot(0, self, lambda: self._scroll_to(block))

    def _lay_out(self) -> None:
        texts = self.texts
        top = _line(Sentence(texts.gettext("Guide"), texts, "title"), self._back)
        chapter = labelled(texts.gettext("Chapter"), self._chapters, texts)
        words = labelled(texts.gettext("Search in the guide"), self._words, texts)
        for label in (chapter, words):
            label.setWordWrap(False)
            label.setObjectName("faint")
        self.column.setSpacing(8)
        self.column.addLayout(top)
        self.column.addLayout(_line(chapter, self._chapters))
        self.column.addLayout(_line(words, self._words, self._previous, self._next))
        self.column.addWidget(self._said)
        self.column.addWidget(self._text, 1)
        self._said.hide()

    def _keys(self) -> None:
        within = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys, act in (
            (QKeySequence(QKeySequence.StandardKey.Find), self._search),
            (QKeySequence(QKeySequence.StandardKey.FindNext), self._find),
            (QKeySequence(Qt.Key.Key_Escape), self._go_back),
        ):
            QShortcut(keys, self, context=within).activated.connect(act)

    def _open_soon(self) -> None:
        # When the text has its width: where a chapter stands follows from that.
        QTimer.singleShot(0, self, lambda: self._open(self._chapter))

    def _open(self, chapter: Chapter) -> None:
        self._chapter = chapter
        if chapter >= len(self._headings):
            return
        heading = self._headings[chapter]
        self._text.setTextCursor(QTextCursor(heading))
        self._scroll_to(heading)
        self._chapters.setCurrentIndex(chapter)

    def _scroll_to(self, block: QTextBlock) -> None:
        """Have a block at the top, and no half line above it; the first chapter has the title."""
        if self._headings and block == self._headings[0]:
            block = self._text.document().begin()
        laid_out = self._text.document().documentLayout()
        top = laid_out.blockBoundingRect(block).top() - _MARGIN
        if block.previous().isValid():
            top = max(top, laid_out.blockBoundingRect(block.previous()).bottom())
        self._text.verticalScrollBar().setValue(ceil(top))

    def _seen(self) -> QTextCursor:
        """What stands at the top."""
        return self._text.cursorForPosition(QPoint(self._text.width() // 2, 2 * _MARGIN))

    def _mark(self) -> None:
        """Say which chapter is being read."""
        begins = [heading.position() for heading in self._headings]
        place = bisect_right(begins, self._seen().position()) - 1
        self._chapters.setCurrentIndex(max(0, place))

    def _search(self) -> None:
        self._words.setFocus()
        self._words.selectAll()

    def _find(self, *, back: bool = False) -> None:
        words = self._words.text().strip()
        if not words:
            return
        pattern = QRegularExpression(sought(words))
        pattern.setPatternOptions(QRegularExpression.PatternOption.CaseInsensitiveOption)
        ways = QTextDocument.FindFlag
        way = ways.FindBackward if back else ways(0)
        if not self._text.find(pattern, way):
            edge = QTextCursor.MoveOperation
            began = self._text.textCursor()
            self._text.moveCursor(edge.End if back else edge.Start)
            if not self._text.find(pattern, way):
                self._text.setTextCursor(began)
                self._say(self.texts.gettext("The guide does not have this"), Tone.WARNING)
                return
        self._said.hide()

    def _say(self, words: str, tone: Tone) -> None:
        self._said.say(words, tone)
        self._said.show()

    def _go_back(self) -> None:
        self.go(self._consulted.place, self._consulted)


class _Reader(QTextBrowser):
    """A text that can be copied without the marks that keep its order on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Its lines are broken at every width; what Qt remembers of a wider one shifts Persian away.
        across = self.horizontalScrollBar()
        across.rangeChanged.connect(lambda _low, high: across.setRange(0, 0) if high else None)

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802 - Qt's name
        """Copy a command as a terminal must have it."""
        # Emptied and filled anew, not made anew: what Python made would outlast it in the
        # clipboards of some systems, and end the process with a fault when they are put away.
        copied = super().createMimeDataFromSelection()
        words = unmarked(copied.text())
        copied.clear()
        copied.setText(words)
        return copied


def _reader(texts: WindowTexts) -> QTextBrowser:
    """Make a text that is read by mouse or keyboard; nothing in it leads out of this window."""
    made = _Reader()
    made.setOpenLinks(False)
    made.setTabChangesFocus(True)
    made.setMinimumHeight(_LEAST_PIXELS)
    made.setAccessibleName(texts.gettext("Guide"))
    document = made.document()
    document.setDocumentMargin(_MARGIN)
    option = document.defaultTextOption()
    option.setTextDirection(
        Qt.LayoutDirection.RightToLeft if texts.is_persian else Qt.LayoutDirection.LeftToRight
    )
    document.setDefaultTextOption(option)
    return made


def _stretch_tables(document: QTextDocument) -> None:
    """Make tables as wide as the text: where they begin at the other side, they end there too."""
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            form = frame.format()
            form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
            form.setCellPadding(_CELL_PADDING)
            frame.setFormat(form)


def _headings(document: QTextDocument) -> list[QTextBlock]:
    found, block = [], document.begin()
    while block.isValid():
        if block.blockFormat().headingLevel() == _CHAPTER_LEVEL:
            found.append(block)
        block = block.next()
    return found


def _line(first: QWidget, *others: QWidget) -> QHBoxLayout:
    """Put widgets beside each other; what comes second takes the room."""
    line = QHBoxLayout()
    line.setSpacing(10)
    line.addWidget(first)
    for widget in others:
        line.addWidget(widget)
    return line


def _wide(choice: QComboBox) -> QComboBox:
    choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    choice.setMinimumContentsLength(10)
    choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return choice
