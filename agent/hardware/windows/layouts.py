"""Windows' own structures, field by field as its SDK lays them out on 64 bits. Pure.

Every type has a fixed size: `ctypes.wintypes` follows the system it runs on, and a recording is
read on another one. The bytes come from drivers or from a recording: nothing in them is trusted.
"""

import ctypes
from ctypes import LittleEndianStructure as Structure
from ctypes import c_uint8, c_uint16, c_uint32, c_uint64
from typing import TypeVar

Guid = c_uint8 * 16
_Name = c_uint16 * 257  # IF_MAX_STRING_SIZE + 1 wide characters
Address = c_uint8 * 32  # IF_MAX_PHYS_ADDRESS_LENGTH
_Registers = c_uint32 * 4  # EAX, EBX, ECX, EDX
_Layout = TypeVar("_Layout", bound=Structure)


class DiskExtent(Structure):
    """Where one part of a volume lies (winioctl.h, DISK_EXTENT)."""

    disk: int
    _fields_ = (("disk", c_uint32), ("starting_offset", c_uint64), ("extent_length", c_uint64))


class ExtentsHeader(Structure):
    """The beginning of VOLUME_DISK_EXTENTS (winioctl.h); the extents follow."""

    count: int
    _fields_ = (("count", c_uint32), ("padding", c_uint32))


class DeviceDescriptor(Structure):
    """STORAGE_DEVICE_DESCRIPTOR (winioctl.h); offsets count from its first byte, 0 is none."""

    vendor: int
    product: int
    serial: int
    _fields_ = (
        ("version", c_uint32),
        ("size", c_uint32),
        ("device_type", c_uint8),
        ("device_type_modifier", c_uint8),
        ("removable_media", c_uint8),
        ("command_queueing", c_uint8),
        ("vendor", c_uint32),
        ("product", c_uint32),
        ("revision", c_uint32),
        ("serial", c_uint32),
        ("bus_type", c_uint32),
        ("raw_properties_length", c_uint32),
    )


class IdentifiersHeader(Structure):
    """The beginning of STORAGE_DEVICE_ID_DESCRIPTOR (winioctl.h); the identifiers follow."""

    count: int
    _fields_ = (("version", c_uint32), ("size", c_uint32), ("count", c_uint32))


class IdentifierHeader(Structure):
    """The beginning of STORAGE_IDENTIFIER (ntddstor.h); `size` bytes of identifier follow.

    `next` counts from the first byte of this one to the first of its successor.
    """

    code_set: int
    kind: int
    size: int
    next: int
    association: int
    _fields_ = (
        ("code_set", c_uint32),
        ("kind", c_uint32),
        ("size", c_uint16),
        ("next", c_uint16),
        ("association", c_uint32),
    )


class InterfacesHeader(Structure):
    """The beginning of MIB_IF_TABLE2 (netioapi.h); the rows follow."""

    count: int
    _fields_ = (("count", c_uint32), ("padding", c_uint32))


class InterfaceRow(Structure):
    """MIB_IF_ROW2 (netioapi.h): 1352 bytes."""

    guid: "ctypes.Array[c_uint8]"
    address_length: int
    permanent_address: "ctypes.Array[c_uint8]"
    type: int
    flags: int
    _fields_ = (
        ("luid", c_uint64),
        ("index", c_uint32),
        ("guid", Guid),
        ("alias", _Name),
        ("description", _Name),
        ("address_length", c_uint32),
        ("address", Address),
        ("permanent_address", Address),
        ("mtu", c_uint32),
        ("type", c_uint32),
        ("tunnel_type", c_uint32),
        ("media_type", c_uint32),
        ("physical_medium_type", c_uint32),
        ("access_type", c_uint32),
        ("direction_type", c_uint32),
        ("flags", c_uint8),
        ("oper_status", c_uint32),
        ("admin_status", c_uint32),
        ("media_connect_state", c_uint32),
        ("network_guid", Guid),
        ("connection_type", c_uint32),
        ("link_speeds", c_uint64 * 2),
        ("counters", c_uint64 * 18),
    )


class RelationHeader(Structure):
    """The beginning of SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX (winnt.h)."""

    relationship: int
    size: int
    _fields_ = (("relationship", c_uint32), ("size", c_uint32))


class MemoryStatus(Structure):
    """MEMORYSTATUSEX (sysinfoapi.h), in bytes."""

    length: int
    total_physical: int
    _fields_ = (
        ("length", c_uint32),
        ("load", c_uint32),
        ("total_physical", c_uint64),
        ("others", c_uint64 * 6),
    )


class HypervisorDetails(Structure):
    """What the processor says of the hypervisor beneath, CPUID 0x40000000 to 0x40000006.

    Class 159 of NtQuerySystemInformation. The meaning of the registers stands in Microsoft's
    Hypervisor Top Level Functional Specification, "Feature Discovery".
    """

    vendor: "ctypes.Array[c_uint32]"
    interface: "ctypes.Array[c_uint32]"
    features: "ctypes.Array[c_uint32]"
    _fields_ = (
        ("vendor", _Registers),
        ("interface", _Registers),
        ("version", _Registers),
        ("features", _Registers),
        ("recommendations", _Registers),
        ("limits", _Registers),
        ("hardware", _Registers),
    )


def laid_out(layout: type[_Layout], raw: bytes, offset: int = 0) -> _Layout | None:
    """The structure at the offset; None where the bytes end before it does."""
    try:
        return layout.from_buffer_copy(raw, offset)
    except ValueError:
        return None


def size_of(layout: type[Structure]) -> int:
    """How many bytes a structure takes."""
    return ctypes.sizeof(layout)
