"""Real tables read as other programs read them: every field that these tell of six kinds."""

from pathlib import Path

import pytest

from agent.hardware import smbios
from tests.smbios_oracles.dmidecode import TEXT_ORACLES, compared_with_text
from tests.smbios_oracles.from_json import JSON_ORACLES, compared_with_json
from tests.smbios_oracles.parts import REAL, Compared, written_uuid

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason="the real tables lie beside the repository, not in it"
)
# Fewer would mean that a part of an oracle is not read any more.
FIELDS_IN_JSON = 1965
FIELDS_IN_TEXT = 6516


def name_of(path: Path) -> str:
    return path.name.partition(".")[0]


def different(compared: list[Compared]) -> list[Compared]:
    assert compared
    return [field for field in compared if field.told != field.read]


@pytest.mark.parametrize("oracle", JSON_ORACLES, ids=name_of)
def test_every_field_reads_as_another_parser_read_it(oracle: Path) -> None:
    assert different(list(compared_with_json(oracle))) == []


@pytest.mark.parametrize("oracle", TEXT_ORACLES, ids=name_of)
def test_every_field_reads_as_dmidecode_printed_it(oracle: Path) -> None:
    assert different(list(compared_with_text(oracle))) == []


def test_no_field_of_an_oracle_is_left_out() -> None:
    in_json = sum(len(list(compared_with_json(oracle))) for oracle in JSON_ORACLES)
    in_text = sum(len(list(compared_with_text(oracle))) for oracle in TEXT_ORACLES)
    assert (in_json, in_text) == (FIELDS_IN_JSON, FIELDS_IN_TEXT)


def test_a_table_as_windows_hands_it_out_reads_behind_its_header() -> None:
    raw = (REAL / "windows-rsmb-laptop.dat").read_bytes()
    table = smbios.parse(raw)
    assert table.complete
    assert table.system is not None
    # Read off the bytes by eye.
    assert table.system[:3] == ("Microsoft Corporation", "Surface Laptop 3", "023078193757")
    assert written_uuid(table.system.uuid) == "4ee6523f-d56a-f3ea-8e2a-891cf96286ea"
    assert [board[:3] for board in table.boards] == [
        ("Microsoft Corporation", "Surface Laptop 3", "A009250100J1939A")
    ]
    assert [module.mebibytes for module in table.memory] == [8192, 8192]
    assert smbios.read_structures(raw, ()).version == (3, 2)


def test_a_real_table_without_an_end_marker_is_whole() -> None:
    table = smbios.parse((REAL / "Beelink-EQ12.dmi").read_bytes())
    assert table.complete
    assert [module.serial for module in table.memory] == ["E8FBFFE2", ""]


def test_a_real_table_with_a_structure_without_length_ends_there() -> None:
    table = smbios.parse((REAL / "HyperV.dmi").read_bytes())
    assert not table.complete
    assert table.chassis is not None
    assert (table.processors, table.memory) == ((), ())
