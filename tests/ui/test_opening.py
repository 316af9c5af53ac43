"""`faragostar-man ui` as a process: a screen, none, and a start that was given up."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.site import Host

ROOT = Path(__file__).parents[2]
OPEN_AND_CLOSE = (
    "import sys;"
    "from PySide6.QtCore import QTimer;"
    "from PySide6.QtWidgets import QApplication;"
    "app = QApplication([]);"
    "QTimer.singleShot(300, app.closeAllWindows);"
    "from agent.cli import main;"
    "sys.exit(main(sys.argv[1:]))"
)
COMMAND = "import sys; from agent.cli import main; sys.exit(main(sys.argv[1:]))"


def run(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_window_opens_and_closes_without_a_word(host: Host, language: str) -> None:
    home = str(host.home.folder)
    done = run(
        OPEN_AND_CLOSE, "ui", "--home", home, "--lang", language, QT_QPA_PLATFORM="offscreen"
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


@pytest.mark.parametrize(("language", "said"), [("en", "no screen"), ("fa", "نمایشگری")])
def test_without_a_screen_it_says_so(host: Host, language: str, said: str) -> None:
    done = run(COMMAND, "ui", "--home", str(host.home.folder), "--lang", language)
    assert done.returncode == 2
    assert said in done.stderr
    assert "no-window" in done.stderr


def test_no_other_command_loads_qt(host: Host) -> None:
    script = (
        "import sys; from agent.cli import main; main(sys.argv[1:]);"
        "sys.exit('PySide6' in sys.modules)"
    )
    assert run(script, "status", "--home", str(host.home.folder)).returncode == 0
