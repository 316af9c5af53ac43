"""One fingerprint beside what others take for one: in one process, and as whole processes.

Run as `python -m benchmarks.fingerprint`. The goals in one process: 2 ms for collecting on this
machine, 5 ms with the largest SMBIOS table known (`benchmarks.smbios`). Two floors are measured in
the same run: reading the same files and dropping them, and a Python that does nothing. The others:

- py-machineid's `id()` reads one file, the installation's id;
- `licensing`'s `Helpers.GetMachineCode()` reads the same file and the inodes of seven folders.

Neither looks at hardware, so neither notices when it changes. Everything takes turns; printed are
medians, and the best round, which a busy machine disturbs least.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from agent.fingerprint import take_tags
from agent.hardware.linux import LinuxProbe
from agent.hardware.recording import record
from benchmarks.processes import FLOOR, in_turns, python_with
from benchmarks.smbios import largest
from protocol.comparison import compare
from protocol.weights import DEFAULT_POLICY
from tests.machines import BARE_SERVER, Machine

ROUNDS = 300
PROCESSES = 25
SALT = bytes(32)
COLLECTION, WITH_TABLE = "collection", "collection, largest table"
GOALS_US = {COLLECTION: 2000, WITH_TABLE: 5000}
PEERS = {
    "machineid.id()": "import machineid; machineid.id()",
    "Helpers.GetMachineCode()": "from licensing.methods import Helpers; Helpers.GetMachineCode()",
}
OURS = "from agent.hardware.linux import LinuxProbe; LinuxProbe().read()"
# Times one call as the rows in this process are: after a first one, in turns of its own.
TIMED = """
import json, time
{imports}
def timed():
    started = time.perf_counter()
    {call}
    return (time.perf_counter() - started) * 1e6
timed()
print(json.dumps([timed() for _ in range({rounds})]))
"""

_Parts = Mapping[str, Callable[[], object]]


def microseconds(parts: _Parts) -> dict[str, list[float]]:
    """How long each part took, round by round."""
    rounds: dict[str, list[float]] = {name: [] for name in parts}
    for _ in range(ROUNDS):
        for name, measured in parts.items():
            started = time.perf_counter()
            measured()
            rounds[name].append((time.perf_counter() - started) * 1e6)
    return rounds


def same_files(root: Path) -> Callable[[], None]:
    """Read what a collection reads, and do nothing with it: the floor."""
    files = [path for path, raw in record(root).recording.files.items() if raw]
    paths = [str(root) + path if root != Path("/") else path for path in files]

    def read_them() -> None:
        for path in paths:
            descriptor = os.open(path, os.O_RDONLY)
            while os.read(descriptor, 65536):
                pass
            os.close(descriptor)

    return read_them


def say(name: str, rounds: list[float]) -> None:
    """Print one row of what one call costs."""
    goal = f", goal {GOALS_US[name]}" if name in GOALS_US else ""
    print(f"{name:<34}{statistics.median(rounds):>9.0f} us (best {min(rounds):.0f}{goal})")


def in_process(folder: Path) -> None:
    """Print our own parts."""
    live = Path("/")
    machine = Machine(table=largest(), boards=BARE_SERVER.boards).write(folder)
    inventory = LinuxProbe().read()
    tags = take_tags(inventory, SALT)
    found = microseconds({
        COLLECTION: LinuxProbe().read,
        f"{COLLECTION}: floor": same_files(live),
        WITH_TABLE: LinuxProbe(machine).read,
        f"{WITH_TABLE}: floor": same_files(machine),
        "tags": lambda: take_tags(inventory, SALT),
        "comparison": lambda: compare(tags, tags, DEFAULT_POLICY),
    })  # fmt: skip
    for name, rounds in found.items():
        say(name, rounds)


def peers_in_process(python: str) -> None:
    """Print the others' calls, each in a process of its own that imported it before."""
    for name, code in PEERS.items():
        imports, _, call = code.partition("; ")
        timed = TIMED.format(imports=imports, call=call, rounds=ROUNDS)
        said = subprocess.run([python, "-c", timed], check=True, capture_output=True, text=True)
        say(name, json.loads(said.stdout))


def as_processes(python: str) -> None:
    """Print what one fingerprint costs from the start of Python to its end."""
    codes = {FLOOR: "pass", **PEERS, COLLECTION: OURS}
    commands = {name: [python, "-c", code] for name, code in codes.items()}
    results = in_turns(commands, PROCESSES)
    floor = statistics.median(results[FLOOR])
    for name, runs in results.items():
        median = statistics.median(runs)
        print(f"{name:<34}{median:>9.1f} ms  {median / floor:5.2f} x  (best {min(runs):.1f})")


def main() -> None:
    """Print one row per part."""
    if sys.platform == "win32":
        sys.exit("the live machine is read through Linux' probe here")
    with tempfile.TemporaryDirectory(prefix="faragostar-bench-") as temporary:
        folder = Path(temporary)
        python = python_with(folder / "venv", "agent.txt", "bench-build.txt", "bench.txt")
        print("in one process")
        in_process(folder / "machine")
        peers_in_process(python)
        print("as processes")
        as_processes(python)


if __name__ == "__main__":
    main()
