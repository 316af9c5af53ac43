"""Write a request down, then send it: the step that every act is made of.

Composing, advancing and journaling are one durable commit; nothing leaves before it returned
(docs/protocol.md §4).
"""

from collections.abc import Callable

from agent.belief import trust_in
from agent.delivery import SEQUENCE_TOO_LOW, deliver
from agent.errors import ServerRefused
from agent.events import (
    ActivateAsked,
    CaseAsked,
    ChangedReleaseAsked,
    CheckInSent,
    NoticeAsked,
    ProofRenewed,
    ReleaseAsked,
    WithdrawAsked,
)
from agent.lifecycle import advance
from agent.machine import Machine
from agent.ports import Reading, Transaction
from agent.renewal import withdraws_as_successor
from agent.requests import Composed, Composer
from agent.state import State
from protocol.problems import RefusalCode
from protocol.values import Timestamp
from protocol.verdicts import Comparison

Compose = Callable[[Transaction, Composer], Composed]
Asked = (
    type[ActivateAsked]
    | type[ReleaseAsked]
    | type[ChangedReleaseAsked]
    | type[ProofRenewed]
    | type[WithdrawAsked]
    | type[NoticeAsked]
    | type[CheckInSent]
    | type[CaseAsked]
)
# A refusal tells a later sequence, or that the next key is wanted: one of each.
_MOST_CORRECTIONS = 2
# How a request goes on once it is written down: `send`, or `journal` alone to carry it by hand.
Way = Callable[["Machine", Compose, Asked], object]


def send(machine: Machine, compose: Compose, asked: Asked) -> None:
    """Journal, then send; again when the server says how it is heard.

    A store that lost its counter goes on under a later sequence, one that was copied under this
    device's next key, and one to which both happened under both.
    """
    composed = journal(machine, compose, asked)
    for _ in range(_MOST_CORRECTIONS):
        try:
            deliver(machine, composed.open, composed.raw)
        except ServerRefused as refusal:
            renews = asked is ActivateAsked and wants_next_key(refusal)
            if not (lost_its_counter(refusal) or renews):
                raise
        else:
            return
        composed = journal(machine, compose, asked)
    deliver(machine, composed.open, composed.raw)


def journal(machine: Machine, compose: Compose, asked: Asked) -> Composed:
    """Compose, advance and journal in one durable commit."""
    now = machine.now()
    with machine.store.transaction() as tx:
        composer = _composer(machine, tx, asked, now)
        composed = compose(tx, composer)
        tx.save(advance(tx.state, asked(request=composed.open)))
        opened = composed.open
        tx.journal(opened.request_id, opened.sequence, opened.op, composed.raw, now)
        if asked not in (CheckInSent, CaseAsked):
            tx.record(now, f"{opened.op}-asked", request=opened.request_id)
    return composed


def _composer(machine: Machine, tx: Transaction, asked: Asked, now: Timestamp) -> Composer:
    """Choose the key that signs: the one that the license names, or its successor.

    The successor is durable before anything that speaks of it can leave.
    """
    machine.settle(tx)
    state, trust = tx.state, trust_in(tx)
    renewing = asked is ActivateAsked and state.renew_key
    if renewing or asked is CaseAsked or (asked is WithdrawAsked and withdraws_as_successor(state)):
        successor = machine.keys.renew()
        return Composer(successor, trust, state, now, former=machine.identity)
    return Composer(machine.identity, trust, state, now)


def wants_next_key(refusal: ServerRefused) -> bool:
    """Whether the server hears this device only under its next key; the refusal was noted (§5)."""
    return refusal.parameters["refusal"] == RefusalCode.KEY_RENEWAL_NEEDED


def lost_its_counter(refusal: ServerRefused) -> bool:
    """Whether the server has seen later sequences than this store knows: an old copy put back.

    The refusal told the last one, so the same wish under the next sequence is heard.
    """
    return refusal.parameters["refusal"] in SEQUENCE_TOO_LOW


def comparison_now(machine: Machine, memory: Reading) -> Comparison | None:
    """Compare the machine as it is now with what was enrolled; None without a license."""
    observation = machine.facts(memory, machine.looked).observation
    return observation.comparison if observation else None


def state_of(machine: Machine) -> State:
    """Read the state as the newest commit left it."""
    with machine.store.reading() as memory:
        return memory.state
