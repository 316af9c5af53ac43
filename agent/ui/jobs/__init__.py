"""What the window asks of the agent, and what it hears back: frozen values, nothing of Qt.

A job is a value that knows what to do with an agent; it is done in the worker's thread, and loads
there whatever it needs.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from msgspec import Struct

from agent.config import Home
from agent.ports import HistoryEntry, StoredPaper
from agent.presentation import Failure, Remaining
from agent.ui.wording import WindowTexts
from protocol.values import Timestamp
from protocol.views import MessageView, StatusView

if TYPE_CHECKING:
    from agent.choosing import Bundle
    from agent.config import Settings
    from agent.inventories import MachineView
    from agent.use_cases import Agent

T = TypeVar("T")


class Word(Struct, frozen=True):
    """Base of what a job says beside the standing: where something was written, what was found."""


class Patient(Protocol):
    """Somebody who waits for what comes, and may cease to."""

    def each(self, coming: Iterable[T]) -> Iterator[T]:
        """Yield what comes, as it comes, until somebody waits no longer."""


class Workplace(NamedTuple):
    """What a job is done with; `agent` opens it anew, with this moment's settings.

    `say` tells the page at once what was found so far; `patient` may lose patience meanwhile.
    """

    home: Home
    texts: WindowTexts
    agent: "Callable[[], Agent]"
    say: Callable[[Word], None]
    patient: Patient


class Job(Protocol):
    """One thing to do."""

    def done(self, at: Workplace) -> StatusView | Word | None:
        """Do it, and say what it came to; nothing: look what is known then.

        Raises:
            AgentError: it did not happen; what was journaled is safe.
        """


class Look(Struct, frozen=True):
    """Look again, and change nothing: done quietly, beside whatever a person does meanwhile.

    Base of every job of which that is true.
    """

    def done(self, at: Workplace) -> StatusView | Word | None:
        """Do nothing: what is known is looked up after every job."""


class Write(Look, frozen=True):
    """Write down what is this user's own: as quietly as a look, but never given up or left out.

    Base of every job that does no more than that; it is short, and waits for nobody.
    """


class Known(NamedTuple):
    """What is known of the license at one moment; `as_of` where only the signed copy is readable.

    `key_end` is what a release is confirmed by. `trouble` says why nothing could be read.
    `settings` hide the proxy's password; `bundle` is what needs no asking before it is set up.
    """

    view: StatusView | None = None
    as_of: Timestamp | None = None
    is_set_up: bool = True
    trouble: Failure | None = None
    key_end: str = ""
    reactivation_code: str | None = None
    has_papers: bool = False
    warnings: tuple[MessageView, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    papers: tuple[StoredPaper, ...] = ()
    parts: "MachineView | None" = None
    settings: "Settings | None" = None
    bundle: "Bundle | None" = None
    dismissed: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Show the standing alone: neither a code nor the end of the key."""
        return f"Known({self.view.standing.value if self.view else None})"


class Outcome(NamedTuple):
    """What became of a job: what is known now, what it said, and what went wrong, if anything."""

    job: Job
    known: Known
    trouble: Failure | None = None
    word: Word | None = None


def unforeseen(error: Exception, remaining: Remaining) -> Failure:
    """A failure that nobody foresaw, beside what still holds."""
    reason = f"{type(error).__name__}: {error}".strip(": ")
    return Failure("unexpected", "unexpected", {"reason": reason}, remaining, 1)
