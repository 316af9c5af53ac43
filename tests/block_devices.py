"""Block devices of a recorded machine as the kernel lays them out, one call each."""

from pathlib import Path

from tests.machine_folders import link, put

_BUS = "sys/devices/pci0000:00/0000:00:17.0"
_VIRTUAL = "sys/devices/virtual/block"


class BlockDevices:
    """Writes below one folder; each call returns the device's place in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def disk(self, name: str, bus: str = _BUS, **attributes: str) -> str:
        """A disk with these attributes; two underscores stand for a slash."""
        path = f"{bus}/{name}"
        (self.folder / path).mkdir(parents=True)
        for attribute, value in attributes.items():
            put(self.folder, f"{path}/{attribute.replace('__', '/')}", f"{value}\n")
        link(self.folder, f"sys/class/block/{name}", path)
        return path

    def partition(self, disk: str, name: str) -> str:
        path = f"{disk}/{name}"
        put(self.folder, f"{path}/partition", "1\n")
        link(self.folder, f"sys/class/block/{name}", path)
        return path

    def layer(self, name: str, *beneath: str, mapped: str = "", uuid: str = "") -> str:
        """A device over others: LVM, dm-crypt, multipath and md."""
        path = f"{_VIRTUAL}/{name}"
        (self.folder / path / "slaves").mkdir(parents=True)
        for device in beneath:
            link(self.folder, f"{path}/slaves/{Path(device).name}", device)
        if mapped:
            put(self.folder, f"{path}/dm/name", f"{mapped}\n")
        if uuid:
            put(self.folder, f"{path}/dm/uuid", f"{uuid}\n")
        link(self.folder, f"sys/class/block/{name}", path)
        return path

    def btrfs(self, uuid: str, *members: str) -> None:
        """A file system over these devices."""
        put(self.folder, "sys/fs/btrfs/features/raid1c34", "0\n")
        for member in members:
            link(self.folder, f"sys/fs/btrfs/{uuid}/devices/{Path(member).name}", member)

    def number(self, number: str, device: str) -> None:
        """The device under its major and minor number."""
        link(self.folder, f"sys/dev/block/{number}", device)
