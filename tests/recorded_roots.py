"""Machines of the kinds that are met in the field, made here as recordings lay them out.

Each is a machine with its own firmware, cards and system, over the block devices of its kind.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from tests.block_devices import BlockDevices
from tests.machine_folders import Card, put
from tests.machines import BARE_SERVER, VIRTUAL_MACHINE, Cpu, Machine
from tests.smbios_tables import Board, Module

PERC = "naa.6d09466012a4f5002c5b6f3e0b8d1f27"
RHEL_9 = 'NAME="Red Hat Enterprise Linux"\nVERSION="9.3 (Plow)"\nID="rhel"\nVERSION_ID="9.3"\n'
SLES_15 = 'NAME="SLES"\nVERSION="15-SP5"\nVERSION_ID="15.5"\nID="sles"\nID_LIKE="suse"\n'
UBUNTU_22 = 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="22.04"\nVERSION="22.04.3 LTS (Jammy)"\n'
TUMBLEWEED = 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\nVERSION_ID="20240105"\n'
ALPINE = "ID=alpine\nVERSION_ID=3.19.1\n"


class Root(NamedTuple):
    """One kind: the machine, what its root lies on, and its block devices."""

    machine: Machine
    device: str
    source: str
    lay_out: Callable[[Path], object]

    def write(self, folder: Path) -> Path:
        """Lay it out in the folder."""
        replace(self.machine, disks=()).write(folder)
        self.lay_out(folder)
        addresses = {card.name: card.permanent for card in self.machine.cards if card.permanent}
        answers = {
            "root": {"device": self.device, "source": self.source},
            "permanent_addresses": addresses,
        }
        put(folder, ".faragostar/probe.json", json.dumps(answers))
        return folder


def in_swapped_pairs(serial: str) -> str:
    """As some drivers hand out what ATA disks keep: twenty bytes, swapped in pairs, as digits."""
    padded = serial.ljust(20).encode()
    return bytes(padded[place ^ 1] for place in range(20)).hex()


def _lvm_on_nvme(folder: Path) -> None:
    devices = BlockDevices(folder)
    disk = devices.disk(
        "nvme0n1",
        wwid="eui.36434230528023160025384500000001",
        device__serial="S6CBNE0T302316",
        device__model="Dell Ent NVMe PM1735a MU 1.6TB",
    )
    volume = devices.partition(disk, "nvme0n1p3")
    devices.number(
        "253:7", devices.layer("dm-7", volume, mapped="rhel-root", uuid="LVM-kX3vY9aB0cD1eF2g")
    )
    # A data disk of the same server: it comes and goes without being a change.
    devices.disk("sda", device__wwid=PERC, device__model="PERC H755 Front")


def _lvm_on_pvscsi(folder: Path) -> None:
    devices = BlockDevices(folder)
    disk = devices.disk(
        "sda", device__wwid="naa.6000c29fb2a1c3d45e6f708192a3b4c5", device__model="Virtual disk"
    )
    volume = devices.partition(disk, "sda3")
    devices.number("253:7", devices.layer("dm-7", volume, mapped="sles-root"))


def _on_storvsc(folder: Path) -> None:
    devices = BlockDevices(folder)
    disk = devices.disk(
        "sda",
        bus="sys/devices/LNXSYSTM:00/VMBUS:00/f8b3781a-1e82-4818-a1c3-63d806ec15bb",
        device__wwid="naa.60022480e1a2b3c4d5e6f708192a3b4c",
        device__model="Virtual Disk",
    )
    devices.number("8:1", devices.partition(disk, "sda1"))


def _on_virtio(folder: Path) -> None:
    devices = BlockDevices(folder)
    disk = devices.disk("vda", serial="appserver-root-01")
    devices.number("254:1", devices.partition(disk, "vda1"))


def _on_nothing(folder: Path) -> None:
    for gone in ("sys/class/dmi", "sys/firmware"):
        (folder / gone).rename(folder / f"{gone}-of-the-host")


def _mirror_on_sata(folder: Path) -> None:
    devices = BlockDevices(folder)
    first = devices.disk(
        "sda",
        device__wwid="t10.ATA     WDC WD4003FFBX-68MU3N0                  V1K2A3BC",
        device__vpd_pg80="\0\x80\0\x14            V1K2A3BC",
        device__model="WDC WD4003FFBX-6",
    )
    second = devices.disk(
        "sdb",
        serial=in_swapped_pairs("V1K2A3BD"),
        device__model="WDC WD4003FFBX-6",
    )
    beneath = [devices.partition(disk, f"{Path(disk).name}2") for disk in (first, second)]
    devices.number("9:127", devices.layer("md127", *beneath))


def _crypt_on_nvme(folder: Path) -> None:
    devices = BlockDevices(folder)
    disk = devices.disk(
        "nvme0n1",
        wwid="nvme.144d-533634304e58305430303030303031-53616d73756e67-00000001",
        device__serial="S640NX0T000001",
        device__model="Samsung SSD 980 PRO 1TB",
    )
    uuid = "CRYPT-LUKS2-1b9d6bcdbbfd4b2d9b5dab8dfbbd4bed-luks-root"
    crypt = devices.layer("dm-0", devices.partition(disk, "nvme0n1p3"), mapped="luks-r", uuid=uuid)
    devices.number("253:1", devices.layer("dm-1", crypt, mapped="vg-root"))


def _multipath(folder: Path) -> None:
    devices = BlockDevices(folder)
    paths = [
        devices.disk(
            name,
            bus=f"sys/devices/pci0000:00/host{host}/rport-{host}:0-0/target{host}:0:0",
            device__wwid="naa.60060160a6b0123456789abcdef01234",
            device__model="VRAID",
        )
        for name, host in (("sda", 1), ("sdb", 2), ("sdc", 3), ("sdd", 4))
    ]
    whole = devices.layer(
        "dm-0", *paths, mapped="mpatha", uuid="mpath-360060160a6b0123456789abcdef01234"
    )
    devices.number(
        "253:2", devices.layer("dm-2", whole, mapped="mpatha2", uuid="part2-mpath-36006016")
    )


def _mirrored_btrfs(folder: Path) -> None:
    devices = BlockDevices(folder)
    disks = [
        devices.disk(name, device__wwid=wwid, device__model="INTEL SSDSC2KB96")
        for name, wwid in (("sda", "naa.55cd2e4150a1b2c3"), ("sdb", "naa.55cd2e4150a1b2c4"))
    ]
    members = [devices.partition(disk, f"{Path(disk).name}2") for disk in disks]
    devices.btrfs("3f1c9a52-8f6e-4d77-9b0a-5f2a6f0d3c11", *members)


_BUSY_CARDS = (
    Card("eno1", "b0:7b:25:aa:10:01", permanent="b0:7b:25:aa:10:01"),
    Card("eno2", "b0:7b:25:aa:10:01", "pci0000:00/0000:00:1f.7", "b0:7b:25:aa:10:02", "3"),
    Card("ens1f0v0", "3e:11:22:33:44:55", "pci0000:3b/0000:3b:02.0", virtual_function=True),
    Card("idrac", "d0:94:66:12:a4:f6", "pci0000:00/0000:00:14.0/usb1/1-14/1-14.3"),
    Card("bond0", "b0:7b:25:aa:10:01", None, assigned="2"),
    Card("bond0.100", "b0:7b:25:aa:10:01", None, assigned="2"),
    Card("br0", "b0:7b:25:aa:10:01", None, assigned="3"),
    Card("docker0", "02:42:ac:11:00:01", None, assigned="3"),
    Card("veth1a2b3c", "7e:1a:2b:3c:4d:5e", None, assigned="1"),
    Card("ifb0", "56:9a:1c:22:33:44", None, assigned="1"),
)
_VMWARE_UUID = "564de2c3-c3c0-e1e2-4622-554dc5eb6ba1"
_HYPERV_UUID = "a1b2c3d4-0102-0304-0506-708192a3b4c5"
_HYPERV_CARD = "LNXSYSTM:00/VMBUS:00/000d3a12-3456-000d-3a12-3456000d3a12"

ROOTS: dict[str, Root] = {
    "rhel, lvm on nvme": Root(
        replace(BARE_SERVER, os_release=RHEL_9, kernel="5.14.0-362.8.1.el9_3.x86_64"),
        "253:7", "/dev/mapper/rhel-root", _lvm_on_nvme,
    ),
    "vmware": Root(
        replace(
            VIRTUAL_MACHINE,
            manufacturer="VMware, Inc.",
            product="VMware7,1",
            serial="VMware-56 4d e2 c3 c3 c0 e1 e2-46 22 55 4d c5 eb 6b a1",
            uuid=_VMWARE_UUID,
            os_release=SLES_15,
            cards=(Card("eth0", "00:50:56:9a:12:34"), Card("eth1", "00:50:56:9a:12:35")),
        ),
        "253:7", "/dev/mapper/sles-root", _lvm_on_pvscsi,
    ),
    "hyper-v": Root(
        replace(
            VIRTUAL_MACHINE,
            manufacturer="Microsoft Corporation",
            product="Virtual Machine",
            serial="7783-7084-3265-9085-8269-3286-77",
            uuid=_HYPERV_UUID,
            boards=(Board("Microsoft Corporation", "Virtual Machine", "7783-7084-3265"),),
            os_release=UBUNTU_22,
            debian_version="bookworm/sid",
            cards=(
                Card("eth0", "00:0d:3a:12:34:56", _HYPERV_CARD),
                Card("enP1s1", "00:0d:3a:12:34:56", "pci0001:00/0001:00:02.0", assigned="0"),
            ),
        ),
        "8:1", "/dev/sda1", _on_storvsc,
    ),
    "kvm, virtio": Root(
        replace(
            VIRTUAL_MACHINE,
            cards=(
                Card("enp1s0", "52:54:00:12:34:56", "pci0000:00/0000:00:02.0/virtio0"),
                Card("wg0", "00:00:00:00:00:00", None),
                Card("docker0", "02:42:ac:11:00:01", None, assigned="3"),
            ),
        ),
        "254:1", "/dev/vda1", _on_virtio,
    ),
    "container": Root(
        replace(
            VIRTUAL_MACHINE, os_release=ALPINE, cards=(Card("eth0", "02:42:ac:11:00:02", None),)
        ),
        "0:137", "overlay", _on_nothing,
    ),
    "bond, vlan, vf and usb": Root(
        replace(BARE_SERVER, cards=_BUSY_CARDS), "253:7", "/dev/mapper/rhel-root", _lvm_on_nvme
    ),
    "md mirror": Root(
        replace(
            BARE_SERVER,
            manufacturer="Supermicro",
            product="X9DBL-3F",
            serial="0123456789",
            boards=(Board("Supermicro", "X9DBL-3F", "ZM13BS012345"),),
            chassis_serial="To be filled by O.E.M.",
        ),
        "9:127", "/dev/md127", _mirror_on_sata,
    ),
    "dm-crypt": Root(BARE_SERVER, "253:1", "/dev/mapper/vg-root", _crypt_on_nvme),
    "multipath": Root(
        replace(BARE_SERVER, cpu=Cpu(sockets=4)), "253:2", "/dev/mapper/mpatha2", _multipath
    ),
    "btrfs": Root(
        replace(BARE_SERVER, os_release=TUMBLEWEED, memory=(Module("", mebibytes=32768),)),
        "0:27", "/dev/sda2", _mirrored_btrfs,
    ),
}  # fmt: skip
