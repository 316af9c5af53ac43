"""The pages that were gone to, one of them in front; each is made when somebody goes there first.

All are of one language: in another one the stack is made anew, and its pages recall what they were.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from agent.ui.wording import Place, WindowTexts

if TYPE_CHECKING:
    from agent.ui.jobs import Known, Outcome
    from agent.ui.pages.memory import Memory
    from agent.ui.pages.page import About, Page


class Stack(QStackedWidget):
    """`made` is told of every page that is made."""

    def __init__(
        self,
        texts: WindowTexts,
        made: "Callable[[Page], None]",
        memories: "Mapping[Place, Memory]",
    ) -> None:
        super().__init__()
        self._texts = texts
        self._made = made
        self._pages: dict[Place, Page] = {}
        self._memories = dict(memories)
        if isinstance(app := QApplication.instance(), QApplication):
            app.focusChanged.connect(self._follow)

    def knows(self, place: Place) -> bool:
        """Whether somebody was at a page, in this language or another."""
        return place in self._pages or place in self._memories

    def page(self, place: Place) -> "Page":
        """Return a page, made if it was not gone to yet."""
        if place not in self._pages:
            from agent.ui.pages.directory import page_of

            page = self._pages[place] = page_of(place, self._texts)
            self.addWidget(page)
            self._made(page)
        return self._pages[place]

    def show_known(self, known: "Known") -> None:
        """Show in every page what is known now."""
        for page in self._pages.values():
            page.show_known(known)

    def see(self, place: Place, known: "Known | None") -> "Page":
        """Have a page in front, as it was left."""
        page = self.page(place)
        self.setCurrentWidget(page)
        if (memory := self._memories.pop(place, None)) is not None:
            page.recall(memory, known)
        return page

    def read(self, place: Place, about: "About") -> "Iterator[Page]":
        """The page that is seen, and the one behind the guide: nobody enters that one anew."""
        from agent.ui.jobs.guide import Consulted

        yield self.page(place)
        if isinstance(about, Consulted):
            yield self.page(about.place)

    def live(self, outcome: "Outcome", place: Place, about: "About") -> "Page":
        """Tell them what became of a look; return the one that asked for it."""
        asker = self.page(place)
        for page in self.read(place, about):
            page.live(outcome)
            if page.wants(outcome.job):
                asker = page
        return asker

    def leave(self, place: Place) -> None:
        """Tell every page but this one that somebody is elsewhere now."""
        for other, page in self._pages.items():
            if other is not place:
                page.leave()

    @Slot(QWidget, QWidget)
    def _follow(self, _before: QWidget | None, focused: QWidget | None) -> None:
        """Have what takes the keyboard scrolled to, however it came to it, when it is laid out."""
        if focused is not None and self.isAncestorOf(focused):
            QTimer.singleShot(0, self, self._reveal)

    def _reveal(self) -> None:
        for page in self._pages.values():
            if page is self.currentWidget():
                page.sight.follow()

    def memories(self, seen: Place, about: "About") -> "Mapping[Place, Memory]":
        """What every page holds; `about`: what the one that is seen began with."""
        from agent.ui.jobs.guide import Consulted

        begun = {seen: about}
        if isinstance(about, Consulted):
            begun[about.place] = about.about
        now = {place: page.memory(begun.get(place)) for place, page in self._pages.items()}
        return {**self._memories, **now}


def framed(sidebar: QWidget, pages: QWidget, below: QWidget) -> QWidget:
    """Lay out a window: pages beside what leads to them, work in progress below."""
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(pages, 1)
    column.addWidget(below)
    whole = QWidget()
    line = QHBoxLayout(whole)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(0)
    line.addWidget(sidebar)
    line.addLayout(column, 1)
    return whole
