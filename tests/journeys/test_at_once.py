"""Several processes of the agent at once, on this machine's own fingerprint."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from agent.bootstrap import set_up
from agent.config import Home, Settings
from agent.license_store import SqliteStore
from protocol.values import Standing
from tests.server.live import LiveServer
from tests.waiting import PATIENCE_SECONDS

ROUNDS = 3
PROGRAM = Path(sys.executable).parent / "faragostar-man"


class Desk:
    """One home, driven only by whole processes."""

    def __init__(self, folder: Path, server: LiveServer) -> None:
        self.home = Home(folder / "home")
        set_up(self.home, Settings(server=server.url), server.root_file.read_bytes())

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        command = [str(PROGRAM), "--home", str(self.home.folder), "--json", *arguments]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *arguments: str) -> int:
        with self.start(*arguments) as process:
            process.communicate()
        return process.returncode

    @property
    def standing(self) -> Standing:
        with SqliteStore(self.home.store).reading() as memory:
            return memory.state.standing

    def published(self) -> bool:
        return (self.home.public / "permit.jws").exists()


@pytest.fixture
def server(tmp_path: Path) -> LiveServer:
    return LiveServer(tmp_path / "server")


def test_checks_and_a_release_at_once_end_released_with_one_receipt(
    tmp_path: Path, server: LiveServer
) -> None:
    with server:
        desk = Desk(tmp_path, server)
        assert desk.run("activate", server.issue().license_key) == 0
        for round_ in range(1, ROUNDS + 1):
            acts = [("check",), ("release", "--reason", "os", "--yes"), ("check",), ("status",)]
            running = [desk.start(*act) for act in acts]
            said = [process.communicate() for process in running]
            codes = [process.returncode for process in running]
            assert codes[1] == 0, said[1]
            # A check that came first saw it active, one that came later released.
            assert set(codes) <= {0, 11, 12}, said
            for out, _ in said:
                assert msgspec.json.decode(out)["standing"] in {"active", "releasing", "released"}
            assert desk.standing is Standing.RELEASED
            assert not desk.published()
            assert len(server.rows("Receipt")) == round_
            server.assert_invariants()
            assert desk.run("reactivate") == 0
            assert desk.published()


def test_two_activations_at_once_bind_once(tmp_path: Path, server: LiveServer) -> None:
    with server:
        desk = Desk(tmp_path, server)
        key = server.issue().license_key
        running = [desk.start("activate", key) for _ in range(3)]
        said = [process.communicate() for process in running]
        # The slower ones find the request open and finish it, or are told that it is.
        assert {process.returncode for process in running} <= {0, 10}, said
        assert desk.run("check") == 0
        assert [row["generation"] for row in server.rows("Binding")] == [1]
        assert server.rows("Binding")[0]["state"] == "active"


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path, server: LiveServer) -> None:
    with server:
        desk = Desk(tmp_path, server)
        key = server.issue().license_key
        held = server.hold_next_answer()
        with desk.start("activate", key) as process:
            assert held.made.wait(PATIENCE_SECONDS), "it never asked"
            process.kill()
            process.communicate()
        held.let_go.set()
        assert desk.run("activate", key) == 0
        server.assert_invariants()
