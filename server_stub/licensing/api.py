"""The agents' door: signed bytes in, signed bytes out; no session, no cookie, no page.

What is not a signed answer is `application/problem+json` (RFC 9457) with a stable `code`, and
proves nothing to an agent.
"""

import json
import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from protocol.envelope import open_request
from protocol.exchange import pack_roots, request_bytes
from protocol.jws import MAX_DOCUMENT_BYTES
from protocol.problems import ProtocolError
from server_stub.errors import ServerError, StoreBusy, StoreUnreadable
from server_stub.licensing.limits import sender
from server_stub.licensing.lookups import newest_root
from server_stub.licensing.server import SigningServer
from server_stub.licensing.services.exchange import answer_signed
from server_stub.licensing.transactions import store_errors

JOSE = "application/jose"
SERVER = "faragostar.server"
_BODY_MARGIN = 16
_RETRY_SECONDS = 5

_log = logging.getLogger("server_stub.requests")

View = Callable[[HttpRequest], HttpResponse]


def problem(status: HTTPStatus, code: str, *, wait: int = 0) -> HttpResponse:
    """An unsigned "no"; its reader must believe nothing but that it may try again."""
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "code": code}
    response = HttpResponse(
        json.dumps(body).encode(), status=status, content_type="application/problem+json"
    )
    if wait:
        response["Retry-After"] = str(wait)
    return response


def door(method: str) -> Callable[[View], View]:
    """One method, one limit per address, and no error page with our insides on it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            if request.method != method:
                response = problem(HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed")
                response["Allow"] = method
                return response
            wait = _server(request).by_address.seconds_to_wait(sender(_address(request)))
            if wait:
                return problem(HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", wait=wait)
            try:
                return view(request)
            except ServerError as cause:
                return _unavailable(cause)

        return guarded

    return decorate


@door("POST")
def requests(request: HttpRequest) -> HttpResponse:
    """Answer one signed request."""
    if request.content_type != JOSE:
        return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "media-type")
    raw = _body(request)
    if raw is None:
        return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "document-too-large")
    server = _server(request)
    try:
        raw = request_bytes(raw)
        signed = open_request(raw)
    except ProtocolError as cause:
        _log.info("refused", extra={"fields": {"outcome": cause.code}})
        return problem(HTTPStatus.BAD_REQUEST, cause.code)
    # Counted once the signature holds: nobody can use up another device's turn.
    if wait := server.by_device.seconds_to_wait(signed.device):
        return problem(HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", wait=wait)
    reply = answer_signed(server, signed, raw)
    fields = {
        "request_id": signed.request.request_id,
        "op": reply.op,
        "device": signed.device[:8],
        "outcome": reply.outcome,
    }
    _log.info("answered", extra={"fields": fields})
    return HttpResponse(reply.body, content_type=JOSE)


@door("GET")
def trust(request: HttpRequest) -> HttpResponse:
    """The chain of roots; worth what its signatures are worth."""
    server = _server(request)
    with store_errors():
        # Another worker may have published one since this one last answered.
        server.keyring.catch_up(newest_root())
    return HttpResponse(pack_roots(server.trust.chain), content_type=JOSE)


@door("GET")
def time(request: HttpRequest) -> HttpResponse:
    """Tell the time, unsigned: a hint for a clock, never a proof."""
    body = json.dumps({"time": _server(request).clock()}).encode()
    return HttpResponse(body, content_type="application/json")


@door("GET")
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say whether the database answers."""
    with store_errors():
        newest_root()
    return HttpResponse(b'{"status": "ok"}', content_type="application/json")


def not_found(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such door."""
    del exception
    return problem(HTTPStatus.NOT_FOUND, "not-found")


def unexpected(_request: HttpRequest) -> HttpResponse:
    """Whatever went wrong outside a door."""
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "unexpected")


def _server(request: HttpRequest) -> SigningServer:
    server: SigningServer = request.META[SERVER]
    return server


def _address(request: HttpRequest) -> str:
    """Who asks; behind a proxy of ours, whom that proxy saw. What stands before it is hearsay."""
    address: str = request.META["REMOTE_ADDR"]
    if address in _server(request).proxies:
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        return seen or address
    return address


def _body(request: HttpRequest) -> bytes | None:
    """The whole body, or None when no honest request is that large."""
    limit = MAX_DOCUMENT_BYTES + _BODY_MARGIN
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if not declared.isdecimal() or int(declared) > limit:
        return None
    raw = request.read(limit + 1)
    return raw if len(raw) <= limit else None


def _unavailable(cause: ServerError) -> HttpResponse:
    fields = {"outcome": cause.code}
    _log.error("unavailable", extra={"fields": fields})
    # What our books, keys or evidence lack is the log's business, and no stranger's.
    if isinstance(cause, StoreBusy):
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, StoreBusy.code, wait=1)
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, StoreUnreadable.code, wait=_RETRY_SECONDS)
