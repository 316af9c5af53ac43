"""Machines with a canary in every place where somebody may put a word."""

import json
from pathlib import Path

from msgspec.structs import replace

from tests.agent.hardware.canaries import Canaries
from tests.block_devices import BlockDevices
from tests.machine_folders import link, put
from tests.machines import BARE_SERVER
from tests.smbios_tables import structure
from tests.windows_machines import (
    DELL_WITH_A_TEAM,
    HYPER_V_GUEST,
    WindowsMachine,
)
from tests.windows_structures import Adapter, Disk, Identifier


def _table(canaries: Canaries) -> bytes:
    """Every string and every byte that nobody reads, beside those that somebody does."""
    words = [canaries.word("dm") for _ in range(30)]
    serials = [canaries.serial() for _ in range(6)]
    uuid = bytes.fromhex(canaries.uuid().replace("-", ""))
    behind = canaries.number(12)
    return b"".join((
        structure(0, b"\1\2\0\xf0\3\xff" + bytes(12) + behind, "Maker", "1.6.5", "01/02/2024",
                  words[0]),
        structure(1, b"\1\2\3\4" + uuid + b"\6\5\6" + behind, "Maker", "Model", words[1],
                  serials[0], words[2], words[3], words[4]),
        structure(2, bytes((1, 2, 3, 4, 5, 1, 6, 0, 0, 10, 0)) + behind, "Maker", "Board",
                  words[5], serials[1], words[6], words[7]),
        structure(3, b"\1\x17\2\3\4" + b"\3\3\3\3" + behind, "Maker", words[8], serials[2],
                  words[9]),
        structure(4, b"\1\3\2\2" + behind[:8] + b"\3" + bytes(7) + b"\x41" + bytes(7) + b"\4\5\6",
                  "CPU0", "Intel", "Xeon", serials[3], words[10], words[11]),
        structure(11, b"\2", words[12], words[13]),
        structure(12, b"\1", words[14]),
        structure(17, b"\0\x10\xfe\xff\x48\0\x40\0\0\x40\x09\0\1\2\x1a\x80\0\0\0\3\4\5\6" + behind,
                  "A1", words[15], "Samsung", serials[4], words[16], "M393A4K40DB3-CWE"),
        structure(221, b"\1" + behind, words[17], serials[5]),
        structure(127, b""),
    ))  # fmt: skip


def _system(canaries: Canaries, folder: Path) -> None:
    """Files of the system, and of a kernel of one's own."""
    put(folder, "proc/sys/kernel/hostname", f"{canaries.word('ho')}.{canaries.word('do')}\n")
    put(
        folder, "proc/sys/kernel/osrelease", f"6.1.0-18-{canaries.word('ke')}+ #{canaries.word()}\n"
    )
    put(folder, "etc/machine-id", f"{canaries.number(16).hex()}\n")
    image = f"{canaries.word('im')}.d/{canaries.word('im')}"
    (folder / "etc/os-release").unlink()
    (folder / "usr/lib/os-release").unlink()
    put(folder, image, f'ID=debian\nVERSION_ID="12"\nVERSION="12 {canaries.word("ve")}"\n'
        f'PRETTY_NAME="{canaries.word("pr")} 12.5"\nHOME_URL="https://{canaries.word("ur")}/"\n'
        f'IMAGE_ID={canaries.word("im")}\n# {canaries.word()}\n')  # fmt: skip
    link(folder, "etc/os-release", image)
    put(folder, "etc/debian_version", f"12.5 {canaries.word('ve')}\n")
    with (folder / "proc/cpuinfo").open("a") as file:
        file.write(f"Serial\t\t: {canaries.serial()}\n{canaries.word()}\t: {canaries.word()}\n")
    with (folder / "proc/meminfo").open("a") as file:
        file.write(f"{canaries.word()}: {canaries.word()}\n")
    fields = "sys/class/dmi/id"
    for name in ("product_serial", "board_serial", "chassis_serial"):
        put(folder, f"{fields}/{name}", f"{canaries.serial()}\n")
    put(folder, f"{fields}/chassis_asset_tag", f"AssetTag {canaries.word('as')}\n")
    put(folder, f"{fields}/product_uuid", f"{canaries.uuid()}\n")
    for name in ("product_sku", "product_family", "board_asset_tag", "product_version"):
        put(folder, f"{fields}/{name}", f"{canaries.word('fi')}\n")


def _cards(canaries: Canaries, folder: Path) -> dict[str, str]:
    """Cards that somebody named, on a bus that is named by a number, and their addresses."""
    bus = f"LNXSYSTM:00/VMBUS:00/{canaries.uuid()}"
    put(folder, f"sys/devices/{bus}/net/eth7/ifalias", f"{canaries.word('al')}\n")
    permanent: dict[str, str] = {}
    for place, name in enumerate((canaries.word("if"), f"usb{canaries.word('if')}", "eth7", "lan")):
        card = folder / "sys/class/net" / name
        device = (
            f"sys/devices/{bus}"
            if name == "eth7"
            else f"sys/devices/pci0000:0{place}/0000:0{place}:1f.6"
        )
        at = f"{device}/net/{name}"
        for attribute, value in (
            ("address", canaries.mac()), ("addr_assign_type", "0"), ("type", "1"),
            ("phys_port_name", canaries.word("po")), ("bonding_slave/perm_hwaddr", canaries.mac()),
        ):  # fmt: skip
            put(folder, f"{at}/{attribute}", f"{value}\n")
        link(folder, str(card.relative_to(folder)), at)
        link(folder, f"{at}/device", device)
        if place % 2:
            permanent[name] = canaries.mac()
    return permanent


def _disks(canaries: Canaries, folder: Path, volume: str) -> None:
    """A volume over an array that somebody named, over disks of every kind of name."""
    devices = BlockDevices(folder)
    ata = f"t10.ATA     {'WDC WD4003FFBX-68MU3N0':40}{canaries.serial()} {canaries.serial()}"
    bus = f"sys/devices/{canaries.word('bu')}/{canaries.uuid()}"
    swapped = canaries.serial().ljust(20).encode()
    page = canaries.number(8)
    disks = [
        devices.disk("sda", device__wwid=ata, device__model="WDC WD4003FFBX-6",
                     serial=f"{canaries.serial()} {canaries.serial()}"),
        devices.disk("sdb", serial=bytes(swapped[n ^ 1] for n in range(20)).hex()),
        devices.disk("sdc", bus, device__wwid=f"{canaries.word('sc')}.{canaries.serial()}",
                     serial=canaries.serial()),
        devices.disk("sdd", device__wwid=f"t10.MAKER   {canaries.word()}  {canaries.serial()}"),
        devices.disk("sde", device__wwid=f"naa.6001405{canaries.number(8).hex()}e",
                     device__model=canaries.word("lu")),
        devices.disk("sdf", device__vpd_pg80=f"\0\x80\0\x0b{canaries.serial()}"),
        devices.disk("nvme0n1", wwid=f"nvme.144d-{canaries.number(10).hex()}-"
                     f"{canaries.number(10).hex()}-00000001"),
        devices.disk(canaries.word("bd"), serial=canaries.persian(),
                     device__cid=canaries.number(16).hex()),
        devices.disk("sdg", device__wwid=f"eui.{canaries.number(8).hex()}"),
    ]  # fmt: skip
    put(folder, f"{devices.disk('sdh')}/device/vpd_pg83", b"\0\x83\0\x0c\1\3\0\x08" + page)
    partitions = [devices.partition(disk, f"{Path(disk).name}1") for disk in disks]
    array = devices.layer(
        f"md_{canaries.word('md')}", *partitions, "sys/devices/pci0000:00/0000:00:17.0/sdh"
    )
    crypt = devices.layer(
        "dm-3",
        array,
        mapped=canaries.word("cr"),
        uuid=f"CRYPT-LUKS2-{canaries.number(16).hex()}-{canaries.word()}",
    )
    own = devices.layer(
        "dm-4", crypt, mapped=canaries.word(), uuid=f"{canaries.word()}-{canaries.serial()}"
    )
    top = devices.layer(
        "dm-5", own, mapped=volume, uuid=f"LVM-{canaries.serial()}{canaries.serial()}"
    )
    devices.number("253:7", top)


def _described(canaries: Canaries, folder: Path) -> None:
    """A hypervisor's own places, and a device tree."""
    put(folder, "sys/hypervisor/uuid", f"{canaries.word('xe')}\n")
    put(folder, "proc/device-tree/vm,uuid", f"{canaries.uuid()}\0")
    put(folder, "proc/device-tree/ibm,partition-name", f"{canaries.word('pa')}\0")
    put(folder, f"proc/device-tree/{canaries.word('no')}@0/reg", canaries.word())
    put(folder, f"proc/device-tree/{canaries.word('no')}", canaries.word())


def linux_machine(canaries: Canaries, folder: Path, source: str, volume: str) -> Path:
    replace(BARE_SERVER, disks=(), cards=(), table=_table(canaries)).write(folder)
    _system(canaries, folder)
    permanent = _cards(canaries, folder)
    _disks(canaries, folder, volume)
    _described(canaries, folder)
    device = "253:7" if source.startswith("/dev/v") else "0:31"
    refused = {f"/sys/class/net/{canaries.word('re')}/address": "denied"}
    answers = {
        "root": {"device": device, "source": source},
        "permanent_addresses": permanent | {canaries.word("ca"): canaries.word("ca")},
        "refused": refused,
    }
    put(folder, ".faragostar/probe.json", json.dumps(answers))
    return folder


def sources(canaries: Canaries) -> dict[str, tuple[str, str]]:
    """What `/` may lie on, and the volume that is it."""
    group, volume = canaries.word("vg"), canaries.word("lv")
    return {
        "lvm": (f"/dev/{group}/{volume}", f"{group}-{volume}"),
        "mapper": (f"/dev/mapper/{group}-{volume}", f"{group}-{volume}"),
        "zfs": (f"{group}/ROOT/{volume}", group),
        "pool": (group, group),
        "by id": (f"/dev/disk/by-id/ata-{canaries.serial()}-part1", group),
        "array": (f"/dev/md/{group}:{volume}", group),
        "export": (f"{group}.example:/export/{canaries.persian()}/{volume}", group),
        "label": (f"LABEL={volume}", group),
        "share": (f"//{group}/{volume}\\040{canaries.word()}", group),
    }  # fmt: skip


def windows_machine(canaries: Canaries) -> WindowsMachine:
    adapters = tuple(
        Adapter(canaries.uuid(), device, canaries.mac(), canaries.mac(), alias=canaries.word("al"))
        for device in (
            rf"PCI\VEN_14E4&DEV_165F\{canaries.serial()}",
            rf"PCI\{canaries.word('de')}\{canaries.serial()}",
            rf"VMBUS\{{{canaries.uuid()}}}\{{{canaries.uuid()}}}",
            rf"SWD\{canaries.word('sw')}\{canaries.word('sw')}",
            rf"{canaries.word('bu')}\{canaries.word('bu')}",
            None,
        )
    )
    page = (
        Identifier(3, b"\x6f" + canaries.number(15)),
        Identifier(2, canaries.number(8)),
        Identifier(1, canaries.word().encode(), 2),
    )
    return replace(
        DELL_WITH_A_TEAM,
        firmware=replace(BARE_SERVER, table=_table(canaries)),
        hypervisor=HYPER_V_GUEST._replace(vendor=f"{canaries.word():12}".encode()),
        disks=(
            Disk("MAKER", "Model 7", f"{canaries.serial()} {canaries.serial()}", page),
            Disk("LIO-ORG", canaries.word("lu"), f"é{canaries.serial()}", None),
        ),
        adapters=adapters,
        guid=canaries.uuid(),
        hostname=canaries.word("ho"),
    )
