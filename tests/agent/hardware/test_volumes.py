"""Whether a folder lies on a disk that is this machine's own."""

import subprocess
from pathlib import Path, PurePath, PureWindowsPath
from typing import NamedTuple

import pytest

from agent.hardware.tree import MachineTree
from agent.hardware.volumes import (
    Shelf,
    VolumeKind,
    kind_of,
    outlasts,
    shelves,
    shelves_here,
    volume_kind,
)
from tests.machine_folders import link, put
from tests.rights import needs_mount

NOWHERE = MachineTree(Path("/nowhere"))


class Partition(NamedTuple):
    """As psutil gives it."""

    device: str
    mountpoint: str
    fstype: str
    opts: str


# `psutil.disk_partitions(all=True)` of a server with a share and a stick, shortened.
OF_LINUX = (
    Partition("proc", "/proc", "proc", "rw,nosuid,nodev,noexec,relatime"),
    Partition("tmpfs", "/run", "tmpfs", "rw,nosuid,nodev,size=802556k,mode=755"),
    Partition("/dev/sda2", "/", "ext4", "rw,relatime,errors=remount-ro"),
    Partition("/dev/sr0", "/media/cdrom", "iso9660", "ro,nosuid,nodev,noexec"),
    Partition("//files/admin", "/mnt/admin", "cifs", "rw,relatime,vers=3.1.1"),
    Partition("nas:/install", "/mnt/install", "nfs4", "ro,relatime,vers=4.2"),
    Partition("/dev/sdz1", "/media/admin/STICK", "vfat", "rw,nosuid,nodev,relatime,uid=1000"),
)
NETWORK_ROOT = Partition("host", "/", "9p", "rw,relatime")
OF_WINDOWS = (
    Partition("C:\\", "C:\\", "NTFS", "rw,fixed"),
    Partition("D:\\", "D:\\", "", "cdrom"),
    Partition("E:\\", "E:\\", "FAT32", "rw,removable"),
    Partition("F:\\", "F:\\", "", "removable"),  # a card reader without a card
    Partition("G:\\", "G:\\", "CDFS", "ro,cdrom"),
    Partition("Z:\\", "Z:\\", "NTFS", "rw,remote"),
)


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


def test_what_outlasts_a_linux_server_is_its_share_and_its_stick(tmp_path: Path) -> None:
    disk = "sys/devices/pci0000:00/usb1/block/sdz"
    put(tmp_path, f"{disk}/removable", "1\n")
    put(tmp_path, f"{disk}/sdz1/partition", "1\n")
    link(tmp_path, "sys/class/block/sdz1", f"{disk}/sdz1")
    assert shelves(OF_LINUX, tree=MachineTree(tmp_path)) == (
        Shelf("/mnt/admin", VolumeKind.NETWORK),
        Shelf("/media/admin/STICK", VolumeKind.REMOVABLE),
    )


def test_on_windows_an_empty_reader_is_none_and_a_callers_drive_has_its_name() -> None:
    at_the_console = (Shelf("E:\\", VolumeKind.REMOVABLE), Shelf("Z:\\", VolumeKind.NETWORK))
    assert shelves(OF_WINDOWS, tree=NOWHERE) == at_the_console
    over_remote_desktop = (*at_the_console, Shelf(r"\\tsclient\C", VolumeKind.NETWORK))
    assert shelves(OF_WINDOWS, is_called=True, tree=NOWHERE) == over_remote_desktop


def test_who_calls_over_remote_desktop_is_told_by_the_session(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("psutil.disk_partitions", lambda **_: [NETWORK_ROOT])
    monkeypatch.setenv("SESSIONNAME", "RDP-Tcp#12")
    assert shelves_here(Path("/var/lib")) == (Shelf(r"\\tsclient\C", VolumeKind.NETWORK),)
    monkeypatch.setenv("SESSIONNAME", "Console")
    assert shelves_here(Path("/var/lib")) == ()


# One disk with two partitions, one of them under a volume manager; a second disk; a file as a disk.
DISKS = (
    Partition("/dev/sda2", "/", "ext4", "rw"),
    Partition("/dev/mapper/vg-data", "/data", "xfs", "rw"),
    Partition("/dev/sdb1", "/backup", "xfs", "rw"),
    Partition("/dev/loop0", "/loop", "ext4", "rw"),
    Partition("tmpfs", "/run", "tmpfs", "rw"),
    Partition("pool/papers", "/pool", "zfs", "rw"),
    Partition("nas:/papers", "/mnt/papers", "nfs4", "rw"),
    Partition("/dev/sda2", "/mnt/bound", "ext4", "rw"),
)


@pytest.fixture
def disks(tmp_path: Path) -> MachineTree:
    for disk, part in (("sda", "sda2"), ("sda", "sda3"), ("sdb", "sdb1")):
        place = f"sys/devices/pci0000:00/block/{disk}"
        put(tmp_path, f"{place}/{part}/partition", "1\n")
        link(tmp_path, f"sys/class/block/{part}", f"{place}/{part}")
    put(tmp_path, "sys/devices/virtual/block/dm-0/slaves/sda3", "")
    put(tmp_path, "dev/dm-0", "")
    link(tmp_path, "dev/mapper/vg-data", "dev/dm-0")
    link(tmp_path, "sys/class/block/dm-0", "sys/devices/virtual/block/dm-0")
    put(tmp_path, "sys/devices/virtual/block/loop0/size", "1\n")
    link(tmp_path, "sys/class/block/loop0", "sys/devices/virtual/block/loop0")
    return MachineTree(tmp_path)


@pytest.mark.parametrize(
    ("place", "is_elsewhere"),
    [
        ("/root", False),
        ("/data", False),
        ("/loop", False),
        ("/run", False),
        ("/pool", False),
        ("/mnt/bound", False),
        ("/backup/papers", True),
        ("/mnt/papers", True),
    ],
)
def test_papers_outlast_a_disk_on_another_one_or_on_another_machine(
    disks: MachineTree, place: str, *, is_elsewhere: bool
) -> None:
    assert outlasts(PurePath(place), PurePath("/var/lib/x"), DISKS, disks) is is_elsewhere


def test_papers_on_a_callers_drive_and_on_a_stick_outlast_a_windows_server() -> None:
    home = PureWindowsPath("C:\\ProgramData\\x")
    for place, is_elsewhere in (
        ("C:\\Users", False),
        ("E:\\papers", True),
        ("\\\\tsclient\\C\\papers", True),
        ("\\\\?\\C:\\papers", False),
    ):
        assert outlasts(PureWindowsPath(place), home, OF_WINDOWS, NOWHERE) is is_elsewhere
