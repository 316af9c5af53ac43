"""The signing server over HTTP: bytes out, bytes in, bounded in size and time.

What comes back is not believed here; the envelope's signature decides. Nothing is followed (no
redirects), nothing is decompressed, and a failed attempt is repeated with jitter, because the
server answers the same bytes to the same request for ever (docs/protocol.md §5).
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from agent.config import VERSION, Settings
from agent.errors import (
    DocumentRefused,
    NameNotResolved,
    NotASigningServer,
    NotSetUp,
    ProxyFailed,
    ServerSlow,
    ServerTroubled,
    ServerUnreachable,
    TlsFailed,
)
from protocol.exchange import MAX_EXCHANGE_BYTES

if TYPE_CHECKING:
    import requests

MEDIA_TYPE = "application/jose"
_CHUNK = 64 * 1024
_OK = 200
_PROXY_WANTS_A_PASSWORD = 407
_REDIRECTS = range(300, 400)
_TROUBLES = {408, 413, 425, 429, *range(500, 600)}


class Limits(NamedTuple):
    """How patient a client is, in seconds and attempts."""

    connect: float = 10.0
    read: float = 20.0
    whole: float = 45.0
    attempts: int = 3
    first_pause: float = 0.5


PATIENT = Limits()


class HttpSigningServer:
    """`ports.SigningServer` over HTTP(S); one request per call, no session kept."""

    def __init__(
        self,
        settings: Settings,
        *,
        limits: Limits = PATIENT,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._limits = limits
        self._pause = pause

    def send(self, request: bytes) -> bytes:
        """Post a request and return the raw answer.

        Raises:
            ServerUnreachable: and its leaves, by what went wrong.
            DocumentRefused: an answer larger than any honest one.
        """
        if self._settings.server is None:
            raise NotSetUp(path="server")
        if self._settings.ca_file and not Path(self._settings.ca_file).is_file():
            # requests would say so only as an OSError like any other.
            raise TlsFailed(server=self._settings.server, reason=self._settings.ca_file)
        for attempt in range(self._limits.attempts - 1):
            try:
                return self._post(request)
            except (NotASigningServer, TlsFailed, ProxyFailed):
                raise  # trying again finds the same
            except ServerUnreachable:
                import random

                # Jitter keeps a thousand agents from returning in step after an outage.
                spread = random.uniform(0.5, 1.5)  # noqa: S311 - no secret
                self._pause(self._limits.first_pause * 2**attempt * spread)
        return self._post(request)

    def _post(self, request: bytes) -> bytes:
        import requests
        from urllib3.exceptions import HTTPError

        server = (self._settings.server or "").rstrip("/")
        proxy = self._settings.proxy
        try:
            with requests.Session() as session:
                response = session.post(
                    f"{server}/v1/requests",
                    data=request,
                    headers=_HEADERS,
                    timeout=self._limits[:2],
                    verify=self._settings.ca_file or True,
                    proxies={"http": proxy, "https": proxy} if proxy else None,
                    allow_redirects=False,
                    stream=True,
                )
                with response:
                    return _body(response, server, self._limits.whole)
        except (requests.RequestException, HTTPError, OSError) as cause:
            _raise(cause, server, self._limits.read)


_HEADERS = {
    "Content-Type": MEDIA_TYPE,
    "Accept": MEDIA_TYPE,
    "Accept-Encoding": "identity",  # a compressed answer could be larger than it looks
    "User-Agent": f"faragostar-man/{VERSION}",
}


def _body(response: "requests.Response", server: str, seconds: float) -> bytes:
    status = response.status_code
    if status == _PROXY_WANTS_A_PASSWORD:
        raise ProxyFailed(server=server)
    if status in _TROUBLES:
        raise ServerTroubled(
            server=server, status=status, retry_after=response.headers.get("Retry-After", "")
        )
    media = response.headers.get("Content-Type", "").partition(";")[0].strip()
    if status != _OK or media != MEDIA_TYPE or "Content-Encoding" in response.headers:
        where = response.headers.get("Location", "") if status in _REDIRECTS else media
        raise NotASigningServer(server=server, status=status, found=where)
    return _read(response, server, seconds)


def _read(response: "requests.Response", server: str, seconds: float) -> bytes:
    """Read at most an honest answer's size, in at most the time allowed for the whole."""
    deadline = time.monotonic() + seconds
    body = bytearray()
    while chunk := response.raw.read1(_CHUNK):
        body += chunk
        if len(body) > MAX_EXCHANGE_BYTES:
            raise DocumentRefused("document-too-large")
        if time.monotonic() > deadline:
            raise ServerSlow(server=server, seconds=int(seconds))
    return bytes(body)


def _raise(cause: Exception, server: str, seconds: float) -> NoReturn:
    """Name what went wrong, most specific first."""
    import requests
    from urllib3.exceptions import (
        NameResolutionError,
        ProtocolError,
        ReadTimeoutError,
        SSLError,
    )

    chain = tuple(_chain(cause))
    found: ServerUnreachable
    if any(isinstance(c, requests.exceptions.ProxyError) for c in chain):
        found = ProxyFailed(server=server)
    elif any(isinstance(c, requests.exceptions.SSLError | SSLError) for c in chain):
        found = TlsFailed(server=server, reason=chain[-1])
    elif any(isinstance(c, NameResolutionError) for c in chain):
        found = NameNotResolved(server=server)
    elif any(isinstance(c, requests.Timeout | ReadTimeoutError | TimeoutError) for c in chain):
        found = ServerSlow(server=server, seconds=int(seconds))
    elif isinstance(cause, ProtocolError):  # the answer broke off after its head
        found = ServerTroubled(server=server, status="…", retry_after="")
    else:
        found = ServerUnreachable(server=server)
    raise found from cause


def _chain(error: BaseException) -> "list[BaseException]":
    """Collect an error and everything it wraps: requests hides the reason in arguments."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            waiting += [getattr(one, "reason", None), one.__cause__, one.__context__, *one.args]
    return found
