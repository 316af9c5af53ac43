"""`plan`: what a change would mean, before anybody touches the server."""

import msgspec

from agent.bootstrap import ground_of_this_machine
from agent.commands.session import Result, Session
from agent.differences import plan_lines, tolerance_message
from agent.errors import NotSetUp
from agent.layout import wrapped
from agent.planning import plan as predict
from agent.planning import sentences
from agent.presentation import message_body
from agent.showing import drift_view, os_view
from agent.status import message
from agent.texts import Texts
from protocol.windows import Change


def plan(session: Session) -> Result:
    """Say what the planned changes would mean, and what to do before them."""
    changes = tuple(dict.fromkeys(Change(name) for name in session.options.changes))
    try:
        found = session.reader.plan(changes)
    except NotSetUp:
        # A server may be planned for before it has any license.
        found = predict(changes, ground_of_this_machine())
    drift, system = drift_view(found.seen), os_view(found.seen)
    texts, plain = session.texts, session.texts.plainly()
    codes, room = sentences(found), tolerance_message(drift)
    said = [message(each) for each in codes]
    body = {
        "changes": [change.value for change in found.changes],
        "licensed": found.is_licensed,
        "drift": msgspec.to_builtins(drift),
        "os": msgspec.to_builtins(system),
        "advice": found.advice.value,
        "messages": [message_body(each, plain) for each in (*said, *([room] if room else []))],
    }
    return Result(
        body,
        lambda: [
            *(line for code in codes for line in _said(code, texts)),
            *plan_lines(found, drift, system, texts),
        ],
    )


def _said(code: str, texts: Texts) -> list[str]:
    return [*wrapped(texts.text(code)), *wrapped(texts.advice(code), "  "), ""]
