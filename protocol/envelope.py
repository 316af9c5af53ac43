"""Signs and opens the documents of docs/protocol.md.

Each `open_…` returns the verified value or raises a `ProtocolError`; there is no boolean to forget
and no unverified value to use by mistake. The order is always: size, header, key, signature over
the raw bytes, and only then the payload.
"""

from functools import cache
from typing import Any, NamedTuple, TypeVar

import msgspec

from protocol import jws
from protocol.documents import (
    Activate,
    Answer,
    AnyAnswer,
    Case,
    CheckIn,
    Handover,
    License,
    Notice,
    Permit,
    Receipt,
    Refusal,
    Release,
    Request,
    Truth,
    Window,
    Withdraw,
)
from protocol.encoding import DocumentT, decode_canonical, from_base64url
from protocol.keys import Algorithm, PublicKey, SigningKey, device_id
from protocol.problems import AlgorithmRefused, AnswerMismatch, UnknownKey, WrongType
from protocol.trust import Trust
from protocol.values import DeviceId, Digest, Document, RequestId

REQUEST_TYPE = "request+jws"

AnswerT = TypeVar("AnswerT", bound=Answer)


class SignedRequest(NamedTuple):
    """A request, verified; `digest` is what its answer repeats."""

    request: Request
    device: DeviceId
    key: PublicKey
    digest: Digest


_ANSWERS: dict[str, type[AnyAnswer]] = {
    kind.typ: kind for kind in (License, Receipt, Window, Case, Truth, Refusal)
}


@cache
def _requests() -> "msgspec.json.Decoder[Request]":
    """Made when the first request is opened, which an agent hardly ever does."""
    return msgspec.json.Decoder(Activate | CheckIn | Release | Withdraw | Notice)


_handovers = msgspec.json.Decoder(Handover)
_decoders: "dict[type[Answer], msgspec.json.Decoder[Any]]" = {}


def _decoder(kind: type[AnswerT]) -> "msgspec.json.Decoder[AnswerT]":
    """Made when the first document of its kind is opened, and kept."""
    if kind not in _decoders:
        _decoders[kind] = msgspec.json.Decoder(kind)
    return _decoders[kind]


def sign_request(request: Request, device_key: SigningKey) -> bytes:
    """Sign a request; the envelope carries the device's public key, whose thumbprint names it."""
    return jws.sign(request, REQUEST_TYPE, device_key, carry_key=True)


def open_request(raw: bytes) -> SignedRequest:
    """Verify a device's request under the key that it carries.

    Raises:
        ProtocolError: anything but one honest spelling of one request.
    """
    device, key, digest, payload = _open_device_document(raw, REQUEST_TYPE)
    return SignedRequest(decode_canonical(payload, _requests()), device, key, digest)


def sign_answer(answer: AnyAnswer, document_key: SigningKey) -> bytes:
    """Sign an answer with a document key of the current root."""
    return jws.sign(answer, answer.typ, document_key)


def open_answer(raw: bytes, trust: Trust) -> AnyAnswer:
    """Verify any answer of the signing server.

    Raises:
        ProtocolError: not a document of a server that this root trusts.
    """
    envelope = jws.split(raw)
    kind = _ANSWERS.get(envelope.header.typ)
    if kind is None:
        raise WrongType(f"{envelope.header.typ!r} is no answer")
    return _open_server_document(envelope, trust, kind)


def open_answer_to(
    raw: bytes, trust: Trust, request_id: RequestId, request_digest: Digest
) -> AnyAnswer:
    """Verify an answer and that it answers this very request.

    Raises:
        AnswerMismatch: genuine, but to another request.
        ProtocolError: not genuine.
    """
    answer = open_answer(raw, trust)
    if (answer.request_id, answer.request_hash) != (request_id, request_digest):
        raise AnswerMismatch("an answer to another request")
    return answer


def open_license(raw: bytes, trust: Trust) -> License:
    """Verify a license document.

    Raises:
        ProtocolError: not a license of a server that this root trusts.
    """
    return _open_server_document(jws.split(raw, License.typ), trust, License)


def reopen_license(raw: bytes, trust: Trust) -> License:
    """Read a license document again that was opened before; checks no signature.

    Only for bytes that the caller has kept where nobody else writes, together with the word that
    they were verified. What a newer root says of the key counts all the same.

    Raises:
        ProtocolError: its key is believed no more, or these are not the bytes of a license.
    """
    envelope = jws.split(raw, License.typ)
    trust.require_believed(envelope)
    payload = from_base64url(envelope.encoded_payload)
    return _in_force(envelope, trust, decode_canonical(payload, _decoder(License)))


def sign_device_document(document: Document, typ: str, device_key: SigningKey) -> bytes:
    """Sign a device's own paper (permit, report, status)."""
    return jws.sign(document, typ, device_key, carry_key=True)


def open_device_document(
    raw: bytes, typ: str, device: DeviceId, decoder: "msgspec.json.Decoder[DocumentT]"
) -> DocumentT:
    """Verify a paper signed by this device.

    Raises:
        UnknownKey: another device's paper.
        ProtocolError: not genuine.
    """
    signer, _, _, payload = _open_device_document(raw, typ)
    if signer != device:
        raise UnknownKey("a paper of another device")
    return decode_canonical(payload, decoder)


def sign_permit(permit: Permit, device_key: SigningKey) -> bytes:
    """Sign the permit that the protected application reads (§8)."""
    return sign_device_document(permit, Permit.typ, device_key)


def sign_handover(handover: Handover, former_key: SigningKey) -> bytes:
    """Have a device key name its successor (§5, fork)."""
    return sign_device_document(handover, Handover.typ, former_key)


def open_handover(raw: bytes, heir: DeviceId) -> DeviceId:
    """Verify that some device named `heir` its successor, and return which.

    Raises:
        UnknownKey: it names another successor.
        ProtocolError: not genuine.
    """
    former, _, _, payload = _open_device_document(raw, Handover.typ)
    if decode_canonical(payload, _handovers).device != heir:
        raise UnknownKey("the handover names another device")
    return former


def _open_device_document(raw: bytes, typ: str) -> tuple[DeviceId, PublicKey, Digest, bytes]:
    envelope = jws.split(raw, typ)
    if envelope.header.jwk is None:
        raise UnknownKey("a device's document carries its key")
    key = PublicKey(envelope.header.jwk)
    if key.algorithm is not Algorithm.ED25519:
        raise AlgorithmRefused("device keys are Ed25519")
    if key.kid != envelope.kid:
        raise UnknownKey("the key is not the one that the header names")
    payload = envelope.verified_by(key)
    return device_id(key), key, envelope.digest, payload


def _open_server_document(envelope: jws.Unverified, trust: Trust, kind: type[AnswerT]) -> AnswerT:
    return _in_force(envelope, trust, decode_canonical(trust.open(envelope), _decoder(kind)))


def _in_force(envelope: jws.Unverified, trust: Trust, answer: AnswerT) -> AnswerT:
    trust.require_in_force(envelope.kid, answer.server_time, answer.audit_index)
    return answer
