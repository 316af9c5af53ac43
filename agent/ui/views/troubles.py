"""A failure: what happened, and whether the license is still active."""

from typing import NamedTuple

from agent.errors import AdminRightsNeeded, ServerUnreachable
from agent.presentation import Failure, Remaining
from agent.ui.wording import WindowTexts

_UNANSWERED = {kind.code for kind in (ServerUnreachable, *ServerUnreachable.__subclasses__())}


class Trouble(NamedTuple):
    """A failure: what happened, whether the license is still active, the next step, the code.

    `has_other_way`: no answer came over the network, and the same can be carried by hand.
    `needs_rights`: an administrator could do it.
    """

    happened: str
    license: str
    is_active: bool
    next_step: str
    code: str
    has_other_way: bool
    needs_rights: bool


def trouble_of(failure: Failure, texts: WindowTexts) -> Trouble:
    """Answer the first question that a failure raises: is my license still active?"""
    remaining = failure.remaining
    state = remaining.message
    license = texts.text(state.code, state.parameters)
    if remaining.as_of is not None:
        license += " " + texts.gettext("(as of {as_of:moment})", as_of=remaining.as_of)
    return Trouble(
        happened=texts.text(failure.text_code, failure.parameters),
        license=license,
        is_active=_is_active(remaining),
        next_step=texts.advice(failure.text_code, failure.parameters),
        code=failure.text_code,
        has_other_way=is_unanswered(failure.code) and remaining.is_set_up,
        needs_rights=failure.code == AdminRightsNeeded.code,
    )


def _is_active(remaining: Remaining) -> bool:
    return remaining.view is not None and remaining.view.usable


def is_unanswered(code: str) -> bool:
    """Whether this says that no answer came over the network."""
    return code in _UNANSWERED
