"""Opening the window as administrator: the command, the policy, and every answer of the system."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from agent.errors import NotElevated
from agent.home import Home
from agent.start import _window_in, main
from agent.ui import elevation
from agent.ui.app import name_home
from agent.ui.elevation import (
    INSTALLED,
    Surroundings,
    ask_linux,
    surroundings,
    this_program,
    through_pkexec,
    window_of,
)
from agent.ui.jobs.license import Check
from agent.ui.patience import Patience
from agent.ui.rights import FOREIGN_HOME, is_administrators
from tests.journeys.site import Host, Site
from tests.rights import NOBODY, as_nobody, needs_root
from tests.ui.conftest import Open
from tests.ui.driving import Driver

POLICY = Path(__file__).parents[2] / "installers" / "polkit" / elevation.POLICY.name
DESKTOP = {"DISPLAY": ":0", "XAUTHORITY": "/run/user/1000/xauth", "HOME": "/home/sara"}
WINDOW = window_of(Home(Path("/srv/a folder/'quoted'")), "fa")
T = TypeVar("T")
OPEN = "Open as administrator…"
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


@needs_root
class TestAHomeThatSomebodyChose:
    """Who asks for the window names the home; who answers with a password does not see it."""

    def test_one_of_the_administrator_is_opened(self, tmp_path: Path) -> None:
        assert is_administrators(Home(tmp_path))

    def test_the_systems_own_is_opened_before_it_is_made(self) -> None:
        assert is_administrators(Home(Path("/var/lib/faragostar-man")))

    def test_one_that_is_not_there_is_opened_where_nobody_else_can_make_it(
        self, tmp_path: Path
    ) -> None:
        assert is_administrators(Home(tmp_path / "new"))
        tmp_path.chmod(0o1777)
        assert not is_administrators(Home(tmp_path / "new"))

    def test_one_of_somebody_else_is_not(self, tmp_path: Path) -> None:
        os.chown(tmp_path, NOBODY, NOBODY)
        assert not is_administrators(Home(tmp_path))
        assert not is_administrators(Home(tmp_path / "new"))

    def test_one_that_others_may_write_to_is_not(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o777)
        assert not is_administrators(Home(tmp_path))

    def test_one_behind_a_link_is_not(self, tmp_path: Path) -> None:
        (tmp_path / "real").mkdir()
        (tmp_path / "link").symlink_to(tmp_path / "real")
        assert not is_administrators(Home(tmp_path / "link"))
        assert not is_administrators(Home(tmp_path / "link" / "new"))
        assert not is_administrators(Home(tmp_path / "new" / ".." / "link"))

    def test_its_window_does_not_open(self, tmp_path: Path) -> None:
        os.chown(tmp_path, NOBODY, NOBODY)
        assert main(window_of(Home(tmp_path), "en")) == FOREIGN_HOME

    def test_plugins_that_the_environment_names_are_not_loaded(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        os.chown(tmp_path, NOBODY, NOBODY)
        names = ("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH")
        for name in names:
            monkeypatch.setenv(name, str(tmp_path))
        main(window_of(Home(tmp_path), "en"))
        assert not any(name in os.environ for name in names)


def test_the_title_names_a_home_that_is_not_the_systems_own(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FARAGOSTAR_HOME", raising=False)
    try:
        name_home(qapp, Home(tmp_path))
        assert qapp.applicationDisplayName() == str(tmp_path)
    finally:
        qapp.setApplicationDisplayName("")
    name_home(qapp, Home(Path("/var/lib/faragostar-man")))
    assert str(tmp_path) not in qapp.applicationDisplayName()


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


@needs_root
class TestTheWindow:
    """Seen by a user without rights; what asks the system is a program of this test's own."""

    @pytest.fixture
    def lesser(self, site: Site, host: Host, opened: Open, language: str) -> Driver:
        host.agent.activate(site.issue().license_key)
        with as_nobody(host.home.public):
            return opened(host, language)

    @pytest.fixture
    def answers(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
        def answered(script: str) -> None:
            program = tmp_path / "bin" / "pkexec"
            program.parent.mkdir()
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o755)
            monkeypatch.setenv("PATH", str(program.parent))

        return answered

    def test_it_makes_way_for_the_administrators(
        self, lesser: Driver, answers: Callable[[str], None], tmp_path: Path
    ) -> None:
        answers(f'echo "$@" > {tmp_path}/asked; echo opened')
        assert lesser.focused() is lesser.button(OPEN)
        lesser.press(Qt.Key.Key_Space)
        lesser.until(lambda: not lesser.window.isVisible())
        asked = (tmp_path / "asked").read_text()
        assert f"ui --announce --home {lesser.host.home.folder} --lang" in asked

    @pytest.mark.parametrize(
        ("script", "code"),
        [("exit 126", "elevation-dismissed"), ("exit 127", "elevation-refused")],
    )
    def test_a_refusal_is_told_and_the_license_is_still_active(
        self, lesser: Driver, answers: Callable[[str], None], script: str, code: str
    ) -> None:
        answers(script)
        lesser.click(OPEN)
        lesser.work()
        said = lesser.words()
        assert lesser.texts.text(code) in said
        assert lesser.texts.advice(code) in said
        assert lesser.texts.text("unchanged") in said
        assert lesser.window.isVisible()

    def test_without_pkexec_it_is_told_how_else(
        self, lesser: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        lesser.click(OPEN)
        lesser.work()
        assert lesser.texts.advice("elevation-missing") in lesser.words()

    def test_a_failure_for_want_of_rights_offers_it_too(
        self, lesser: Driver, answers: Callable[[str], None]
    ) -> None:
        answers("echo opened")
        os.seteuid(NOBODY)
        try:
            lesser.window.ask(Check())
            lesser.work()
        finally:
            os.seteuid(0)
        (offered, other) = (
            b for b in lesser.seen(QPushButton) if b.text() == lesser.texts.gettext(OPEN)
        )
        assert offered.accessibleName()
        assert other.accessibleName()
        offered.click()
        lesser.until(lambda: not lesser.window.isVisible())
