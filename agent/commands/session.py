"""One run of the command line: its options, its language, its agent and who sits before it."""

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from agent.bootstrap import open_agent
from agent.config import Home, Settings, default_home, load_settings
from agent.errors import AdminRightsNeeded, AgentError, StoreBusy, StoreUnusable
from agent.public_status import read_public_status
from agent.texts import Texts, choose_language
from agent.use_cases import Agent
from protocol.values import Timestamp
from protocol.views import StatusView

Opener = Callable[[Home], Agent]


class Result(NamedTuple):
    """What a command has to show; `view` where the exit code depends on the standing."""

    body: Mapping[str, Any]
    lines: Callable[[], list[str]]
    view: StatusView | None = None


class Session:
    """What every command works with."""

    def __init__(self, options: Namespace, opener: Opener | None = None) -> None:
        self.options = options
        folder = getattr(options, "home", None)
        self.home = Home(Path(folder) if folder else default_home())
        settings = self.settings()
        wish = settings.language if settings else None
        self.texts = Texts(choose_language(getattr(options, "lang", None), wish))
        self.in_json = getattr(options, "json", False)
        self._opener = opener or open_agent
        self._agent: Agent | None = None

    def settings(self) -> Settings | None:
        """Return the settings, where they can be read."""
        with suppress(AgentError):
            return load_settings(self.home)
        return None

    @property
    def agent(self) -> Agent:
        """The agent of the home, opened once.

        Raises:
            NotSetUp, AdminRightsNeeded, StoreDamaged, StoreUnusable: see `errors`.
        """
        if self._agent is None:
            self._agent = self._opener(self.home)
        return self._agent

    @property
    def may_ask(self) -> bool:
        """Whether a person sits at the terminal."""
        return sys.stdin is not None and sys.stdin.isatty()

    def ask(self, question: str) -> str:
        """Ask on the terminal; the question goes to stderr, for stdout belongs to the answer."""
        sys.stderr.write(f"{question} ")
        sys.stderr.flush()
        return sys.stdin.readline().strip()

    def tell_progress(self) -> None:
        """Say that the network is being waited for."""
        if sys.stderr.isatty():
            sys.stderr.write(self.texts.gettext("Asking the signing server…") + "\n")

    def standing_after(self, error: BaseException) -> tuple[StatusView | None, Timestamp | None]:
        """Look once more: whether the license is still active, and as of when that is known."""
        if not isinstance(error, AdminRightsNeeded | StoreBusy | StoreUnusable):
            with suppress(AgentError):
                return self.agent.status(), None
        with suppress(AgentError):
            copy = read_public_status(self.home)
            return copy.view, copy.issued_at
        return None, None
