"""Time how long the commands take to start: an administrator waits for that every time.

Each command runs in fresh processes; the median and the slowest are printed, in milliseconds.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent
COMMANDS = (
    [sys.executable, "-c", "pass"],
    [str(BIN / "faragostar-man"), "--version"],
    [str(BIN / "faragostar-man"), "fingerprint", "--json"],
    [str(BIN / "faragostar-server"), "--help"],
)
ROUNDS = 15


def milliseconds(command: list[str]) -> float:
    """How long one run of the command took; fails if the command does."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Print one row per command."""
    for command in COMMANDS:
        milliseconds(command)  # the first run compiles the modules
        runs = [milliseconds(command) for _ in range(ROUNDS)]
        name = " ".join([Path(command[0]).name, *command[1:]])
        print(f"{name:32} median {statistics.median(runs):6.1f} ms  slowest {max(runs):6.1f} ms")


if __name__ == "__main__":
    main()
