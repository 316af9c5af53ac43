"""What a page holds of one person: carried into the same page in another language, nowhere else.

Fields are told apart by kind and order: a page is laid out alike in every language. What they hold
may be a secret, so none of these values shows itself.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from msgspec import Struct
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from agent.presentation import Failure
from agent.ui.jobs import Job, Outcome, Word

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)
# A widget by its kind, and its number among those.
Spot = tuple[type[QWidget], int]
# Set on boxes and choices that show something else than what was entered on the page.
SHOWN_ONLY = "shown-only"


class Entries(Struct, frozen=True):
    """What stands in the fields, and which widget has the keyboard."""

    lines: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    ticks: tuple[bool, ...] = ()
    choices: tuple[int, ...] = ()
    focus: Spot | None = None

    def __repr__(self) -> str:
        """Show nothing: a license key or a passphrase may be in it."""
        return "Entries(…)"


class Memory(Struct, frozen=True):
    """What a page goes on with, heard since it was entered, and was told; and what was entered.

    `wanted` is what it asked to be looked for: it may be on its way.
    """

    about: Job | Word | None
    lived: tuple[Outcome, ...]
    entries: Entries
    failure: Failure | None
    wanted: tuple[Job, ...] = ()

    def __repr__(self) -> str:
        """Show nothing: a license key or a passphrase may be in it."""
        return "Memory(…)"


def entries_of(page: QWidget) -> Entries:
    """Read what was entered."""
    return Entries(
        lines=tuple(line.text() for line in page.findChildren(QLineEdit)),
        texts=tuple(text.toPlainText() for text in _texts(page)),
        ticks=tuple(button.isChecked() for button in _ticks(page)),
        choices=tuple(choice.currentIndex() for choice in page.findChildren(QComboBox)),
        focus=spot_of(page),
    )


def enter_again(page: QWidget, entries: Entries) -> None:
    """Write it where it stood."""
    for line, text in _paired(page.findChildren(QLineEdit), entries.lines):
        line.setText(text)
    for field, text in _paired(_texts(page), entries.texts):
        field.setPlainText(text)
    for button, ticked in _paired(_ticks(page), entries.ticks):
        button.setChecked(ticked)
    for choice, place in _paired(page.findChildren(QComboBox), entries.choices):
        choice.setCurrentIndex(min(place, choice.count() - 1))
    focus_again(page, entries.focus)


def spot_of(page: QWidget) -> Spot | None:
    """Say which widget of a page has the keyboard; the widget itself may be made anew."""
    focused = page.focusWidget()
    for widget in page.findChildren(QWidget):
        if widget is focused:
            kind = type(widget)
            return kind, page.findChildren(kind).index(widget)
    return None


def focus_again(page: QWidget, spot: Spot | None) -> None:
    """Give the keyboard back, if there is still something."""
    if spot is not None:
        kind, number = spot
        for widget in page.findChildren(kind)[number : number + 1]:
            widget.setFocus()


def _texts(page: QWidget) -> list[QPlainTextEdit]:
    return [text for text in page.findChildren(QPlainTextEdit) if not text.isReadOnly()]


def _ticks(page: QWidget) -> list[QAbstractButton]:
    return [
        button
        for button in page.findChildren(QAbstractButton)
        if button.isCheckable() and not button.property(SHOWN_ONLY)
    ]


def _paired(fields: Sequence[W], entered: Sequence[T]) -> Iterator[tuple[W, T]]:
    """Put what was entered beside its field; a page that is laid out otherwise takes nothing."""
    return zip(fields, entered, strict=True) if len(fields) == len(entered) else iter(())
