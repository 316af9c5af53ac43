"""Recorded Windows machines, made here: what each would answer, laid out byte by byte.

The bytes are packed by the offsets of the Windows SDK and not by `agent.hardware.windows.layouts`,
which is under test. A journey swaps a part and looks again:

    before = HYPER_V_2022
    after = replace(before, build=26100)
    WindowsProbe(after.answers()).read()
"""

import struct
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from agent.fingerprint import Inventory
from agent.hardware.windows.answers import Failure, Question, RecordedAnswers, RecordedWindows
from agent.hardware.windows.probe import WindowsProbe
from tests.machine_folders import put
from tests.machines import BARE_SERVER, Machine, smbios_table
from tests.smbios_tables import Board, Module

NETWORK = r"SYSTEM\CurrentControlSet\Control\Network\{4D36E972-E325-11CE-BFC1-08002BE10318}"
VERSION = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
PROCESSOR = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
MACHINE_GUID = r"SOFTWARE\Microsoft\Cryptography\MachineGuid"
ETHERNET, LOOPBACK, TUNNEL = 6, 24, 131
HARDWARE, FILTER = 0x05, 0x02  # the first has a connector too
NAA, EUI, T10_VENDOR = 3, 2, 1
BINARY, ASCII = 1, 2
LOGICAL_UNIT, PORT = 0, 1


class Adapter(NamedTuple):
    """One row of GetIfTable2; without a device it is one that software made."""

    guid: str
    device: str | None
    permanent: str
    in_use: str = ""
    type: int = ETHERNET
    flags: int = HARDWARE
    alias: str = "Ethernet"


class Identifier(NamedTuple):
    """One of page 0x83."""

    kind: int
    value: bytes
    code_set: int = BINARY
    association: int = LOGICAL_UNIT


class Disk(NamedTuple):
    """One physical disk; without identifiers its driver knows no page 0x83."""

    vendor: str = ""
    product: str = ""
    serial: str = ""
    identifiers: tuple[Identifier, ...] | None = None


class Hypervisor(NamedTuple):
    """What the processor says of it."""

    vendor: bytes = b""
    interface: bytes = b""
    features: tuple[int, int] = (0, 0)


NO_HYPERVISOR = Hypervisor()
HYPER_V_GUEST = Hypervisor(b"Microsoft Hv", b"Hv#1", (0x2E7F, 0x003B_8030))
HYPER_V_ROOT = Hypervisor(b"Microsoft Hv", b"Hv#1", (0xBFFF, 0x002B_B9FF))
VMWARE_GUEST = Hypervisor(b"VMwareVMware", b"Hv#1", (0x2A78, 0))


class WindowsMachine(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the probe may ask; `replace` one field and ask again."""

    firmware: Machine
    hypervisor: Hypervisor
    disks: tuple[Disk, ...]
    adapters: tuple[Adapter, ...]
    vendor: str = "GenuineIntel"
    identifier: str = "Intel64 Family 6 Model 106 Stepping 6"
    sockets: int = 2
    guid: str = "5d2f0a4c-9b7e-4e1f-8a6c-3b2d1e0f9a8b"
    build: int = 20348
    edition: str = "ServerStandard"
    installation: str = "Server"
    revision: int = 2402
    hostname: str = "APP01"
    boots: int = 17
    uptime_milliseconds: int = 86_400_500

    def answers(self) -> RecordedAnswers:
        """What Windows would answer."""
        return RecordedAnswers(bytes_of=_bytes_of(self), values_of=_values_of(self))

    def read(self) -> Inventory:
        """The inventory that the probe makes of it."""
        return WindowsProbe(self.answers()).read()

    def write(self, folder: Path) -> Path:
        """Record the machine in the folder."""
        put(folder, ".faragostar/probe.json", recording(self.answers()))
        return folder


def recording(answers: RecordedAnswers) -> bytes:
    return msgspec.json.encode(RecordedWindows(windows=answers))


def without(answers: RecordedAnswers, question: Question, error: int) -> RecordedAnswers:
    """The same machine where this question fails, whatever it is asked about."""
    failing = {
        asked: Failure(error) if asked.split()[0] == question.value else answer
        for asked, answer in answers.bytes_of.items()
    }
    return replace(answers, bytes_of=failing)


def denying_all(answers: RecordedAnswers, error: int) -> RecordedAnswers:
    return RecordedAnswers(
        bytes_of=dict.fromkeys(answers.bytes_of, Failure(error)),
        values_of=dict.fromkeys(answers.values_of, Failure(error)),
    )


def firmware_table(table: bytes) -> bytes:
    """RawSMBIOSData: calling method, version 3.3, revision, length, table."""
    return struct.pack("<BBBBI", 0, 3, 3, 0, len(table)) + table


def extents(*disks: int) -> bytes:
    """VOLUME_DISK_EXTENTS: a count, four bytes of padding, 24 bytes for each extent."""
    parts = (struct.pack("<I4xQQ", disk, 0x1000_0000, 0x10_0000_0000) for disk in disks)
    return struct.pack("<I4x", len(disks)) + b"".join(parts)


def descriptor(disk: Disk) -> bytes:
    """STORAGE_DEVICE_DESCRIPTOR: 36 bytes, then the strings that four of them point to."""
    offsets: list[int] = []
    strings = b""
    for text in (disk.vendor, disk.product, "1.0", disk.serial):
        offsets.append(36 + len(strings) if text else 0)
        strings += text.encode("latin-1") + b"\0" if text else b""
    size = 36 + len(strings)
    return struct.pack("<IIBBBBIIIIII", 40, size, 0, 0, 0, 1, *offsets, 10, 0) + strings


def identifiers(*found: Identifier) -> bytes:
    """STORAGE_DEVICE_ID_DESCRIPTOR: each identifier is aligned to four bytes."""
    parts: list[bytes] = []
    for place, one in enumerate(found):
        padded = one.value + bytes(-len(one.value) % 4)
        following = 16 + len(padded) if place + 1 < len(found) else 0
        sizes = (len(one.value), following)
        parts.append(struct.pack("<IIHHI", one.code_set, one.kind, *sizes, one.association))
        parts.append(padded)
    body = b"".join(parts)
    return struct.pack("<III", 13, 12 + len(body), len(found)) + body


def interface_row(adapter: Adapter, index: int = 1) -> bytes:
    """MIB_IF_ROW2: 1352 bytes."""
    row = bytearray(1352)
    permanent = bytes.fromhex(adapter.permanent.replace(":", ""))
    in_use = bytes.fromhex(adapter.in_use.replace(":", "")) or permanent
    struct.pack_into("<QI", row, 0, index << 24, index)
    row[12:28] = UUID(adapter.guid).bytes_le
    for offset, text in ((28, adapter.alias), (542, f"{adapter.alias} Adapter")):
        wide = text.encode("utf-16-le")
        row[offset : offset + len(wide)] = wide
    struct.pack_into("<I", row, 1056, len(in_use))
    row[1060 : 1060 + len(in_use)] = in_use
    row[1092 : 1092 + len(permanent)] = permanent
    struct.pack_into("<II", row, 1124, 1500, adapter.type)
    struct.pack_into("<B", row, 1152, adapter.flags)
    struct.pack_into("<QQQ", row, 1192, 10**9, 10**9, 123_456_789)
    return bytes(row)


def interface_table(*rows: bytes) -> bytes:
    """MIB_IF_TABLE2: a count, four bytes of padding, the rows."""
    return struct.pack("<I4x", len(rows)) + b"".join(rows)


def packages(count: int) -> bytes:
    """One SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX of one group for each package."""
    record = struct.pack("<IIBB20xHQHHHH", 3, 48, 0, 0, 1, 0xFF, 0, 0, 0, 0)
    return record * count


def hypervisor_details(found: Hypervisor) -> bytes:
    """Seven leaves of four registers: vendor, interface, version, features and three more."""
    leaves = [bytes(16)] * 7
    if found.vendor:
        leaves[0] = struct.pack("<I12s", 0x4000_0006, found.vendor)
        leaves[1] = struct.pack("<4s12x", found.interface)
        leaves[3] = struct.pack("<II8x", *found.features)
    return b"".join(leaves)


def _bytes_of(machine: WindowsMachine) -> dict[str, bytes | Failure]:
    rows = (interface_row(found, place) for place, found in enumerate(machine.adapters, 1))
    found: dict[str, bytes | Failure] = {
        "firmware": firmware_table(smbios_table(machine.firmware)),
        "volume C:": extents(*range(len(machine.disks))),
        "interfaces": interface_table(*rows),
        "packages": packages(machine.sockets),
        "hypervisor": hypervisor_details(machine.hypervisor),
        "memory": struct.pack("<II7Q", 64, 20, 64 << 30, *([0] * 6)),
        "uptime": machine.uptime_milliseconds.to_bytes(8, "little"),
        "boots": machine.boots.to_bytes(4, "little"),
    }
    for number, disk in enumerate(machine.disks):
        page = disk.identifiers
        found[f"disk {number}"] = descriptor(disk)
        found[f"disk-identifiers {number}"] = Failure(1) if page is None else identifiers(*page)
    return found


def _values_of(machine: WindowsMachine) -> dict[str, str | int | Failure]:
    found: dict[str, str | int | Failure] = {
        MACHINE_GUID: machine.guid,
        rf"{VERSION}\SystemRoot": r"C:\Windows",
        rf"{VERSION}\CurrentBuildNumber": str(machine.build),
        rf"{VERSION}\EditionID": machine.edition,
        rf"{VERSION}\InstallationType": machine.installation,
        rf"{VERSION}\UBR": machine.revision,
        rf"{VERSION}\CurrentMajorVersionNumber": 10,
        rf"{VERSION}\CurrentMinorVersionNumber": 0,
        rf"{PROCESSOR}\VendorIdentifier": machine.vendor,
        rf"{PROCESSOR}\Identifier": machine.identifier,
        rf"{PROCESSOR}\ProcessorNameString": "Intel(R) Xeon(R) Silver 4314 CPU @ 2.40GHz",
        r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Hostname": machine.hostname,
    }
    for adapter in machine.adapters:
        if adapter.device is not None:
            key = rf"{NETWORK}\{{{adapter.guid.upper()}}}\Connection\PnPInstanceID"
            found[key] = adapter.device
    return found


_FIRST = Adapter(
    "0b7a1c9e-1111-4a51-9d1e-5a3c1f2b0001",
    r"PCI\VEN_14E4&DEV_165F&SUBSYS_0A6A1028&REV_00\000000B07B25AA1001",
    "b0:7b:25:aa:10:01",
    alias="NIC1",
)
_SECOND = Adapter(
    "0b7a1c9e-1111-4a51-9d1e-5a3c1f2b0002",
    r"PCI\VEN_14E4&DEV_165F&SUBSYS_0A6A1028&REV_00\000000B07B25AA1002",
    "b0:7b:25:aa:10:02",
    in_use="b0:7b:25:aa:10:01",  # as a member it wears the team's
    alias="NIC2",
)
TEAM = Adapter(
    "0b7a1c9e-1111-4a51-9d1e-5a3c1f2b0003",
    r"COMPOSITEBUS\MS_IMPLAT_MP\{0B7A1C9E-1111-4A51-9D1E-5A3C1F2B0003}",
    "b0:7b:25:aa:10:01",
    alias="Team1",
)
MANAGEMENT = Adapter(
    "0b7a1c9e-1111-4a51-9d1e-5a3c1f2b0004",
    r"USB\VID_413C&PID_A102&MI_00\7&2A3B4C5D&0&0000",
    "d0:8e:79:00:00:01",
    alias="Ethernet 5",
)
FILTERED = Adapter(
    "0b7a1c9e-1111-4a51-9d1e-5a3c1f2b0005",
    None,
    "b0:7b:25:aa:10:01",
    flags=FILTER,
    alias="NIC1-QoS Packet Scheduler-0000",
)
LOOPBACK_ADAPTER = Adapter(
    "0b7a1c9e-1111-4a51-9d1e-5a3c1f2b0006", None, "", type=LOOPBACK, alias="Loopback"
)
SWITCH = Adapter(
    "0b7a1c9e-1111-4a51-9d1e-5a3c1f2b0007",
    r"ROOT\VMS_MP\0000",
    "00:15:5d:aa:10:01",
    alias="vEthernet (External)",
)

DELL_WITH_A_TEAM = WindowsMachine(
    firmware=BARE_SERVER,
    hypervisor=NO_HYPERVISOR,
    disks=(
        Disk(
            "DELL    ",
            "PERC H755 Front ",
            "00a1b2c3d4e5f60718293a4b5c6d7e8f90",
            (
                Identifier(NAA, bytes.fromhex("6f4ee0806b5b2a002d1a3c9f0b8e4d21")),
                Identifier(NAA, bytes.fromhex("5f4ee08000000001"), association=PORT),
            ),
        ),
    ),
    adapters=(_FIRST, _SECOND, TEAM, MANAGEMENT, FILTERED, LOOPBACK_ADAPTER),
)

VMWARE_2019 = WindowsMachine(
    firmware=replace(
        BARE_SERVER,
        manufacturer="VMware, Inc.",
        product="VMware7,1",
        serial="VMware-42 3c 1f 8a 77 01 5b 2e-9d 4f 00 11 22 33 44 55",
        uuid="8a1f3c42-0177-2e5b-9d4f-001122334455",
        boards=(Board("Intel Corporation", "440BX Desktop Reference Platform", ""),),
        chassis_serial="",
        memory=(Module("", part="", mebibytes=16384),),
    ),
    hypervisor=VMWARE_GUEST,
    disks=(
        Disk(
            "VMware  ",
            "Virtual disk    ",
            "6000c29a3f1e5d7b8c9a0b1c2d3e4f50",
            (Identifier(NAA, bytes.fromhex("6000c29a3f1e5d7b8c9a0b1c2d3e4f50")),),
        ),
    ),
    adapters=(
        Adapter(
            "0b7a1c9e-2222-4a51-9d1e-5a3c1f2b0001",
            r"PCI\VEN_15AD&DEV_07B0&SUBSYS_07B015AD&REV_01\FF565000C9C2D30000",
            "00:50:56:bc:1d:2e",
            alias="Ethernet0",
        ),
        LOOPBACK_ADAPTER,
    ),
    guid="0c1d2e3f-4a5b-4c6d-8e7f-90a1b2c3d4e5",
    build=17763,
    edition="ServerStandard",
    revision=5696,
    sockets=1,
)

HYPER_V_SERIAL = "1093-8472-5516-0398-7264-1150-42"  # board and chassis have it too
HYPER_V_2022 = WindowsMachine(
    firmware=replace(
        BARE_SERVER,
        manufacturer="Microsoft Corporation",
        product="Virtual Machine",
        serial=HYPER_V_SERIAL,
        uuid="7e3d2c1b-5a49-4887-96a5-b4c3d2e1f001",
        boards=(Board("Microsoft Corporation", "Virtual Machine", HYPER_V_SERIAL),),
        chassis_serial=HYPER_V_SERIAL,
        memory=(Module("", part="", mebibytes=8192),),
    ),
    hypervisor=HYPER_V_GUEST,
    disks=(
        Disk(
            "Msft    ",
            "Virtual Disk    ",
            "",
            (
                Identifier(T10_VENDOR, b"MSFT    \x9f\x1c", ASCII),
                Identifier(NAA, bytes.fromhex("60022480aa1b2c3d4e5f60718293a4b5")),
            ),
        ),
    ),
    adapters=(
        Adapter(
            "0b7a1c9e-3333-4a51-9d1e-5a3c1f2b0001",
            r"VMBUS\{F8615163-DF3E-46C5-913F-F2D2F965ED0E}\{A1B2C3D4-0001-4000-8000-000000000001}",
            "00:15:5d:0a:0b:0c",
        ),
        LOOPBACK_ADAPTER,
    ),
    guid="9f8e7d6c-5b4a-4938-a271-60514f3e2d1c",
    sockets=1,
)


def upgraded(machine: WindowsMachine) -> WindowsMachine:
    """The next Windows Server over the same installation."""
    return replace(machine, build=26100, revision=1742)


def patched(machine: WindowsMachine) -> WindowsMachine:
    """A month's cumulative update."""
    return replace(machine, revision=machine.revision + 73)


def reinstalled(machine: WindowsMachine) -> WindowsMachine:
    """Installed anew, or generalised by sysprep: either makes a new MachineGuid."""
    return replace(machine, guid="c0ffee0b-ad5e-4d0f-8eca-de0facade012")


def rebooted(machine: WindowsMachine) -> WindowsMachine:
    """The same machine after a start."""
    return replace(machine, boots=machine.boots + 1, uptime_milliseconds=42_000)
