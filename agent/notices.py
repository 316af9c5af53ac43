"""A coming change as its administrator declares it, checked before anything leaves.

Pure. What only the signing server can know (whether a window stands already, how many there were)
is its to refuse.
"""

from agent.errors import InputInvalid
from agent.state import Value
from protocol.values import Timestamp
from protocol.windows import LONGEST_WINDOW_SECONDS, Change

_LONGEST_REASON = 2000
_LONGEST_CONTACT = 200


class Declaration(Value, frozen=True, kw_only=True):
    """What will change, when, why, and whom to ask."""

    scope: tuple[Change, ...]
    starts_at: Timestamp
    ends_at: Timestamp
    reason: str
    contact: str


def declared(
    changes: str, starts_at: Timestamp, ends_at: Timestamp, *, reason: str, contact: str
) -> Declaration:
    """Check a declaration; `changes` are names of changes with commas between them.

    Raises:
        InputInvalid: an unknown change, a period that is none or too long, an empty or endless
            text.
    """
    if ends_at <= starts_at:
        raise InputInvalid(problem="window-backwards")
    # The server's own rule, told here where it costs nothing.
    if ends_at - starts_at > LONGEST_WINDOW_SECONDS:
        raise InputInvalid(problem="window-over-14-days")
    return Declaration(
        scope=_scope(changes),
        starts_at=starts_at,
        ends_at=ends_at,
        reason=_text(reason, "reason", _LONGEST_REASON),
        contact=_text(contact, "contact", _LONGEST_CONTACT),
    )


def _scope(changes: str) -> tuple[Change, ...]:
    names = [name.strip().lower() for name in changes.replace("،", ",").split(",")]
    names = [name for name in names if name]
    known = {change.value: change for change in Change}
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        allowed = ", ".join(known)
        raise InputInvalid(problem="change-unknown", value=", ".join(unknown), known=allowed)
    return tuple(dict.fromkeys(known[name] for name in names))


def _text(text: str, option: str, longest: int) -> str:
    text = text.strip()
    if not text:
        raise InputInvalid(problem="text-missing", option=f"--{option}")
    if len(text) > longest:
        raise InputInvalid(problem="text-too-long", option=f"--{option}", limit=longest)
    return text
