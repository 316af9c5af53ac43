"""The disks that the system starts from, found beneath LVM, dm-crypt, md, btrfs and partitions.

Data disks are left out on purpose: they come and go without being a change of the server. All disks
of a mirror or a btrfs of several devices count, for the kernel names now one and now another of
them. The paths of a multipath disk are one disk; any of them tells which.
"""

from collections.abc import Iterable
from typing import NamedTuple

from agent.fingerprint import Component, UnknownReason, known, unknown
from agent.hardware.answers import RootMount
from agent.hardware.normalisation import WORLDWIDE, DiskIdentity, clean, disk_identity
from agent.hardware.tree import MachineTree
from agent.hardware.vital_product import unit_name, unit_serial
from protocol.weights import ComponentId

_BY_NUMBER = "/sys/dev/block"
_BY_NAME = "/sys/class/block"
_BTRFS = "/sys/fs/btrfs"
_MULTIPATH = "mpath-"
# LVM on dm-crypt on md on partitions are four, thin pools add three; a recording that links in
# circles is cut here.
_DEEPEST = 12

# One disk by the devices that lead to it: several where it is reached over several paths.
_Paths = tuple[str, ...]


def boot_disk(tree: MachineTree, mount: RootMount | UnknownReason) -> Component:
    """Every disk beneath `/`; known only if each of them is, for one that is missing looks gone."""
    if isinstance(mount, UnknownReason):
        return unknown(ComponentId.BOOT_DISK, "/", mount)
    beneath = _devices(tree, mount)
    if isinstance(beneath, UnknownReason):
        return unknown(ComponentId.BOOT_DISK, mount.source, beneath)
    disks = sorted({disk for device in beneath for disk in _disks_beneath(tree, device, _DEEPEST)})
    if not disks:
        # A network or memory file system, or a container that sees no device.
        return unknown(ComponentId.BOOT_DISK, mount.source, UnknownReason.ABSENT)
    source = " ".join(f"/sys/block/{path.rpartition('/')[2]}" for disk in disks for path in disk)
    found = [_identified(tree, disk) for disk in disks]
    for disk in found:
        if isinstance(disk, UnknownReason):
            return unknown(ComponentId.BOOT_DISK, source, disk)
    named = [disk for disk in found if isinstance(disk, _Disk)]
    return known(
        ComponentId.BOOT_DISK, source, [disk.identity for disk in named], label=named[0].model
    )


def _devices(tree: MachineTree, mount: RootMount) -> list[str] | UnknownReason:
    """What the file system lies on: one device, or all of a btrfs."""
    if found := tree.target(f"{_BY_NUMBER}/{mount.device}"):
        return [found]
    # btrfs mounts under a device number of its own; its source still names one real device.
    name = mount.source.removeprefix("/dev/")
    if name == mount.source:
        return []
    if name.startswith("mapper/"):
        device = _mapped(tree, name.removeprefix("mapper/"))
    else:
        device = tree.target(f"{_BY_NAME}/{name}")
    return _with_companions(tree, device) if device else []


def _mapped(tree: MachineTree, name: str) -> str | None:
    devices = tree.names(_BY_NAME)
    for device in () if isinstance(devices, UnknownReason) else devices:
        if tree.text(f"{_BY_NAME}/{device}/dm/name") == name:
            return tree.target(f"{_BY_NAME}/{device}")
    return None


def _with_companions(tree: MachineTree, device: str) -> list[str] | UnknownReason:
    """All devices of the btrfs that holds this one; which of them is named changes by start.

    Where its list cannot be read there is no telling whether it has others: it is unknown then,
    for half of a mirror would look removed.
    """
    systems = tree.names(_BTRFS)
    if isinstance(systems, UnknownReason):
        return systems
    for system in systems:
        folder = f"{_BTRFS}/{system}/devices"
        if tree.exists(f"{folder}/{device.rpartition('/')[2]}"):
            names = tree.names(folder)
            if isinstance(names, UnknownReason):
                return names
            return _ends(tree, folder, names)
    return []


def _ends(tree: MachineTree, folder: str, links: Iterable[str]) -> list[str]:
    """Where the links lead; one that leads nowhere stays, and makes the whole unknown."""
    paths = [f"{folder}/{link}" for link in links]
    return [tree.target(path) or path for path in paths]


def _disks_beneath(tree: MachineTree, device: str, deepest: int) -> set[_Paths]:
    if not deepest:
        return set()
    if tree.exists(f"{device}/partition"):
        return _disks_beneath(tree, device.rpartition("/")[0], deepest - 1)
    slaves = tree.names(f"{device}/slaves")
    if isinstance(slaves, UnknownReason) or not slaves:
        return {(device,)}
    beneath = _ends(tree, f"{device}/slaves", slaves)
    if _text_or_nothing(tree.text(f"{device}/dm/uuid")).startswith(_MULTIPATH):
        return {tuple(sorted(beneath))}
    return {disk for slave in beneath for disk in _disks_beneath(tree, slave, deepest - 1)}


class _Disk(NamedTuple):
    identity: str
    model: str


def _identified(tree: MachineTree, paths: _Paths) -> _Disk | UnknownReason:
    """The disk as the first path tells that can; a path that failed hides nothing."""
    reasons: list[UnknownReason] = []
    for path in paths:
        described = _described(tree, path)
        if isinstance(described, UnknownReason):
            reasons.append(described)
        elif identity := disk_identity(described):
            return _Disk(identity, clean(described.model))
        else:
            reasons.append(UnknownReason.PLACEHOLDER)
    return reasons[0]


def _described(tree: MachineTree, disk: str) -> DiskIdentity | UnknownReason:
    """A worse source answers only where the better one does not exist.

    One that exists and fails may answer again tomorrow, and the other value would look like a
    changed disk.
    """
    name = _name(tree, disk)
    serial = _serial(tree, disk)
    model = _text_or_nothing(tree.text(f"{disk}/device/model"))
    if isinstance(name, str) and name.startswith(WORLDWIDE):
        return DiskIdentity(name, _text_or_nothing(serial), model)
    if isinstance(name, UnknownReason) and name is not UnknownReason.ABSENT:
        return name
    if isinstance(serial, str):
        return DiskIdentity("", serial, model)
    if serial is UnknownReason.ABSENT and isinstance(name, str) and name:
        # t10.<vendor> <model> <serial>: only the last word is this disk's alone.
        return DiskIdentity("", name.split()[-1], model)
    return serial


def _name(tree: MachineTree, disk: str) -> str | UnknownReason:
    found = _first(tree, f"{disk}/wwid", f"{disk}/device/wwid")
    if found is not UnknownReason.ABSENT:
        return found
    # Kernels before 3.17 hand out the page alone; newer ones read the same name from it.
    page = tree.read(f"{disk}/device/vpd_pg83")
    return page if isinstance(page, UnknownReason) else unit_name(page) or UnknownReason.ABSENT


def _serial(tree: MachineTree, disk: str) -> str | UnknownReason:
    found = _first(tree, f"{disk}/serial", f"{disk}/device/serial", f"{disk}/device/cid")
    if found is not UnknownReason.ABSENT:
        return found
    page = tree.read(f"{disk}/device/vpd_pg80")
    return page if isinstance(page, UnknownReason) else unit_serial(page)


def _first(tree: MachineTree, *paths: str) -> str | UnknownReason:
    for path in paths:
        reading = tree.text(path)
        if reading is not UnknownReason.ABSENT:
            return reading
    return UnknownReason.ABSENT


def _text_or_nothing(reading: str | UnknownReason) -> str:
    return "" if isinstance(reading, UnknownReason) else reading
