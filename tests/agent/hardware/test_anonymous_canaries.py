"""Words that only this machine has, in every place where somebody may put one: none comes out.

A canary is looked for in what is written, in the names of files and folders, in any case, and as
hexadecimal digits, in swapped pairs and in wide letters.
"""

import json
from itertools import count
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent.hardware.anonymous import anonymous
from agent.hardware.probes import recorded_machine, recording_of
from agent.hardware.recording import Recording, write
from agent.hardware.windows.answers import RecordedWindows
from tests.agent.hardware.test_anonymous import outline
from tests.block_devices import BlockDevices
from tests.machine_folders import link, put
from tests.machines import BARE_SERVER
from tests.readings import judged
from tests.smbios_tables import structure
from tests.windows_machines import (
    DELL_WITH_A_TEAM,
    HYPER_V_GUEST,
    NETWORK,
    VERSION,
    WindowsMachine,
    recording,
)
from tests.windows_structures import Adapter, Disk, Identifier

KEY = b"c" * 32


class Canaries:
    """Hands out words that nothing else has, and looks for them."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.numbers: list[bytes] = []
        self._count = count(1)

    def word(self, place: str = "") -> str:
        """Nine letters, and so no number that the kernel could count."""
        digits = f"{next(self._count):03}".translate(str.maketrans("0123456789", "bcdfghjklm"))
        word = f"acme{place[:2]}{digits}"
        self.words.append(word)
        return word

    def serial(self) -> str:
        """As makers write serials."""
        serial = f"Z{next(self._count):03}QX7{next(self._count):03}K"
        self.words.append(serial)
        return serial

    def persian(self) -> str:
        word = f"بایگانی‌{'ابپتثجچحخد'[next(self._count) % 10]}"
        self.words.append(word)
        return word

    def number(self, size: int = 8) -> bytes:
        """Bytes that begin as a card's or a disk's address may."""
        number = bytes([0x50]) + bytes(
            (0xB7 * next(self._count) + 29 * n) % 251 for n in range(size - 1)
        )
        self.numbers.append(number)
        return number

    def mac(self) -> str:
        return self.number(6).hex(":")

    def uuid(self) -> str:
        digits = self.number(16).hex()
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def found_in(self, folder: Path) -> list[str]:
        """Those that stand anywhere in the folder."""
        paths = list(folder.rglob("*"))
        names = b"\n".join(str(path.relative_to(folder)).encode() for path in paths)
        links = b"\n".join(str(path.readlink()).encode() for path in paths if path.is_symlink())
        files = (path.read_bytes() for path in paths if path.is_file() and not path.is_symlink())
        written = b"\n".join((names, links, *files, *_unpacked(folder))).lower()
        spellings = {word: _spellings_of_word(word) for word in self.words}
        spellings |= {number.hex(): _spellings_of_number(number) for number in self.numbers}
        return [
            canary
            for canary, spelled in spellings.items()
            if any(spelling.lower() in written for spelling in spelled)
        ]


def _unpacked(folder: Path) -> list[bytes]:
    """What Windows answered in bytes stands in base64."""
    told = json.loads((folder / ".faragostar/probe.json").read_bytes()).get("windows")
    if told is None:
        return []
    import base64

    return [base64.b64decode(raw) for raw in told["bytes_of"].values() if isinstance(raw, str)]


def _spellings_of_word(word: str) -> list[bytes]:
    raw = word.encode()
    swapped = bytes(raw[place ^ 1] for place in range(len(raw) & ~1))
    escaped = json.dumps(word)[1:-1].encode()
    return [
        raw,
        raw.hex().encode(),
        swapped,
        swapped.hex().encode(),
        word.encode("utf-16-le"),
        escaped,
    ]


def _spellings_of_number(number: bytes) -> list[bytes]:
    digits = number.hex()
    spellings = [number, digits.encode(), number.hex(":").encode(), number.hex("-").encode()]
    if len(number) == 16:
        swapped = number[3::-1] + number[5:3:-1] + number[7:5:-1] + number[8:]
        spellings += [swapped, swapped.hex().encode(), number[8:], swapped.hex("-", 2).encode()]
        spellings += [f"{raw[:4].hex()}-{raw[4:6].hex()}".encode() for raw in (number, swapped)]
    return spellings


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


def _sources(canaries: Canaries) -> dict[str, tuple[str, str]]:
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


@pytest.mark.parametrize("kind", list(_sources(Canaries())))
def test_no_word_of_a_linux_machine_is_in_its_anonymous_recording(
    kind: str, tmp_path: Path
) -> None:
    canaries = Canaries()
    source, volume = _sources(canaries)[kind]
    machine = linux_machine(canaries, tmp_path / "machine", source, volume)
    plain, hidden = tmp_path / "plain", tmp_path / "hidden"
    recorded = recording_of(machine)
    write(recorded, plain)
    write(anonymous(recorded, KEY), hidden)
    assert len(canaries.found_in(plain)) > 30  # they were there to be found
    assert canaries.found_in(hidden) == []
    before, after = recorded_machine(machine).read(), recorded_machine(hidden).read()
    assert outline(after) == outline(before)


def test_without_the_table_nor_rights_there_is_no_word_either(tmp_path: Path) -> None:
    """Then the fields that sysfs shows stand in, and the places of other hypervisors."""
    canaries = Canaries()
    machine = linux_machine(canaries, tmp_path / "machine", canaries.word(), canaries.word())
    (machine / "sys/firmware/dmi/tables/DMI").unlink()
    first, second = tmp_path / "first", tmp_path / "second"
    write(anonymous(recording_of(machine), KEY), first)
    for path in (machine / "sys/class/dmi/id").iterdir():
        path.unlink()
    (machine / "sys/class/dmi/id").rmdir()
    write(anonymous(recording_of(machine), KEY), second)
    assert canaries.found_in(first) == []
    assert canaries.found_in(second) == []
    for folder in (first, second):
        assert judged(recorded_machine(folder).read(), recorded_machine(folder).read()).verdict


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


def test_no_word_of_a_windows_machine_is_in_its_anonymous_recording(tmp_path: Path) -> None:
    canaries = Canaries()
    machine = windows_machine(canaries)
    answers = machine.answers()
    mark = canaries.number(8)
    packages = answers.bytes_of["packages"]
    assert isinstance(packages, bytes)
    beside = {
        asked: raw + mark + canaries.word().encode() if isinstance(raw, bytes) else raw
        for asked, raw in answers.bytes_of.items()
        if asked not in {"firmware", "packages"}
    }
    added = replace(
        answers,
        bytes_of={
            **answers.bytes_of,
            **beside,
            "packages": packages[:24] + mark + packages[32:],
            f"disk {canaries.word()}": canaries.word().encode(),
            canaries.word("ki"): canaries.word().encode(),
        },
        values_of={
            **answers.values_of,
            rf"{VERSION}\SystemRoot": rf"C:\{canaries.word('fo')}",
            rf"{VERSION}\RegisteredOwner": canaries.word("ow"),
            rf"{VERSION}\InstallDate": int.from_bytes(canaries.number(4), "little"),
            rf"SOFTWARE\{canaries.word('ke')}\Name": canaries.persian(),
            rf"{NETWORK}\{canaries.word()}\Connection\PnPInstanceID": rf"USB\{canaries.word()}",
        },
    )
    plain, hidden = tmp_path / "plain", tmp_path / "hidden"
    put(plain, ".faragostar/probe.json", recording(added))
    # The probe asks for less than this: whatever is in a recording goes through the same rules.
    whole = Recording({}, frozenset(), {}, RecordedWindows(windows=added))
    write(anonymous(whole, KEY), hidden)
    assert len(canaries.found_in(plain)) > 30
    assert canaries.found_in(hidden) == []
    assert outline(recorded_machine(hidden).read()) == outline(machine.read())
