"""The disks that the system starts from, found beneath LVM, dm-crypt, md and partitions.

Data disks are left out on purpose: they come and go without being a change of the server.
"""

from agent.fingerprint import Component, UnknownReason, known, unknown
from agent.hardware.answers import RootMount
from agent.hardware.normalisation import WORLDWIDE, DiskIdentity, clean, disk_identity
from agent.hardware.tree import MachineTree
from protocol.weights import ComponentId

_SOURCE = "/sys/dev/block"
# LVM on dm-crypt on md on partitions are four; a recording that links in circles is cut here.
_DEEPEST = 12
_VPD_HEADER_BYTES = 4


def boot_disk(tree: MachineTree, mount: RootMount | UnknownReason) -> Component:
    """Every disk beneath `/`; known only if each of them is, for one that is missing looks gone."""
    if isinstance(mount, UnknownReason):
        return unknown(ComponentId.BOOT_DISK, "/", mount)
    start = _block_device(tree, mount)
    disks = sorted(_disks_beneath(tree, start, _DEEPEST)) if start else []
    if not disks:
        # A network or memory file system, or a container that sees no device.
        return unknown(ComponentId.BOOT_DISK, mount.source, UnknownReason.ABSENT)
    source = " ".join(f"/sys/block/{disk.rpartition('/')[2]}" for disk in disks)
    identities: list[str] = []
    models: list[str] = []
    for disk in disks:
        described = _described(tree, disk)
        if isinstance(described, UnknownReason):
            return unknown(ComponentId.BOOT_DISK, source, described)
        identity = disk_identity(described)
        if identity is None:
            return unknown(ComponentId.BOOT_DISK, source, UnknownReason.PLACEHOLDER)
        identities.append(identity)
        models.append(clean(described.model))
    return known(ComponentId.BOOT_DISK, source, identities, label=models[0])


def _block_device(tree: MachineTree, mount: RootMount) -> str | None:
    if found := tree.target(f"{_SOURCE}/{mount.device}"):
        return found
    # btrfs mounts under a device number of its own; its source still names the real device.
    name = mount.source.removeprefix("/dev/")
    if name == mount.source:
        return None
    if name.startswith("mapper/"):
        return _mapped(tree, name.removeprefix("mapper/"))
    return tree.target(f"/sys/class/block/{name}")


def _mapped(tree: MachineTree, name: str) -> str | None:
    devices = tree.names("/sys/class/block")
    for device in () if isinstance(devices, UnknownReason) else devices:
        if tree.text(f"/sys/class/block/{device}/dm/name") == name:
            return tree.target(f"/sys/class/block/{device}")
    return None


def _disks_beneath(tree: MachineTree, device: str, deepest: int) -> set[str]:
    if not deepest:
        return set()
    if tree.exists(f"{device}/partition"):
        return _disks_beneath(tree, device.rpartition("/")[0], deepest - 1)
    slaves = tree.names(f"{device}/slaves")
    if isinstance(slaves, UnknownReason) or not slaves:
        return {device}
    beneath = (tree.target(f"{device}/slaves/{slave}") for slave in slaves)
    return {disk for slave in beneath if slave for disk in _disks_beneath(tree, slave, deepest - 1)}


def _described(tree: MachineTree, disk: str) -> DiskIdentity | UnknownReason:
    """A worse source answers only where the better one does not exist.

    One that exists and fails may answer again tomorrow, and the other value would look like a
    changed disk.
    """
    name = _first(tree, f"{disk}/wwid", f"{disk}/device/wwid")
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


def _serial(tree: MachineTree, disk: str) -> str | UnknownReason:
    found = _first(tree, f"{disk}/serial", f"{disk}/device/serial", f"{disk}/device/cid")
    return _unit_serial(tree, disk) if found is UnknownReason.ABSENT else found


def _first(tree: MachineTree, *paths: str) -> str | UnknownReason:
    for path in paths:
        reading = tree.text(path)
        if reading is not UnknownReason.ABSENT:
            return reading
    return UnknownReason.ABSENT


def _unit_serial(tree: MachineTree, disk: str) -> str | UnknownReason:
    """SCSI's vital product data, page 0x80: a header of four bytes, then the serial."""
    raw = tree.read(f"{disk}/device/vpd_pg80")
    if isinstance(raw, UnknownReason):
        return raw
    return raw[_VPD_HEADER_BYTES:].decode("ascii", "replace").strip("\0 ")


def _text_or_nothing(reading: str | UnknownReason) -> str:
    return "" if isinstance(reading, UnknownReason) else reading
