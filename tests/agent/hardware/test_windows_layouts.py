"""Windows' structures field by field, against captures read by hand and the SDK's own figures.

Sizes and offsets are those of the 64-bit headers: netioapi.h (MIB_IF_ROW2, MIB_IF_TABLE2),
winioctl.h (VOLUME_DISK_EXTENTS, DISK_EXTENT, STORAGE_DEVICE_DESCRIPTOR,
STORAGE_DEVICE_ID_DESCRIPTOR), ntddstor.h (STORAGE_IDENTIFIER), winnt.h
(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX) and sysinfoapi.h (MEMORYSTATUSEX). `make wine-test` has
a compiler work the same figures out from the headers themselves.
"""

import json
from pathlib import Path

import pytest

from agent.hardware.windows import layouts
from agent.hardware.windows.layouts import (
    DeviceDescriptor,
    DiskExtent,
    ExtentsHeader,
    HypervisorDetails,
    IdentifierHeader,
    IdentifiersHeader,
    InterfaceRow,
    InterfacesHeader,
    MemoryStatus,
    RelationHeader,
    laid_out,
    size_of,
)
from tests.windows_structures import Adapter, interface_row

# Worked out by a compiler from the SDK's headers (tests/wine/layouts.c).
SDK = json.loads((Path(__file__).parent / "windows_sdk.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SDK["offsets"])
def test_every_field_that_is_read_lies_where_the_sdk_puts_it(name: str) -> None:
    layout, _, field = name.partition(".")
    assert getattr(getattr(layouts, layout), field).offset == SDK["offsets"][name]


@pytest.mark.parametrize("name", SDK["sizes"])
def test_every_structure_is_as_large_as_the_sdk_makes_it(name: str) -> None:
    assert size_of(getattr(layouts, name)) == SDK["sizes"][name]


def test_a_row_of_the_interface_table_has_1352_bytes() -> None:
    assert size_of(InterfaceRow) == 1352
    assert size_of(InterfacesHeader) == 8


def test_extents_of_a_mirrored_volume() -> None:
    raw = bytes.fromhex(
        "02000000 00000000"  # two extents, padding
        "00000000 00000000 0000100000000000 0000f0ff1d000000"  # disk 0, from 1 MiB on
        "03000000 00000000 0000100000000000 0000f0ff1d000000"  # disk 3
    )
    header = laid_out(ExtentsHeader, raw)
    assert header is not None
    assert header.count == 2
    extents = [laid_out(DiskExtent, raw, 8 + place * 24) for place in range(2)]
    assert [extent and extent.disk for extent in extents] == [0, 3]
    assert laid_out(DiskExtent, raw, 8 + 2 * 24) is None


def test_a_descriptor_of_a_disk() -> None:
    raw = bytes.fromhex(
        "28000000 41000000"  # version: the size of the structure; size: with its strings
        "00 00 00 01"  # direct access, no modifier, fixed, queues commands
        "24000000 2d000000 36000000 3b000000"  # maker, model, revision, serial
        "11000000 00000000"  # NVMe; no raw properties
        "53616d73756e670000"  # "Samsung"
        "53534420393830 0000"  # "SSD 980"
        "31423451 00"  # "1B4Q"
        "3030323520 00"
    )
    found = laid_out(DeviceDescriptor, raw)
    assert found is not None
    assert (found.vendor, found.product, found.serial) == (36, 45, 59)
    assert raw[found.vendor :].startswith(b"Samsung\0")
    assert raw[found.product :].startswith(b"SSD 980\0")
    assert raw[found.serial :].startswith(b"0025")


def test_identifiers_of_page_83() -> None:
    raw = bytes.fromhex(
        "0d000000 44000000 02000000"  # version, size, two of them
        "02000000 01000000 0800 1800 00000000"  # text, T10, eight bytes, the next after 24, disk
        "4d53465420202020"  # "MSFT    "
        "01000000 03000000 1000 0000 00000000"  # binary, NAA, sixteen bytes, the last, disk
        "60022480aa1b2c3d4e5f60718293a4b5"
    )
    header = laid_out(IdentifiersHeader, raw)
    assert header is not None
    assert header.count == 2
    first = laid_out(IdentifierHeader, raw, 12)
    assert first is not None
    assert (first.code_set, first.kind, first.size, first.next) == (2, 1, 8, 24)
    second = laid_out(IdentifierHeader, raw, 12 + first.next)
    assert second is not None
    assert (second.code_set, second.kind, second.size, second.next) == (1, 3, 16, 0)
    assert second.association == 0
    start = 12 + first.next + size_of(IdentifierHeader)
    assert raw[start:].hex() == "60022480aa1b2c3d4e5f60718293a4b5"


def test_a_row_of_the_interface_table() -> None:
    adapter = Adapter(
        "6e6f2a1b-3c4d-4e5f-8a9b-0c1d2e3f4a5b", None, "00:15:5d:0a:0b:0c", "02:15:5d:0a:0b:0c"
    )
    row = laid_out(InterfaceRow, interface_row(adapter))
    assert row is not None
    assert bytes(row.guid).hex() == "1b2a6f6e4d3c5f4e8a9b0c1d2e3f4a5b"
    assert row.address_length == 6
    assert bytes(row.permanent_address[:6]).hex(":") == "00:15:5d:0a:0b:0c"
    assert (row.type, row.flags) == (6, 5)


def test_a_package_of_processors() -> None:
    raw = bytes.fromhex(
        "03000000 30000000"  # RelationProcessorPackage, 48 bytes
        "00 00" + "00" * 20 + "0100"  # flags, efficiency, reserved; one group
        "ff00000000000000 0000 000000000000"  # eight processors of group 0
    )
    record = laid_out(RelationHeader, raw)
    assert record is not None
    assert (record.relationship, record.size) == (3, len(raw))


def test_the_memory_of_the_machine() -> None:
    raw = bytes.fromhex("40000000 14000000 0000000010000000" + "00" * 48)
    status = laid_out(MemoryStatus, raw)
    assert status is not None
    assert status.total_physical == 64 << 30


def test_what_the_processor_says_of_a_hypervisor() -> None:
    raw = bytes.fromhex(
        "06000040 4d6963726f736f6674204876"  # the highest leaf, "Microsoft Hv"
        "48762331 000000000000000000000000"  # "Hv#1"
        "7c4f0000 00000a00 00000000 00000000"  # version
        "7f2e0000 30803b00 02000000 b2be0100"  # features: low, high, power, others
    ) + bytes(48)
    found = laid_out(HypervisorDetails, raw)
    assert found is not None
    assert bytes(found.vendor)[4:] == b"Microsoft Hv"
    assert bytes(found.interface)[:4] == b"Hv#1"
    assert list(found.features[:2]) == [0x2E7F, 0x3B8030]


def test_bytes_that_end_too_early_are_no_structure() -> None:
    assert laid_out(InterfaceRow, bytes(1351)) is None
    assert laid_out(ExtentsHeader, b"") is None
