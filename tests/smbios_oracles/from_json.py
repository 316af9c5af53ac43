"""What the parser of another project told of a table, in JSON."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from tests.smbios_oracles.parts import (
    REAL,
    Compared,
    Read,
    chassis_sku,
    named,
    number,
    parts_of,
    table_beside,
    text,
    written_uuid,
)

JSON_ORACLES = tuple(sorted(REAL.glob("*.json")))
_FIELDS: dict[str, tuple[int, dict[str, Read]]] = {
    "BIOSInformation": (
        0,
        {"Vendor": named("vendor"), "Version": named("version"), "ReleaseDate": named("released")},
    ),
    "SystemInformation": (
        1,
        {
            "Manufacturer": named("manufacturer"),
            "ProductName": named("product"),
            "Version": text(0x06),
            "SerialNumber": named("serial"),
            "UUID": lambda part: written_uuid(part.value.uuid),
            "WakeUpType": number(0x18),
            "SKUNumber": text(0x19),
            "Family": text(0x1A),
        },
    ),
    "BaseboardInformation": (
        2,
        {
            "Manufacturer": named("manufacturer"),
            "Product": named("product"),
            "Version": text(0x06),
            "SerialNumber": named("serial"),
            "AssetTag": text(0x08),
            "LocationInChassis": text(0x0A),
            "BoardType": number(0x0D),
        },
    ),
    "SystemEnclosure": (
        3,
        {
            "Manufacturer": named("manufacturer"),
            "Version": text(0x06),
            "SerialNumber": named("serial"),
            "SKUNumber": chassis_sku,
        },
    ),
    "ProcessorInformation": (
        4,
        {
            "SocketDesignation": named("socket"),
            "ProcessorManufacturer": named("manufacturer"),
            "ProcessorVersion": named("version"),
            "MaxSpeed": number(0x14, 2),
            "CurrentSpeed": number(0x16, 2),
            "Status": number(0x18),
            "SerialNumber": text(0x20),
            "AssetTag": text(0x21),
            "PartNumber": text(0x22),
            "CoreCount": number(0x23),
            "CoreEnabled": number(0x24),
            "ThreadCount": number(0x25),
        },
    ),
    "MemoryDevices": (
        17,
        {
            "PhysicalMemoryArrayHandle": number(0x04, 2),
            "MemoryErrorInformationHandle": number(0x06, 2),
            "TotalWidth": number(0x08, 2),
            "DataWidth": number(0x0A, 2),
            # This oracle gives the word, and the larger size in a field of its own.
            "Size": lambda part: min(part.value.mebibytes, 0x7FFF),
            "FormFactor": number(0x0E),
            "DeviceSet": lambda part: str(part.structure.number(0x0F) or ""),
            "DeviceLocator": named("slot"),
            "BankLocator": text(0x11),
            "MemoryType": number(0x12),
            # This oracle keeps the low byte of the word.
            "TypeDetail": number(0x13),
            "Speed": number(0x15, 2),
            "Manufacturer": named("manufacturer"),
            "SerialNumber": named("serial"),
            "AssetTag": text(0x19),
            "PartNumber": named("part"),
            "Attributes": number(0x1B),
            "ExtendedSize": number(0x1C, 4),
            "ConfiguredMemorySpeed": number(0x20, 2),
            "MinimumVoltage": number(0x22, 2),
            "MaximumVoltage": number(0x24, 2),
            "ConfiguredVoltage": number(0x26, 2),
        },
    ),
}
# Empty in this oracle whatever the table says: nothing is told there.
_SILENT = {"AssetTagNumber"}
_SILENT_OF = {("Beelink-EQ12", "BIOSInformation")}


def compared_with_json(oracle: Path) -> Iterator[Compared]:
    """Every field of the six kinds that the oracle tells."""
    told_all: dict[str, Any] = msgspec.json.decode(oracle.read_bytes())
    parts = parts_of(table_beside(oracle))
    for section, (kind, fields) in _FIELDS.items():
        told_parts = told_all[section] or []
        told_parts = told_parts if isinstance(told_parts, list) else [told_parts]
        for place, (told_part, part) in enumerate(zip(told_parts, parts[kind], strict=True)):
            for field, told in told_part.items():
                where = f"{section}[{place}].{field}"
                if field not in _SILENT and (oracle.stem, section) not in _SILENT_OF:
                    yield Compared(where, told, _as_told(fields[field](part)))
                elif told:
                    yield Compared(where, told, "a field in which this oracle was silent")


def _as_told(read: object) -> object:
    """The oracle trims, and drops the best known placeholder itself."""
    if not isinstance(read, str):
        return read
    return "" if read.lower().startswith("to be filled") else read.strip()
