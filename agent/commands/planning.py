"""`plan`: what a change would mean, before anybody touches the server."""

import os

import msgspec

from agent.commands.session import Result, Session
from agent.differences import plan_lines, tolerance_message
from agent.errors import NotSetUp
from agent.fingerprint import SALT_BYTES, take_tags
from agent.hardware.probes import this_machine
from agent.layout import wrapped
from agent.planning import Advice, Ground, Plan
from agent.planning import plan as predict
from agent.presentation import message_body
from agent.showing import drift_view, os_view
from agent.status import message
from agent.texts import Texts
from protocol.verdicts import Verdict
from protocol.weights import DEFAULT_POLICY
from protocol.windows import Change

_UNJUDGED = frozenset({Verdict.INSUFFICIENT, Verdict.DEGRADED})


def plan(session: Session) -> Result:
    """Say what the planned changes would mean, and what to do before them."""
    changes = tuple(dict.fromkeys(Change(name) for name in session.options.changes))
    try:
        found = session.reader.plan(changes)
    except NotSetUp:
        # A server may be planned for before it has any license.
        found = predict(changes, _this_machine())
    drift, system = drift_view(found.seen), os_view(found.seen)
    texts, plain = session.texts, session.texts.plainly()
    code, room = f"plan-{found.advice.value}", tolerance_message(drift)
    said = [message(each) for each in (code, *_remarks(found))]
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
            *wrapped(texts.text(code)),
            *wrapped(texts.advice(code), "  "),
            *(line for said in _remarks(found) for line in _remark(said, texts)),
            "",
            *plan_lines(found, drift, system, texts),
        ],
    )


def _remarks(found: Plan) -> list[str]:
    remarks = [] if found.is_licensed else ["plan-unlicensed"]
    if found.seen.comparison.verdict in _UNJUDGED:
        remarks.append(f"plan-{found.seen.comparison.verdict.value}")
    if Change.BOOT_DISK in found.changes and found.advice is not Advice.RELEASE:
        remarks.append("plan-boot-disk")
    if Change.BIOS in found.changes and found.advice is Advice.NOTHING:
        remarks.append("plan-bios")
    return remarks


def _remark(code: str, texts: Texts) -> list[str]:
    return ["", *wrapped(texts.text(code)), *wrapped(texts.advice(code), "  ")]


def _this_machine() -> Ground:
    inventory = this_machine().read()
    tags = take_tags(inventory, os.urandom(SALT_BYTES))
    return Ground.of_an_unlicensed(inventory, tags, DEFAULT_POLICY)
