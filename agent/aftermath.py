"""After a failure: is the license still active? Asked once more of whatever can still answer."""

from collections.abc import Callable
from contextlib import suppress

from agent.config import Home
from agent.errors import AdminRightsNeeded, NotSetUp, StoreBusy
from agent.presentation import Remaining
from protocol.views import StatusView


def remaining_after(error: BaseException, look: Callable[[], StatusView], home: Home) -> Remaining:
    """Look once more: whether the license is still active, and as of when that is known."""
    from agent.public_status import read_public_status

    try:
        # A store that another process holds would only be waited for again. After a failed
        # write it is read anew: what a failing disk refused to confirm may be visible by now.
        if not isinstance(error, AdminRightsNeeded | StoreBusy):
            return Remaining(look())
    except NotSetUp:
        return Remaining(is_set_up=False)
    except Exception:  # noqa: BLE001, S110 - whatever it is, it was told already
        pass  # the copy below is the second best
    with suppress(Exception):
        copy = read_public_status(home)
        return Remaining(copy.view, copy.issued_at)
    return Remaining()
