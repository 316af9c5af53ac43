"""How dmidecode writes a field: its words, units and bits, as far as the real tables have them."""

from collections.abc import Callable

from tests.smbios_oracles.parts import Part, Read, chassis_sku, named, text, written_uuid

Bits = Callable[[Part], list[str]]


def _joined(read: Bits) -> Read:
    return lambda part: " ".join(read(part))


def _said(read: Read) -> Read:
    return lambda part: read(part) or "Not Specified"


def _one_of(offset: int, words: dict[int, str], mask: int = 0xFF) -> Read:
    return lambda part: words.get(v := part.structure.number(offset) & mask, hex(v))


def _bits(offset: int, size: int, words: dict[int, str]) -> Bits:
    def read(part: Part) -> list[str]:
        value = part.structure.number(offset, size)
        return [word for bit, word in words.items() if value >> bit & 1]

    return read


def _unit(offset: int, unit: str, size: int = 2, nothing: tuple[int, ...] = (0,)) -> Read:
    def read(part: Part) -> str:
        value = part.structure.number(offset, size)
        return "Unknown" if value in nothing else f"{value} {unit}"

    return read


def _handle(offset: int, **words: str) -> Read:
    def read(part: Part) -> str:
        handle = f"{part.structure.number(offset, 2):04X}"
        return words.get(f"x{handle}", f"0x{handle}")

    return read


def _release(major: int, minor: int) -> Read:
    return lambda part: f"{part.structure.number(major)}.{part.structure.number(minor)}"


def _millivolts(offset: int) -> Read:
    def read(part: Part) -> str:
        value = part.structure.number(offset, 2)
        return f"{value / 1000:.1f} V" if value else "Unknown"

    return read


def _count(offset: int, nothing: str = "0") -> Read:
    return lambda part: str(part.structure.number(offset) or nothing)


def _bytes(kilobytes: float) -> str:
    if kilobytes % 1:
        return f"{int(kilobytes * 1024)} bytes"
    return f"{kilobytes / 1024:.0f} MB" if kilobytes >= 1024 else f"{kilobytes:.0f} kB"


def _module_size(part: Part) -> str:
    mebibytes = part.value.mebibytes
    return f"{mebibytes // 1024} GB" if mebibytes else "No Module Installed"


def _signature(part: Part) -> str:
    bits = part.structure.number(0x08, 4)
    family = (bits >> 20 & 0xFF) + (bits >> 8 & 0xF)
    model = (bits >> 12 & 0xF0) + (bits >> 4 & 0xF)
    return f"Type {bits >> 12 & 3}, Family {family}, Model {model}, Stepping {bits & 0xF}"


def _voltage(part: Part) -> str:
    value = part.structure.number(0x11)
    if value & 0x80:
        return f"{(value & 0x7F) / 10:.1f} V"
    return " ".join(
        f"{word} V" for bit, word in enumerate(("5.0", "3.3", "2.9")) if value >> bit & 1
    )


def _status(part: Part) -> str:
    working = {1: "Enabled", 3: "Disabled By BIOS"}[part.structure.number(0x18) & 7]
    return f"{'Populated' if part.value.populated else 'Unpopulated'}, {working}"


_TYPE_DETAIL = _bits(
    0x13,
    2,
    {
        2: "Unknown",
        7: "Synchronous",
        9: "EDO",
        13: "Registered (Buffered)",
        14: "Unbuffered (Unregistered)",
    },
)
_STATE = {2: "Unknown", 3: "Safe"}
FIELDS: dict[int, dict[str, Read]] = {
    0: {
        "Vendor": named("vendor"),
        "Version": named("version"),
        "Release Date": named("released"),
        "Address": lambda part: f"0x{part.structure.number(0x06, 2):04X}0",
        "Runtime Size": lambda part: _bytes((0x10000 - part.structure.number(0x06, 2)) / 64),
        "ROM Size": lambda part: _bytes((part.structure.number(0x09) + 1) * 64),
        "BIOS Revision": _release(0x14, 0x15),
        "Firmware Revision": _release(0x16, 0x17),
    },
    1: {
        "Manufacturer": named("manufacturer"),
        "Product Name": named("product"),
        "Version": text(0x06),
        "Serial Number": named("serial"),
        "UUID": lambda part: written_uuid(part.value.uuid),
        "Wake-up Type": _one_of(0x18, {6: "Power Switch"}),
        "SKU Number": _said(text(0x19)),
        "Family": _said(text(0x1A)),
    },
    2: {
        "Manufacturer": named("manufacturer"),
        "Product Name": named("product"),
        "Version": text(0x06),
        "Serial Number": named("serial"),
        "Asset Tag": _said(text(0x08)),
        "Features": lambda part: "" if part.structure.number(0x09) else "None",
        "Location In Chassis": _said(text(0x0A)),
        "Chassis Handle": _handle(0x0B),
        "Type": _one_of(0x0D, {0: "Unknown", 1: "Unknown", 10: "Motherboard"}),
        "Contained Object Handles": _count(0x0E),
    },
    3: {
        "Manufacturer": named("manufacturer"),
        "Type": _one_of(
            0x05,
            {1: "Other", 10: "Notebook", 17: "Main Server Chassis", 23: "Rack Mount Chassis"},
            mask=0x7F,
        ),
        "Lock": _one_of(0x05, {0: "Not Present", 0x80: "Present"}, mask=0x80),
        "Version": text(0x06),
        "Serial Number": named("serial"),
        "Asset Tag": named("asset_tag"),
        "Boot-up State": _one_of(0x09, _STATE),
        "Power Supply State": _one_of(0x0A, _STATE),
        "Thermal State": _one_of(0x0B, _STATE),
        "Security Status": _one_of(0x0C, {2: "Unknown", 3: "None"}),
        "OEM Information": lambda part: f"0x{part.structure.number(0x0D, 4):08X}",
        "Height": _count(0x11, "Unspecified"),
        "Number Of Power Cords": _count(0x12, "Unspecified"),
        "Contained Elements": _count(0x13),
        "SKU Number": _said(chassis_sku),
    },
    4: {
        "Socket Designation": named("socket"),
        "Type": _one_of(0x05, {3: "Central Processor"}),
        "Family": _one_of(0x06, {0x02: "Unknown", 0xB3: "Xeon", 0xC6: "Core i7"}),
        "Manufacturer": named("manufacturer"),
        "ID": lambda part: part.structure.formatted[0x08:0x10].hex(" ").upper(),
        "Signature": _signature,
        "Flags": lambda _: "",
        "Version": named("version"),
        "Voltage": _voltage,
        "External Clock": _unit(0x12, "MHz"),
        "Max Speed": _unit(0x14, "MHz"),
        "Current Speed": _unit(0x16, "MHz"),
        "Status": _status,
        "Upgrade": _one_of(
            0x19,
            {
                0x04: "ZIF Socket",
                0x24: "Socket BGA1155",
                0x26: "Socket LGA2011",
                0x33: "Socket BGA1356",
            },
        ),
        "L1 Cache Handle": _handle(0x1A, xFFFF="Not Provided"),
        "L2 Cache Handle": _handle(0x1C, xFFFF="Not Provided"),
        "L3 Cache Handle": _handle(0x1E, xFFFF="Not Provided"),
        "Serial Number": _said(text(0x20)),
        "Asset Tag": _said(text(0x21)),
        "Part Number": _said(text(0x22)),
        "Core Count": _count(0x23),
        "Core Enabled": _count(0x24),
        "Thread Count": _count(0x25),
    },
    17: {
        "Array Handle": _handle(0x04),
        "Error Information Handle": _handle(0x06, xFFFE="Not Provided", xFFFF="No Error"),
        "Total Width": _unit(0x08, "bits", nothing=(0, 0xFFFF)),
        "Data Width": _unit(0x0A, "bits", nothing=(0, 0xFFFF)),
        "Size": _module_size,
        "Form Factor": _one_of(0x0E, {9: "DIMM", 13: "SODIMM"}),
        "Set": _count(0x0F, "None"),
        "Locator": named("slot"),
        "Bank Locator": _said(text(0x11)),
        "Type": _one_of(0x12, {1: "Other", 3: "DRAM", 24: "DDR3", 26: "DDR4"}),
        "Type Detail": _joined(_TYPE_DETAIL),
        "Speed": _unit(0x15, "MT/s"),
        "Manufacturer": _said(named("manufacturer")),
        "Serial Number": _said(named("serial")),
        "Asset Tag": _said(text(0x19)),
        "Part Number": _said(named("part")),
        "Rank": lambda part: str(part.structure.number(0x1B) & 0xF or "Unknown"),
        "Configured Memory Speed": _unit(0x20, "MT/s"),
        "Minimum Voltage": _millivolts(0x22),
        "Maximum Voltage": _millivolts(0x24),
        "Configured Voltage": _millivolts(0x26),
    },
}
# What dmidecode prints below a field, a line for each bit that is set.
LISTS: dict[tuple[int, str], Bits] = {
    (0, "Characteristics"): _bits(
        0x0A,
        10,
        {
            4: "ISA is supported",
            7: "PCI is supported",
            8: "PC Card (PCMCIA) is supported",
            9: "PNP is supported",
            10: "APM is supported",
            11: "BIOS is upgradeable",
            12: "BIOS shadowing is allowed",
            14: "ESCD support is available",
            15: "Boot from CD is supported",
            16: "Selectable boot is supported",
            17: "BIOS ROM is socketed",
            19: "EDD is supported",
            23: '5.25"/1.2 MB floppy services are supported (int 13h)',
            24: '3.5"/720 kB floppy services are supported (int 13h)',
            25: '3.5"/2.88 MB floppy services are supported (int 13h)',
            26: "Print screen service is supported (int 5h)",
            27: "8042 keyboard services are supported (int 9h)",
            28: "Serial services are supported (int 14h)",
            29: "Printer services are supported (int 17h)",
            30: "CGA/mono video services are supported (int 10h)",
            64: "ACPI is supported",
            65: "USB legacy is supported",
            71: "Smart battery is supported",
            72: "BIOS boot specification is supported",
            73: "Function key-initiated network boot is supported",
            74: "Targeted content distribution is supported",
            75: "UEFI is supported",
        },
    ),
    (2, "Features"): _bits(0x09, 1, {0: "Board is a hosting board", 3: "Board is replaceable"}),
    (4, "Flags"): _bits(
        0x0C,
        4,
        {
            0: "FPU (Floating-point unit on-chip)",
            1: "VME (Virtual mode extension)",
            2: "DE (Debugging extension)",
            3: "PSE (Page size extension)",
            4: "TSC (Time stamp counter)",
            5: "MSR (Model specific registers)",
            6: "PAE (Physical address extension)",
            7: "MCE (Machine check exception)",
            8: "CX8 (CMPXCHG8 instruction supported)",
            9: "APIC (On-chip APIC hardware supported)",
            11: "SEP (Fast system call)",
            12: "MTRR (Memory type range registers)",
            13: "PGE (Page global enable)",
            14: "MCA (Machine check architecture)",
            15: "CMOV (Conditional move instruction supported)",
            16: "PAT (Page attribute table)",
            17: "PSE-36 (36-bit page size extension)",
            19: "CLFSH (CLFLUSH instruction supported)",
            21: "DS (Debug store)",
            22: "ACPI (ACPI supported)",
            23: "MMX (MMX technology supported)",
            24: "FXSR (FXSAVE and FXSTOR instructions supported)",
            25: "SSE (Streaming SIMD extensions)",
            26: "SSE2 (Streaming SIMD extensions 2)",
            27: "SS (Self-snoop)",
            28: "HTT (Multi-threading)",
            29: "TM (Thermal monitor supported)",
            31: "PBE (Pending break enabled)",
        },
    ),
    (4, "Characteristics"): _bits(
        0x26,
        2,
        {
            2: "64-bit capable",
            3: "Multi-Core",
            4: "Hardware Thread",
            5: "Execute Protection",
            6: "Enhanced Virtualization",
            7: "Power/Performance Control",
        },
    ),
}
