"""Left out of the default run: `make vm-test` makes the machine's system and names it.

A start of the emulated machine takes as long as a hundred other tests.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from tests.vm.hardware import GUEST, SERVER, Hardware
from tests.vm.machine import IMAGE, Machine
from tests.vm.site import Site, activated

collect_ignore_glob = [] if "FARAGOSTAR_VM" in os.environ else ["*"]

_ROOT = Path(__file__).parents[2]
_CONSOLES = IMAGE / "consoles"
_SHOWN_LINES = 60

Enrolled = Callable[[Hardware], Site]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The agent as it stands in this tree, as it would be delivered."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "-q", "--no-deps"]
    subprocess.run([*pip, "--no-build-isolation", "-w", folder, _ROOT], check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def enrolled(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Enrolled:
    """The site whose license is bound to this hardware; made once, never changed."""
    sites: dict[Hardware, Site] = {}

    def site_of(hardware: Hardware) -> Site:
        if hardware not in sites:
            name = f"enrolment-{len(sites)}"
            shutil.rmtree(_CONSOLES / name, ignore_errors=True)
            folder = tmp_path_factory.mktemp(name) / "site"
            sites[hardware] = activated(folder, _CONSOLES / name, hardware, wheel)
        return sites[hardware]

    return site_of


@pytest.fixture
def site_on(
    enrolled: Enrolled, tmp_path: Path, request: pytest.FixtureRequest
) -> Callable[[Hardware], Site]:
    """A copy of the enrolled site, for this test alone."""
    consoles = _consoles(request.node.name)
    shutil.rmtree(consoles, ignore_errors=True)
    return lambda hardware: enrolled(hardware).copy(tmp_path / "site", consoles)


@pytest.fixture
def server(site_on: Callable[[Hardware], Site]) -> Site:
    """A bare server, active."""
    return site_on(SERVER)


@pytest.fixture
def guest(site_on: Callable[[Hardware], Site]) -> Site:
    """A virtual machine, active."""
    return site_on(GUEST)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what the machine printed where a test failed, and show the end of it."""
    report = yield
    consoles = _consoles(item.name)
    if report.failed and consoles.exists():
        last = max(consoles.iterdir())
        lines = last.read_text(errors="replace").splitlines()[-_SHOWN_LINES:]
        report.sections.append((f"console, whole in {last}", "\n".join(lines)))
    elif report.when == "call" and report.passed:
        shutil.rmtree(consoles, ignore_errors=True)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what it cost."""
    line = f"the emulated machine was switched on {Machine.starts} times, {Machine.seconds:.0f} s"
    terminalreporter.write_line(line)


def _consoles(name: str) -> Path:
    safe = "".join(letter if letter.isalnum() else "-" for letter in name)
    return _CONSOLES / safe
