"""The window as administrator: whose home it opens, and what is seen of it without rights."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton

from agent.home import Home
from agent.start import main
from agent.ui.app import name_home
from agent.ui.elevation import window_of
from agent.ui.jobs.license import Check
from agent.ui.rights import FOREIGN_HOME, is_administrators
from tests.journeys.site import Host, Site
from tests.rights import NOBODY, as_nobody, needs_root
from tests.ui.conftest import Open
from tests.ui.driving import Driver

OPEN = "Open as administrator…"


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
