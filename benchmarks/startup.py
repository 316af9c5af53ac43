"""How long `status` and `fingerprint` take as whole processes, and how much memory.

Measured with the agent's dependencies alone (a virtual environment of `requirements/agent.txt`),
against `python -c pass` and py-machineid's `machineid.id()` in the same environment. The commands
take turns, so a machine whose speed drifts disturbs all of them alike; medians are printed, and
the ratio to bare Python.
"""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.processes import COMPILED, FLOOR, ROOT, Command, in_turns, python_with

ROUNDS = 25
SAY_PEAK = "print(open('/proc/self/status').read(), file=__import__('sys').stderr)"
AGENT = "import sys; from agent.cli import main; sys.exit(main())"


def activated_home(folder: Path) -> Path:
    """Activate a license of a signing server that is gone again afterwards."""
    sys.path.insert(0, str(ROOT))
    from agent.bootstrap import open_agent, set_up
    from agent.config import Home, Settings
    from tests.server.live import LiveServer

    home = Home(folder / "agent")
    with LiveServer(folder / "server") as server:
        set_up(home, Settings(server=server.url), server.root_file.read_bytes())
        open_agent(home).activate(server.issue().license_key)
    return home.folder


def peak(command: Command) -> float:
    """Run it once more and let it say its own peak memory, in MiB.

    What `wait4` reports starts with the memory of the process that forked, which is this one.
    """
    python, flag, code, *rest = command
    said = subprocess.run(
        [python, flag, f"import atexit\natexit.register(lambda: {SAY_PEAK})\n{code}", *rest],
        cwd=ROOT,
        env=COMPILED,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(said.stderr.rpartition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    """Print one row per command."""
    with tempfile.TemporaryDirectory(prefix="faragostar-bench-") as temporary:
        folder = Path(temporary)
        python, home = python_with(folder / "venv", "agent.txt"), activated_home(folder)
        agent = [python, "-c", AGENT, "--home", str(home)]
        commands = {
            FLOOR: [python, "-c", "pass"],
            "machineid.id()": [python, "-c", "import machineid; machineid.id()"],
            "faragostar-man status": [*agent, "status"],
            "faragostar-man fingerprint": [*agent, "fingerprint"],
        }
        results = in_turns(commands, ROUNDS)
        floor = statistics.median(results[FLOOR])
        for name, runs in results.items():
            median = statistics.median(runs)
            memory = peak(commands[name])
            print(f"{name:28} {median:7.1f} ms  {median / floor:5.2f} x  {memory:6.1f} MiB")


if __name__ == "__main__":
    main()
