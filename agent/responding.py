"""Answers a challenge code that support reads over the phone (docs/protocol.md §10).

Reads, and writes and sends nothing. The answer proves which license this machine speaks of, its
generation, its standing and whether the machine has changed; it moves nothing.
"""

from typing import assert_never

import msgspec

from agent.belief import trust_in
from agent.errors import NotAllowed
from agent.events import DriftSeen, HiddenSeen, MatchSeen
from agent.facts import Facts
from agent.identity import Identity
from agent.machine import Look, Machine, refused
from agent.typed import typed_challenge
from protocol.challenge import (
    DriftClass,
    MachineState,
    agreed_key,
    answer,
    shown_answer,
    shown_code,
)


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """The code as it was understood, and its answer: both as they are read over the phone."""

    code: str
    answer: str


def respond(machine: Machine, typed: str) -> Response:
    """Answer for the license that runs here, or ran here last, as it stands at this moment.

    Raises:
        InputInvalid: the code is mistyped.
        NotAllowed: no license ever ran here that could be spoken of.
        StoreDamaged: what is stored cannot be believed.
        DocumentRefused: the root names no key to agree with.
    """
    code = typed_challenge(typed)
    look = machine.looked
    with machine.store.reading() as memory:
        facts = machine.facts(memory, look)
        server = trust_in(memory).root.agreement_key
    state = facts.state
    if state.license_id is None or not state.generation:
        raise NotAllowed(state.standing, "respond")
    proved = MachineState(
        license_id=state.license_id,
        generation=state.generation,
        standing=state.standing,
        drift=_drift(machine, facts, look),
    )
    with refused():
        key = agreed_key(_who_answers(machine, facts).agreement_secret, server)
    return Response(code=shown_code(code), answer=shown_answer(answer(key, code, proved)))


def _who_answers(machine: Machine, facts: Facts) -> Identity:
    """Who the license names: a crash may have kept its new key from taking the former's place."""
    successor = machine.keys.successor
    if successor is None or facts.license is None or facts.license.device != successor.device:
        return machine.identity
    return successor


def _drift(machine: Machine, facts: Facts, look: Look) -> DriftClass:
    """What is seen now; what is not held, or believed no more, has nothing to be compared with."""
    if facts.observation is None or not facts.state.holds_document:
        return DriftClass.NOT_COMPARED
    seen = machine.seen(facts.observation, look)
    match seen:
        case DriftSeen():
            return DriftClass.DRIFT
        case HiddenSeen():
            return DriftClass.HIDDEN
        case MatchSeen():
            return DriftClass.NO_DRIFT
        case _:
            assert_never(seen)
