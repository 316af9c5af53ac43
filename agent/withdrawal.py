"""Take back what was asked: an unanswered activation, or a case that the vendor has not decided.

Written down in the place of what it takes back, so that a late answer to that changes nothing; what
the server may have bound meanwhile it frees (docs/protocol.md §4, §5).
"""

from agent.errors import NothingToWithdraw
from agent.events import WithdrawAsked
from agent.journaling import Way, send
from agent.machine import Machine, key_in_use
from agent.ports import LicenseKey, Reading, Transaction
from agent.requests import Composed, Composer
from protocol.documents import Activate, Withdraw
from protocol.envelope import open_request
from protocol.values import RequestId


def take_back(machine: Machine, *, by: Way = send) -> None:
    """Withdraw; a withdrawal that is open already is signed again, under the next sequence.

    Raises:
        NothingToWithdraw: nothing is open, or a running machine must hear an answer first.
        ServerUnreachable, ServerRefused, DocumentRefused: see `errors`.
    """

    def compose(tx: Transaction, composer: Composer) -> Composed:
        state, key = tx.state, _asked_with(tx)
        if key is None:
            raise NothingToWithdraw(state.standing)
        return composer.withdraw(
            license_key=key.license_key,
            generation=state.generation if state.holds_document else 0,
            case_id=state.case.case_id if state.case else None,
            takes_back=unanswered_activation(tx),
        )

    by(machine, compose, WithdrawAsked)


def unanswered_activation(memory: Reading) -> RequestId | None:
    """Find the activation whose answer may be lost: the open one, or the one taken back before.

    One that was answered with a case was given nothing. One that was refused off the record may
    have been accepted before: it is named where no other is.
    """
    request, unheard = memory.state.request, memory.state.unheard
    if request is None:
        return unheard
    match open_request(memory.journaled(request.request_id)).request:
        case Activate(request_id=request_id):
            return request_id
        case Withdraw(takes_back=taken_back):
            return taken_back
        case _:
            return unheard


def _asked_with(memory: Reading) -> LicenseKey | None:
    """Find the key of the open request or case: without a document, that is the newest."""
    if memory.state.holds_document:
        return key_in_use(memory)
    return next(iter(memory.license_keys()[-1:]), None)
