"""Sends what was journaled and carries the answer into the store.

Nothing is sent that was not committed before, and the bytes sent are the journaled ones, so a lost,
doubled or late message ends where the first one would have. The network is never touched while the
store is locked.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, assert_never

from msgspec.structs import replace

from agent.belief import trust_in
from agent.errors import DocumentRefused, ServerRefused
from agent.events import (
    AnswerEvent,
    CaseArrived,
    LicenseArrived,
    ReceiptArrived,
    RefusalArrived,
    TruthArrived,
    WindowArrived,
)
from agent.lifecycle import advance
from agent.machine import Machine, key_in_use, refused
from agent.ports import PaperKind, StoredPaper, Transaction
from agent.state import OpenRequest, State
from protocol import jws
from protocol.documents import (
    Activate,
    AnyAnswer,
    Case,
    CaseSummary,
    License,
    Receipt,
    Refusal,
    Truth,
    Window,
)
from protocol.envelope import open_answer_to, open_request
from protocol.exchange import unpack_answer, walk_roots
from protocol.problems import AnswerMismatch, RefusalCode
from protocol.trust import Trust
from protocol.values import CaseState, Standing

# A refusal for one of these told the last sequence: the same wish under the next one is heard.
SEQUENCE_TOO_LOW = {
    RefusalCode.SEQUENCE_USED,
    RefusalCode.SEQUENCE_COVERED,
    RefusalCode.OLDER_THAN_BINDING,
}
# Refused by a server that may have accepted these very bytes, or may yet: it looked nothing up.
_OFF_RECORD = {
    RefusalCode.SERVER_BEHIND,
    RefusalCode.LICENSE_UNKNOWN,
    RefusalCode.AUDIENCE_WRONG,
}
_ANSWERS: dict[str, tuple[type[AnyAnswer], ...]] = {
    "activate": (License, Case, Refusal),
    "release": (Receipt, Case, Refusal),
    "check-in": (Truth, Refusal),
    "withdraw": (Truth, Refusal),
    "notice": (Window, Refusal),
}


def deliver(machine: Machine, request: OpenRequest, raw: bytes) -> AnyAnswer:
    """Send the very bytes of one journaled request, and apply its verified answer.

    Raises:
        ServerUnreachable: no answer; the request stays journaled.
        DocumentRefused: an answer that is not to be believed; nothing changed.
        ServerRefused: a signed refusal; the request is over.
    """
    answer = receive(machine, request, machine.server.send(raw))
    if isinstance(answer, Refusal):
        raise ServerRefused(answer.code)
    return answer


def receive(machine: Machine, request: OpenRequest, raw: bytes) -> AnyAnswer:
    """Verify an answer, wherever it came from, and apply it in one durable commit.

    Raises:
        DocumentRefused: not a genuine answer to this request; nothing changed. Or genuine, but of
            a kind that answers nothing that was asked: the request is over, like a refused one.
        ServerRefused: a genuine license, but of the past; the request is over.
    """
    with refused():
        packed = unpack_answer(raw)
        # Inside the step: another process may be taking in a root that revokes this answer's key.
        with machine.store.transaction() as tx:
            trust = walk_roots(trust_in(tx), packed.roots)
            answer = _verified(machine, request, packed.answer, trust)
            is_of_the_past = _apply(machine, tx, trust, Arrival(request, packed.answer, answer))
    machine.align()
    if isinstance(answer, Refusal) and answer.code == RefusalCode.KEY_RENEWAL_NEEDED:
        machine.keys.abandon(answer.device)
    if not _fits(Arrival(request, packed.answer, answer)):
        raise DocumentRefused(AnswerMismatch.code)
    if is_of_the_past:
        raise ServerRefused(RefusalCode.SERVER_BEHIND)
    return answer


def _verified(machine: Machine, request: OpenRequest, raw: bytes, trust: Trust) -> AnyAnswer:
    answer = open_answer_to(raw, trust, request.request_id, request.digest)
    if answer.device != (request.device or machine.identity.device):
        raise AnswerMismatch("an answer to another device")
    return answer


class Arrival(NamedTuple):
    """A verified answer beside the request that it answers."""

    request: OpenRequest
    raw: bytes
    answer: AnyAnswer


def _apply(machine: Machine, tx: Transaction, trust: Trust, arrival: Arrival) -> bool:
    """Make the move that an answer means; whether it was a license that can never run here."""
    if len(trust.chain) > len(tx.roots):
        tx.save_roots(trust.chain)
    before = tx.state
    after = advance(before, _event(arrival) if _fits(arrival) else _nothing_for(arrival))
    if after == before:
        return False  # applied before, or overtaken: a doubled answer is harmless
    answer = arrival.answer
    tx.save(after)
    tx.answered(answer.request_id, arrival.raw, machine.now())
    installed = after.holds_document and (
        not before.holds_document or after.generation != before.generation
    )
    if isinstance(answer, License) and installed:
        _install(machine, tx, arrival, answer)
    if isinstance(answer, Receipt) and after.standing is Standing.RELEASED:
        tx.keep_paper(_paper(machine, PaperKind.RECEIPT, answer, arrival.raw))
        if not answer.freed:
            _forget_code(tx)
    if isinstance(answer, Window):
        tx.keep_paper(_paper(machine, PaperKind.WINDOW, answer, arrival.raw))
    for case in _decisions(before, after):
        tx.record(machine.now(), f"heard-case-{case.state.value}", number=str(case.case_id))
    if not isinstance(answer, Truth) or after.standing is not before.standing:
        happened = answer.typ.removesuffix("+jws")
        tx.record(machine.now(), f"{happened}-received", standing=after.standing.value)
    return isinstance(answer, License) and not installed


def _decisions(before: State, after: State) -> Iterator[CaseSummary]:
    """What this answer was the first to say of a case."""
    known = {case.case_id: case.state for case in (before.case, before.decided) if case}
    for case in (after.case, after.decided):
        if case is None or case.state is CaseState.OPEN:
            continue
        if known.get(case.case_id) is not case.state:
            yield case


def _forget_code(tx: Transaction) -> None:
    """Show no code that opens nothing: an earlier release had freed the license, under its own."""
    key = key_in_use(tx)
    if key is not None:
        tx.keep_key(replace(key, reactivation_code=None))


def _install(machine: Machine, tx: Transaction, arrival: Arrival, license: License) -> None:
    tx.install(arrival.raw, tx.proposal or b"")
    if license.device != machine.identity.device:
        tx.record(machine.now(), "key-renewed")
    tx.keep_paper(_paper(machine, PaperKind.LICENSE, license, arrival.raw))
    asked = open_request(tx.journaled(arrival.request.request_id)).request
    for key in tx.license_keys():
        if isinstance(asked, Activate) and key.key_id == asked.license.key_id:
            tx.keep_key(replace(key, license_id=license.license_id, reactivation_code=None))


def _paper(
    machine: Machine, kind: PaperKind, answer: License | Receipt | Window, raw: bytes
) -> StoredPaper:
    return StoredPaper(
        digest=jws.digest(raw),
        kind=kind,
        license_id=answer.license_id,
        generation=answer.generation,
        raw=raw,
        stored_at=machine.now(),
    )


def _fits(arrival: Arrival) -> bool:
    """Whether the answer is of a kind that was asked for."""
    return type(arrival.answer) in _ANSWERS[arrival.request.op]


def _nothing_for(arrival: Arrival) -> AnswerEvent:
    """Take what the vendor signed for this very request, but for another question, as a refusal.

    The answer to a request stays the same for ever, so it would be waited for for ever.
    """
    return RefusalArrived(**_heard(arrival))


def _heard(arrival: Arrival) -> dict[str, Any]:
    answer = arrival.answer
    return {
        "request_id": answer.request_id,
        "digest": jws.digest(arrival.raw),
        "epoch": answer.epoch,
        "audit_index": answer.audit_index,
        "server_time": answer.server_time,
    }


def _event(arrival: Arrival) -> AnswerEvent:
    """Say what an answer means to the lifecycle."""
    answer, heard = arrival.answer, _heard(arrival)
    match answer:
        case License(license_id=license_id, generation=generation):
            matched_at = arrival.request.issued_at
            return LicenseArrived(
                **heard, license_id=license_id, generation=generation, matched_at=matched_at
            )
        case Receipt(license_id=license_id, generation=generation, freed=freed):
            highest = max((generation, *freed))
            return ReceiptArrived(**heard, license_id=license_id, generation=highest)
        case Case(case=case):
            return CaseArrived(**heard, case=case)
        case Window(license_id=license_id, window=window):
            return WindowArrived(**heard, license_id=license_id, window=window)
        case Truth(held=held, hold=hold, cases=cases, license_id=license_id):
            return TruthArrived(
                **heard,
                held=held,
                hold=hold,
                cases=cases,
                license_id=license_id,
                generation=answer.generation,
                window=answer.window,
                renew_key=answer.renew_key,
                suspended=answer.suspended,
                announcements=answer.announcements,
                offers=answer.offers,
                holidays=answer.holidays,
            )
        case Refusal(code=code, last_sequence=last_sequence):
            ends_case = code == RefusalCode.CASE_UNKNOWN
            return RefusalArrived(
                **heard,
                ends_case=ends_case,
                off_record=code in _OFF_RECORD,
                again=code in SEQUENCE_TOO_LOW,
                renew_key=code == RefusalCode.KEY_RENEWAL_NEEDED,
                last_sequence=last_sequence,
            )
        case _:
            assert_never(answer)
