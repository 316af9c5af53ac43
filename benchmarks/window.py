"""How long the window takes to its first picture, and how much memory, beside an empty one of Qt.

Measured with the dependencies of a package with the window (`requirements/agent.txt` and
`requirements/ui.txt`), from the start of the process to a line that each window writes when its
first paint event is over. They take turns, so a machine whose speed drifts disturbs both alike;
medians are printed. Without a screen, and on Xvfb where that is installed.

Beside the time stands that of the processor, which a machine that is busy otherwise disturbs less.
The memory is the peak until the first picture, and later that of a window that shows the standing:
then the agent has been loaded too, which an empty window has not.
"""

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.processes import COMPILED, ROOT, Command, python_with
from benchmarks.startup import activated_home

ROUNDS = 15
SETTLED_SECONDS = 3.0
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
EMPTY = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Empty(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self, self.say)

    def say(self):
        print("opened", flush=True)

app = QApplication(["empty"])
window = Empty()
window.resize(1024, 640)
window.show()
sys.exit(app.exec())
"""
OURS = "import sys; from agent.start import main; sys.exit(main())"


class Opened(NamedTuple):
    """One window until its first picture: milliseconds, those of the processor, MiB; MiB later."""

    took: float
    worked: float
    peak: float
    settled: float


def opened(command: Command, screen: Mapping[str, str], settled_seconds: float) -> Opened:
    """Open a window, wait for its first picture, and end it."""
    began = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**{k: v for k, v in COMPILED.items() if k not in _SCREENS}, **screen},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        if process.stdout is None or process.stdout.readline().strip() != "opened":
            raise SystemExit(f"no window opened: {command}")
        took = (time.perf_counter() - began) * 1000
        worked, peak = _processor(process.pid), _peak(process.pid)
        time.sleep(settled_seconds)
        settled = _peak(process.pid)
        process.kill()
    return Opened(took, worked, peak, settled)


@contextmanager
def screens() -> Iterator[dict[str, dict[str, str]]]:
    """Every screen that can be had here, with what leads a program to it."""
    found = {"offscreen": {"QT_QPA_PLATFORM": "offscreen"}}
    if shutil.which("Xvfb") is None:
        yield found
        return
    read, write = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x1024x24"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(write)
        with os.fdopen(read) as said:
            display = f":{said.readline().strip()}"
        try:
            yield {**found, "Xvfb": {"DISPLAY": display}}
        finally:
            server.terminate()


def main() -> None:
    """Print one row per window and screen."""
    with tempfile.TemporaryDirectory(prefix="faragostar-bench-") as temporary, screens() as found:
        folder = Path(temporary)
        home = str(activated_home(folder))
        python = python_with(folder / "venv", "agent.txt", "ui.txt")
        ours = [python, "-c", OURS, "ui", "--announce", "--home", home, "--lang", "fa"]
        for screen, environment in found.items():
            windows = {"empty": [python, "-c", EMPTY], "faragostar-man ui": ours}
            _compare(screen, environment, windows)


def _compare(screen: str, environment: Mapping[str, str], windows: Mapping[str, Command]) -> None:
    results: dict[str, list[Opened]] = {name: [] for name in windows}
    for place in range(ROUNDS + 1):
        for name, command in windows.items():
            run = opened(command, environment, SETTLED_SECONDS if place == ROUNDS else 0)
            if place:  # the first round compiles, and is not counted
                results[name].append(run)
    floor = _middle(results["empty"])
    for name, runs in results.items():
        found = _middle(runs)
        settled = runs[-1].settled
        print(
            f"{screen:10} {name:18} {found.took:6.1f} ms {found.took / floor.took:5.2f} x"
            f"  processor {found.worked:6.1f} ms {found.worked / floor.worked:5.2f} x"
            f"  {found.peak:6.1f} MiB {found.peak / floor.peak:5.2f} x"
            f"  with the standing {settled:6.1f} MiB"
        )


def _middle(runs: list[Opened]) -> Opened:
    return Opened(*(statistics.median(each) for each in zip(*runs, strict=True)))


def _processor(pid: int) -> float:
    """Read how long a running process's first thread has worked, in milliseconds."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e6


def _peak(pid: int) -> float:
    """Read a running process's own peak memory, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.rpartition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
