"""What the vendor announces, and this user has not put away yet."""

from agent.announcing import Told, told
from agent.ui.jobs import Known
from agent.ui.wording import WindowTexts


def banners_of(known: Known, texts: WindowTexts) -> tuple[Told, ...]:
    """Say what is announced, the newest first."""
    if known.view is None:
        return ()
    return tuple(each for each in told(known.view, texts) if each.key not in known.dismissed)
