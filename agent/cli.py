"""`faragostar-man`: arguments in, a printed result and an exit code out.

The only place that prints and the only one that chooses exit codes. JSON is the one object on
stdout; progress and advice go to stderr.
"""

import contextlib
import os
import sys
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, TextIO

from agent.commands.arguments import PROGRAM, UsageError, parse, wished
from agent.config import VERSION
from agent.errors import (
    AdminRightsNeeded,
    AgentError,
    AlreadySetUp,
    DocumentRefused,
    FileUnreadable,
    InputInvalid,
    NotAllowed,
    NotElevated,
    NotSetUp,
    NoWindow,
    ServerRefused,
    ServerUnreachable,
    SettingInvalid,
    StoreBusy,
    StoreDamaged,
    StoreUnusable,
)
from agent.presentation import Failure, Remaining, failure_body, failure_lines, failure_of
from agent.texts import Texts, choose_language
from protocol.values import CaseState, Standing
from protocol.views import StatusView

if TYPE_CHECKING:
    from agent.commands.session import Opener, Result, Session

DEBUG_VARIABLE = "FARAGOSTAR_DEBUG"


class Exit(IntEnum):
    """What scripts may rely on."""

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    UNLICENSED = 10
    RELEASING = 11
    RELEASED = 12
    DRIFTED = 13
    STOPPED = 14
    SUPERSEDED = 15
    DAMAGED = 16
    UNREACHABLE = 20
    REFUSED = 21
    INVALID = 22
    WAITING = 23
    RIGHTS = 30
    BUSY = 31
    STORE = 32
    NOT_SET_UP = 33
    INTERRUPTED = 130


_STANDINGS = {
    Standing.UNLICENSED: Exit.UNLICENSED,
    Standing.ACTIVATING: Exit.UNLICENSED,
    Standing.ACTIVE: Exit.DONE,
    Standing.RELEASING: Exit.RELEASING,
    Standing.RELEASED: Exit.RELEASED,
    Standing.SUPERSEDED: Exit.SUPERSEDED,
    Standing.DAMAGED: Exit.DAMAGED,
}
# What the doctor found, by the beginning of its code; the first that fits.
_FAILED_CHECKS = (
    ("not-set-up", Exit.NOT_SET_UP),
    ("server-missing", Exit.NOT_SET_UP),
    ("admin-rights-needed", Exit.RIGHTS),
    ("setting-invalid", Exit.USAGE),
    ("server-url-insecure", Exit.USAGE),
    ("store-busy", Exit.BUSY),
    ("store-damaged", Exit.DAMAGED),
    ("store-", Exit.STORE),
    ("doctor-machine-tag", Exit.UNEXPECTED),
    ("doctor-", Exit.UNREACHABLE),
    ("", Exit.INVALID),
)
_ERRORS: tuple[tuple[type[AgentError], Exit], ...] = (
    (SettingInvalid, Exit.USAGE),
    (InputInvalid, Exit.USAGE),
    (AlreadySetUp, Exit.USAGE),
    (NoWindow, Exit.USAGE),
    (FileUnreadable, Exit.INVALID),
    (ServerUnreachable, Exit.UNREACHABLE),
    (ServerRefused, Exit.REFUSED),
    (DocumentRefused, Exit.INVALID),
    (AdminRightsNeeded, Exit.RIGHTS),
    (NotElevated, Exit.RIGHTS),
    (StoreBusy, Exit.BUSY),
    (StoreUnusable, Exit.STORE),
    (StoreDamaged, Exit.DAMAGED),
    (NotSetUp, Exit.NOT_SET_UP),
)


def main(arguments: Sequence[str] | None = None, *, opener: "Opener | None" = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        _make_safe(stream)
    try:
        code = _run(given, opener)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough; nothing may be written to it at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.UNEXPECTED
    except KeyboardInterrupt:
        return Exit.INTERRUPTED  # before anything was begun, or while its end was being told
    return code


def exit_of_result(command: str, result: "Result") -> Exit:
    """Choose the exit code of a command that did what it was asked."""
    view = result.view
    if result.failed is not None:
        return next(code for begin, code in _FAILED_CHECKS if result.failed.startswith(begin))
    if view is None:
        return Exit.DONE
    waiting = view.case is not None and view.case.state is CaseState.OPEN
    is_at_rest = view.standing is Standing.ACTIVE and view.usable
    if command != "status" and waiting and not is_at_rest:
        return Exit.WAITING
    if command == "release" and view.standing is Standing.RELEASED:
        return Exit.DONE
    return _exit_of_standing(view.standing, view)


def exit_of_error(error: AgentError, view: StatusView | None) -> Exit:
    """Choose the exit code of a command that could not do what it was asked."""
    if isinstance(error, NotAllowed):
        return _exit_of_standing(error.standing, view) or Exit.USAGE
    return next((code for kind, code in _ERRORS if isinstance(error, kind)), Exit.UNEXPECTED)


def _exit_of_standing(standing: Standing, view: StatusView | None) -> Exit:
    if view is not None and view.is_revoked:
        return Exit.INVALID
    if standing is Standing.DRIFTED:
        return Exit.DRIFTED if view is None or view.usable else Exit.STOPPED
    return _STANDINGS[standing]


def _run(arguments: list[str], opener: "Opener | None") -> int:
    language = wished(arguments, "--lang")
    early = Texts(choose_language(language))
    in_json = "--json" in arguments
    try:
        options = parse(arguments, early)
    except UsageError as error:
        from agent.commands.session import Session

        session = Session(Namespace(home=wished(arguments, "--home"), lang=language), opener)
        failure = _stranger(session, error, "usage", Exit.USAGE)
        return _fail(failure, session.texts, in_json=in_json)
    except SystemExit:
        return Exit.DONE  # help was printed
    if options.version:
        if in_json:
            _write_json({"version": VERSION})
        else:
            _write(sys.stdout, [f"{PROGRAM} {VERSION}"])
        return Exit.DONE
    from agent.commands.session import Session

    return _in_session(Session(options, opener))


def _in_session(session: "Session") -> int:
    try:
        result = _command(session)
        _show(result, in_json=session.in_json)
        return exit_of_result(session.options.command, result)
    except AgentError as error:
        remaining = session.remaining(error)
        failure = failure_of(error, remaining, exit_of_error(error, remaining.view))
    except KeyboardInterrupt as stopped:
        failure = _stranger(session, stopped, "interrupted", Exit.INTERRUPTED)
    except BrokenPipeError:
        raise
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        failure = _stranger(session, error, "unexpected", Exit.UNEXPECTED)
    return _fail(failure, session.texts, in_json=session.in_json)


def _command(session: "Session") -> "Result":
    if session.options.command == "ui":
        return _window(session)
    module, _, name = session.options.done_by.partition(":")
    result: Result = getattr(import_module(f"agent.commands.{module}"), name)(session)
    return result


def _window(session: "Session") -> "Result":
    """Open the window and wait until it is closed; nothing else here knows of Qt."""
    from agent.commands.session import Result

    try:
        from agent.ui.app import open_window, require_screen
    except ImportError as cause:
        raise NoWindow(problem="no-qt") from cause
    require_screen()
    from agent.preferences import load_preferences

    liked = load_preferences()
    language = choose_language(session.spoken, liked.language, session.texts.language)
    open_window(session.home, language, liked.digits, announced=session.options.announce)
    return Result({}, list)


def _stranger(session: "Session", error: BaseException, code: str, exit_code: Exit) -> Failure:
    """Report what is no `AgentError`; the look at the standing may fail in the same way."""
    remaining = Remaining()
    with contextlib.suppress(Exception):
        remaining = session.remaining(error)
    problem = str(error)
    parameters = {"problem": problem, "reason": f"{type(error).__name__}: {problem}".strip(": ")}
    return Failure(code, code, parameters, remaining, exit_code)


def _fail(failure: Failure, texts: Texts, *, in_json: bool) -> int:
    if in_json:
        _write_json(failure_body(failure, texts))
    else:
        _write(sys.stderr, failure_lines(failure, texts))
    return failure.exit


def _show(result: "Result", *, in_json: bool) -> None:
    if in_json:
        _write_json(result.body)
    else:
        _write(sys.stdout, result.lines())


def _write_json(body: Mapping[str, Any]) -> None:
    import msgspec

    text = msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
    if (sys.stdout.encoding or "").lower().replace("-", "") != "utf8":
        import json

        text = json.dumps(body, indent=2)
    _write(sys.stdout, [text])


def _write(stream: TextIO, lines: Iterable[str]) -> None:
    stream.write("".join(f"{line}\n" for line in lines))


def _make_safe(stream: TextIO) -> None:
    """Never fail on a letter that the terminal lacks."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
