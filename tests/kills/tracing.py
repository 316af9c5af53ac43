"""strace: what a process asks of the system, and what becomes of one of those calls."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

# What changes the disk; a `?` for those that a processor does not have.
CHANGES = (
    *("write", "pwrite64", "fsync", "fdatasync", "ftruncate", "fallocate", "unlink", "unlinkat"),
    *("rename", "renameat", "renameat2", "mkdir", "mkdirat", "chmod", "fchmod", "fchmodat"),
)
READS = ("read", "pread64", "getdents64")
OPENS = ("open", "openat")
TRACED = ",".join(f"?{name}" for name in (*CHANGES, *READS, *OPENS))

_CALL = re.compile(r"^(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>.*)$")
_ENTERED = re.compile(r"^(?P<name>\w+)\((?P<arguments>.*)$")
_HEX_PATH = re.compile(r"<((?:\\x[0-9a-f]{2})+)>")
_HEX_NAME = re.compile(r'"((?:\\x[0-9a-f]{2})+)"')
_PATH = re.compile(r'<(/[^>]*)>|"(/[^"]*)"')


class Call(NamedTuple):
    """One system call: the `nth` of its name since the tracing began."""

    name: str
    nth: int
    arguments: str
    result: str

    @property
    def changes(self) -> bool:
        return self.name in CHANGES or (self.name in OPENS and "O_CREAT" in self.arguments)

    @property
    def takes_room(self) -> bool:
        """Whether a full disk may refuse it."""
        return self.changes and "unlink" not in self.name and "chmod" not in self.name

    def concerns(self, folder: Path) -> bool:
        """A descriptor shows its path in <>, an argument in quotes."""
        inside = (str(folder), f"{folder}/")
        return any(path == inside[0] or path.startswith(inside[1]) for path in self._paths)

    @property
    def place(self) -> str:
        """Which file it is about, without what differs between two runs."""
        return re.sub(r"\.\d+$", "", Path(self._paths[-1]).name) if self._paths else ""

    @property
    def _paths(self) -> list[str]:
        paths = [a or b for a, b in _PATH.findall(self.arguments)]
        # What is written may begin like a path; the descriptor stands before it.
        return paths[:1] if self.name in ("write", "pwrite64", *READS) else paths


def plain(line: str) -> str:
    """Spell paths in letters again in a trace that was taken with -xx; contents stay in hex."""
    line = _HEX_PATH.sub(lambda found: f"<{_letters(found[1])}>", line)
    if line.startswith(("write(", "pwrite64(", "read(", "pread64(", "sendto(")):
        return line
    return _HEX_NAME.sub(lambda found: f'"{_letters(found[1])}"', line)


def _letters(escaped: str) -> str:
    return bytes.fromhex(escaped.replace("\\x", "")).decode()


def calls_of(lines: Iterable[str]) -> list[Call]:
    """Read a trace; a call that its process never came back from has no result."""
    counted: Counter[str] = Counter()
    found = []
    for line in map(plain, lines):
        if match := _CALL.match(line) or _ENTERED.match(line):
            groups = {"result": ""} | match.groupdict()
            counted[groups["name"]] += 1
            nth = counted[groups["name"]]
            found.append(Call(groups["name"], nth, groups["arguments"], groups["result"]))
    return found


@contextmanager
def attached(pid: int, trace: Path, *options: str) -> Iterator[None]:
    """Trace a process that waits; every call that it makes inside the block is seen."""
    command = ["strace", "-y", "-o", str(trace), *options, "-p", str(pid)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        if "attached" not in said:
            said += process.stderr.read()
            raise OSError(f"strace: {said}")
        yield
        process.stderr.read()


@cache
def why_no_tracing() -> str | None:
    """Say why no process can be traced here; a container often forbids it."""
    if sys.platform != "linux" or shutil.which("strace") is None:
        return "strace is missing"
    # A sleeping child is attached to as the doomed ones are.
    probe = ["strace", "-qq", "-e", "inject=getpid:error=EIO", "-o", os.devnull, "true"]
    done = subprocess.run(probe, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return f"ptrace is forbidden here: {done.stderr.strip().splitlines()[-1:]}"
    return None


def require_tracing() -> None:
    """Skip with the reason; where the oracles are required, fail instead."""
    reason = why_no_tracing()
    if reason is None:
        return
    if os.environ.get("FARAGOSTAR_REQUIRE_ORACLES") == "1":
        pytest.fail(f"{reason} and FARAGOSTAR_REQUIRE_ORACLES=1")
    pytest.skip(reason)
