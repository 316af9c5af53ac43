"""Waiting for the signing server, and ceasing to wait.

A request on its way cannot be called back, and need not be: it was journaled first, and the server
gives the same bytes the same answer. So whoever stops waiting only leaves the answer unheard, and
the next check asks for it again (docs/protocol.md §5).
"""

from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue
from threading import Lock, Thread
from typing import TypeVar

from agent.errors import WaitingStopped
from agent.ports import SigningServer

T = TypeVar("T")
_Heard = bytes | BaseException | None


def _nothing() -> None:
    """Nothing is waited for yet."""


class Patience:
    """How long one person waits for answers.

    `asking` is called when a request leaves, `gathering` when more than one thing is waited for.
    """

    def __init__(
        self, asking: Callable[[], None], gathering: Callable[[], None] = _nothing
    ) -> None:
        self._asking = asking
        self._gathering = gathering
        self._lock = Lock()
        self._stopped = False
        self._heard: SimpleQueue[_Heard] = SimpleQueue()
        self._end_of_coming: Callable[[], None] = _nothing

    def begin(self) -> None:
        """Be patient again, for another job."""
        with self._lock:
            self._stopped = False

    def stop(self) -> None:
        """Wait no longer, from any thread."""
        with self._lock:
            self._stopped = True
            self._heard.put(None)
            self._end_of_coming()

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

    def each(self, coming: Iterable[T]) -> Iterator[T]:
        """Yield what comes, as it comes; after `stop`, nothing more.

        What is waited for then is left behind: a name that nobody resolves holds up no one.
        """
        came: SimpleQueue[tuple[T] | BaseException | None] = SimpleQueue()
        with self._lock:
            if self._stopped:
                return
            self._end_of_coming = lambda: came.put(None)
        self._gathering()
        Thread(target=_gather, args=(coming, came), daemon=True).start()
        while (found := came.get()) is not None:
            if isinstance(found, BaseException):
                raise found
            yield from found


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


def _gather(coming: Iterable[T], came: "SimpleQueue[tuple[T] | BaseException | None]") -> None:
    try:
        for found in coming:
            came.put((found,))
        came.put(None)
    except BaseException as error:  # noqa: BLE001 - it is raised where the next one is waited for
        came.put(error)
