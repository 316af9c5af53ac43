"""What `faragostar-man` begins with: the window at once, or else the command line.

A plain `ui` goes past the command line's parser, errors and texts: the first picture waits for
nothing that it does not show. Whatever is unusual, a wrong option, no screen, no Qt, is left to
`agent.cli`, which says so.
"""

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from agent.home import Home

_INTERRUPTED = 130
# From where Qt would load code.
_PLUGINS = ("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH")


class _Wish(NamedTuple):
    """A window, as the command line names it."""

    home: str | None
    language: str | None
    announced: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, or run the command."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    wish = _window_in(given)
    code = None if wish is None else _opened(wish)
    if code is not None:
        return code
    from agent.cli import main as command_line

    return command_line(given)


def _window_in(arguments: Sequence[str]) -> _Wish | None:
    """Recognize a window that is asked for in the plainest way; None: let the parser judge."""
    chosen: dict[str, str | None] = {"--home": None, "--lang": None}
    words = []
    waiting = iter(arguments)
    for argument in waiting:
        name, sign, value = argument.partition("=")
        if name in chosen:
            chosen[name] = value if sign else next(waiting, "")
        else:
            words.append(argument)
    home, language = chosen["--home"], chosen["--lang"]
    is_plain = words in (["ui"], ["ui", "--announce"]) and home != ""
    if not is_plain or language not in (None, "fa", "en"):
        return None
    return _Wish(home, language, "--announce" in words)


def _opened(wish: _Wish) -> int | None:
    """Open it and return when it is closed; None: it cannot be, and nothing was shown."""
    if wish.announced and _is_misled(wish):
        from agent.ui.rights import FOREIGN_HOME

        return FOREIGN_HOME
    # What is loaded now stays: to look through it for garbage, again and again, only takes time.
    gc.disable()
    # Before Qt: every module that is loaded after it is searched for its name.
    from agent.home import Home, default_home
    from agent.preferences import load_preferences
    from agent.texts import choose_language

    try:
        import agent.ui.views.tones
        import agent.ui.wording  # noqa: F401 - see above
        from agent.ui.app import missing, open_window
    except ImportError:
        return None
    if missing() is not None:
        return None
    home = Home(Path(wish.home) if wish.home else default_home())
    liked = load_preferences()
    language = choose_language(wish.language, liked.language, _configured(home))
    try:
        return open_window(home, language, liked.digits, announced=wish.announced)
    except KeyboardInterrupt:
        return _INTERRUPTED


def _is_misled(wish: _Wish) -> bool:
    """Whether somebody with fewer rights chose what this elevated window would open or load."""
    for name in _PLUGINS:
        os.environ.pop(name, None)
    from agent.home import Home, default_home
    from agent.ui.rights import is_administrator, is_administrators

    home = Home(Path(wish.home) if wish.home else default_home())
    return is_administrator() and not is_administrators(home)


def _configured(home: "Home") -> str | None:
    """Read the language that was configured, where this user may; `agent.config` judges it all."""
    with suppress(OSError, ValueError, LookupError, TypeError):
        raw = home.settings.read_bytes()
        import json

        found = json.loads(raw)["language"]
        return found if isinstance(found, str) else None
    return None


if __name__ == "__main__":
    sys.exit(main())
