"""`faragostar-server`: arguments in, one command, text or one JSON object out.

The only module here that prints and that chooses exit codes.
"""

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

from server_stub.commands import (
    announcements,
    auditing,
    backups,
    cases,
    challenges,
    exchanging,
    founding,
    holidays,
    keys,
    licenses,
    offers,
    people,
    serving,
    tariffs,
    windows,
)
from server_stub.commands.shown import Call, Command, Shown
from server_stub.errors import AdministratorNeeded, ServerError
from server_stub.home import Home
from server_stub.texts import Language, system_language

_Group: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 (its only name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        code = _main(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has enough (`| head`); the interpreter must not flush into it once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _main(arguments: Sequence[str] | None) -> int:
    # Nothing that is written here is anybody else's business.
    os.umask(0o077)
    parser = _parser()
    given = sys.argv[1:] if arguments is None else arguments
    if not all(map(_is_text, given)):
        parser.error("every argument must be text: UTF-8 without U+0000")
    chosen = parser.parse_args(given)
    language = Language(chosen.lang) if chosen.lang else system_language()
    home = Home.of(os.environ)
    if chosen.home:
        home = Home.of({**os.environ, "FARAGOSTAR_SERVER_HOME": str(Path(chosen.home))})
    call = Call(chosen, home, os.environ.get("DATABASE_URL"), language, chosen.json)
    try:
        shown = _run(chosen.run, call)
    except ServerError as error:
        return _print_error(error, call)
    except Exception as error:
        logging.getLogger("server_stub").debug("unexpected", exc_info=error)
        return _print_error(ServerError(type(error).__name__), call)
    _print(shown, call)
    return shown.exit_code


def _is_text(argument: str) -> bool:
    """Whether every database takes it: a byte that is no UTF-8 arrives as half a character."""
    try:
        return b"\0" not in argument.encode()
    except UnicodeEncodeError:
        return False


def _run(run: Command, call: Call) -> Shown:
    try:
        return run(call)
    except PermissionError as cause:
        raise AdministratorNeeded(str(cause), file=str(cause.filename)) from cause


def _print(shown: Shown, call: Call) -> None:
    if call.as_json and shown.json:
        print(json.dumps(shown.json, ensure_ascii=False))
    elif not call.as_json:
        for line in shown.lines:
            print(line)


def _print_error(error: ServerError, call: Call) -> int:
    text = call.say(error.code, **error.parameters)
    advice = call.say(f"advice.{error.code}", **error.parameters)
    if call.as_json:
        failure = {"error": error.code, "text": text, "advice": advice}
        print(json.dumps({**failure, "parameters": error.parameters}, ensure_ascii=False))
    print(f"{text}\n{advice}", file=sys.stderr)
    if error.code == "unexpected":
        print(str(error), file=sys.stderr)
    faults = error.parameters.get("faults", "")
    for fault in error.parameters.get("causes", faults).splitlines():
        print(f"  {fault}", file=sys.stderr)
    return error.exit_code


def _parser() -> argparse.ArgumentParser:
    """Build the tree; every command takes the common options before or after its name."""
    top = argparse.ArgumentParser(prog="faragostar-server", allow_abbrev=False)
    top.add_argument("--version", action="version", version=version("faragostar-man"))
    _add_common(top, default=None)
    common = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    _add_common(common, default=argparse.SUPPRESS)
    groups: dict[tuple[str, ...], _Group] = {
        (): top.add_subparsers(metavar="COMMAND", required=True)
    }

    def add(name: str, run: Command | None, summary: str) -> argparse.ArgumentParser:
        *group, word = name.split()
        parent = groups[tuple(group)]
        parser = parent.add_parser(word, help=summary, parents=[common], allow_abbrev=False)
        if run is None:
            groups[(*group, word)] = parser.add_subparsers(metavar="COMMAND", required=True)
        else:
            parser.set_defaults(run=run)
        return parser

    for commands in (
        *(founding, licenses, windows, cases, tariffs, people),
        *(announcements, offers, holidays, challenges),
        *(exchanging, keys, backups, auditing, serving),
    ):
        commands.add_parsers(add)
    return top


def _add_common(parser: argparse.ArgumentParser, default: str | None) -> None:
    parser.add_argument("--home", metavar="DIR", default=default)
    parser.add_argument(
        "--lang", choices=[language.value for language in Language], default=default
    )
    parser.add_argument(
        "--json", action="store_true", default=False if default is None else default
    )


if __name__ == "__main__":
    sys.exit(main())
