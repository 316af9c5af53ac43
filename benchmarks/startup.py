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


def run(command: Sequence[str]) -> tuple[float, int]:
    """Run one process; return its wall-clock milliseconds and peak memory in KiB."""
    started = time.perf_counter()
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=COMPILED)
    _, status, usage = os.wait4(child.pid, 0)
    elapsed = (time.perf_counter() - started) * 1000
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"{command} ended with {child.returncode}")
    return elapsed, usage.ru_maxrss


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
        results: dict[str, list[tuple[float, int]]] = {name: [] for name in commands}
        for _ in range(ROUNDS + 1):  # the first round compiles, and is not counted
            for name, command in commands.items():
                results[name].append(run(command))
        floor = statistics.median(ms for ms, _ in results["python -c pass"][1:])
        for name, runs in results.items():
            median = statistics.median(ms for ms, _ in runs[1:])
            memory = max(kib for _, kib in runs) / 1024
            print(f"{name:28} {median:7.1f} ms  {median / floor:5.2f} x  {memory:6.1f} MiB")


if __name__ == "__main__":
    main()
