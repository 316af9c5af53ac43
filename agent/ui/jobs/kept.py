"""Kept documents and the signed report: opened, verified, written where somebody wants them."""

import time
from pathlib import Path

from msgspec import Struct

from agent.errors import InputInvalid
from agent.files import OWNER_ONLY, write_once
from agent.papers import Opened
from agent.ports import StoredPaper
from agent.ui.jobs import Word, Workplace
from agent.ui.jobs.shelves import Saved, saved
from protocol.values import Digest, Timestamp


class DocumentOpened(Word, frozen=True):
    """A kept document, and when it was verified."""

    found: Opened
    verified_at: Timestamp


class OpenDocument(Struct, frozen=True):
    """Verify a kept document and say what it says."""

    digest: Digest

    def done(self, at: Workplace) -> DocumentOpened:
        """Do it."""
        agent = at.agent()
        found = agent.opened(_kept(agent.papers(), self.digest))
        return DocumentOpened(found, Timestamp(int(time.time())))


class SaveDocument(Struct, frozen=True):
    """Write a kept document into a file, as it was received."""

    digest: Digest
    path: Path

    def done(self, at: Workplace) -> Saved:
        """Do it."""
        raw = _kept(at.agent().papers(), self.digest).raw
        return _written(self.path, raw, at)


class SaveReport(Struct, frozen=True):
    """Write the signed state report for support into a file."""

    path: Path

    def done(self, at: Workplace) -> Saved:
        """Do it."""
        return _written(self.path, at.agent().report(), at)


def _written(path: Path, raw: bytes, at: Workplace) -> Saved:
    write_once(path, raw, OWNER_ONLY)
    return saved(path, at)


def _kept(papers: tuple[StoredPaper, ...], digest: Digest) -> StoredPaper:
    """Find it in the store as it is now, which may have been put back meanwhile."""
    for paper in papers:
        if paper.digest == digest:
            return paper
    raise InputInvalid(problem="document-gone")
