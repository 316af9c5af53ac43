"""Whole processes beside each other, in an environment that has the agent's dependencies alone."""

import os
import subprocess
import time
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# An installed program has its bytecode; an environment that forbids writing it would measure the
# compiler.
COMPILED = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
FLOOR = "python -c pass"
Command = Sequence[str]


def python_with(folder: Path, *locks: str) -> str:
    """Make an environment of these locks and nothing else, one after the other."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    pip = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes"]
    for lock in locks:
        # What comes as source is built by what an earlier lock brought, and by nothing unpinned.
        chosen = ["--no-build-isolation", "-r", str(ROOT / "requirements" / lock)]
        subprocess.run([*pip, *chosen], check=True)
    return python


def wall(command: Command) -> float:
    """Run one process and return its milliseconds."""
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=COMPILED, check=True)
    return (time.perf_counter() - started) * 1000


def in_turns(commands: Mapping[str, Command], rounds: int) -> dict[str, list[float]]:
    """The milliseconds of each: they take turns, so what slows the machine slows all alike."""
    results: dict[str, list[float]] = {name: [] for name in commands}
    for place in range(rounds + 1):
        for name, command in commands.items():
            took = wall(command)
            if place:  # the first round compiles, and is not counted
                results[name].append(took)
    return results
