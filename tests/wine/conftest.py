"""Left out of the default run: `make wine-test` puts a Python for Windows together and names it."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

collect_ignore_glob = [] if "FARAGOSTAR_WINE" in os.environ else ["*"]

_PATIENCE_SECONDS = 300


class Wine:
    """One folder of wine with a Python for Windows in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *command: str | Path, may_fail: bool = False) -> bytes:
        """The standard output of a program of Windows."""
        environment = {
            **os.environ,
            "WINEPREFIX": str(self.folder / "prefix"),
            "WINEDEBUG": "-all",
            "DISPLAY": "",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        # Wine's own helpers outlive the program: a pipe as input keeps them from the terminal.
        done = subprocess.run(
            ["wine", *map(str, command)],
            env=environment,
            input=b"",
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
        assert may_fail or done.returncode == 0, done.stderr.decode(errors="replace")
        return done.stdout

    def ask(self, record: Path) -> dict[str, Any]:
        """What the probe read and what it was answered."""
        script = Path(__file__).with_name("asking.py")
        told: dict[str, Any] = json.loads(
            self.run(self.folder / "python/python.exe", windows_path(script), windows_path(record))
        )
        return told

    def command(self, *given: str, may_fail: bool = False) -> bytes:
        """What the agent's command line prints."""
        script = windows_path(Path(__file__).with_name("command.py"))
        python = self.folder / "python/python.exe"
        return self.run(python, script, *given, may_fail=may_fail)

    def write_registry(self, key: str, name: str, kind: str, value: str) -> None:
        """Set a value below HKEY_LOCAL_MACHINE."""
        arguments = ("/v", name, "/t", kind, "/d", value, "/f", "/reg:64")
        self.run("reg", "add", rf"HKLM\{key}", *arguments)

    def forget_registry(self, key: str) -> None:
        """Remove a key below HKEY_LOCAL_MACHINE, if it is there."""
        self.run("reg", "delete", rf"HKLM\{key}", "/f", "/reg:64", may_fail=True)


def windows_path(path: Path) -> str:
    """Wine shows the whole file system as drive Z."""
    return "Z:" + str(path).replace("/", "\\")


@pytest.fixture(scope="session")
def wine() -> Wine:
    return Wine(Path(os.environ["FARAGOSTAR_WINE"]))
