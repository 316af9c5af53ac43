"""The whole agent, as its command, on the running kernel: activated, and then the ground moves."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from tests import machines
from tests.machines import BARE_SERVER, Machine
from tests.namespaces.sandbox import Sandbox, why_not
from tests.server.live import LiveServer

NOT_HERE = why_not()
pytestmark = pytest.mark.skipif(bool(NOT_HERE), reason=NOT_HERE)

COMMAND = str(Path(sys.executable).parent / "faragostar-man")
DONE, RELEASING, DRIFTED = 0, 11, 13


class Said(NamedTuple):
    """What one run of the command left behind."""

    exit: int
    view: dict[str, Any]

    @property
    def changed(self) -> list[str]:
        return [
            part["id"] for part in self.view["drift"]["components"] if part["status"] == "changed"
        ]


class Host:
    """One machine with the agent installed; each command is a process in its namespaces."""

    def __init__(self, folder: Path, server: LiveServer) -> None:
        self.folder = folder
        self.server = server
        self.become(BARE_SERVER)
        self.run("setup", "--server", server.url, "--root", str(server.root_file))

    def become(self, machine: Machine) -> None:
        Sandbox(self.folder).install(machine)

    def run(self, *arguments: str, cut_off: bool = False) -> Said:
        sandbox = Sandbox(self.folder, own_network=cut_off)
        home = str(self.folder / "home")
        done = sandbox.run(COMMAND, "--json", "--lang", "en", "--home", home, *arguments)
        assert done.stdout, done.stderr
        return Said(done.returncode, msgspec.json.decode(done.stdout))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    with LiveServer(tmp_path / "server") as server:
        yield server


@pytest.fixture
def active(tmp_path: Path, server: LiveServer) -> Host:
    host = Host(tmp_path / "host", server)
    said = host.run("activate", server.issue().license_key)
    assert (said.exit, said.view["standing"]) == (DONE, "active")
    return host


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (machines.with_other_board, "board"),
        (lambda machine: machines.with_other_disk(machines.with_other_cards(machine)), "nic"),
    ],
    ids=["board", "disk and cards"],
)
def test_the_changed_part_is_named_and_putting_it_back_ends_the_drift(
    change: Callable[[Machine], Machine], part: str, active: Host
) -> None:
    active.become(change(BARE_SERVER))
    said = active.run("check")
    assert (said.exit, said.view["standing"], said.view["usable"]) == (DRIFTED, "drifted", True)
    assert part in said.changed
    assert said.view["os"]["verdict"] == "same"
    active.become(BARE_SERVER)
    said = active.run("check")
    assert (said.exit, said.view["standing"]) == (DONE, "active")


@pytest.mark.parametrize(
    ("change", "verdict"),
    [(machines.with_upgraded_os, "upgrade"), (machines.with_reinstalled_os, "reinstall")],
)
def test_a_change_of_the_system_is_drift_with_untouched_hardware(
    change: Callable[[Machine], Machine], verdict: str, active: Host
) -> None:
    active.become(change(BARE_SERVER))
    said = active.run("status")
    assert said.exit == DRIFTED
    assert said.view["os"]["verdict"] == verdict
    assert said.view["drift"]["verdict"] == "match"


def test_a_reboot_with_another_order_of_cards_is_nothing(active: Host) -> None:
    active.become(machines.with_extra_card(machines.rebooted(BARE_SERVER)))
    said = active.run("status")
    assert (said.exit, said.view["standing"]) == (DONE, "active")


def test_a_license_released_behind_a_cut_cable_is_taken_again_on_the_new_board(
    active: Host,
) -> None:
    said = active.run("release", "--reason", "hardware", "--yes", cut_off=True)
    assert (said.exit, said.view["usable"]) == (RELEASING, False)
    active.become(machines.with_other_board(machines.rebooted(BARE_SERVER)))
    assert active.run("check").view["standing"] == "released"
    said = active.run("reactivate")
    assert (said.exit, said.view["standing"], said.view["generation"]) == (DONE, "active", 2)
    assert said.view["drift"]["verdict"] == "match"
