"""Recorded machines, made here: folders laid out like `/` with SMBIOS tables built byte by byte.

A journey enrols one machine, swaps a part and looks again:

    machine = machines.BARE_SERVER
    machine.write(folder)
    machines.with_other_board(machine).write(folder)
    LinuxProbe(folder).read()
"""

import json
import shutil
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from tests.machine_folders import ROOT_DEVICE, Card, Disk, link, put, write_cards, write_disks
from tests.smbios_tables import Board, Module, memory_device, structure


class Cpu(NamedTuple):
    vendor: str = "GenuineIntel"
    family: int = 6
    model: int = 106
    stepping: int = 6
    name: str = "Intel(R) Xeon(R) Silver 4314 CPU @ 2.40GHz"
    sockets: int = 2


DEBIAN_12 = """\
PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
ID=debian
"""
DEBIAN_13 = DEBIAN_12.replace("12", "13").replace("bookworm", "trixie")


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the probe may look at; `replace` one field and write it again."""

    hypervisor: bool = False
    manufacturer: str = "Dell Inc."
    product: str = "PowerEdge R650"
    serial: str = "7F3KQZ2"
    uuid: str = "4c4c4544-0046-3310-804b-b7c04f515a32"
    uuid_swapped: bool = True
    bios: str = "1.6.5"
    boards: tuple[Board, ...] = (Board(),)
    chassis_serial: str = "7F3KQZ2"
    memory: tuple[Module, ...] = (Module("S0A1B2C3"), Module("S0A1B2C4"), Module("", mebibytes=0))
    cpu: Cpu = Cpu()
    disks: tuple[Disk, ...] = (
        Disk(
            "nvme0n1",
            {
                "wwid": "eui.36344630528023160025384300004f2a",
                "serial": "S634F0RA004F2A",
                "device/model": "Dell Ent NVMe P5600 MU",
            },
        ),
    )
    cards: tuple[Card, ...] = (
        Card("eno1", "b0:7b:25:aa:10:01"),
        Card("eno2", "b0:7b:25:aa:10:02", "pci0000:00/0000:00:1f.7"),
        Card("docker0", "02:42:ac:11:00:01", None, assigned="3"),
        Card("enx0", "0a:94:ef:50:00:01", "pci0000:00/0000:00:14.0/usb1/1-14"),
    )
    machine_id: str = "5d2f0a4c9b7e4e1f8a6c3b2d1e0f9a8b"
    os_release: str = DEBIAN_12
    debian_version: str = "12.5"
    kernel: str = "6.1.0-18-amd64"
    hostname: str = "app01"
    uptime_seconds: int = 86_400
    boot_id: str = "0f6e0a51-6f0e-4a3c-9d3b-6a52c3f2a001"
    table: bytes | None = None
    readable_table: bool = True

    def write(self, folder: Path) -> Path:
        """Lay the machine out in the folder, in place of any other."""
        if folder.exists():
            shutil.rmtree(folder)
        for write in (_write_firmware, _write_kernel, _write_system):
            write(self, folder)
        write_disks(self.disks, folder)
        write_cards(self.cards, folder)
        answers = {
            "root": {"device": ROOT_DEVICE, "source": "/dev/mapper/vg-root"},
            "permanent_addresses": {
                card.name: card.permanent for card in self.cards if card.permanent
            },
        }
        put(folder, ".faragostar/probe.json", json.dumps(answers))
        return folder


BARE_SERVER = Machine()

VIRTUAL_MACHINE = Machine(
    hypervisor=True,
    manufacturer="QEMU",
    product="Standard PC (Q35 + ICH9, 2009)",
    serial="",
    uuid="8f1c2b7e-52d4-4c11-9a0e-3d6f7b8c9d01",
    bios="rel-1.16.2-0",
    boards=(),
    chassis_serial="",
    memory=(Module("", part="", mebibytes=8192),),
    cpu=Cpu(sockets=1),
    disks=(Disk("vda", {"serial": "appserver-root-01"}),),
    cards=(Card("ens3", "52:54:00:12:34:56"),),
    machine_id="a1b2c3d4e5f60718293a4b5c6d7e8f90",
    hostname="app-vm",
)


def with_other_board(machine: Machine) -> Machine:
    """The board alone: the maker wrote the old service tag into the new one."""
    other = Board(serial=".7F3KQZ2.CNFCP0099Z98YX.")
    return replace(machine, boards=(other, *machine.boards[1:]))


def with_other_system(machine: Machine) -> Machine:
    """The identity of another machine: a clone, or a new server around the old parts."""
    return replace(machine, uuid="1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed", serial="9QW4RT1")


def with_other_cards(machine: Machine) -> Machine:
    """Every card that counts was swapped."""
    others = (Card("eno1", "3c:ec:ef:00:20:01"), Card("eno2", "3c:ec:ef:00:20:02"))
    return replace(machine, cards=others)


def cloned(machine: Machine) -> Machine:
    """The same image on a host that gave it an identity, cards and disks of its own."""
    return with_other_disk(with_other_cards(with_other_system(machine)))


def with_extra_card(machine: Machine) -> Machine:
    """One card more, and another order of names."""
    extra = Card("aaa0", "3c:ec:ef:00:30:01", "pci0000:17/0000:17:00.0")
    return replace(machine, cards=(*machine.cards[::-1], extra))


def with_other_disk(machine: Machine) -> Machine:
    """The boot disk was swapped, and restored from a backup."""
    other = Disk(
        machine.disks[0].name,
        {
            "wwid": "eui.363446305280231600253843000077c1",
            "serial": "S634F0RA0077C1",
            "device/model": "Samsung SSD 990 PRO",
        },
    )
    return replace(machine, disks=(other, *machine.disks[1:]))


def with_other_cpu(machine: Machine) -> Machine:
    """Another processor in the same sockets."""
    return replace(machine, cpu=Cpu(model=85, stepping=7, name="Intel(R) Xeon(R) Gold 6230"))


def with_other_memory(machine: Machine) -> Machine:
    """Every module was swapped."""
    return replace(machine, memory=(Module("D7E8F901"), Module("D7E8F902")))


def with_patched_os(machine: Machine) -> Machine:
    """A point release and its kernel."""
    return replace(machine, debian_version="12.6", kernel="6.1.0-22-amd64")


def with_upgraded_os(machine: Machine) -> Machine:
    """The next release over the same installation."""
    return replace(
        machine, os_release=DEBIAN_13, debian_version="13.1", kernel="6.12.41+deb13-amd64"
    )


def with_reinstalled_os(machine: Machine) -> Machine:
    """The same release installed anew."""
    return replace(machine, machine_id="c0ffee0bad5eed0fdecade0facade012")


def rebooted(machine: Machine) -> Machine:
    """The same machine after a start."""
    return replace(machine, uptime_seconds=42, boot_id="7d2f3b1c-1111-4222-8333-944445555666")


def smbios_table(machine: Machine) -> bytes:
    """The raw table, as firmware would lay it out (DMTF DSP0134, version 3.3)."""
    if machine.table is not None:
        return machine.table
    uuid = bytes.fromhex(machine.uuid.replace("-", ""))
    if machine.uuid_swapped:
        uuid = uuid[3::-1] + uuid[5:3:-1] + uuid[7:5:-1] + uuid[8:]
    return b"".join((
        structure(0, b"\1\2\0\xf0\3\xff" + bytes(12), machine.manufacturer, machine.bios),
        structure(
            1,
            b"\1\2\0\3" + uuid + b"\6\0\0",
            machine.manufacturer,
            machine.product,
            machine.serial,
        ),
        *(
            structure(2, bytes((1, 2, 0, 3, 0, board.hosting, 0, 0, 0, 10, 0)), *board[:3])
            for board in machine.boards
        ),
        structure(3, b"\1\x17\0\2\0" + bytes(12), machine.manufacturer, machine.chassis_serial),
        *(memory_device(module, slot) for slot, module in enumerate(machine.memory)),
        structure(127, b""),
    ))  # fmt: skip


def _write_firmware(machine: Machine, folder: Path) -> None:
    if machine.readable_table:
        put(folder, "sys/firmware/dmi/tables/DMI", smbios_table(machine))
    board = machine.boards[0] if machine.boards else Board("", "", "")
    fields = {
        "sys_vendor": machine.manufacturer,
        "product_name": machine.product,
        "product_serial": machine.serial,
        "product_uuid": machine.uuid,
        "board_vendor": board.manufacturer,
        "board_name": board.product,
        "board_serial": board.serial,
        "chassis_serial": machine.chassis_serial,
        "bios_version": machine.bios,
    }
    for name, value in fields.items():
        put(folder, f"sys/class/dmi/id/{name}", f"{value}\n")


def _write_kernel(machine: Machine, folder: Path) -> None:
    cpu = machine.cpu
    flags = "fpu vme sse4_2 hypervisor lahf_lm" if machine.hypervisor else "fpu vme sse4_2 lahf_lm"
    blocks = [
        f"processor\t: {number}\nvendor_id\t: {cpu.vendor}\ncpu family\t: {cpu.family}\n"
        f"model\t\t: {cpu.model}\nmodel name\t: {cpu.name}\nstepping\t: {cpu.stepping}\n"
        f"microcode\t: 0xd0003b9\ncpu MHz\t\t: 2400.{number:03}\n"
        f"physical id\t: {number % cpu.sockets}\nflags\t\t: {flags}\n\n"
        for number in range(4)
    ]
    put(folder, "proc/cpuinfo", "".join(blocks))
    put(folder, "proc/meminfo", "MemTotal:       65536000 kB\nMemFree:         1024000 kB\n")
    put(folder, "proc/uptime", f"{machine.uptime_seconds}.17 99.00\n")
    put(folder, "proc/sys/kernel/osrelease", f"{machine.kernel}\n")
    put(folder, "proc/sys/kernel/hostname", f"{machine.hostname}\n")
    put(folder, "proc/sys/kernel/random/boot_id", f"{machine.boot_id}\n")


def _write_system(machine: Machine, folder: Path) -> None:
    put(folder, "usr/lib/os-release", machine.os_release)
    link(folder, "etc/os-release", "usr/lib/os-release")
    put(folder, "etc/machine-id", f"{machine.machine_id}\n")
    put(folder, "etc/debian_version", f"{machine.debian_version}\n")
