"""Whether a folder lies on a disk that is this machine's own."""

import subprocess
from pathlib import Path

import pytest

from agent.hardware.tree import MachineTree
from agent.hardware.volumes import VolumeKind, kind_of, volume_kind
from tests.machine_folders import link, put
from tests.rights import needs_mount

NOWHERE = MachineTree(Path("/nowhere"))


@pytest.mark.parametrize(
    ("file_system", "options", "kind"),
    [
        ("ext4", ["rw", "relatime"], VolumeKind.LOCAL),
        ("nfs4", ["rw"], VolumeKind.NETWORK),
        ("cifs", ["rw"], VolumeKind.NETWORK),
        ("tmpfs", ["rw"], VolumeKind.MEMORY),
        ("NTFS", ["rw", "fixed"], VolumeKind.LOCAL),
        ("NTFS", ["rw", "remote"], VolumeKind.NETWORK),
        ("NTFS", ["rw", "ramdisk"], VolumeKind.MEMORY),
        ("FAT32", ["rw", "removable"], VolumeKind.REMOVABLE),
    ],
)
def test_the_system_tells_the_kind(file_system: str, options: list[str], kind: VolumeKind) -> None:
    assert kind_of(file_system, "C:\\", options, NOWHERE) is kind


@pytest.mark.parametrize(("said", "kind"), [("1", VolumeKind.REMOVABLE), ("0", VolumeKind.LOCAL)])
def test_a_stick_is_removable_and_so_are_its_partitions(
    said: str, kind: VolumeKind, tmp_path: Path
) -> None:
    disk = "sys/devices/pci0000:00/usb1/block/sdz"
    put(tmp_path, f"{disk}/removable", f"{said}\n")
    put(tmp_path, f"{disk}/sdz1/partition", "1\n")
    link(tmp_path, "sys/class/block/sdz", disk)
    link(tmp_path, "sys/class/block/sdz1", f"{disk}/sdz1")
    for device in ("/dev/sdz", "/dev/sdz1"):
        assert kind_of("vfat", device, ["rw"], MachineTree(tmp_path)) is kind


@needs_mount
def test_a_folder_in_memory_is_seen_as_one_and_so_is_what_lies_in_it(tmp_path: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", tmp_path], check=True)
    try:
        (tmp_path / "home").mkdir()
        assert volume_kind(tmp_path / "home") is VolumeKind.MEMORY
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_a_folder_on_no_volume_that_is_told_has_no_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a changed root, whose list of mounts names none for it."""
    monkeypatch.setattr("psutil.disk_partitions", lambda **_: [])
    assert volume_kind(tmp_path) is None
