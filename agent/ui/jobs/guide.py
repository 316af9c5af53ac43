"""The guide: read from the package, in the reader's language; nothing is fetched."""

from pathlib import Path

from agent.ui.jobs import Job, Look, Word, Workplace
from agent.ui.wording import Place

_FOLDER = Path(__file__).parent.parent / "guide"


class GuideRead(Word, frozen=True):
    """The whole guide, as it is written."""

    markdown: str


class ReadGuide(Look, frozen=True):
    """Read it."""

    def done(self, at: Workplace) -> GuideRead:
        """Do it."""
        return GuideRead((_FOLDER / f"{at.texts.language}.md").read_text("utf-8"))


class Consulted(Word, frozen=True):
    """From where the guide was opened, what that page goes on with, and which chapter is read."""

    place: Place
    about: Job | Word | None = None
    chapter: int | None = None
