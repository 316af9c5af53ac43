"""What was made in the window to be kept: written in the worker."""

from pathlib import Path

from msgspec import Struct

from agent.files import OWNER_ONLY, named_file, write_durably
from agent.ui.jobs import Word, Workplace


class Saved(Word, frozen=True):
    """Where it was written, and whether that is another disk than the license's."""

    path: Path
    off_this_disk: bool


class SavePrinted(Struct, frozen=True):
    """Write a PDF; it may hold a license key, so nobody else may read it."""

    path: Path
    content: bytes

    def done(self, at: Workplace) -> Saved:
        """Do it."""
        with named_file(self.path):
            write_durably(self.path, self.content, OWNER_ONLY)
            elsewhere = self.path.stat().st_dev != at.home.folder.stat().st_dev
        return Saved(self.path, elsewhere)

    def __repr__(self) -> str:
        """Show nothing of the content."""
        return f"SavePrinted({self.path})"
