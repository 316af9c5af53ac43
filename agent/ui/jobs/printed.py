"""What paper needs, and what was made in the window to be kept: read and written in the worker."""

import platform
from pathlib import Path

from msgspec import Struct

from agent.files import OWNER_ONLY, write_over
from agent.ui.jobs import Look, Word, Workplace
from agent.ui.jobs.shelves import Saved, saved


class ForPaper(Word, frozen=True):
    """Which server this is, and its license key if somebody asked to see it."""

    server: str
    license_key: str | None

    def __repr__(self) -> str:
        """Show nothing of the key."""
        return f"ForPaper({self.server})"


class ReadForPaper(Look, frozen=True):
    """Read it; the license key only where it is wanted."""

    with_key: bool

    def done(self, at: Workplace) -> ForPaper:
        """Do it."""
        key = at.agent().license_key() if self.with_key else None
        return ForPaper(platform.node(), key)


class SavePrinted(Struct, frozen=True):
    """Write a PDF; it may hold a license key, so nobody else may read it."""

    path: Path
    content: bytes

    def done(self, at: Workplace) -> Saved:
        """Do it."""
        write_over(self.path, self.content, OWNER_ONLY)
        return saved(self.path, at)

    def __repr__(self) -> str:
        """Show nothing of the content."""
        return f"SavePrinted({self.path})"
