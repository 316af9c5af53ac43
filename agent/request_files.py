"""What goes out in a request file: for each act, the request that is open already or a new one.

The same open request has the same bytes again, so giving it out twice asks once. Written down by
the steps of the online acts (`steps`, `proofs`, `withdrawal`); the file itself is `by_hand`'s.
"""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from agent import proofs, steps
from agent.asking import is_still_true
from agent.errors import InputInvalid, NotAllowed
from agent.journaling import comparison_now, journal, state_of
from agent.machine import Machine, key_in_use
from agent.notices import Declaration
from agent.state import OpenRequest, State
from agent.status import is_waiting
from agent.withdrawal import take_back
from protocol import codes
from protocol.documents import Activate
from protocol.envelope import open_request
from protocol.values import ReleaseReason, Standing
from protocol.verdicts import Verdict


class Wish(NamedTuple):
    """One act as it is carried by hand.

    `open` finds its request that is open already; `ask` writes a new one down and tells which.
    """

    open: Callable[[Machine, State], OpenRequest | None]
    ask: Callable[[Machine, State], OpenRequest | None]


def activation(license_key: str | None, code: str | None) -> Wish:
    """Ask for a license; without a key, for the one in use or the one asked for last."""

    def find(machine: Machine, state: State) -> OpenRequest | None:
        request = state.request
        if request is None or request.op != "activate":
            return None
        with machine.store.reading() as memory:
            asked = open_request(memory.journaled(request.request_id))
        wish = asked.request
        if not isinstance(wish, Activate):
            return None
        same_key = license_key is None or wish.license.key_id == codes.key_id(license_key)
        proof = codes.prove(codes.code_hash(code), asked.device, wish.request_id) if code else None
        return request if same_key and proof in (None, wish.code_proof) else None

    def ask(machine: Machine, state: State) -> OpenRequest | None:
        key = license_key or _known_key(machine)
        if key is None:
            raise InputInvalid(problem="key-missing")
        if state.holds_document and not (key == _key_in_use(machine) and _may_ask(machine)):
            raise NotAllowed(state.standing, "activate")
        case_id = state.case.case_id if state.case else None
        steps.ask(machine, state, key, code=code, case_id=case_id, by=journal)
        return state_of(machine).request

    return Wish(find, ask)


def proof(reason: ReleaseReason, note: str | None) -> Wish:
    """Give the license back; the public copies are gone when this has been asked."""

    def find(machine: Machine, state: State) -> OpenRequest | None:
        waiting = _unanswered(machine, state) or is_waiting(state.case)
        return state.request if state.standing is Standing.RELEASING and waiting else None

    def ask(machine: Machine, state: State) -> OpenRequest | None:
        if state.standing is Standing.RELEASING and state.request is not None:
            # Answered, and no case is waited for: the same bytes would be answered the same.
            proofs.write_proof_down(machine, state.request)
        else:
            proofs.destroy(machine, reason, note)
            machine.align()
        return state_of(machine).request

    return Wish(find, ask)


def notice(declaration: Declaration) -> Wish:
    """Declare a coming change."""

    def find(machine: Machine, state: State) -> OpenRequest | None:
        request = _unanswered(machine, state)
        if request is None or request.op != "notice":
            return None
        with machine.store.reading() as memory:
            told = open_request(memory.journaled(request.request_id)).request
        wish = [getattr(told, field, None) for field in declaration.__struct_fields__]
        return request if wish == list(msgspec.structs.astuple(declaration)) else None

    def ask(machine: Machine, _state: State) -> OpenRequest | None:
        steps.declare(machine, declaration, by=journal)
        return state_of(machine).request

    return Wish(find, ask)


def withdrawal() -> Wish:
    """Take back an unanswered activation or an open case."""

    def find(machine: Machine, state: State) -> OpenRequest | None:
        request = _unanswered(machine, state)
        return request if request is not None and request.op == "withdraw" else None

    def ask(machine: Machine, _state: State) -> OpenRequest | None:
        take_back(machine, by=journal)
        return state_of(machine).request

    return Wish(find, ask)


def check() -> Wish:
    """Go on with what is waited for, as `check` does; or say what is held and ask for the truth."""
    return Wish(_waited_for, _go_on)


def _waited_for(machine: Machine, state: State) -> OpenRequest | None:
    """Find an unanswered request; or the check-in that was given out and still is true."""
    given_out = state.check
    if (request := _unanswered(machine, state)) is not None:
        return request
    if given_out is None or given_out.exported_to is None:
        return None
    with machine.store.reading() as memory:
        told = open_request(memory.journaled(given_out.request_id)).request
        now = comparison_now(machine, memory)
    return given_out if is_still_true(told, state, now) else None


def _go_on(machine: Machine, state: State) -> OpenRequest | None:
    """Do one errand: sign anew what was answered to no end, ask what need not be told, check in."""
    answered = state.request
    if answered is not None and answered.op == "withdraw":
        take_back(machine, by=journal)
        return state_of(machine).request
    if answered is not None and answered.op == "release" and not is_waiting(state.case):
        proofs.write_proof_down(machine, answered)
        return state_of(machine).request
    steps.follow_up(machine, by=journal)
    asked = state_of(machine).request
    if asked is not None and asked != state.request:
        return asked
    if not state.holds_document and state.case is None:
        raise NotAllowed(state.standing, "check")
    steps.say_what_is_held(machine, by=journal)
    return state_of(machine).check


def _unanswered(machine: Machine, state: State) -> OpenRequest | None:
    """The open request, unless an answer to it came that left it open."""
    if state.request is None:
        return None
    with machine.store.reading() as memory:
        return None if memory.has_answer(state.request.request_id) else state.request


def _may_ask(machine: Machine) -> bool:
    """Whether the running license is to be asked for anew: it is as little as ever needed."""
    with machine.store.reading() as memory:
        facts = machine.facts(memory, machine.looked)
    seen = facts.observation
    if facts.license is None or facts.state.standing is Standing.DRIFTED:
        return True
    return seen is not None and seen.comparison.verdict is Verdict.TOLERATED


def _key_in_use(machine: Machine) -> str | None:
    with machine.store.reading() as memory:
        key = key_in_use(memory)
    return key.license_key if key else None


def _known_key(machine: Machine) -> str | None:
    """The key in use; before there was any, the one that was asked with last."""
    with machine.store.reading() as memory:
        newest = memory.license_keys()[-1:]
    return _key_in_use(machine) or (newest[0].license_key if newest else None)
