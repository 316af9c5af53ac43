"""Waiting for the signing server, and ceasing to wait.

A request on its way cannot be called back, and need not be: it was journaled first, and the server
gives the same bytes the same answer. So whoever stops waiting only leaves the answer unheard, and
the next check asks for it again (docs/protocol.md §5).
"""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread

from agent.errors import WaitingStopped
from agent.ports import SigningServer

_Heard = bytes | BaseException | None


class Patience:
    """How long one person waits for answers; `asking` is called when a request leaves."""

    def __init__(self, asking: Callable[[], None]) -> None:
        self._asking = asking
        self._lock = Lock()
        self._stopped = False
        self._heard: SimpleQueue[_Heard] = SimpleQueue()

    def begin(self) -> None:
        """Be patient again, for another job."""
        with self._lock:
            self._stopped = False

    def stop(self) -> None:
        """Wait no longer, from any thread."""
        with self._lock:
            self._stopped = True
            self._heard.put(None)

    def around(self, server: SigningServer) -> SigningServer:
        """Put this patience before a server's door."""
        return _Door(server, self)

    def wait_for(self, server: SigningServer, request: bytes) -> bytes:
        """Send, and wait for the answer or for `stop`.

        Raises:
            WaitingStopped: `stop` was called first.
            AgentError: whatever the server's door raises.
        """
        with self._lock:
            if self._stopped:
                raise WaitingStopped
            heard = self._heard = SimpleQueue()
        self._asking()
        Thread(target=_fetch, args=(server, request, heard), daemon=True).start()
        answer = heard.get()
        if answer is None:
            raise WaitingStopped
        if isinstance(answer, BaseException):
            raise answer
        return answer


class _Door:
    """`ports.SigningServer` for who may lose patience."""

    def __init__(self, server: SigningServer, patience: Patience) -> None:
        self._server = server
        self._patience = patience

    def send(self, request: bytes) -> bytes:
        return self._patience.wait_for(self._server, request)


def _fetch(server: SigningServer, request: bytes, heard: "SimpleQueue[_Heard]") -> None:
    try:
        heard.put(server.send(request))
    except BaseException as error:  # noqa: BLE001 - it is raised where the answer is waited for
        heard.put(error)
