"""On what kind of volume a folder lies: the license's store must be on a disk of this machine."""

from enum import StrEnum
from pathlib import Path

from agent.hardware.tree import MachineTree

_NETWORK = frozenset({
    "9p", "afs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "glusterfs", "lustre", "nfs",
    "nfs4", "smb3", "smbfs",
})  # fmt: skip
_MEMORY = frozenset({"tmpfs", "ramfs"})
# As Windows' kinds of drives are called among the options that psutil gives.
_KINDS_OF_DRIVES = ("removable", "remote", "ramdisk")


class VolumeKind(StrEnum):
    """What matters of it: whether it is there alone, after the next start, and tomorrow."""

    LOCAL = "local"
    NETWORK = "network"
    MEMORY = "memory"
    REMOVABLE = "removable"


def volume_kind(folder: Path) -> VolumeKind | None:
    """The kind of the volume that the folder lies on; None where no volume is told."""
    import psutil  # A hundred milliseconds that only an examination pays for.

    place = folder.resolve()
    # The longest way to it is the volume; of two mounted on one place the later hides the other.
    volumes = [
        (len(Path(volume.mountpoint).parts), number, volume)
        for number, volume in enumerate(psutil.disk_partitions(all=True))
        if place.is_relative_to(volume.mountpoint)
    ]
    if not volumes:
        return None
    _, _, volume = max(volumes)
    return kind_of(volume.fstype, volume.device, volume.opts.split(","))


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
