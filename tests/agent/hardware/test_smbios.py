"""The table parser against tables that were built here, and against hostile bytes."""

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agent.hardware import smbios
from agent.hardware.linux import LinuxProbe
from protocol.weights import ComponentId
from tests import machines
from tests.smbios_oracles.parts import written_uuid
from tests.smbios_tables import (
    END_OF_TABLE,
    Board,
    Module,
    structure,
)

ALL_KINDS = range(256)
WHOLE = machines.smbios_table(machines.BARE_SERVER)
any_text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@st.composite
def any_structure(draw: st.DrawFn) -> tuple[int, bytes, list[str]]:
    kind = draw(st.integers(0, 255).filter(lambda kind: kind != END_OF_TABLE))
    return kind, draw(st.binary(max_size=251)), draw(st.lists(any_text, max_size=5))


class TestGenerated:
    def test_our_own_tables_read_as_they_were_built(self) -> None:
        table = smbios.parse(machines.smbios_table(machines.BARE_SERVER))
        assert table.complete
        assert table.system is not None
        assert table.system.serial == "7F3KQZ2"
        assert written_uuid(table.system.uuid) == machines.BARE_SERVER.uuid
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

    @pytest.mark.parametrize(("status", "populated"), [(0x41, True), (0x40, True), (0x01, False)])
    def test_a_socket_says_whether_it_has_a_processor(
        self,
        status: int,
        populated: bool,  # noqa: FBT001  a column of the table
    ) -> None:
        formatted = bytes([1, 3, 1, 2, *bytes(8), 3, *bytes(7), status])
        (processor,) = smbios.parse(structure(4, formatted, "CPU1", "Intel", "Xeon")).processors
        assert processor == smbios.Processor("CPU1", "Intel", "Xeon", populated)

    def test_what_stands_behind_the_end_is_not_read(self) -> None:
        raw = machines.smbios_table(machines.BARE_SERVER) + structure(2, bytes(11), "x")
        assert len(smbios.parse(raw).boards) == 1

    @given(st.lists(any_structure()))
    def test_structures_read_as_they_were_built(
        self, built: list[tuple[int, bytes, list[str]]]
    ) -> None:
        raw = b"".join(structure(kind, body, *texts) for kind, body, texts in built)
        read = smbios.read_structures(raw, ALL_KINDS)
        assert read.complete is bool(built)
        assert [
            (found.kind, found.formatted[4:], [text.decode() for text in found.strings if text])
            for found in read.structures
        ] == built

    @given(any_structure(), st.integers(0, 6))
    def test_a_structure_of_no_interest_changes_nothing(
        self, foreign: tuple[int, bytes, list[str]], place: int
    ) -> None:
        kind, body, texts = foreign
        kind = kind if kind not in {0, 1, 2, 3, 4, 17} else 221
        found = smbios.read_structures(WHOLE, ALL_KINDS).structures
        pieces = [part.formatted + b"\0".join([*part.strings, b"\0"]) for part in found]
        assert smbios.parse(b"".join(pieces)) == smbios.parse(WHOLE)
        pieces.insert(place, structure(kind, body, *texts))
        assert smbios.parse(b"".join(pieces)) == smbios.parse(WHOLE)

    @pytest.mark.parametrize("name", ["Fujitsu® Siemens", "Größe", "مانا", "Maker"])
    def test_a_name_reads_the_same_with_rights_and_without(self, name: str, tmp_path: Path) -> None:
        machine = replace(machines.BARE_SERVER, manufacturer=name)
        whole = LinuxProbe(machine.write(tmp_path / "root")).read()
        poorer = LinuxProbe(replace(machine, readable_table=False).write(tmp_path / "user")).read()
        platforms = [found.component(ComponentId.PLATFORM) for found in (whole, poorer)]
        assert platforms[0] is not None
        assert platforms[1] is not None
        assert platforms[0].known
        assert platforms[0].values == platforms[1].values


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

    def test_a_structure_that_ends_inside_a_field_does_not_have_it(self) -> None:
        (module,) = smbios.parse(structure(17, bytes(8) + b"\x40")).memory
        assert module.mebibytes == 0

    def test_an_endless_table_ends(self) -> None:
        module = structure(17, bytes(30))
        table = smbios.parse(module * 20_000)
        assert not table.complete
        assert len(table.memory) == 16_384

    def test_a_huge_table_is_read_to_its_bound(self) -> None:
        padding = structure(200, b"", "x" * 1000)
        table = smbios.parse(padding * 2000 + structure(2, bytes(11), "x"))
        assert not table.complete
        assert table.boards == ()

    def test_an_endless_string_ends_the_reading(self) -> None:
        raw = structure(1, b"\x01\x00\x00\x00", "Maker")
        table = smbios.parse(raw + structure(2, bytes(11), "x" * 100_000)[:-2])
        assert not table.complete
        assert table.system is not None
        assert table.boards == ()

    def test_more_strings_than_a_field_can_name_are_left_alone(self) -> None:
        texts = [str(number) for number in range(1, 100_000)]
        raw = structure(1, b"\xff\x01\x00\x00", *texts)
        system = smbios.parse(raw).system
        assert system is not None
        assert (system.manufacturer, system.product) == ("255", "1")
        assert len(smbios.read_structures(raw, {1}).structures[0].strings) == 256

    @given(st.binary(max_size=400))
    def test_any_bytes_are_read_to_some_end(self, raw: bytes) -> None:
        read = smbios.read_structures(raw, ALL_KINDS)
        assert all(len(found.formatted) >= 4 for found in read.structures)
        assert smbios.parse(raw).complete is read.complete

    @given(st.data())
    def test_any_flipped_byte_is_read_to_some_end(self, data: st.DataObject) -> None:
        raw = bytearray(machines.smbios_table(machines.BARE_SERVER))
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place] = data.draw(st.integers(0, 255))
        assert smbios.parse(bytes(raw)).memory is not None

    def test_bytes_that_are_no_ascii_stay_the_same_text_each_time(self) -> None:
        raw = structure(1, b"\x01\x02\x00\x03" + bytes(19), "M", "P", "?@-1")
        system = smbios.parse(raw.replace(b"?@", b"\xff\xfe")).system
        assert system is not None
        assert system.serial == "\ufffd\ufffd-1"

    def test_a_module_of_a_table_that_has_no_modules_is_no_module(self) -> None:
        machine = machines.Machine(memory=(Module("", mebibytes=0),))
        assert smbios.parse(machines.smbios_table(machine)).memory[0].mebibytes == 0
