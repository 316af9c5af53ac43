"""The table parser against tables in every form, old and new, and against hostile bytes."""

import struct
from collections.abc import Callable
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
    as_windows_answers,
    behind_entry_point_2,
    behind_entry_point_3,
    structure,
    with_right_sums,
)

ALL_KINDS = range(256)
WHOLE = machines.smbios_table(machines.BARE_SERVER)
UNENDED = WHOLE.removesuffix(structure(END_OF_TABLE, b""))
FORMS: dict[str, Callable[[bytes], bytes]] = {
    "the structures alone": lambda table: table,
    "entry point 2": behind_entry_point_2,
    "entry point 3": behind_entry_point_3,
    "entry point 3 as it lies in memory": lambda table: behind_entry_point_3(
        table, address=0xE0000
    ),
    "entry point 3 with room to spare": lambda table: behind_entry_point_3(
        table, most=len(table) + 999
    ),
    "Windows": as_windows_answers,
}
forms = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
any_text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@st.composite
def any_structure(draw: st.DrawFn) -> tuple[int, bytes, list[str]]:
    kind = draw(st.integers(0, 255).filter(lambda kind: kind != END_OF_TABLE))
    return kind, draw(st.binary(max_size=251)), draw(st.lists(any_text, max_size=5))


class TestForms:
    @forms
    def test_a_table_reads_the_same_in_every_form(self, form: Callable[[bytes], bytes]) -> None:
        assert smbios.parse(form(WHOLE)) == smbios.parse(WHOLE)

    @forms
    def test_a_table_may_end_without_its_end_marker(self, form: Callable[[bytes], bytes]) -> None:
        assert smbios.parse(form(UNENDED)) == smbios.parse(WHOLE)

    @forms
    def test_an_end_marker_may_have_lost_its_last_bytes(
        self, form: Callable[[bytes], bytes]
    ) -> None:
        assert smbios.parse(form(WHOLE[:-2])).complete

    @pytest.mark.parametrize("form", [behind_entry_point_2, as_windows_answers])
    def test_a_file_shorter_than_its_header_says_is_not_whole(
        self, form: Callable[[bytes], bytes]
    ) -> None:
        # Cut between two structures: only the header knows that something is missing.
        raw = form(UNENDED)
        cut = smbios.parse(raw[: raw.index(structure(3, b"")[:1] + b"\x15", 32)])
        assert cut.system is not None
        assert not cut.complete

    @pytest.mark.parametrize(
        ("form", "version", "swapped"),
        [
            (behind_entry_point_2, (2, 5), False),
            (behind_entry_point_2, (2, 6), True),
            (behind_entry_point_2, (2, 31), False),
            (behind_entry_point_2, (2, 33), False),
            (behind_entry_point_3, (3, 0), True),
            (as_windows_answers, (2, 4), False),
            (as_windows_answers, (3, 3), True),
        ],
    )
    def test_the_version_says_in_which_order_the_uuid_is_written(
        self,
        form: Callable[[bytes, tuple[int, int]], bytes],
        version: tuple[int, int],
        swapped: bool,  # noqa: FBT001  a column of the table
    ) -> None:
        machine = replace(machines.BARE_SERVER, uuid_swapped=swapped)
        system = smbios.parse(form(machines.smbios_table(machine), version)).system
        assert system is not None
        assert written_uuid(system.uuid) == machine.uuid

    @pytest.mark.parametrize(
        ("form", "size"), [(behind_entry_point_2, 31), (behind_entry_point_3, 24)]
    )
    def test_an_entry_point_whose_sum_is_wrong_has_no_table(
        self, form: Callable[[bytes], bytes], size: int
    ) -> None:
        raw = form(WHOLE)
        for place in range(len("_SM3_"), size):
            damaged = raw[:place] + bytes([raw[place] ^ 0x10]) + raw[place + 1 :]
            assert smbios.parse(damaged)[:-1] == (None, None, (), None, (), ())

    @pytest.mark.parametrize(
        ("changes", "name"),
        [
            ({0x10: 1, 0x11: -1}, "the anchor"),
            ({0x1E: 1, 0x04: -1}, "the sum"),
        ],
        ids=lambda told: told if isinstance(told, str) else "",
    )
    def test_an_entry_point_whose_inner_part_is_wrong_has_no_table(
        self, changes: dict[int, int], name: str
    ) -> None:
        raw = bytearray(behind_entry_point_2(WHOLE))
        for place, change in changes.items():
            raw[place] = (raw[place] + change) % 256
        assert sum(raw[:31]) % 256 == 0, name
        assert smbios.parse(bytes(raw)).system is None

    def test_version_2_1_counted_its_entry_point_one_byte_short(self) -> None:
        raw = behind_entry_point_2(WHOLE)
        short = with_right_sums(raw[:5] + b"\x1e" + raw[6:])
        assert smbios.parse(short) == smbios.parse(WHOLE)

    @pytest.mark.parametrize(
        ("form", "place"), [(behind_entry_point_2, 5), (behind_entry_point_3, 6)]
    )
    @pytest.mark.parametrize("length", [0, 1, 23, 33, 64])
    def test_an_entry_point_of_no_known_length_has_no_table(
        self, form: Callable[[bytes], bytes], place: int, length: int
    ) -> None:
        raw = form(WHOLE)
        raw = raw[:place] + bytes([length]) + raw[place + 1 :]
        assert smbios.parse(with_right_sums(raw)).system is None

    @pytest.mark.parametrize("form", [behind_entry_point_2, behind_entry_point_3])
    def test_an_entry_point_alone_has_no_table(self, form: Callable[[bytes], bytes]) -> None:
        for end in range(33):
            assert smbios.parse(form(WHOLE)[:end])[:-1] == (None, None, (), None, (), ())
            assert not smbios.parse(form(WHOLE)[:end]).complete

    def test_what_a_header_does_not_count_is_not_read(self) -> None:
        behind = structure(2, bytes(11), "x")
        for form in (behind_entry_point_2, behind_entry_point_3, as_windows_answers):
            assert smbios.parse(form(UNENDED) + behind) == smbios.parse(WHOLE)


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

    @given(st.sampled_from(sorted(FORMS)), st.data())
    def test_what_was_read_before_a_cut_stands(self, form: str, data: st.DataObject) -> None:
        raw = FORMS[form](WHOLE)
        # A shorter file may say where its table lies by another rule: cut behind the header.
        end = data.draw(st.integers(32 + 24, len(raw)))
        whole = smbios.read_structures(raw, ALL_KINDS).structures
        read = smbios.read_structures(raw[:end], ALL_KINDS).structures
        assert read == whole[: len(read)]

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
