"""A recorded machine reads as the machine did."""

import os
import resource
from pathlib import Path

import pytest

from agent.errors import FileUnreadable, FolderTaken
from agent.fingerprint import Inventory, UnknownReason
from agent.hardware.answers import RecordedAnswers
from agent.hardware.linux import LinuxProbe
from agent.hardware.recording import Recording, record, write
from protocol.weights import ComponentId
from tests.machine_folders import put
from tests.machines import BARE_SERVER
from tests.readings import reason
from tests.recorded_roots import ROOTS
from tests.rights import as_nobody, needs_root

TABLE = "/sys/firmware/dmi/tables/DMI"


@pytest.fixture(params=ROOTS)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return ROOTS[str(request.param)].write(tmp_path / "machine")


def replayed(recording: Recording, folder: Path) -> Inventory:
    write(recording, folder)
    return LinuxProbe(folder).read()


class TestReplay:
    def test_a_recording_reads_as_the_machine_did(self, folder: Path, tmp_path: Path) -> None:
        recorded = record(folder)
        assert recorded.inventory == LinuxProbe(folder).read()
        assert replayed(recorded.recording, tmp_path / "recorded") == recorded.inventory

    def test_a_recording_of_a_recording_is_the_same(self, folder: Path, tmp_path: Path) -> None:
        first = record(folder).recording
        write(first, tmp_path / "recorded")
        assert record(tmp_path / "recorded").recording == first

    def test_nothing_is_recorded_that_was_not_read(self, tmp_path: Path) -> None:
        folder = BARE_SERVER.write(tmp_path / "machine")
        put(folder, "etc/shadow", "secret")
        put(folder, "sys/class/net/eno1/statistics/rx_bytes", "1")
        recording = record(folder).recording
        assert not {"/etc/shadow", "/proc/uptime", "/proc/sys/kernel/random/boot_id"} & {
            *recording.files
        }
        assert not [path for path in recording.files if "statistics" in path]

    def test_this_very_machine_reads_the_same_from_its_recording(self, tmp_path: Path) -> None:
        recorded = record()
        assert recorded.inventory == LinuxProbe().read()
        assert replayed(recorded.recording, tmp_path / "recorded") == recorded.inventory

    @needs_root
    def test_what_could_not_be_read_is_unknown_for_the_same_reason(self, tmp_path: Path) -> None:
        folder = BARE_SERVER.write(tmp_path / "machine")
        for secret in (TABLE[1:], "sys/class/dmi/id/product_uuid", "etc/machine-id"):
            (folder / secret).chmod(0o400)
        with as_nobody(folder):
            recorded = record(folder)
        again = replayed(recorded.recording, tmp_path / "recorded")
        assert again == recorded.inventory
        assert reason(again, ComponentId("system_uuid")) is UnknownReason.DENIED
        assert isinstance(recorded.recording.answers, RecordedAnswers)
        assert recorded.recording.answers.refused[TABLE] is UnknownReason.DENIED

    def test_a_folder_that_cannot_be_listed_cannot_be_listed_again(self, tmp_path: Path) -> None:
        folder = BARE_SERVER.write(tmp_path / "machine")
        answers = folder / ".faragostar/probe.json"
        refusing = answers.read_text().replace("{", '{"refused": {"/sys/class/net": "denied"},', 1)
        answers.write_text(refusing)
        recorded = record(folder)
        again = replayed(recorded.recording, tmp_path / "recorded")
        assert again == recorded.inventory
        assert reason(again, ComponentId("nic")) is UnknownReason.DENIED

    def test_a_machine_without_a_known_root_stays_without_one(self, tmp_path: Path) -> None:
        folder = BARE_SERVER.write(tmp_path / "machine")
        (folder / ".faragostar/probe.json").write_text("{")
        again = replayed(record(folder).recording, tmp_path / "recorded")
        assert reason(again, ComponentId("boot_disk")) is UnknownReason.DAMAGED

    def test_links_that_lead_out_or_nowhere_are_not_followed(self, tmp_path: Path) -> None:
        folder = BARE_SERVER.write(tmp_path / "machine")
        outside = tmp_path / "outside"
        outside.mkdir()
        (folder / "sys/class/net/out0").symlink_to(outside)
        (folder / "sys/class/net/gone0").symlink_to("../../devices/gone")
        recorded = record(folder)
        assert replayed(recorded.recording, tmp_path / "recorded") == recorded.inventory
        assert "/sys/class/net/out0" not in recorded.recording.links
        assert recorded.recording.links["/sys/class/net/gone0"] == "/sys/devices/gone"


class TestWriting:
    RECORDING = Recording(
        files={"/etc/machine-id": b"5d2f0a4c9b7e4e1f8a6c3b2d1e0f9a8b\n"},
        folders=frozenset({"/sys/class/net"}),
        links={"/etc/os-release": "/usr/lib/os-release"},
        answers=RecordedAnswers(),
    )

    def test_all_of_it_is_the_owners_alone_whatever_the_umask(self, tmp_path: Path) -> None:
        before = os.umask(0)
        try:
            write(self.RECORDING, tmp_path / "recorded")
        finally:
            os.umask(before)
        for place in (tmp_path / "recorded", *(tmp_path / "recorded").rglob("*")):
            assert place.lstat().st_mode & 0o077 == 0 or place.is_symlink()

    def test_an_empty_folder_is_taken(self, tmp_path: Path) -> None:
        (tmp_path / "recorded").mkdir()
        write(self.RECORDING, tmp_path / "recorded")
        assert (tmp_path / "recorded/.faragostar/probe.json").is_file()

    @pytest.mark.parametrize("taken", ["folder", "file", "link"])
    def test_what_stands_there_is_never_touched(self, taken: str, tmp_path: Path) -> None:
        place = tmp_path / "recorded"
        if taken == "folder":
            put(place, "mine", "kept")
        elif taken == "file":
            place.write_text("kept")
        else:
            place.symlink_to(tmp_path)
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(FolderTaken):
            write(self.RECORDING, place)
        assert sorted(tmp_path.rglob("*")) == before

    def test_without_a_folder_above_it_nothing_is_made(self, tmp_path: Path) -> None:
        with pytest.raises(FileUnreadable):
            write(self.RECORDING, tmp_path / "nowhere/recorded")
        assert not list(tmp_path.iterdir())

    def test_a_disk_that_fills_up_leaves_nothing(self, tmp_path: Path) -> None:
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (16, limits[1]))
        try:
            with pytest.raises(FileUnreadable) as refusal:
                write(self.RECORDING, tmp_path / "recorded")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert refusal.value.parameters["reason"] == "File too large"
        assert not list(tmp_path.iterdir())

    def test_a_folder_that_was_filled_meanwhile_stays(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def filled(*_: object) -> None:
            raise OSError(39, "Directory not empty")

        monkeypatch.setattr("pathlib.Path.replace", filled)
        with pytest.raises(FileUnreadable):
            write(self.RECORDING, tmp_path / "recorded")
        assert not list(tmp_path.iterdir())
