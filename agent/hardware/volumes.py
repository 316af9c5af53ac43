"""On what kind of volume a folder lies, and which volumes are not of this machine.

The license's store must be on a disk of this machine; what brings the license back must not.
"""

import os
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path, PurePath
from typing import NamedTuple, Protocol

from agent.fingerprint import UnknownReason
from agent.hardware.tree import MachineTree

_NETWORK = frozenset({
    "9p", "afs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "glusterfs", "lustre", "nfs",
    "nfs4", "smb3", "smbfs",
})  # fmt: skip
_MEMORY = frozenset({"tmpfs", "ramfs"})
# As Windows' kinds of drives are called among the options that psutil gives.
_KINDS_OF_DRIVES = ("removable", "remote", "ramdisk")


# What remote desktop shows of the computer at which the administrator sits.
_DRIVE_OF_THE_CALLER = r"\\tsclient\C"


class Partition(Protocol):
    """What psutil tells of a volume."""

    @property
    def device(self) -> str:
        """What is mounted."""

    @property
    def mountpoint(self) -> str:
        """Where."""

    @property
    def fstype(self) -> str:
        """Its file system; empty where no medium is in the drive."""

    @property
    def opts(self) -> str:
        """How, between commas."""


class VolumeKind(StrEnum):
    """What matters of it: whether it is there alone, after the next start, and tomorrow."""

    LOCAL = "local"
    NETWORK = "network"
    MEMORY = "memory"
    REMOVABLE = "removable"


def volume_kind(folder: Path) -> VolumeKind | None:
    """The kind of the volume that the folder lies on; None where no volume is told."""
    import psutil  # A hundred milliseconds that only an examination pays for.

    volume = _volume_of(folder.resolve(), psutil.disk_partitions(all=True))
    if volume is None:
        return None
    return kind_of(volume.fstype, volume.device, volume.opts.split(","))


def _volume_of(place: PurePath, partitions: Iterable[Partition]) -> Partition | None:
    # The longest way to it is the volume; of two mounted on one place the later hides the other.
    volumes = [
        (len(type(place)(volume.mountpoint).parts), number, volume)
        for number, volume in enumerate(partitions)
        if place.is_relative_to(volume.mountpoint)
    ]
    return max(volumes)[2] if volumes else None


def kind_of(
    file_system: str, device: str, options: list[str], tree: MachineTree | None = None
) -> VolumeKind:
    """What the system tells of a volume, in one word."""
    removable, remote, memory = (kind in options for kind in _KINDS_OF_DRIVES)
    if file_system in _NETWORK or remote:
        return VolumeKind.NETWORK
    if file_system in _MEMORY or memory:
        return VolumeKind.MEMORY
    if removable or _is_removable(device, tree or MachineTree(Path("/"))):
        return VolumeKind.REMOVABLE
    return VolumeKind.LOCAL


def _is_removable(device: str, tree: MachineTree) -> bool:
    place = tree.target(f"/sys/class/block/{device.rpartition('/')[2]}")
    if place is None:
        return False
    if tree.exists(f"{place}/partition"):
        place = place.rpartition("/")[0]
    return tree.text(f"{place}/removable") == "1"


class Shelf(NamedTuple):
    """A volume that outlasts this machine's disks, and how it is there."""

    path: str
    kind: VolumeKind


def shelves(
    partitions: Iterable[Partition], *, is_called: bool = False, tree: MachineTree | None = None
) -> tuple[Shelf, ...]:
    """The volumes on which papers outlast a change of this machine, in the system's order.

    `is_called`: somebody works here over remote desktop, whose own drive then has a fixed name; it
    is among no machine's volumes. A disk in a case on USB calls itself fixed, and is not told.
    """
    found = {}
    for partition in partitions:
        options = partition.opts.split(",")
        is_empty = not partition.fstype and "remote" not in options
        if is_empty or "ro" in options:
            continue
        kind = kind_of(partition.fstype, partition.device, options, tree)
        if kind in (VolumeKind.NETWORK, VolumeKind.REMOVABLE):
            found[partition.mountpoint] = kind
    if is_called:
        found[_DRIVE_OF_THE_CALLER] = VolumeKind.NETWORK
    return tuple(Shelf(path, kind) for path, kind in found.items())


def shelves_here(home: Path) -> tuple[Shelf, ...]:
    """The same of this machine, now, but for volumes that the home itself lies on."""
    import psutil  # A hundred milliseconds that only who saves something pays for.

    called = os.environ.get("SESSIONNAME", "").upper().startswith("RDP-")
    found = shelves(psutil.disk_partitions(all=True), is_called=called)
    return tuple(shelf for shelf in found if not home.is_relative_to(shelf.path))


def is_elsewhere(path: Path, home: Path) -> bool:
    """Whether what lies at the path outlasts the disk of a home.

    Raises:
        OSError: it cannot be seen.
    """
    import psutil  # A hundred milliseconds that only who saves something pays for.

    place = path.resolve(strict=True)
    return outlasts(place, home.resolve(), psutil.disk_partitions(all=True))


def outlasts(
    place: PurePath,
    home: PurePath,
    partitions: Iterable[Partition],
    tree: MachineTree | None = None,
) -> bool:
    """The same, of volumes that were told; what is not known of a disk speaks against it."""
    if place.drive.startswith("\\\\") and not place.drive.startswith("\\\\?"):
        return True  # another computer's, without a letter here
    told = tuple(partitions)
    there, here = _volume_of(place, told), _volume_of(home, told)
    if there is None or here is None or there.device == here.device:
        return False
    tree = tree or MachineTree(Path("/"))
    kind = kind_of(there.fstype, there.device, there.opts.split(","), tree)
    if kind is VolumeKind.LOCAL:
        its, ours = _disks(there.device, tree), _disks(here.device, tree)
        return bool(its and ours) and its.isdisjoint(ours)
    return kind in (VolumeKind.NETWORK, VolumeKind.REMOVABLE)


def _disks(device: str, tree: MachineTree) -> frozenset[str]:
    """The physical disks below a volume; none where one of them cannot be told."""
    name = (tree.target(device) or device).rpartition("/")[2]
    place = tree.target(f"/sys/class/block/{name}") if device.startswith("/dev/") else None
    if place is None:
        return frozenset()
    if tree.exists(f"{place}/partition"):
        place = place.rpartition("/")[0]
    if not place.startswith("/sys/devices/virtual/"):
        return frozenset({place})
    below = tree.names(f"{place}/slaves")
    if isinstance(below, UnknownReason):
        return frozenset()
    found = [_disks(f"/dev/{each}", tree) for each in below]
    return frozenset().union(*found) if all(found) else frozenset()
