"""Reads a Linux machine: the running one, or a recorded one from a folder laid out like `/`.

Files only, no subprocess; what is no file comes from `answers`. An unreadable source gives an
unknown component with its reason, so a run without rights is poorer and never different.
"""

from pathlib import Path

from agent.fingerprint import (
    Component,
    Detail,
    DetailId,
    Inventory,
    OsIdentity,
    UnknownReason,
    known,
    unknown,
)
from agent.hardware import smbios
from agent.hardware.answers import OpenMachine, open_machine
from agent.hardware.disks import boot_disk
from agent.hardware.firmware import (
    firmware_components,
    firmware_details,
    firmware_unknown,
)
from agent.hardware.machine_tag import machine_tag
from agent.hardware.network import network_cards
from agent.hardware.normalisation import clean, machine_id_identity, uuid_identity_of_text
from agent.hardware.os_release import (
    major_of,
    parse_os_release,
    patch_of,
    point_release_file,
    product_of,
)
from agent.hardware.processor import processor
from agent.hardware.tree import MachineTree
from agent.hardware.virtualisation import machine_class
from protocol.weights import ComponentId

_TABLE = "/sys/firmware/dmi/tables/DMI"
_TABLE_FIELDS = "/sys/class/dmi/id"
_MACHINE_ID = "/etc/machine-id"
_DBUS_MACHINE_ID = "/var/lib/dbus/machine-id"
# Where there is no table at all: Xen's own guests, and machines described by a device tree.
_OTHER_UUIDS = ("/sys/hypervisor/uuid", "/proc/device-tree/vm,uuid")
_OTHER_PLATFORMS = ("/sys/hypervisor/type", "/proc/device-tree/hypervisor/compatible")
_UUID_BYTES = 16


class _Firmware:
    """The SMBIOS table as far as this run may read it."""

    def __init__(self, tree: MachineTree) -> None:
        raw = tree.read(_TABLE)
        self.source = _TABLE
        self.blank = UnknownReason.ABSENT
        self.table: smbios.Table | None = None
        if isinstance(raw, bytes):
            self.table = smbios.parse(raw)
            if self.table.system:
                return
            raw = UnknownReason.DAMAGED
        self.blank = raw
        self.table = _table_from_fields(tree)
        if self.table is None:
            return
        self.source = _TABLE_FIELDS
        if tree.text(f"{_TABLE_FIELDS}/product_uuid") is UnknownReason.DENIED:
            self.blank = UnknownReason.DENIED

    def components(self) -> tuple[Component, ...]:
        if self.table is None:
            return firmware_unknown(self.source, self.blank)
        return firmware_components(self.table, self.source, self.blank)


class LinuxProbe:
    """Reads the machine under `root`; keeps nothing between two readings."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._machine = open_machine(root)

    def read(self) -> Inventory:
        """Everything that can be read now; never raises for what a machine is like."""
        return read_machine(self._machine)

    def uptime_seconds(self) -> int | None:
        """How long this system has been up; None where it cannot be read."""
        text = self._machine.tree.text("/proc/uptime")
        whole = "" if isinstance(text, UnknownReason) else text.partition(".")[0]
        return int(whole) if whole.isascii() and whole.isdigit() else None

    def boot_id(self) -> str | None:
        """An id that every start of the system makes anew; None where it cannot be read."""
        text = self._machine.tree.text("/proc/sys/kernel/random/boot_id")
        return None if isinstance(text, UnknownReason) else text or None

    def machine_tag(self) -> str:
        """The permit's machine tag (docs/protocol.md §8); empty where the machine has no id.

        The machineid libraries' convention, so a protected application can recompute it: they
        read D-Bus's copy first.
        """
        for path in (_DBUS_MACHINE_ID, _MACHINE_ID):
            if machine_id := _text(self._machine.tree, path):
                return machine_tag(machine_id)
        return ""


_ORDER = tuple(ComponentId)


def read_machine(machine: OpenMachine) -> Inventory:
    """The whole inventory of a machine: files from its tree, the rest from its answers."""
    tree, answers = machine
    firmware = _Firmware(tree)
    cpu = processor(tree)
    components = (
        *(_or_elsewhere(tree, component) for component in firmware.components()),
        boot_disk(tree, answers.root_mount()),
        network_cards(tree, answers),
        cpu.component,
        _os_instance(tree),
    )
    return Inventory(
        machine_class=machine_class(tree, firmware.table, hypervisor_flag=cpu.virtual),
        components=tuple(sorted(components, key=lambda found: _ORDER.index(found.id))),
        os=_os_identity(tree),
        details=_details(tree, firmware),
    )


def _table_from_fields(tree: MachineTree) -> smbios.Table | None:
    """The table as sysfs hands it out field by field; containers often see only this."""

    def field(name: str) -> str:
        text = tree.text(f"{_TABLE_FIELDS}/{name}")
        return "" if isinstance(text, UnknownReason) else text

    if not tree.exists(_TABLE_FIELDS):
        return None
    return smbios.Table(
        bios=smbios.Bios(field("bios_vendor"), field("bios_version"), field("bios_date")),
        system=smbios.System(
            field("sys_vendor"),
            field("product_name"),
            field("product_serial"),
            _uuid_bytes(field("product_uuid")),
        ),
        boards=(
            smbios.Board(
                field("board_vendor"), field("board_name"), field("board_serial"), hosting=True
            ),
        ),
        chassis=smbios.Chassis(
            field("chassis_vendor"), field("chassis_serial"), field("chassis_asset_tag")
        ),
        processors=(),
        memory=(),
        complete=True,
    )


def _uuid_bytes(text: str) -> bytes:
    try:
        uuid = bytes.fromhex(text.replace("-", ""))
    except ValueError:
        return b""
    return uuid if len(uuid) == _UUID_BYTES else b""


def _or_elsewhere(tree: MachineTree, component: Component) -> Component:
    """Another source, only on a machine that has no table: a hidden table may come back."""
    if component.known or component.reason is not UnknownReason.ABSENT:
        return component
    if component.id is ComponentId.SYSTEM_UUID:
        for path in _OTHER_UUIDS:
            text = tree.text(path)
            if isinstance(text, str) and (value := uuid_identity_of_text(text)):
                return known(component.id, path, [value])
    if component.id is ComponentId.PLATFORM:
        for path in _OTHER_PLATFORMS:
            text = tree.text(path)
            if isinstance(text, str) and (value := clean(text)):
                return known(component.id, path, [value])
    return component


def _os_instance(tree: MachineTree) -> Component:
    text = tree.text(_MACHINE_ID)
    if isinstance(text, UnknownReason):
        return unknown(ComponentId.OS_INSTANCE, _MACHINE_ID, text)
    if value := machine_id_identity(text):
        return known(ComponentId.OS_INSTANCE, _MACHINE_ID, [value])
    return unknown(ComponentId.OS_INSTANCE, _MACHINE_ID, UnknownReason.PLACEHOLDER)


def _os_identity(tree: MachineTree) -> OsIdentity:
    # The second is where the first one's link usually ends (os-release(5)).
    text = _text(tree, "/etc/os-release") or _text(tree, "/usr/lib/os-release")
    release = parse_os_release(text)
    point_release = point_release_file(release)
    return OsIdentity(
        product=product_of(release),
        major=major_of(release),
        patch=patch_of(release, _text(tree, point_release) if point_release else ""),
        instance=machine_id_identity(_text(tree, _MACHINE_ID)),
    )


def _details(tree: MachineTree, firmware: _Firmware) -> tuple[Detail, ...]:
    details = list(firmware_details(firmware.table, firmware.source)) if firmware.table else []
    for detail, path in (
        (DetailId.KERNEL, "/proc/sys/kernel/osrelease"),
        (DetailId.HOSTNAME, "/proc/sys/kernel/hostname"),
    ):
        if text := _text(tree, path):
            details.append(Detail(id=detail, source=path, text=text))
    memory = _text(tree, "/proc/meminfo").partition("\n")[0].split()
    if memory[:1] == ["MemTotal:"] and memory[1:2] and memory[1].isdigit():
        text = f"{int(memory[1]) // 1024} MiB"
        details.append(Detail(id=DetailId.MEMORY_SIZE, source="/proc/meminfo", text=text))
    return tuple(details)


def _text(tree: MachineTree, path: str) -> str:
    reading = tree.text(path)
    return "" if isinstance(reading, UnknownReason) else reading
