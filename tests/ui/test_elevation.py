"""Opening the window as administrator: the command, the policy, and every answer of the system."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar
from xml.etree import ElementTree as ET

import pytest

from agent.errors import NotElevated
from agent.home import Home
from agent.start import _window_in
from agent.ui import elevation
from agent.ui.elevation import (
    INSTALLED,
    Surroundings,
    ask_linux,
    surroundings,
    this_program,
    through_pkexec,
    window_of,
)
from agent.ui.patience import Patience

POLICY = Path(__file__).parents[2] / "installers" / "polkit" / elevation.POLICY.name
DESKTOP = {"DISPLAY": ":0", "XAUTHORITY": "/run/user/1000/xauth", "HOME": "/home/sara"}
WINDOW = window_of(Home(Path("/srv/a folder/'quoted'")), "fa")
T = TypeVar("T")
PACKAGED = Surroundings((INSTALLED,), "/usr/bin/pkexec", has_policy=True, environment=DESKTOP)


def test_a_packaged_program_is_asked_for_by_name() -> None:
    assert through_pkexec(PACKAGED, WINDOW) == (
        "/usr/bin/pkexec",
        "--disable-internal-agent",
        "/usr/bin/faragostar-man",
        "ui",
        "--announce",
        "--home",
        "/srv/a folder/'quoted'",
        "--lang",
        "fa",
    )


@pytest.mark.parametrize(
    "around",
    [
        PACKAGED._replace(has_policy=False),
        PACKAGED._replace(program=("/opt/python", "-I", "-m", "agent.start")),
    ],
)
def test_without_the_policy_the_screen_is_handed_on_by_name(around: Surroundings) -> None:
    command = through_pkexec(around, WINDOW)
    screen = ("/usr/bin/env", "DISPLAY=:0", "XAUTHORITY=/run/user/1000/xauth")
    assert command == ("/usr/bin/pkexec", elevation_flag(), *screen, *around.program, *WINDOW)


def elevation_flag() -> str:
    return "--disable-internal-agent"


def test_cookies_that_nobody_named_are_in_their_usual_place() -> None:
    environment = {"DISPLAY": ":0", "HOME": "/home/sara"}
    command = through_pkexec(PACKAGED._replace(has_policy=False, environment=environment), WINDOW)
    assert "XAUTHORITY=/home/sara/.Xauthority" in command


def test_on_wayland_alone_its_socket_is_named_whole() -> None:
    environment = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/run/user/1000"}
    command = through_pkexec(PACKAGED._replace(environment=environment), WINDOW)
    assert command[2:4] == ("/usr/bin/env", "WAYLAND_DISPLAY=/run/user/1000/wayland-0")


def test_nothing_else_of_the_surroundings_is_in_the_command() -> None:
    secret = {**DESKTOP, "FARAGOSTAR_SERVER": "https://secret", "DBUS_SESSION_BUS_ADDRESS": "x"}
    for has_policy in (True, False):
        around = PACKAGED._replace(has_policy=has_policy, environment=secret)
        assert not any(
            "secret" in word or "DBUS" in word for word in through_pkexec(around, WINDOW)
        )


def test_without_pkexec_it_is_refused_by_name() -> None:
    with pytest.raises(NotElevated) as refused:
        through_pkexec(PACKAGED._replace(pkexec=None), WINDOW)
    assert refused.value.text_code == "elevation-missing"


def test_the_command_opens_the_same_window() -> None:
    wish = _window_in(WINDOW)
    assert wish is not None
    assert (wish.home, wish.language, wish.announced) == ("/srv/a folder/'quoted'", "fa", True)


def test_a_home_beside_this_folder_is_named_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(tmp_path / "here") in window_of(Home(Path("here")), "en")


def test_windows_reads_every_argument_as_it_was_meant() -> None:
    home = 'C:\\Program Data\\a "b"\\'
    line = subprocess.list2cmdline(window_of(Home(Path(home)), "en")[2:])
    assert line.endswith('\\a \\"b\\"\\\\" --lang en')


class TestThisProgram:
    def test_an_installed_command_is_named_as_it_is(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        command = tmp_path / "faragostar-man"
        command.touch(mode=0o755)
        monkeypatch.setattr("sys.argv", [str(command)])
        assert this_program() == (str(command),)

    @pytest.mark.parametrize("named", ["faragostar-man", "/somewhere/else.py", "-c"])
    def test_anything_else_runs_isolated(self, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.argv", [named])
        assert this_program() == (sys.executable, "-I", "-m", "agent.start")

    def test_a_frozen_program_is_itself(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.frozen", True, raising=False)
        assert surroundings().program == (sys.executable,)


class TestAnswers:
    def asked(self, script: str) -> bool:
        return ask_linux(("/bin/sh", "-c", script), Patience(lambda: None).each)

    def test_the_other_window_says_that_it_is_there(self) -> None:
        assert self.asked("echo noise; echo opened")

    @pytest.mark.parametrize(
        ("end", "code"),
        [
            (126, "elevation-dismissed"),
            (127, "elevation-refused"),
            (125, "elevation-home"),
            (2, "not-elevated"),
            (0, "not-elevated"),
        ],
    )
    def test_no_window_is_told_by_name(self, end: int, code: str) -> None:
        with pytest.raises(NotElevated) as told:
            self.asked(f"exit {end}")
        assert told.value.text_code == code

    def test_whoever_closes_the_first_window_waits_no_more(self, tmp_path: Path) -> None:
        held = tmp_path / "held"
        os.mkfifo(held)
        patience = Patience(lambda: None)

        def each(coming: Iterable[T]) -> Iterator[T]:
            for found in patience.each(coming):
                patience.stop()
                yield found

        assert ask_linux(("/bin/sh", "-c", f"echo noise; read word < {held}"), each) is False
        held.write_text("go on\n")


class TestPolicy:
    def test_it_is_for_this_window_alone_and_hands_the_screen_on(self) -> None:
        (action,) = ET.fromstring(POLICY.read_bytes()).findall("action")  # noqa: S314 - our own
        annotations = {a.get("key"): a.text for a in action.findall("annotate")}
        prefix = "org.freedesktop.policykit.exec"
        assert annotations == {
            f"{prefix}.path": INSTALLED,
            f"{prefix}.argv1": WINDOW[0],
            f"{prefix}.allow_gui": "true",
        }

    def test_the_question_shows_what_will_be_run(self) -> None:
        (action,) = ET.fromstring(POLICY.read_bytes()).findall("action")  # noqa: S314 - our own
        assert all("$(command_line)" in (each.text or "") for each in action.findall("message"))

    def test_an_administrator_is_asked_every_time(self) -> None:
        (defaults,) = ET.fromstring(POLICY.read_bytes()).iter("defaults")  # noqa: S314 - our own
        assert {each.text for each in defaults} == {"auth_admin"}
        assert len(defaults) == 3

    def test_it_is_as_its_document_type_says(self) -> None:
        tags = [each.tag for each in ET.fromstring(POLICY.read_bytes()).iter("action")]  # noqa: S314
        assert tags == ["action"]
        (action,) = ET.fromstring(POLICY.read_bytes()).iter("action")  # noqa: S314 - our own
        order = [each.tag for each in action]
        known = ("description", "message", "defaults", "annotate")
        assert order == sorted(order, key=known.index)
