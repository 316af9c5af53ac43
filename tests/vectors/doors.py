"""The doors that untrusted bytes come in by, each under the name that a vector gives it."""

from collections.abc import Callable

import msgspec

from protocol.documents import Permit
from protocol.envelope import (
    open_answer,
    open_answer_to,
    open_device_document,
    open_license,
    open_request,
)
from protocol.exchange import unpack_answer, unpack_roots, walk_roots
from protocol.problems import ProtocolError
from protocol.trust import Trust
from tests.protocol.samples import DEVICE, REQUEST_DIGEST, REQUEST_ID

_permits = msgspec.json.Decoder(Permit)


def _open_exchange(raw: bytes, trust: Trust) -> None:
    answer = unpack_answer(raw)
    open_license(answer.answer, walk_roots(trust, answer.roots))


DOORS: dict[str, Callable[[bytes, Trust], object]] = {
    "license": open_license,
    "answer": open_answer,
    "answer-to": lambda raw, trust: open_answer_to(raw, trust, REQUEST_ID, REQUEST_DIGEST),
    "request": lambda raw, _: open_request(raw),
    "permit": lambda raw, _: open_device_document(raw, Permit.typ, DEVICE, _permits),
    "pin": lambda raw, _: Trust.pin(unpack_roots(raw)[0]),
    "advance": lambda raw, trust: trust.advance(unpack_roots(raw)[0]),
    "walk": lambda raw, trust: walk_roots(trust, unpack_roots(raw)),
    "exchange": _open_exchange,
}


def refusal(door: str, raw: bytes, trust: Trust) -> str | None:
    """The code that refuses these bytes; None where they are accepted."""
    try:
        DOORS[door](raw, trust)
    except ProtocolError as error:
        return error.code
    return None
