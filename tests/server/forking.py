"""Commands of the signing server, each in a process of its own, forked from one that is warm.

Most of a short command's time goes into loading Django. The warm process has loaded what needs no
settings, and nothing else: no home, no connection, no thread. It lives as long as who asks it, and
is not measured; what it forks is.
"""

import atexit
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import coverage

from tests.waiting import PATIENCE_SECONDS

_LOADED = (
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "django.core.checks",
    "django.core.management",
    "django.core.serializers.json",
    "django.db.backends.postgresql.base",
    "django.db.backends.sqlite3.base",
    "django.db.models",
    "django.forms.models",
    "django.http",
    "django.template.loader",
    "django.urls",
    "sqlparse",
)
_LARGEST = 1 << 17
_USUAL_UMASK = 0o022


class Ended(NamedTuple):
    code: int
    out: bytes
    err: bytes


def run(arguments: list[str], environment: dict[str, str]) -> Ended:
    """Run one command to its end."""
    ours, theirs = socket.socketpair()
    with ours, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with theirs:
            asked = {"arguments": arguments, "environment": environment, "folder": str(Path.cwd())}
            files = [theirs.fileno(), out.fileno(), err.fileno()]
            socket.send_fds(_warm_process(), [json.dumps(asked).encode()], files)
        ours.settimeout(PATIENCE_SECONDS)
        code = b""
        while chunk := ours.recv(64):  # to the end of the process, which may be killed before
            code += chunk
        return Ended(int(code or -signal.SIGKILL), _content(out.fileno()), _content(err.fileno()))


def _content(file: int) -> bytes:
    return os.pread(file, os.fstat(file).st_size, 0)


@cache
def _warm_process() -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        number = theirs.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.server.forking", str(number)],
            env={**_unmeasured(os.environ), "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            pass_fds=[number],
        )

    def end() -> None:
        ours.close()
        process.wait(PATIENCE_SECONDS)

    atexit.register(end)
    return ours


def _unmeasured(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: it for name, it in environment.items() if not name.startswith("COVERAGE")}


def _serve(control: socket.socket, main: Callable[[list[str]], int]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks this one how a command ended
    while True:
        raw, files, *_ = socket.recv_fds(control, _LARGEST, 3, socket.MSG_CMSG_CLOEXEC)
        if not raw:
            return
        if os.fork() == 0:
            control.close()
            _become(json.loads(raw), files, main)
        for file in files:
            os.close(file)


def _become(asked: dict[str, Any], files: list[int], main: Callable[[list[str]], int]) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    answer, out, err = files
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.umask(_USUAL_UMASK)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    coverage.process_startup()
    code = 1
    try:
        code = main(asked["arguments"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 (as the interpreter would)
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(answer, str(code).encode())
    sys.exit(code)


def _begin() -> None:
    for name in _LOADED:
        importlib.import_module(name)
    from server_stub.cli import main

    with socket.socket(fileno=int(sys.argv[1])) as control:
        _serve(control, main)


if __name__ == "__main__":
    _begin()
