"""This program, and what it is built with."""

from agent.texts import PORTAL, SUPPORT_PHONE
from agent.ui.jobs.about import About
from agent.ui.views.tones import Rows
from agent.ui.wording import WindowTexts


def program_rows(about: About, qt: str, texts: WindowTexts) -> Rows:
    """Say what support asks for first."""
    return (
        (texts.gettext("Version"), texts.latin(about.version)),
        (texts.latin("Python"), texts.latin(about.python)),
        (texts.latin("Qt"), texts.latin(qt)),
        (texts.gettext("Support"), texts.latin(texts.number(SUPPORT_PHONE))),
        (texts.gettext("Customer portal"), texts.latin(PORTAL)),
    )


def part_rows(about: About, texts: WindowTexts) -> Rows:
    """Name every part, with its version and its licence."""
    return tuple(
        (
            texts.latin(part.name),
            " · ".join(texts.latin(word) for word in (part.version, part.license) if word),
        )
        for part in about.parts
    )
