"""The machines of the world: three recorded ones, and what may happen to their parts.

A hardware is named by its machine and the changes made to it; each is written and read by the real
`LinuxProbe` once, and its inventory is kept, because a walk of a thousand steps looks two thousand
times.
"""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from agent.fingerprint import Inventory
from agent.hardware.linux import LinuxProbe
from tests import machines
from tests.machine_folders import Card, Disk
from tests.smbios_tables import Board

Hardware = tuple[int, frozenset[str]]

TWIN = replace(
    machines.BARE_SERVER,
    serial="9QW4RT1",
    uuid="4c4c4544-0051-5710-8034-b9c04f525431",
    chassis_serial="9QW4RT1",
    boards=(Board(serial=".9QW4RT1.CNFCP0012345AB."),),
    disks=(Disk("nvme0n1", {"wwid": "eui.36344630528163120025384300005b3b"}),),
    cards=(Card("eno1", "b0:7b:25:bb:20:01"), Card("eno2", "b0:7b:25:bb:20:02")),
    machine_id="6e3f1b5d0c8f5f209b7d4c3e2f1f0a9c",
)
BASES = (machines.BARE_SERVER, TWIN, machines.VIRTUAL_MACHINE)

CHANGES: dict[str, Callable[[machines.Machine], machines.Machine]] = {
    "board": machines.with_other_board,
    "system": machines.with_other_system,
    "cards": machines.with_other_cards,
    "extra card": machines.with_extra_card,
    "disk": machines.with_other_disk,
    "cpu": machines.with_other_cpu,
    "memory": machines.with_other_memory,
    "patch": machines.with_patched_os,
    "upgrade": machines.with_upgraded_os,
    "reinstall": machines.with_reinstalled_os,
    # Sources that can be read no more: unknown, and never a change.
    "hidden": lambda machine: replace(machine, serial="", memory=()),
}


@cache
def inventory_of(hardware: Hardware) -> Inventory:
    return _recorded(hardware).read()


@cache
def machine_tag_of(hardware: Hardware) -> str:
    return _recorded(hardware).machine_tag()


@cache
def _recorded(hardware: Hardware) -> LinuxProbe:
    base, changes = hardware
    machine = BASES[base]
    for name, change in CHANGES.items():
        if name in changes:
            machine = change(machine)
    # As long as the process: the probe may be asked again.
    _folders.append(tempfile.TemporaryDirectory(prefix="recorded-machine-"))
    return LinuxProbe(machine.write(Path(_folders[-1].name) / "machine"))


_folders: "list[tempfile.TemporaryDirectory[str]]" = []
