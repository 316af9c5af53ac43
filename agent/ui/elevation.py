"""Opening the window once more, by an administrator: how this system is asked for it.

Linux asks through pkexec; with the policy that a package installs, it names the window and hands
the screen on. Windows asks by itself. What is asked for names the home and the language, and holds
nothing secret: other users of this machine can see a command line.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from agent.errors import NotElevated
from agent.home import Home
from agent.ui.rights import FOREIGN_HOME
from agent.ui.wording import ANNOUNCED

POLICY = Path("/usr/share/polkit-1/actions/net.faragostar.man.policy")
# The only program that the policy knows.
INSTALLED = "/usr/bin/faragostar-man"
# What pkexec ends with when it started nothing.
_PROBLEMS = {126: "elevation-dismissed", 127: "elevation-refused", FOREIGN_HOME: "elevation-home"}
_WINDOWS_DISMISSED = 5
_WINDOWS_STARTED = 32
_NORMAL_WINDOW = 1


class Surroundings(NamedTuple):
    """What the command depends on: this program, and what the system has."""

    program: tuple[str, ...]
    pkexec: str | None
    has_policy: bool
    environment: Mapping[str, str]


def surroundings() -> Surroundings:
    """Look around on this machine."""
    return Surroundings(this_program(), shutil.which("pkexec"), POLICY.is_file(), os.environ)


def window_of(home: Home, language: str) -> tuple[str, ...]:
    """Name the same window; a home that was named beside this folder is named whole."""
    return ("ui", "--announce", "--home", str(home.folder.absolute()), "--lang", language)


def through_pkexec(around: Surroundings, window: tuple[str, ...]) -> tuple[str, ...]:
    """Compute the command that asks on Linux.

    Raises:
        NotElevated: there is no pkexec here.
    """
    if around.pkexec is None:
        raise NotElevated(problem="elevation-missing")
    # Without an agent of the desktop there is nobody to ask: not the terminal behind the window.
    asking = (around.pkexec, "--disable-internal-agent")
    if around.has_policy and around.program == (INSTALLED,) and "DISPLAY" in around.environment:
        return (*asking, *around.program, *window)
    return (*asking, "/usr/bin/env", *_screen(around.environment), *around.program, *window)


def ask_linux(
    command: tuple[str, ...], each: Callable[[Iterable[bytes | int]], Iterator[bytes | int]]
) -> bool:
    """Ask, and wait until the other window is there; False: nobody waits for it any more.

    Raises:
        NotElevated: it was dismissed, refused, or no window opened.
    """
    asked = subprocess.Popen(  # noqa: S603 - pkexec, this program, and no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # the other window outlives this one
    )
    for heard in each(_until_its_end(asked)):
        if heard == ANNOUNCED.encode():
            return True
        if isinstance(heard, int):
            raise NotElevated(problem=_PROBLEMS.get(heard, NotElevated.code), number=heard)
    return False


def ask_windows(program: tuple[str, ...], window: tuple[str, ...]) -> None:
    """Ask, and wait until it was answered.

    Raises:
        NotElevated: it was dismissed, or nothing could be started.
    """
    if sys.platform == "win32":
        import ctypes

        file, *arguments = (*program, *window)
        parameters = subprocess.list2cmdline(arguments)
        answer = ctypes.windll.shell32.ShellExecuteW(
            None, "runas", file, parameters, None, _NORMAL_WINDOW
        )
        if answer == _WINDOWS_DISMISSED:
            raise NotElevated(problem="elevation-dismissed")
        if answer <= _WINDOWS_STARTED:
            raise NotElevated(number=answer)


def _until_its_end(asked: "subprocess.Popen[bytes]") -> Iterator[bytes | int]:
    """Yield the lines that it writes, and its exit code."""
    if asked.stdout is not None:
        with asked.stdout as lines:
            yield from (line.strip() for line in lines)
    yield asked.wait()


def _screen(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield what another user needs to draw on this screen; pkexec takes it all away."""
    if display := environment.get("DISPLAY"):
        cookies = environment.get("XAUTHORITY") or f"{environment.get('HOME', '')}/.Xauthority"
        yield f"DISPLAY={display}"
        yield f"XAUTHORITY={cookies}"
    elif wayland := environment.get("WAYLAND_DISPLAY"):
        yield f"WAYLAND_DISPLAY={Path(environment.get('XDG_RUNTIME_DIR', '/')) / wayland}"


def this_program() -> tuple[str, ...]:
    """Name this program so that it is found from anywhere."""
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    named = Path(sys.argv[0])
    if named.is_absolute() and named.name == "faragostar-man" and os.access(named, os.X_OK):
        return (str(named),)
    # Isolated: an administrator must not load what lies in somebody's folder or variables.
    return (sys.executable, "-I", "-m", "agent.start")
