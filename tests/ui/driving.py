"""A person at the window: presses, types, waits for the work to end. Nothing of ours is faked."""

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QWidget,
)

from agent.bootstrap import open_agent
from agent.client import HttpSigningServer
from agent.config import Home, load_settings
from agent.hardware.linux import LinuxProbe
from agent.ports import SigningServer
from agent.ui.desk import Desk
from agent.ui.jobs import Job, Look, Outcome, Word
from agent.ui.window import MainWindow
from agent.ui.wording import Manner, WindowTexts
from agent.ui.worker import Worker
from agent.use_cases import Agent
from tests.journeys.site import Host, no_pause

W = TypeVar("W", bound=QWidget)
PATIENCE_SECONDS = 30
WATCH = 50


def opener_of(host: Host) -> Callable[..., Agent]:
    """Open the agent of a recorded machine, over real HTTP."""

    def opened(
        home: Home, *, around: Callable[[SigningServer], SigningServer] | None = None
    ) -> Agent:
        client = HttpSigningServer(load_settings(home), pause=no_pause)
        return open_agent(home, server=client, probe=LinuxProbe(host.root), around=around)

    return opened


class MeasuredDesk(Desk):
    """The desk as it is; coverage does not see by itself what runs in a thread that Qt began."""

    def do(self, job: Job, manner: Manner, say: Callable[[Word], None]) -> Outcome:
        sys.settrace(threading.gettrace())
        return super().do(job, manner, say)

    def is_behind(self) -> bool:
        sys.settrace(threading.gettrace())
        return super().is_behind()


class Driver:
    """One window of one machine."""

    def __init__(self, host: Host, language: str) -> None:
        self.host = host
        self.texts = WindowTexts(language)
        self.outcomes: list[Outcome] = []
        self._is_closed = False
        self.worker = Worker(
            lambda patience: MeasuredDesk(host.home, patience, opener_of(host)), WATCH
        )
        self.worker.ended.connect(self.outcomes.append)
        self.window = MainWindow(self.worker, self.texts.manner)

    def begin(self) -> None:
        """Open the window and wait for the first look."""
        self.window.show()
        self.worker.start()
        self.until(lambda: bool(self.outcomes))
        self.settle()

    def until(self, holds: Callable[[], bool]) -> None:
        """Let the application work until something holds."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < end, "waited in vain"
            QTest.qWait(5)

    def settle(self) -> None:
        """Let layouts and deletions come to rest."""
        for _ in range(3):
            QApplication.sendPostedEvents()
            QApplication.processEvents()

    def work(self) -> Outcome:
        """Wait until the job that was asked for is done, and return what became of it."""
        self.until(lambda: not self.worker.is_busy)
        self.settle()
        return next(o for o in reversed(self.outcomes) if not isinstance(o.job, Look))

    def button(self, words: str) -> QAbstractButton:
        """Find a button by what stands on it, in the window's language."""
        text = self.texts.gettext(words)
        found = [b for b in self.seen(QAbstractButton) if b.text() == text]
        assert len(found) == 1, f"{text!r}: {[b.text() for b in self.seen(QAbstractButton)]}"
        return found[0]

    def has(self, words: str) -> bool:
        """Tell whether a button is there."""
        text = self.texts.gettext(words)
        return any(b.text() == text for b in self.seen(QAbstractButton))

    def speaks(self, language: str) -> None:
        """Expect the window in another language from now on."""
        self.texts = WindowTexts(language)

    def release(self, license_key: str) -> Outcome:
        """Give the license back, confirmed as a person must confirm it."""
        self.click("Give the license back…")
        self.click("Continue")
        self.click("Continue")
        self.write(license_key[-4:].lower())
        self.tick(self.seen(QCheckBox)[0])
        self.click("Give the license back now")
        return self.work()

    def click(self, words: str) -> None:
        """Click with the mouse, where a person would: in the middle, scrolled into view."""
        self.until(lambda: self.has(words))
        pressed = self.button(words)
        self.reveal(pressed)
        where = QPoint(min(12, pressed.width() // 2), pressed.height() // 2)
        if pressed.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            where.setX(pressed.width() - where.x())
        QTest.mouseClick(pressed, Qt.MouseButton.LeftButton, pos=where)
        self.settle()

    def press_named(self, name: str) -> None:
        """Press a button that is told from others like it by its accessible name."""
        pressed = next(b for b in self.seen(QAbstractButton) if b.accessibleName() == name)
        self.reveal(pressed)
        QTest.mouseClick(pressed, Qt.MouseButton.LeftButton)
        self.settle()

    def tick(self, box: QAbstractButton) -> None:
        """Click a box, on its square."""
        self.reveal(box)
        x = box.width() - 12 if box.layoutDirection() is Qt.LayoutDirection.RightToLeft else 12
        QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(x, box.height() // 2))
        self.settle()

    def press(self, *keys: Qt.Key) -> None:
        """Press keys, wherever the focus is."""
        for key in keys:
            QTest.keyClick(self.focused(), key)
            self.settle()

    def reach(self, name: str) -> None:
        """Go on by the Tab key until something of that name has the focus."""
        text = self.texts.gettext(name)
        for _ in range(40):
            if self.focused().accessibleName() == text:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(text)

    def write(self, text: str) -> None:
        """Write where the focus is."""
        QTest.keyClicks(self.focused(), text)
        self.settle()

    def focused(self) -> QWidget:
        """What the keyboard reaches."""
        found = self.window.focusWidget()
        assert found is not None, "nothing has the focus"
        return found

    def reveal(self, widget: QWidget) -> None:
        """Scroll to it."""
        if self.window.page.isAncestorOf(widget):
            self.window.page.ensureWidgetVisible(widget)
            self.settle()

    def field(self, name: str) -> QLineEdit:
        """Find a field by its accessible name."""
        text = self.texts.gettext(name)
        return next(f for f in self.seen(QLineEdit) if f.accessibleName() == text)

    def checkbox(self, words: str) -> QCheckBox:
        """Find a box by what stands beside it."""
        text = self.texts.gettext(words)
        return next(box for box in self.seen(QCheckBox) if box.text() == text)

    def seen(self, kind: type[W]) -> list[W]:
        """Everything of a kind that is visible."""
        return [w for w in self.window.findChildren(kind) if w.isVisible()]

    def words(self) -> str:
        """All that can be read."""
        return "\n".join(label.text() for label in self.seen(QLabel))

    def close(self) -> None:
        """Close as a person does, once."""
        if self._is_closed:
            return
        self._is_closed = True
        self.window.close()
        self.settle()
        self.window.deleteLater()
        self.settle()


def save_as(typed: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Type a path into the dialog; the name that it asks about is the one that is written."""

    def accepted(dialog: QFileDialog) -> QFileDialog.DialogCode:
        dialog.findChildren(QLineEdit)[0].setText(str(typed))
        assert dialog.selectedFiles() == [str(typed.with_suffix(suffix))]
        return QFileDialog.DialogCode.Accepted

    monkeypatch.setattr(QFileDialog, "exec", accepted)
