"""What a start of the window loads, and when the command line is asked instead."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent import start
from agent.start import main
from agent.ui import app
from agent.ui.pages import directory
from agent.ui.wording import Place
from tests.journeys.site import Host
from tests.ui.test_opening import ROOT, run

# Ends the window at the moment that is named, and says what has been loaded by then.
LOADED = """
import sys
before = set(sys.modules)  # what measures the tests has modules of its own
import json
from agent import start
moment, told = sys.argv.pop(1), sys.stdout

class Told:
    def write(self, said):
        if moment == "picture":
            self.end()
    def flush(self):
        pass
    def end(self):
        from PySide6 import QtCore, QtWidgets
        if hasattr(self, "modules"):
            return
        self.modules = sorted(set(sys.modules) - before)
        made = {"Qt": "Qt" in vars(QtCore), "QStyle": "QStyle" in vars(QtWidgets)}
        self.modules += [name for name in made if made[name]]
        QtCore.QTimer.singleShot(0, QtWidgets.QApplication.closeAllWindows)

def later():
    from agent.ui.window import MainWindow
    shown = MainWindow._show
    def _show(self, known):
        shown(self, known)
        sys.stdout.end()
    MainWindow._show = _show

sys.stdout = Told()
if moment == "standing":
    later()
code = start.main(sys.argv[1:])
told.write(json.dumps(sys.stdout.modules))
sys.exit(code)
"""
# Whatever the first picture does not show.
NOT_FOR_THE_PICTURE = {
    *("agent.cli", "agent.commands", "agent.config", "agent.errors", "agent.files"),
    *("agent.hardware", "agent.presentation", "agent.use_cases"),
    *("agent.ui.desk", "agent.ui.jobs", "agent.ui.pages", "agent.ui.patience"),
    *("cryptography", "ctypes", "msgspec", "requests", "sqlite3", "subprocess"),
    *("PySide6.QtPrintSupport", "PySide6.QtSvg", "QStyle", "Qt"),
}
# What only single pages need.
NOT_FOR_THE_STANDING = {
    *("agent.cli", "agent.commands", "agent.doctor", "agent.qr", "agent.ui.printing"),
    *("PIL", "psutil", "requests", "segno", "zxingcpp"),
    *("PySide6.QtPrintSupport", "PySide6.QtSvg"),
}


@pytest.fixture(autouse=True)
def anybody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who never opened the window before."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def loaded(host: Host, moment: str) -> set[str]:
    home = str(host.home.folder)
    done = run(
        LOADED,
        moment,
        "ui",
        "--announce",
        "--home",
        home,
        "--lang",
        "fa",
        QT_QPA_PLATFORM="offscreen",
    )
    assert (done.returncode, done.stderr) == (0, "")
    return set(json.loads(done.stdout))


def test_the_first_picture_waits_for_nothing_that_it_does_not_show(host: Host) -> None:
    found = loaded(host, "picture")
    assert "agent.ui.window" in found
    assert sorted(found & NOT_FOR_THE_PICTURE) == []


def test_the_standing_waits_for_no_other_page(host: Host) -> None:
    found = loaded(host, "standing")
    mine = directory._PAGES[Place.OVERVIEW]
    others = {f"agent.ui.pages.{name.partition(':')[0]}" for name in directory._PAGES.values()}
    assert sorted(found & others) == [f"agent.ui.pages.{mine.partition(':')[0]}"]
    assert sorted(found & NOT_FOR_THE_STANDING) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["ui"],
        ["ui", "--lang", "fa", "--home", "/x"],
        ["--lang=en", "--home=/x", "ui"],
        ["--announce", "ui"],
    ],
)
def test_a_plain_window_goes_past_the_command_line(arguments: list[str]) -> None:
    wish = start._window_in(arguments)
    is_plain = arguments != ["--announce", "ui"]
    assert (wish is not None) is is_plain


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["status"],
        ["ui", "--json"],
        ["ui", "--help"],
        ["ui", "ui"],
        ["ui", "--lang", "de"],
        ["ui", "--lang"],
        ["ui", "--home", ""],
        ["ui", "--home"],
        ["ui", "--homeless", "/x"],
    ],
)
def test_whatever_else_is_judged_by_the_command_line(arguments: list[str]) -> None:
    assert start._window_in(arguments) is None


def test_what_is_no_window_is_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert "faragostar-man" in capsys.readouterr().out


def test_without_a_screen_the_command_line_says_so(
    host: Host, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main(["ui", "--home", str(host.home.folder), "--lang", "en"]) == 2
    assert "no-window" in capsys.readouterr().err


def test_without_qt_the_command_line_says_so(
    host: Host, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "agent.ui.app", None)
    assert main(["ui", "--home", str(host.home.folder), "--lang", "en"]) == 2
    assert "PySide6" in capsys.readouterr().err


class Asked:
    """How the window was opened."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, end: type[BaseException] | None = None
    ) -> None:
        self.languages: list[str] = []
        self.end = end
        monkeypatch.setattr(app, "missing", lambda: None)
        monkeypatch.setattr(app, "open_window", self.opened)

    def opened(self, _home: object, language: str, _digits: object, *, announced: bool) -> int:
        self.languages.append(language)
        assert not announced
        if self.end is not None:
            raise self.end
        return 0


def test_whoever_interrupts_it_ends_it(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    Asked(monkeypatch, KeyboardInterrupt)
    assert main(["ui", "--home", str(host.home.folder)]) == 130


@pytest.mark.parametrize(
    ("settings", "chosen", "language"),
    [
        ({"language": "fa"}, (None, None), "fa"),
        ({"language": "fa"}, ("en", None), "en"),
        ({"language": "fa"}, ("en", "fa"), "fa"),
        ({}, (None, None), "en"),
        ({"language": 7}, (None, None), "en"),
        (["language"], (None, None), "en"),
    ],
)
def test_it_speaks_as_was_wished(
    host: Host,
    monkeypatch: pytest.MonkeyPatch,
    settings: object,
    chosen: tuple[str | None, str | None],
    language: str,
) -> None:
    liked, spoken = chosen
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    asked = Asked(monkeypatch)
    host.home.settings.write_text(json.dumps(settings))
    if liked:
        kept = Path(os.environ["XDG_CONFIG_HOME"]) / "faragostar-man" / "window.json"
        kept.parent.mkdir(parents=True)
        kept.write_text(json.dumps({"language": liked, "digits": "persian"}))
    said = ["--lang", spoken] if spoken else []
    assert main(["ui", "--home", str(host.home.folder), *said]) == 0
    assert asked.languages == [language]


def test_an_announced_window_says_that_it_is_there(host: Host) -> None:
    command = [sys.executable, "-m", "agent.start", "ui", "--announce"]
    with subprocess.Popen(
        [*command, "--home", str(host.home.folder)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=ROOT,
        stdout=subprocess.PIPE,
    ) as opened:
        assert opened.stdout is not None
        assert opened.stdout.readline() == b"opened\n"
        opened.terminate()
