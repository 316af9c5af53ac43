"""Disks and cards of a recorded machine: folders and links as sysfs lays them out."""

import os
from pathlib import Path
from typing import NamedTuple

ROOT_DEVICE = "253:0"


class Card(NamedTuple):
    """One network interface; without a bus it is one that software made."""

    name: str
    address: str
    bus: str | None = "pci0000:00/0000:00:1f.6"
    permanent: str | None = None
    assigned: str = "0"
    virtual_function: bool = False


class Disk(NamedTuple):
    """One disk by the attributes that sysfs shows for it; paths below its folder."""

    name: str
    attributes: dict[str, str]


def put(folder: Path, path: str, content: str | bytes) -> None:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.encode() if isinstance(content, str) else content)


def link(folder: Path, path: str, target: str) -> None:
    """A relative link, as sysfs makes them: it must stay inside the folder."""
    name = folder / path
    name.parent.mkdir(parents=True, exist_ok=True)
    name.symlink_to(os.path.relpath(folder / target, name.parent))


def write_disks(disks: tuple[Disk, ...], folder: Path) -> None:
    """A logical volume over one partition of each disk; none where there is none."""
    if not disks:
        return
    volume = "sys/devices/virtual/block/dm-0"
    put(folder, f"{volume}/dm/name", "vg-root\n")
    link(folder, f"sys/dev/block/{ROOT_DEVICE}", volume)
    link(folder, "sys/class/block/dm-0", volume)
    for place, disk in enumerate(disks):
        path = f"sys/devices/pci0000:00/0000:00:0{place}.0/block/{disk.name}"
        for attribute, value in disk.attributes.items():
            put(folder, f"{path}/{attribute}", f"{value}\n")
        put(folder, f"{path}/{disk.name}p2/partition", "2\n")
        link(folder, f"sys/class/block/{disk.name}", path)
        link(folder, f"{volume}/slaves/{disk.name}p2", f"{path}/{disk.name}p2")


def write_cards(cards: tuple[Card, ...], folder: Path) -> None:
    """Interfaces as sysfs shows them: a link into the bus, and a `device` link back."""
    for card in cards:
        device = f"sys/devices/{card.bus}" if card.bus else "sys/devices/virtual"
        interface = f"{device}/net/{card.name}"
        put(folder, f"{interface}/address", f"{card.address}\n")
        put(folder, f"{interface}/addr_assign_type", f"{card.assigned}\n")
        put(folder, f"{interface}/type", "1\n")
        link(folder, f"sys/class/net/{card.name}", interface)
        if card.bus:
            link(folder, f"{interface}/device", device)
        if card.virtual_function:
            link(folder, f"{device}/physfn", "sys/devices")
