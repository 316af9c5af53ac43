/* Prints where the Windows SDK's headers put what the probe reads, as tests/agent/hardware/windows_sdk.json has it. */
#define _WIN32_WINNT 0x0A00
#include <winsock2.h>
#include <windows.h>
#include <ws2ipdef.h>
#include <iphlpapi.h>
#include <netioapi.h>
#include <winioctl.h>
#include <ntddstor.h>
#include <stddef.h>
#include <stdio.h>

#define OFFSET(ours, theirs, field) printf("    \"%s\": %d,\n", ours, (int)offsetof(theirs, field))
#define LAST(ours, theirs, field) printf("    \"%s\": %d\n", ours, (int)offsetof(theirs, field))

int main(void)
{
    printf("{\n  \"offsets\": {\n");
    OFFSET("ExtentsHeader.count", VOLUME_DISK_EXTENTS, NumberOfDiskExtents);
    OFFSET("DiskExtent.disk", DISK_EXTENT, DiskNumber);
    OFFSET("DiskExtent.starting_offset", DISK_EXTENT, StartingOffset);
    OFFSET("DiskExtent.extent_length", DISK_EXTENT, ExtentLength);
    OFFSET("DeviceDescriptor.version", STORAGE_DEVICE_DESCRIPTOR, Version);
    OFFSET("DeviceDescriptor.size", STORAGE_DEVICE_DESCRIPTOR, Size);
    OFFSET("DeviceDescriptor.device_type", STORAGE_DEVICE_DESCRIPTOR, DeviceType);
    OFFSET("DeviceDescriptor.vendor", STORAGE_DEVICE_DESCRIPTOR, VendorIdOffset);
    OFFSET("DeviceDescriptor.product", STORAGE_DEVICE_DESCRIPTOR, ProductIdOffset);
    OFFSET("DeviceDescriptor.revision", STORAGE_DEVICE_DESCRIPTOR, ProductRevisionOffset);
    OFFSET("DeviceDescriptor.serial", STORAGE_DEVICE_DESCRIPTOR, SerialNumberOffset);
    OFFSET("DeviceDescriptor.bus_type", STORAGE_DEVICE_DESCRIPTOR, BusType);
    OFFSET("IdentifiersHeader.count", STORAGE_DEVICE_ID_DESCRIPTOR, NumberOfIdentifiers);
    OFFSET("IdentifierHeader.code_set", STORAGE_IDENTIFIER, CodeSet);
    OFFSET("IdentifierHeader.kind", STORAGE_IDENTIFIER, Type);
    OFFSET("IdentifierHeader.size", STORAGE_IDENTIFIER, IdentifierSize);
    OFFSET("IdentifierHeader.next", STORAGE_IDENTIFIER, NextOffset);
    OFFSET("IdentifierHeader.association", STORAGE_IDENTIFIER, Association);
    OFFSET("InterfacesHeader.count", MIB_IF_TABLE2, NumEntries);
    OFFSET("InterfaceRow.luid", MIB_IF_ROW2, InterfaceLuid);
    OFFSET("InterfaceRow.index", MIB_IF_ROW2, InterfaceIndex);
    OFFSET("InterfaceRow.guid", MIB_IF_ROW2, InterfaceGuid);
    OFFSET("InterfaceRow.alias", MIB_IF_ROW2, Alias);
    OFFSET("InterfaceRow.description", MIB_IF_ROW2, Description);
    OFFSET("InterfaceRow.address_length", MIB_IF_ROW2, PhysicalAddressLength);
    OFFSET("InterfaceRow.address", MIB_IF_ROW2, PhysicalAddress);
    OFFSET("InterfaceRow.permanent_address", MIB_IF_ROW2, PermanentPhysicalAddress);
    OFFSET("InterfaceRow.mtu", MIB_IF_ROW2, Mtu);
    OFFSET("InterfaceRow.type", MIB_IF_ROW2, Type);
    OFFSET("InterfaceRow.media_type", MIB_IF_ROW2, MediaType);
    OFFSET("InterfaceRow.flags", MIB_IF_ROW2, InterfaceAndOperStatusFlags);
    OFFSET("InterfaceRow.oper_status", MIB_IF_ROW2, OperStatus);
    OFFSET("InterfaceRow.network_guid", MIB_IF_ROW2, NetworkGuid);
    OFFSET("InterfaceRow.connection_type", MIB_IF_ROW2, ConnectionType);
    OFFSET("InterfaceRow.link_speeds", MIB_IF_ROW2, TransmitLinkSpeed);
    OFFSET("InterfaceRow.counters", MIB_IF_ROW2, InOctets);
    OFFSET("RelationHeader.relationship", SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, Relationship);
    OFFSET("RelationHeader.size", SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, Size);
    LAST("MemoryStatus.total_physical", MEMORYSTATUSEX, ullTotalPhys);
    printf("  },\n  \"sizes\": {\n");
    /* The headers end where the first of what follows them begins. */
    OFFSET("ExtentsHeader", VOLUME_DISK_EXTENTS, Extents);
    printf("    \"DiskExtent\": %d,\n", (int)sizeof(DISK_EXTENT));
    OFFSET("DeviceDescriptor", STORAGE_DEVICE_DESCRIPTOR, RawDeviceProperties);
    OFFSET("IdentifiersHeader", STORAGE_DEVICE_ID_DESCRIPTOR, Identifiers);
    OFFSET("IdentifierHeader", STORAGE_IDENTIFIER, Identifier);
    OFFSET("InterfacesHeader", MIB_IF_TABLE2, Table);
    printf("    \"InterfaceRow\": %d,\n", (int)sizeof(MIB_IF_ROW2));
    OFFSET("RelationHeader", SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, Processor);
    printf("    \"MemoryStatus\": %d\n", (int)sizeof(MEMORYSTATUSEX));
    printf("  }\n}\n");
    return 0;
}
