"""When the device's next key is asked for, and what it signs (docs/protocol.md §5, fork).

Pure. A store that was put back, or copied, makes the server ask its device for another key: the
copy that looks like the enrolled machine gets the license under it, the other one does not.
"""

from agent.state import State
from protocol.values import Timestamp

# A second fork within a month is for people to decide; after it the server decides by itself (§5).
_ASKED_AGAIN_AFTER_SECONDS = 30 * 24 * 3600


def is_due(state: State, now: Timestamp) -> bool:
    """Whether to ask for the license under the next key: at once, and a month after a decline.

    A clock that was set far back or forth must not silence it for years.
    """
    if not (state.renew_key and state.holds_document):
        return False
    asked = state.renewal_asked_at
    return asked is None or abs(now - asked) >= _ASKED_AGAIN_AFTER_SECONDS


def withdraws_as_successor(state: State) -> bool:
    """Whether what is taken back now was asked under the next key: that key has asked.

    That it is wanted says nothing: of what this one asked before, only this one is heard.
    """
    if state.renewal_asked_at is None:
        return False
    return state.waits_as_successor or (state.renew_key and not state.holds_document)
