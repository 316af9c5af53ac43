"""Volumes that outlast this server's disks, in words."""

from collections.abc import Mapping

from agent.texts.marking import _
from agent.ui.jobs.shelves import Shelf
from agent.ui.wording import WindowTexts

_MOST_LETTERS = 40
_KINDS: Mapping[str, str] = {
    "removable": _("Memory stick {path}"),
    "network": _("Network drive {path}"),
}
_OF_THE_CALLER = _("Your own computer, over remote desktop: {path}")


def shelf_names(shelves: tuple[Shelf, ...], texts: WindowTexts) -> str:
    """Say what was found."""
    if shelves:
        return texts.gettext("Found on this server:")
    return texts.gettext("No memory stick and no network drive was found on this server.")


def shelf_name(shelf: Shelf, texts: WindowTexts) -> str:
    """Name one, so that it fits on a button."""
    path = str(shelf.path)
    words = _OF_THE_CALLER if path.startswith(r"\\tsclient") else _KINDS[shelf.kind]
    shown = path if len(path) <= _MOST_LETTERS else f"…{path[-_MOST_LETTERS:]}"
    return texts.gettext(words, path=shown)
