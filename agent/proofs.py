"""Give the license back: destroy the document, prove it, and prove it again where that helps.

The order is the heart of the product: tombstone and proof are one durable commit, and the proof is
true whatever is answered to it (docs/protocol.md §4).
"""

from contextlib import suppress

import msgspec

from agent.belief import license_in
from agent.delivery import deliver
from agent.errors import DocumentRevoked, NotAllowed, ServerRefused
from agent.events import ChangedReleaseAsked, ProofRenewed, ReleaseAsked
from agent.facts import has_undeclared_change
from agent.journaling import comparison_now, journal, lost_its_counter, state_of
from agent.machine import Machine, key_in_use
from agent.ports import Transaction
from agent.requests import Composed, Composer, new_reactivation_code
from agent.state import OpenRequest, State
from agent.status import is_waiting
from agent.withdrawal import take_back, unanswered_activation
from protocol.documents import Release
from protocol.encoding import canonical
from protocol.envelope import open_request
from protocol.values import CaseState, ReleaseReason, Standing

# A refused proof is refused for ever; what made the server refuse it may be mended by tomorrow.
_REFUSED_RESTS_SECONDS = 24 * 3600
# People decided: asking them again each day helps nobody.
_DECLINED_RESTS_SECONDS = 30 * 24 * 3600


def destroy(machine: Machine, reason: ReleaseReason, note: str | None) -> State:
    """Replace the document with its tombstone and the proof, in one durable commit.

    Sends nothing: the public copies must be gone before the proof leaves.

    Raises:
        NotAllowed: no license runs here.
        DocumentRevoked: the server would not believe what is given back; a check comes first.
    """
    code = new_reactivation_code()

    def compose(tx: Transaction, composer: Composer) -> Composed:
        document = tx.license_document
        license = license_in(tx, machine.keys)
        if document is None or license is None:
            kind = DocumentRevoked if tx.state.holds_document else NotAllowed
            raise kind(tx.state.standing, "release")
        tombstone = composer.tombstone(license, document)
        composed = composer.release(
            license_document=document,
            tombstone=tombstone,
            reason=reason,
            comparison=comparison_now(machine, tx),
            reactivation_code=code,
            note=note,
            takes_back=unanswered_activation(tx),
        )
        tx.bury(canonical(tombstone))
        if (key := key_in_use(tx)) is not None:
            tx.keep_key(msgspec.structs.replace(key, reactivation_code=code))
        return composed

    with machine.store.reading() as memory:
        is_changed = has_undeclared_change(machine.facts(memory, machine.looked))
    journal(machine, compose, ChangedReleaseAsked if is_changed else ReleaseAsked)
    return state_of(machine)


def finish(machine: Machine, request: OpenRequest) -> State:
    """Send the open request again and apply its answer.

    Raises:
        ServerUnreachable, ServerRefused, DocumentRefused: see `errors`.
    """
    with machine.store.reading() as memory:
        raw = memory.journaled(request.request_id)
    try:
        deliver(machine, request, raw)
    except ServerRefused as refusal:
        lost = lost_its_counter(refusal)
        match request.op:
            case "release" if lost or _is_older_than(_REFUSED_RESTS_SECONDS, machine, request):
                with suppress(NotAllowed):
                    _renew_proof(machine, request)
            case "withdraw" if lost:
                take_back(machine)
            case _:
                raise
    return state_of(machine)


def prove_again(machine: Machine, *, is_wished: bool = False) -> None:
    """Sign a proof anew that was refused, or whose case is decided: an approved one at once.

    The server answers a request that it has seen as it did before, so only a new one is heard. A
    declined one rests for a month, or until somebody wishes it (`release`), and opens a new case.

    Raises:
        ServerUnreachable, ServerRefused, DocumentRefused: see `errors`.
    """
    with machine.store.reading() as memory:
        state = memory.state
        request = state.request
        if request is None or state.standing is not Standing.RELEASING or is_waiting(state.case):
            return
        answered = memory.has_answer(request.request_id)
    if not answered:
        return
    # A case that is decided and still here is approved; what was decided against is kept apart.
    against = state.decided is not None and state.decided.state is not CaseState.APPROVED
    is_declined = state.decided is not None and state.decided.state is CaseState.DECLINED
    rests = _DECLINED_RESTS_SECONDS if is_declined else _REFUSED_RESTS_SECONDS
    is_heard_now = state.case is not None or (is_wished and against)
    if is_heard_now or _is_older_than(rests, machine, request):
        # Where another process got further meanwhile, nothing is left to prove.
        with suppress(NotAllowed):
            _renew_proof(machine, request)


def write_proof_down(machine: Machine, request: OpenRequest) -> Composed:
    """Sign the same proof under a sequence that the server has not seen; send nothing."""

    def compose(tx: Transaction, composer: Composer) -> Composed:
        proof = open_request(tx.journaled(request.request_id)).request
        if not isinstance(proof, Release) or tx.state.request != request:
            raise NotAllowed(tx.state.standing, "release")
        return composer.again(proof)

    return journal(machine, compose, ProofRenewed)


def _is_older_than(seconds: int, machine: Machine, request: OpenRequest) -> bool:
    """Whether so long has passed, either way: a clock that was wrong must not stop it for years."""
    return abs(machine.now() - request.issued_at) > seconds


def _renew_proof(machine: Machine, request: OpenRequest) -> None:
    """Prove again; once more where what a stored refusal told was overtaken since by a copy."""
    renewed = write_proof_down(machine, request)
    try:
        deliver(machine, renewed.open, renewed.raw)
    except ServerRefused as refusal:
        if not lost_its_counter(refusal):
            raise
        last = write_proof_down(machine, renewed.open)
        deliver(machine, last.open, last.raw)
