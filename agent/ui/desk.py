"""The agent's side of the window: does one job after another and says what is known then.

Runs in the worker's thread. The agent is opened anew for every job, as a command would do it, so
settings and whatever another process changed are always this moment's.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Protocol

from msgspec.structs import replace

from agent.aftermath import remaining_after
from agent.bootstrap import open_agent
from agent.choosing import bundle, readable
from agent.config import Home, stored_settings
from agent.errors import AdminRightsNeeded, AgentError, NotSetUp, StoreBusy
from agent.ports import SigningServer
from agent.preferences import load_preferences
from agent.presentation import Failure, Remaining, failure_of
from agent.public_status import read_public_status
from agent.publication import STATUS_FILE
from agent.typed import CONFIRMED_BY
from agent.ui.jobs import Job, Known, Look, Outcome, Word, Workplace, Write, unforeseen
from agent.ui.patience import Patience
from agent.ui.wording import Manner, WindowTexts
from agent.use_cases import Agent
from protocol.values import Standing
from protocol.views import StatusView

_FAILED = 1
# Hardware changes and hours run out without any file being written.
LOOK_SECONDS = 60.0


class Opener(Protocol):
    """Opens the agent of a home; `around` goes before the door of its server."""

    def __call__(
        self, home: Home, *, around: Callable[[SigningServer], SigningServer] | None = None
    ) -> Agent:
        """Open it."""


class Desk:
    """Does jobs for one home."""

    def __init__(
        self,
        home: Home,
        patience: Patience,
        opener: Opener = open_agent,
    ) -> None:
        self._home = home
        self._patience = patience
        self._opener = opener
        self._known = Known()
        self._looked_at: tuple[int, ...] = ()
        self._looked_when = 0.0
        self._told: StatusView | None = None

    def do(self, job: Job, manner: Manner, say: Callable[[Word], None]) -> Outcome:
        """Do one job; what goes wrong is told in the outcome, never raised."""
        try:
            return self._done(job, manner, say)
        except Exception as error:  # noqa: BLE001 - a job without an end would hold the window for ever
            trouble = self._unexpected(error)
            return Outcome(job, Known(trouble=trouble), trouble)

    def _done(self, job: Job, manner: Manner, say: Callable[[Word], None]) -> Outcome:
        trouble, told = None, None
        texts = WindowTexts(*manner)
        try:
            told = job.done(Workplace(self._home, texts, self._agent, say, self._patience))
        except StoreBusy as busy:
            # To look would only be to wait once more; who holds the store will be seen to let go.
            return Outcome(job, self._known, self._busy(busy))
        except AgentError as error:
            trouble = failure_of(error, self._remaining(error), _FAILED)
        except Exception as error:  # noqa: BLE001 - a window that vanishes tells nobody where they stand
            trouble = self._unexpected(error)
        if isinstance(job, Write):
            # What is the user's own changes nothing else.
            self._known = self._known._replace(dismissed=load_preferences().dismissed)
            return Outcome(job, self._known, trouble)
        if isinstance(job, Look) and told is not None:
            # What the last act remarked stays: this one only looked beside it.
            return Outcome(job, self._known, None, told if isinstance(told, Word) else None)
        self._known = self._look(told if isinstance(told, StatusView) else None)
        return Outcome(job, self._known, trouble, told if isinstance(told, Word) else None)

    def is_behind(self) -> bool:
        """Whether another process has changed something since the last look, or time itself."""
        is_old = monotonic() - self._looked_when > LOOK_SECONDS
        return is_old or self._mark() != self._looked_at

    def _mark(self) -> tuple[int, ...]:
        home = self._home
        return tuple(map(_changed_at, (home.store, home.settings, home.public / STATUS_FILE)))

    def _agent(self) -> Agent:
        return self._opener(self._home, around=self._patience.around)

    def _look(self, told: StatusView | None) -> Known:
        """See what is known; `told` is what the job itself said, with its remarks."""
        # Before the store is read: what is changed meanwhile is looked at once more.
        mark = self._mark()
        self._told = told or (self._told if mark == self._looked_at else None)
        self._looked_at, self._looked_when = mark, monotonic()
        known = self._standing(told)._replace(dismissed=load_preferences().dismissed)
        with suppress(AgentError):  # where it cannot be read, it cannot be changed either
            known = known._replace(settings=readable(stored_settings(self._home)))
        return known

    def _standing(self, told: StatusView | None) -> Known:
        try:
            return self._seen(self._agent(), told)
        except NotSetUp:
            return _not_set_up()
        except AdminRightsNeeded as denied:
            return self._copy(denied)
        except StoreBusy as busy:
            self._looked_at = ()  # it may be let go unchanged: look until it is
            # As of a moment ago, if anything was seen; the next look finds the rest.
            seen = self._known.view is not None
            return self._known if seen else Known(trouble=self._busy(busy))
        except AgentError as error:
            return Known(trouble=failure_of(error, self._remaining(error), _FAILED))
        except Exception as error:  # noqa: BLE001 - what cannot be seen is not guessed
            return Known(trouble=self._unexpected(error))

    def _seen(self, agent: Agent, told: StatusView | None) -> Known:
        view = told or _remarked(self._told, agent.status())
        if view.standing is Standing.DAMAGED:
            # Whatever else could be asked of the store.
            return Known(view=view, parts=agent.parts())
        key = agent.license_key()
        code = agent.reactivation_code()
        return Known(
            view=view,
            key_end=key[-CONFIRMED_BY:] if key else "",
            reactivation_code=code,
            has_papers=code is not None or agent.proof() is not None,
            warnings=agent.before_release() if "release" in view.actions else (),
            history=agent.history(),
            papers=agent.papers(),
            parts=agent.parts(),
        )

    def _copy(self, denied: AdminRightsNeeded) -> Known:
        """What everybody may read: the signed copy, without a single act."""
        trouble = failure_of(denied, self._remaining(denied), _FAILED)
        try:
            copy = read_public_status(self._home)
        except AgentError:
            return Known(trouble=trouble)
        return Known(view=copy.view, as_of=copy.issued_at)

    def _busy(self, busy: StoreBusy) -> Failure:
        return failure_of(busy, Remaining(self._known.view, self._known.as_of), _FAILED)

    def _remaining(self, error: BaseException) -> Remaining:
        return remaining_after(error, lambda: self._agent().status(), self._home)

    def _unexpected(self, error: Exception) -> Failure:
        return unforeseen(error, self._remaining(error))


def _remarked(told: StatusView | None, now: StatusView) -> StatusView:
    """What is seen now, with what the last act remarked, as long as it is still true."""
    if told is None or replace(told, messages=()) != replace(now, messages=()):
        return now
    seen = {message.code: message for message in now.messages}
    if not seen.keys() <= {message.code for message in told.messages}:
        return now
    return replace(now, messages=tuple(seen.get(each.code, each) for each in told.messages))


def _not_set_up() -> Known:
    brought = None
    with suppress(AgentError):  # what cannot be read is asked for
        brought = bundle()
    return Known(is_set_up=False, bundle=brought)


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
