"""A table stands behind an entry point, alone, or in Windows' own header: it reads the same."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agent.hardware import smbios
from tests import machines
from tests.agent.hardware.test_smbios import ALL_KINDS, WHOLE
from tests.smbios_oracles.parts import written_uuid
from tests.smbios_tables import (
    END_OF_TABLE,
    as_windows_answers,
    behind_entry_point_2,
    behind_entry_point_3,
    structure,
    with_right_sums,
)

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

    @given(st.sampled_from(sorted(FORMS)), st.data())
    def test_what_was_read_before_a_cut_stands(self, form: str, data: st.DataObject) -> None:
        raw = FORMS[form](WHOLE)
        # A shorter file may say where its table lies by another rule: cut behind the header.
        end = data.draw(st.integers(32 + 24, len(raw)))
        whole = smbios.read_structures(raw, ALL_KINDS).structures
        read = smbios.read_structures(raw[:end], ALL_KINDS).structures
        assert read == whole[: len(read)]
