"""The installed command as a process: its streams, its terminal, and what it loads."""

import json
import subprocess
import sys
from pathlib import Path

COMMAND = Path(sys.executable).parent / "faragostar-man"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    clean = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **environment}
    return subprocess.run(
        [str(COMMAND), *arguments],
        env=clean,
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_the_installed_command_speaks_json_and_nothing_else(tmp_path: Path) -> None:
    done = run("fingerprint", "--json", FARAGOSTAR_HOME=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["components"]


def test_an_ascii_terminal_gets_escapes_instead_of_a_failure(tmp_path: Path) -> None:
    home = str(tmp_path)
    done = run("status", "--lang", "fa", FARAGOSTAR_HOME=home, PYTHONIOENCODING="ascii")
    assert done.returncode == 33
    assert b"\\u0627" in done.stderr
    said = run("--json", "status", "--lang=fa", FARAGOSTAR_HOME=home, PYTHONIOENCODING="ascii")
    assert "راه‌اندازی" in json.loads(said.stdout)["text"]


def test_a_reader_who_has_seen_enough_is_no_failure(tmp_path: Path) -> None:
    script = f'"{COMMAND}" --help | true; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(
        ["bash", "-c", script],
        env={"PATH": "/usr/bin:/bin", "FARAGOSTAR_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"},
        capture_output=True,
        check=False,
    )
    assert done.stderr == b""


def test_nothing_slow_is_loaded_to_say_the_standing(tmp_path: Path) -> None:
    script = (
        "import sys; from agent.cli import main; main(['status']);"
        "print([m for m in ('requests', 'urllib3', 'socket', 'ssl', 'psutil', 'json', 'gettext',"
        " 'asyncio', 'agent.steps', 'agent.doctor') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "FARAGOSTAR_HOME": str(tmp_path)},
        capture_output=True,
        check=False,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    # argparse brings gettext's module; no catalog is opened for English.
    assert done.stdout == "['gettext']\n"
