"""A morning's backup, what happened after it, and what is left of the evidence (§5)."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from protocol.documents import Truth
from protocol.values import Standing
from server_stub.licensing import snapshots
from server_stub.licensing.models import ServerState
from server_stub.licensing.roots import published
from server_stub.licensing.services.restoring import Kept, Restored, reconcile
from tests.kills.tracing import TRACED, Call, calls_of
from tests.server.command import Server
from tests.server.conftest import Office
from tests.server.devices import Device

TO_POSTGRESQL = "sendto"


class Day:
    """A morning's backup and what happened after it."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office
        self.backup = folder / "morning.zip"
        self.machine, self.other = office.device("machine"), office.device("other")
        self.key = office.issue().license_key
        self.document = office.bound(self.machine, self.key)
        self.write(self.backup)

    def write(self, path: Path) -> None:
        audience = published().root.audience
        snapshots.write_backup(path, self.office.home, audience, self.office.time[0])
        with snapshots.Backup.opened(path) as backup:
            backup.check()

    def move(self) -> bytes:
        """After the backup the license moves to the other machine."""
        self.office.answer(self.machine.release(self.document, code="FGR-a"))
        return self.office.bound(self.other, self.key, code="FGR-a")

    def empty(self) -> None:
        """The database is gone; its server too."""
        from django.core.management import call_command

        call_command("flush", interactive=False, verbosity=0)

    def restore(self, *, is_lost: bool = False) -> Restored:
        with snapshots.Backup.opened(self.backup) as backup:
            backup.check()
            kept = Kept(declared_by="Sara" if is_lost else "")
            return reconcile(self.office.server, kept, is_lost=is_lost, backup=backup)

    def held(self, device: Device, document: bytes) -> Truth:
        answer = self.office.answer(device.check_in(document, Standing.ACTIVE))
        assert isinstance(answer, Truth)
        return answer

    def hears_the_epoch(self, device: Device, document: bytes) -> Truth:
        """The next check-in, by a device that knows of the restore."""
        device.head = {"epoch_seen": ServerState.objects.get().epoch}
        return self.held(device, document)


@pytest.fixture
def day(office: Office, tmp_path: Path) -> Day:
    return Day(office, tmp_path)


def flip(raw: bytes) -> bytes:
    middle = len(raw) // 3
    return raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :]


def lines_of(office: Office) -> list[bytes]:
    return office.server.evidence.path.read_bytes().splitlines(keepends=True)


def keep(office: Office, lines: list[bytes]) -> None:
    office.server.evidence.path.write_bytes(b"".join(lines))


def traced_restore(
    home: Server, words: tuple[str | Path, ...], *options: str
) -> tuple[int, list[Call]]:
    """Restore under strace: how it ended, and every call with which it changed the books."""
    trace = home.home.with_suffix(".trace")
    command = [
        *("strace", "-y", "-o", str(trace), "-e", f"trace={TRACED},{TO_POSTGRESQL}", *options),
        *(sys.executable, "-m", "server_stub.cli", "restore", *map(str, words)),
    ]
    done = subprocess.run(command, env=home.environment, check=False, stdout=subprocess.DEVNULL)
    with trace.open(errors="replace") as lines:
        calls = calls_of(lines)
    return done.returncode, [
        call
        for call in calls
        if call.name == TO_POSTGRESQL or (call.changes and call.concerns(home.home))
    ]


@pytest.fixture
def backed_up(founded: Server, tmp_path: Path) -> Path:
    assert founded("customer", "add", "Alborz").code == 0
    file = tmp_path / "backup.zip"
    assert founded("backup", str(file)).code == 0
    return file


def a_new_home(founded: Server, path: Path) -> Server:
    path.mkdir()
    shutil.copytree(founded.home / "evidence", path / "evidence")
    return Server(path)
