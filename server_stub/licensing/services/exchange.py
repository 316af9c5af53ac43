"""The pipeline of docs/protocol.md §5: bytes in, signed bytes out, once and for ever the same."""

from typing import NamedTuple

from protocol import jws
from protocol.documents import Activate, CheckIn, Notice, Release, Withdraw
from protocol.envelope import SignedRequest, open_request
from protocol.exchange import pack_answer
from protocol.problems import RefusalCode
from server_stub.errors import BooksBehind
from server_stub.licensing.audit import Journal
from server_stub.licensing.lookups import first_look, look_under_lock
from server_stub.licensing.models import Device, Exchange, License, ServerState
from server_stub.licensing.server import SigningServer
from server_stub.licensing.services import holds
from server_stub.licensing.services.binding import activate
from server_stub.licensing.services.checkin import check_in
from server_stub.licensing.services.order import keep_device
from server_stub.licensing.services.papers import Papers, verify_papers
from server_stub.licensing.services.refusals import Refused, Unrecorded
from server_stub.licensing.services.release import release
from server_stub.licensing.services.turn import Outcome, Turn
from server_stub.licensing.services.windows import open_by_notice
from server_stub.licensing.services.withdrawal import withdraw
from server_stub.licensing.transactions import record_evidence, store_errors, writing


class Reply(NamedTuple):
    """What leaves, and what the log may say of it."""

    body: bytes
    op: str
    outcome: str


def answer(server: SigningServer, raw: bytes) -> Reply:
    """Answer a request, from whatever door it came.

    Raises:
        ProtocolError: no honest spelling of a request; nothing was changed.
        ServerError: the database or the second place failed; asking again is safe.
    """
    return answer_signed(server, open_request(raw), raw)


def answer_signed(server: SigningServer, signed: SignedRequest, raw: bytes) -> Reply:
    """Answer a verified request; the same bytes for the same request, for ever."""
    try:
        with store_errors():
            seen = first_look(signed.device, signed.request.request_id)
            server.keyring.catch_up(seen.root_version)
            _require_hearing(server, signed, seen.epoch)
            exchange = _stored(signed, seen.exchange_id) or _answer_once(server, signed, raw)
            # Before anything leaves: a crash between the commit and here is made good by the
            # resend, which finds the exchange and comes through this same line.
            record_evidence(server.evidence, exchange.audit_id)
    except Unrecorded as refused:
        return _reply(server, signed, _refusal(server, signed, refused), str(refused))
    document = bytes(exchange.answer)
    return _reply(server, signed, document, jws.split(document).header.typ.removesuffix("+jws"))


def _require_hearing(server: SigningServer, signed: SignedRequest, epoch: int) -> None:
    """Refuse what no server should accept: another's request, or one from our own future."""
    root = server.trust.root
    if signed.request.audience != root.audience:
        raise Unrecorded(RefusalCode.AUDIENCE_WRONG)
    if signed.request.epoch_seen > epoch or signed.request.trust_version > root.version:
        raise Unrecorded(RefusalCode.SERVER_BEHIND)


def _stored(signed: SignedRequest, exchange_id: int | None) -> Exchange | None:
    if exchange_id is None:
        return None
    stored = Exchange.objects.get(pk=exchange_id)
    if stored.request_hash != signed.digest:
        raise Unrecorded(RefusalCode.REQUEST_ID_REUSED)
    return stored


def _answer_once(server: SigningServer, signed: SignedRequest, raw: bytes) -> Exchange:
    trusted = server.trust.root.version
    papers = verify_papers(server, signed)
    with writing(server.clock(), server.evidence.known_newest) as journal:
        # What is signed behind a newer root, in the order of the books, is signed by its key.
        server.keyring.catch_up(journal.state.root_version)
        if server.trust.root.version != trusted:
            # What a root revoked meanwhile proves nothing any more.
            papers = verify_papers(server, signed)
        request = signed.request
        seen = look_under_lock(signed.device, request.request_id, request.sequence)
        # Its twin may have been answered while this one waited for the lock.
        if (stored := _stored(signed, seen.exchange_id)) is not None:
            return stored
        turn = Turn(server, journal, signed, is_sequence_used=seen.is_sequence_used)
        try:
            outcome = _dispatch(turn, papers)
        except Refused as refused:
            outcome = turn.refuse(refused, papers.license)
        return _record(turn, outcome, raw)


def _dispatch(turn: Turn, papers: Papers) -> Outcome:
    if papers.fault is not None and papers.license is None:
        turn.meet_device()
        raise Refused(papers.fault)
    # Read again under the lock: the row that proved the claim may be old by now.
    license = papers.license and License.objects.select_related("customer").get(
        pk=papers.license.pk
    )
    if license is not None and papers.proof is not None:
        holds.learn(turn, license, papers.proof)
    match turn.request:
        case Activate() as request if license is not None:
            return activate(turn, request, license, papers)
        case Release() as request if license is not None and papers.proof is not None:
            return release(turn, request, license, papers.proof)
        case CheckIn() as request:
            return check_in(turn, request, license, papers.proof)
        case Withdraw() as request if license is not None:
            return withdraw(turn, request, license)
        case Notice() as request if license is not None and papers.proof is not None:
            return open_by_notice(turn, request, license, papers.proof)
        case other:
            raise AssertionError(f"{type(other).__name__} came without its papers")


def _record(turn: Turn, outcome: Outcome, raw: bytes) -> Exchange:
    """Keep request, answer and audit entry with the change itself."""
    signed, request = turn.signed, turn.request
    if turn.device is not None:
        keep_device(turn, turn.device, accepted=outcome.accepted)
    entry = turn.journal.record(
        outcome.event,
        license=outcome.license_id,
        device=signed.device,
        facts={
            "request_id": request.request_id,
            "sequence": request.sequence,
            "request": signed.digest,
            "answer": jws.digest(outcome.answer),
        },
    )
    return Exchange.objects.create(
        device_id=signed.device,
        request_id=request.request_id,
        sequence=request.sequence,
        op=_op(signed),
        accepted=outcome.accepted,
        request_hash=signed.digest,
        request=raw,
        answer=outcome.answer,
        answer_digest=jws.digest(outcome.answer),
        audit=entry,
        answered_at=turn.now,
    )


def _refusal(server: SigningServer, signed: SignedRequest, refused: Unrecorded) -> bytes:
    """Sign a refusal that changes nothing, not even the books."""
    state = ServerState.objects.get(pk=1)
    server.keyring.catch_up(state.root_version)
    # The head names the newest entry there is: a journal one entry back would write that one. It
    # orders what a device hears; how many entries there are is no stranger's business.
    known = Device.objects.filter(pk=signed.device).exists()
    state.audit_index = state.audit_index - 1 if known else 0
    return Turn(server, Journal(state, server.clock()), signed).refuse(refused, None).answer


def _reply(server: SigningServer, signed: SignedRequest, document: bytes, outcome: str) -> Reply:
    """Put every root that the device has not seen before the answer."""
    later = server.trust.chain[signed.request.trust_version :]
    return Reply(pack_answer(later, document), _op(signed), outcome)


def _op(signed: SignedRequest) -> str:
    return str(signed.request.__struct_config__.tag)


def record_missing_evidence(server: SigningServer) -> int:
    """Make good what a crash between commit and evidence left out; how many entries there were.

    Raises:
        BooksBehind: evidence is written after the commit, so a database that knows less is an old
            copy. It would give generations again that are in use, and skip their evidence.
    """
    # In this order: another process may be answering meanwhile.
    evidence = server.evidence.ready()
    books = ServerState.objects.get(pk=1).audit_index
    if evidence > books:
        raise BooksBehind(books=str(books), evidence=str(evidence))
    record_evidence(server.evidence, books)
    return books - max(evidence, 0)
