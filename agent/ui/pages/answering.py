"""The third step by hand: the answer, from a file, a picture, a text or the clipboard."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter
from PySide6.QtWidgets import QPlainTextEdit

from agent.ui.fields import Choosing, PathField, labelled
from agent.ui.jobs.by_hand import Incomplete, TakeIn
from agent.ui.parts import Card, Sentence, button, line_of
from agent.ui.views.by_hand import said_of_answer, said_of_parts
from agent.ui.views.tones import Tone
from agent.ui.wording import WindowTexts
from protocol.views import StatusView

_LINES_PIXELS = 92


class Answering(Card):
    """Bring an answer; parts that were read stay until all of them are here."""

    brought = Signal(object)

    def __init__(self, texts: WindowTexts) -> None:
        super().__init__(texts.gettext("Step {number:number}: The answer", number=3), texts)
        self._texts = texts
        self.there: Incomplete | None = None
        self.taken: StatusView | None = None
        self._file = PathField(
            texts.gettext("Answer file, or a picture of its QR codes"), texts, Choosing.OPEN
        )
        self._read = button(texts.gettext("Take the file in"), self._take_file)
        self._text = QPlainTextEdit()
        self._text.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(_LINES_PIXELS)
        self._paste = button(texts.gettext("Take the text in"), self._take_text)
        self._clipboard = button(texts.gettext("From the clipboard"), self._take_clipboard)
        self._forget = button(texts.gettext("Forget these parts"), self.forget_parts)
        self._parts = Sentence("", texts, "heading", Tone.WAITING)
        self._said = Sentence("", texts, "", Tone.CALM)
        self._lay_out()
        self._file.changed.connect(self._judge)
        self._text.textChanged.connect(self._judge)
        self._judge()

    def focus(self) -> None:
        """Have the file's field under the keyboard."""
        self._file.setFocus()

    def begin(self) -> None:
        """Begin anew with the fields; parts that were read stay until somebody forgets them."""
        self._text.clear()
        self._file.set_path(None)
        self._say(None)

    def keep(self, there: Incomplete) -> None:
        """Keep the parts that are here, and say which are missing."""
        self.there = there
        self._parts.say(said_of_parts(there, self._texts))
        self._text.clear()
        self._file.set_path(None)
        self._judge()

    def tell(self, taken: StatusView | None) -> None:
        """Say what came of an answer that was taken in; nothing of it stays."""
        self.there = None
        self._text.clear()
        self._file.set_path(None)
        self._say(taken)

    def forget_parts(self) -> None:
        """Begin anew."""
        self.there = None
        self._judge()
        self._file.setFocus()

    def renewed(self, job: TakeIn) -> TakeIn:
        """Bring what stands in the field by now; what came by the clipboard is in none."""
        file, text = self._file.path, self._text.toPlainText()
        if job.file is not None and file is not None:
            return TakeIn(file=file).after(job.earlier)
        if job.pasted and text.strip():
            return TakeIn(pasted=text).after(job.earlier)
        return job

    def _lay_out(self) -> None:
        texts = self._texts
        label = texts.gettext("Or paste its text here, whole or part by part")
        for widget in (self._said, self._parts):
            self.inside.addWidget(widget)
        self.inside.addLayout(line_of(self._forget))
        self.inside.addWidget(self._file)
        self.inside.addLayout(line_of(self._read))
        self.inside.addWidget(labelled(label, self._text, texts))
        self.inside.addWidget(self._text)
        self.inside.addLayout(line_of(self._paste, self._clipboard))

    def _judge(self) -> None:
        self._read.setEnabled(self._file.path is not None)
        self._paste.setEnabled(bool(self._text.toPlainText().strip()))
        for widget in (self._parts, self._forget):
            widget.setVisible(self.there is not None)
        self._said.setVisible(bool(self._said.text()))

    def _take_file(self) -> None:
        self._take(TakeIn(file=self._file.path))

    def _take_text(self) -> None:
        self._take(TakeIn(pasted=self._text.toPlainText()))

    def _take_clipboard(self) -> None:
        """A file that was copied, a picture, or text; in that order."""
        there = QGuiApplication.clipboard().mimeData()
        files = [url.toLocalFile() for url in there.urls() if url.isLocalFile()]
        if files:
            self._take(TakeIn(file=Path(files[0])))
        elif there.hasImage():
            self._take(TakeIn(picture=_png(QGuiApplication.clipboard().image())))
        else:
            self._take(TakeIn(pasted=there.text()))

    def _say(self, taken: StatusView | None) -> None:
        self.taken = taken
        self._said.say("" if taken is None else said_of_answer(taken, self._texts))
        self._judge()

    def _take(self, brought: TakeIn) -> None:
        self._say(None)
        earlier = self.there.text if self.there is not None else b""
        self.brought.emit(brought.after(earlier))


def _png(image: QImage) -> bytes:
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(held.data())
