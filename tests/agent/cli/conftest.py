"""The command over one agent of a test's own, with an English system around it."""

import pytest

from agent.cli import main
from tests.agent.cli.console import Run, Said
from tests.agent.worlds import World


@pytest.fixture(autouse=True)
def _english_system(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "FARAGOSTAR_SERVER", "FARAGOSTAR_HOME", "FARAGOSTAR_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def run(world: World, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> Said:
        capsys.readouterr()
        code = main(["--home", str(world.home.folder), *arguments], opener=lambda _: world.agent)
        return Said(code, *capsys.readouterr())

    return run
