"""The table parser against other parsers' readings of real machines, and against hostile bytes."""

import struct
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hardware import smbios
from tests import machines
from tests.smbios_tables import Board, Module, structure

REAL = Path(__file__).parents[3].parent / "shared/data/smbios"
ENTRY_POINT_BYTES = 32
needs_real_tables = pytest.mark.skipif(
    not REAL.is_dir(), reason="the real tables lie beside the repository, not in it"
)
JSON_ORACLES = sorted(REAL.glob("*.json"))
TEXT_ORACLES = sorted(REAL.glob("*.orig.txt"))


def real_table(name: str) -> bytes:
    """The structures alone, whatever a dump puts before them."""
    if (REAL / f"{name}.bin").exists():
        return (REAL / f"{name}.bin").read_bytes()[ENTRY_POINT_BYTES:]
    raw = (REAL / f"{name}.dmi").read_bytes()
    return raw[ENTRY_POINT_BYTES:] if raw.startswith(b"_SM3_") else raw


def written(uuid: bytes) -> str:
    """As both oracles write it, in the order of version 2.6 and later."""
    swapped = uuid[3::-1] + uuid[5:3:-1] + uuid[7:5:-1] + uuid[8:]
    digits = swapped.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


@needs_real_tables
@pytest.mark.parametrize("path", JSON_ORACLES, ids=lambda path: path.stem)
def test_a_real_table_reads_as_another_parser_read_it(path: Path) -> None:
    oracle: dict[str, Any] = msgspec.json.decode(path.read_bytes())
    table = smbios.parse(real_table(path.stem))
    assert table.system is not None
    assert table.chassis is not None
    told = oracle["SystemInformation"]
    system = [as_told(text) for text in table.system[:3]]
    assert system == [told["Manufacturer"], told["ProductName"], told["SerialNumber"]]
    assert written(table.system.uuid) == told["UUID"]
    told = oracle["BaseboardInformation"]
    board = [as_told(text) for text in table.boards[0][:3]]
    assert board == [told["Manufacturer"], told["Product"], told["SerialNumber"]]
    assert as_told(table.chassis.serial) == oracle["SystemEnclosure"]["SerialNumber"]
    assert [
        (as_told(processor.version), processor.populated) for processor in table.processors
    ] == [
        (told["ProcessorVersion"], bool(told["Status"] & 0x40))
        for told in oracle["ProcessorInformation"] or []
    ]
    assert [(as_told(module.serial), as_told(module.part)) for module in table.memory] == [
        (told["SerialNumber"], told["PartNumber"]) for told in oracle["MemoryDevices"] or []
    ]


def as_told(text: str) -> str:
    """The oracle trims, and drops the best known placeholder itself."""
    return "" if text.lower().startswith("to be filled") else text.strip()


@needs_real_tables
@pytest.mark.parametrize("path", TEXT_ORACLES, ids=lambda path: path.name.partition(".")[0])
def test_a_real_table_reads_as_dmidecode_printed_it(path: Path) -> None:
    table = smbios.parse(real_table(path.name.partition(".")[0]))
    text = path.read_text(encoding="latin-1")
    assert table.complete
    assert table.bios is not None
    assert table.system is not None
    assert printed(text, "BIOS Information", "Version") == [table.bios.version]
    assert printed(text, "System Information", "Serial Number") == [table.system.serial]
    assert [uuid.lower() for uuid in printed(text, "System Information", "UUID")] == [
        written(table.system.uuid)
    ]
    for field, read in (
        ("Manufacturer", [board.manufacturer for board in table.boards]),
        ("Product Name", [board.product for board in table.boards]),
        ("Serial Number", [board.serial for board in table.boards]),
    ):
        assert printed(text, "Base Board Information", field) == read
    sizes = [size for size in printed(text, "Memory Device", "Size") if size[0].isdigit()]
    populated = [module for module in table.memory if module.mebibytes]
    assert [module.mebibytes for module in populated] == [mebibytes(size) for size in sizes]


def printed(text: str, section: str, field: str) -> list[str]:
    """What dmidecode prints for a field, in every section of that name."""
    found = []
    for block in text.split("\n\n"):
        lines = block.splitlines()
        if len(lines) > 1 and lines[1] == section:
            prefix = f"\t{field}: "
            found += [line.removeprefix(prefix) for line in lines if line.startswith(prefix)]
    return found


def mebibytes(size: str) -> int:
    number, unit = size.split()
    return int(number) * {"MB": 1, "GB": 1024}[unit]


@needs_real_tables
def test_a_table_as_windows_hands_it_out_reads_the_same_behind_its_header() -> None:
    table = smbios.parse((REAL / "windows-rsmb-laptop.dat").read_bytes()[8:])
    assert table.system is not None
    assert table.system.product == "Surface Laptop 3"
    assert table.complete


class TestGenerated:
    def test_our_own_tables_read_as_they_were_built(self) -> None:
        table = smbios.parse(machines.smbios_table(machines.BARE_SERVER))
        assert table.complete
        assert table.system is not None
        assert table.system.serial == "7F3KQZ2"
        assert written(table.system.uuid) == machines.BARE_SERVER.uuid
        assert table.boards == (
            smbios.Board("Dell Inc.", "02C2CP", ".7F3KQZ2.CNFCP0012A34BC.", hosting=True),
        )
        assert [module.mebibytes for module in table.memory] == [32768, 32768, 0]

    def test_boards_that_carry_no_processor_are_marked(self) -> None:
        boards = (Board(), Board(serial="RISER-0001", hosting=False))
        raw = machines.smbios_table(machines.Machine(boards=boards))
        assert [board.hosting for board in smbios.parse(raw).boards] == [True, False]

    @pytest.mark.parametrize(
        ("size", "extended", "expected"),
        [
            (0, 0, 0),
            (16384, 0, 16384),
            (0x8000 | 2048, 0, 2),
            (0xFFFF, 0, None),
            (0x7FFF, 65536, 65536),
        ],
    )
    def test_a_module_says_its_size_in_one_of_three_ways(
        self, size: int, extended: int, expected: int | None
    ) -> None:
        formatted = bytes(8) + struct.pack("<H", size) + bytes(14) + struct.pack("<I", extended)
        (module,) = smbios.parse(structure(17, formatted)).memory
        assert module.mebibytes == expected

    def test_a_table_may_end_without_its_end_marker(self) -> None:
        raw = machines.smbios_table(machines.BARE_SERVER)
        assert smbios.parse(raw[: -len(structure(127, b""))]).complete

    def test_what_stands_behind_the_end_is_not_read(self) -> None:
        raw = machines.smbios_table(machines.BARE_SERVER) + structure(2, bytes(11), "x")
        assert len(smbios.parse(raw).boards) == 1


class TestHostile:
    def test_nothing_is_no_table(self) -> None:
        assert smbios.parse(b"") == smbios.Table(None, None, (), None, (), (), complete=False)

    def test_a_table_that_breaks_off_says_so_and_keeps_what_it_had(self) -> None:
        raw = machines.smbios_table(machines.BARE_SERVER)
        for end in range(len(raw)):
            table = smbios.parse(raw[:end])
            assert len(table.memory) <= 3
        cut = smbios.parse(raw[: raw.index(b"A2")])
        assert not cut.complete
        assert cut.system is not None
        assert len(cut.memory) == 1

    def test_a_length_that_would_stand_still_ends_the_reading(self) -> None:
        assert not smbios.parse(bytes([1, 0, 0, 0]) * 8).complete

    def test_a_string_number_that_points_nowhere_is_empty(self) -> None:
        raw = structure(1, b"\x09\x02\x00\x09" + bytes(19), "Maker", "Product")
        system = smbios.parse(raw).system
        assert system is not None
        assert (system.manufacturer, system.product, system.serial) == ("", "Product", "")

    def test_a_structure_older_than_a_field_has_it_empty(self) -> None:
        system = smbios.parse(structure(1, b"\x01\x02\x00\x03", "Maker", "Product", "S1")).system
        assert system is not None
        assert (system.uuid, system.serial) == (b"", "S1")
        (module,) = smbios.parse(structure(17, bytes(4))).memory
        assert (module.mebibytes, module.part) == (0, "")

    def test_an_endless_table_ends(self) -> None:
        table = smbios.parse(structure(200, b"") * 20_000)
        assert not table.complete

    @given(st.binary(max_size=400))
    def test_any_bytes_are_read_to_some_end(self, raw: bytes) -> None:
        assert smbios.parse(raw).complete in {True, False}

    @given(st.data())
    def test_any_flipped_byte_is_read_to_some_end(self, data: st.DataObject) -> None:
        raw = bytearray(machines.smbios_table(machines.BARE_SERVER))
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place] = data.draw(st.integers(0, 255))
        assert smbios.parse(bytes(raw)).memory is not None

    def test_bytes_that_are_no_ascii_stay_the_same_text_each_time(self) -> None:
        raw = structure(1, b"\x01\x02\x00\x03" + bytes(19), "M\xe9", "P", "\xff\xfe-1")
        system = smbios.parse(raw).system
        assert system is not None
        assert system.serial == "\xff\xfe-1"

    def test_a_module_of_a_table_that_has_no_modules_is_no_module(self) -> None:
        machine = machines.Machine(memory=(Module("", mebibytes=0),))
        assert smbios.parse(machines.smbios_table(machine)).memory[0].mebibytes == 0
