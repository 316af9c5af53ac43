"""How long `status` and `fingerprint` take as whole processes, and how much memory.

Measured with the agent's dependencies alone (a virtual environment of `requirements/agent.txt`),
against `python -c pass` and py-machineid's `machineid.id()` in the same environment. The commands
take turns, so a machine whose speed drifts disturbs all of them alike; medians are printed, and
the ratio to bare Python.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
ROUNDS = 25
# An installed program has its bytecode; an environment that forbids writing it would measure the
# compiler.
COMPILED = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
SAY_PEAK = "print(open('/proc/self/status').read(), file=__import__('sys').stderr)"
AGENT = "import sys; from agent.cli import main; sys.exit(main())"


def agent_python(folder: Path) -> str:
    """Make an environment with the agent's dependencies and nothing else."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    lock = ROOT / "requirements" / "agent.txt"
    pip = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(lock)], check=True)
    return str(python)


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


def wall(command: Sequence[str]) -> float:
    """Run one process and return its milliseconds."""
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=COMPILED, check=True)
    return (time.perf_counter() - started) * 1000


def peak(command: Sequence[str]) -> float:
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
        python, home = agent_python(folder / "venv"), activated_home(folder)
        agent = [python, "-c", AGENT, "--home", str(home)]
        commands = {
            "python -c pass": [python, "-c", "pass"],
            "machineid.id()": [python, "-c", "import machineid; machineid.id()"],
            "faragostar-man status": [*agent, "status"],
            "faragostar-man fingerprint": [*agent, "fingerprint"],
        }
        results: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS + 1):  # the first round compiles, and is not counted
            for name, command in commands.items():
                results[name].append(wall(command))
        floor = statistics.median(results["python -c pass"][1:])
        for name, runs in results.items():
            median = statistics.median(runs[1:])
            memory = peak(commands[name])
            print(f"{name:28} {median:7.1f} ms  {median / floor:5.2f} x  {memory:6.1f} MiB")


if __name__ == "__main__":
    main()
