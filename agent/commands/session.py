"""One run of the command line: its options, its language, its agent and who sits before it."""

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.config import Home, Settings, default_home, load_settings
from agent.errors import AgentError
from agent.presentation import Remaining
from agent.texts import Texts, choose_language
from protocol.views import StatusView

if TYPE_CHECKING:
    from agent.reader import Reader
    from agent.use_cases import Agent

Opener = Callable[[Home], "Agent"]


class Result(NamedTuple):
    """What a command has to show.

    `view` is there where the exit code depends on the standing, `failed` names what the doctor
    found wrong first.
    """

    body: Mapping[str, Any]
    lines: Callable[[], list[str]]
    view: StatusView | None = None
    failed: str | None = None


class Session:
    """What every command works with."""

    def __init__(self, options: Namespace, opener: Opener | None = None) -> None:
        self.options = options
        folder = getattr(options, "home", None)
        self.home = Home(Path(folder) if folder else default_home())
        settings = self.settings()
        wish = settings.language if settings else None
        self.spoken: str | None = getattr(options, "lang", None)
        self.texts = Texts(choose_language(self.spoken, wish))
        self.in_json = getattr(options, "json", False)
        self.says_yes = getattr(options, "yes", False)
        self._opener = opener
        self._agent: Agent | None = None

    def settings(self) -> Settings | None:
        """Return the settings, where they can be read."""
        with suppress(AgentError):
            return load_settings(self.home)
        return None

    @property
    def agent(self) -> "Agent":
        """The agent of the home, opened once.

        Raises:
            NotSetUp, AdminRightsNeeded, StoreDamaged, StoreUnusable: see `errors`.
        """
        if self._agent is None:
            # `fingerprint` and `config` need no agent; the wiring is half of a command's start.
            from agent.bootstrap import open_agent

            self._agent = (self._opener or open_agent)(self.home)
        return self._agent

    @property
    def reader(self) -> "Reader":
        """The reading half of the agent, which loads none of the acting half."""
        if self._agent is None and self._opener is None:
            from agent.bootstrap import open_reader

            return open_reader(self.home)
        return self.agent

    @property
    def may_ask(self) -> bool:
        """Whether a person sits at the terminal."""
        return sys.stdin is not None and sys.stdin.isatty()

    def ask(self, question: str) -> str:
        """Ask on the terminal; the question goes to stderr, for stdout belongs to the answer."""
        sys.stderr.write(f"{question} ")
        sys.stderr.flush()
        return sys.stdin.readline().strip()

    def ask_secretly(self, question: str) -> str:
        """Ask on the terminal without showing what is typed."""
        from getpass import getpass

        return getpass(f"{question} ", stream=sys.stderr)

    def tell_progress(self) -> None:
        """Say that the network is being waited for."""
        if sys.stderr.isatty():
            sys.stderr.write(self.texts.gettext("Asking the signing server…") + "\n")

    def remaining(self, error: BaseException) -> Remaining:
        """Look once more: whether the license is still active, and as of when that is known."""
        from agent.aftermath import remaining_after

        return remaining_after(error, self._status, self.home)

    def _status(self) -> StatusView:
        return self.reader.status()
