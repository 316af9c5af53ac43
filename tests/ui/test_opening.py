"""`faragostar-man ui` as a process: a screen, none, and a start that was given up."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.cli import main
from tests.journeys.site import Host

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
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
    kept = {name: value for name, value in os.environ.items() if name not in SCREENS}
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env={**kept, "LC_ALL": "C.UTF-8", **environment},
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


def test_a_library_that_qt_needs_on_x_is_named(
    host: Host, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in SCREENS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":77")
    monkeypatch.setattr("agent.ui.app.QLibrary", Missing)
    assert main(["ui", "--home", str(host.home.folder), "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert "libxcb-icccm.so.4" in said
    assert "apt-get install" in said


class Missing:
    """What Qt says of a library that needs another one."""

    def __init__(self, path: str) -> None:
        self.path = path

    def load(self) -> bool:
        return False

    def errorString(self) -> str:  # noqa: N802 - Qt's name
        lacking = "libxcb-icccm.so.4: cannot open shared object file: No such file or directory"
        return f"Cannot load library {self.path}: {lacking}"


def test_without_qt_it_says_what_to_install(
    host: Host, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "agent.ui.app", None)
    assert main(["ui", "--home", str(host.home.folder), "--lang", "en"]) == 2
    assert "PySide6" in capsys.readouterr().err
