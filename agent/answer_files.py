"""What came in by hand: an answer file, or pasted parts of one; everything else is named.

Looks at types and names alone; whether an answer is genuine is verified by who takes it in.
"""

from agent.errors import FileRefused
from agent.ports import Reading
from agent.state import OpenRequest
from protocol import jws
from protocol.documents import AnyAnswer
from protocol.envelope import REQUEST_TYPE, open_request
from protocol.exchange import AnswerBytes, unpack_answer
from protocol.parts import PART_MARK, join_parts
from protocol.problems import MalformedEnvelope, PartsProblem
from protocol.trust import ROOT_TYPE
from protocol.values import Digest

# Text with parts is longer than what it carries; more than this is no honest paste.
MAX_TEXT_BYTES = 2 * 1024 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def answer_in(raw: bytes) -> AnswerBytes:
    """Find the answer in what was read, forgiving what editors and pastes do to its ends.

    Raises:
        FileRefused: empty, a request, a root, parts that give no document, or something else.
    """
    text = raw.removeprefix(_BYTE_ORDER_MARK).strip()
    if not text:
        raise FileRefused("file-empty")
    if PART_MARK.encode() in text[:MAX_TEXT_BYTES]:
        text = _joined(text[:MAX_TEXT_BYTES]).strip()
    _require_no_other_file(text)
    try:
        return unpack_answer(text)
    except MalformedEnvelope as cause:
        raise FileRefused("file-not-an-answer") from cause


def asked_by(memory: Reading, answer: AnyAnswer) -> OpenRequest | None:
    """Find the request of this store that an answer claims to belong to; `receive` verifies it."""
    raw = memory.find_journaled(answer.request_id)
    if raw is None:
        return None
    signed = open_request(raw)
    request = signed.request
    return OpenRequest(
        op=str(request.__struct_config__.tag),
        request_id=request.request_id,
        sequence=request.sequence,
        digest=Digest(signed.digest),
        issued_at=request.issued_at,
        device=signed.device,
    )


def _joined(text: bytes) -> bytes:
    try:
        return join_parts([text.decode(errors="replace")])
    except PartsProblem as cause:
        raise FileRefused(cause.code, **cause.parameters) from cause


def _require_no_other_file(text: bytes) -> None:
    """Name the files that are mistaken for an answer; their type is all that is looked at."""
    last = text.rpartition(b"\n")[2].split(b" ")[0].strip()
    try:
        typ = jws.split(last).header.typ
    except MalformedEnvelope as cause:
        raise FileRefused("file-not-an-answer") from cause
    if typ == REQUEST_TYPE:
        raise FileRefused("file-is-a-request")
    if typ == ROOT_TYPE:
        raise FileRefused("file-is-a-root")
