"""What must hold, whatever bytes claim to be a machine's table or the name of one of its parts."""

from collections.abc import Callable, Mapping
from pathlib import Path

from agent.fingerprint import UnknownReason
from agent.hardware import firmware, smbios
from agent.hardware.entry_point import locate
from agent.hardware.normalisation import (
    DiskIdentity,
    clean,
    disk_identity,
    identity,
    is_placeholder,
    mac_identity,
    machine_id_identity,
    uuid_identity,
    uuid_identity_of_text,
)
from tests.smbios_tables import (
    as_windows_answers,
    behind_entry_point_2,
    behind_entry_point_3,
    with_right_sums,
)

CORPUS = Path(__file__).parent / "corpus"
_ALL_KINDS = range(256)
_MOST_BEHIND_TWO = 0xFFFF


def read_table(raw: bytes) -> None:
    """Any bytes are a table, perhaps an empty one, and the same in every form."""
    # Sums keep chance away from what lies behind them.
    raw = with_right_sums(raw)
    read = smbios.read_structures(raw, _ALL_KINDS)
    for structure in read.structures:
        assert len(structure.formatted) >= 4
        assert structure.formatted[1] == len(structure.formatted)
        assert structure.kind != 127
    table = smbios.parse(raw)
    assert table.complete is read.complete
    _hold_forms(raw, table)
    _hold_components(table)


def _hold_forms(raw: bytes, table: smbios.Table) -> None:
    if locate(raw).structures != raw:
        return  # it has a header of its own, or looks like one
    assert smbios.parse(behind_entry_point_3(raw)) == table
    assert smbios.parse(as_windows_answers(raw)) == table
    if len(raw) <= _MOST_BEHIND_TWO:
        assert smbios.parse(behind_entry_point_2(raw)) == table


def _hold_components(table: smbios.Table) -> None:
    components = firmware.firmware_components(table, "table", UnknownReason.ABSENT)
    for component in components:
        assert component.known is (component.reason is None)
        for value in component.values:
            assert value
            assert value.isprintable()
    details = list(firmware.firmware_details(table, "table"))
    assert all(detail.text for detail in details)
    assert firmware.names_a_virtual_machine(table) in {True, False}


def read_names(raw: bytes) -> None:
    """Any text is a name in its one spelling, or none; saying it again changes nothing."""
    text = raw.decode("utf-8", "replace")
    once = clean(text)
    assert clean(once) == once
    assert identity(once) == identity(text)
    if (name := identity(text)) is not None:
        assert not is_placeholder(name)
        assert identity(name) == name
    for read in (uuid_identity_of_text, mac_identity, machine_id_identity):
        if (found := read(text)) is not None:
            assert read(found) == found
    flipped = raw[3::-1] + raw[5:3:-1] + raw[7:5:-1] + raw[8:]
    assert uuid_identity(flipped) == uuid_identity(raw)
    name, _, serial = text.partition("\n")
    if (disk := disk_identity(DiskIdentity(name, serial, ""))) is not None:
        assert clean(disk) == disk


TARGETS: Mapping[str, Callable[[bytes], None]] = {"table": read_table, "names": read_names}
