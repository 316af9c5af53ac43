"""What happened on this server."""

from agent.ui.jobs import Known
from agent.ui.views.tones import Rows
from agent.ui.wording import WindowTexts


def history_of(known: Known, texts: WindowTexts) -> Rows:
    """Say what happened, the newest first."""
    newest_first = reversed(known.history)
    return tuple((texts.moment(e.at), texts.text(e.event, e.detail)) for e in newest_first)
