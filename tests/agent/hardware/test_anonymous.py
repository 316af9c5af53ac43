"""An anonymous recording differs from the machine in nothing but values, and holds none of them."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agent.fingerprint import Component, Inventory
from agent.hardware import smbios
from agent.hardware.anonymous import anonymous
from agent.hardware.anonymous_names import other_path
from agent.hardware.answers import RecordedAnswers
from agent.hardware.linux import LinuxProbe
from agent.hardware.pseudonyms import Pseudonyms
from agent.hardware.recording import Recording, record, write
from protocol.weights import ComponentId
from tests import machines
from tests.block_devices import BlockDevices
from tests.machine_folders import Card, link, put
from tests.machines import BARE_SERVER, VIRTUAL_MACHINE, Machine
from tests.readings import judged, read, values
from tests.recorded_roots import ROOTS
from tests.smbios_tables import Board, Module, structure

KEY = b"k" * 32
NAMES = Pseudonyms(KEY)
TABLE = "/sys/firmware/dmi/tables/DMI"
_BYTE_DIGITS = 2
MODELS = frozenset({ComponentId.CPU, ComponentId.PLATFORM})


@pytest.fixture(params=ROOTS)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return ROOTS[str(request.param)].write(tmp_path / "machine")


def hidden(folder: Path, key: bytes = KEY) -> Inventory:
    """The machine recorded under other numbers, and read again."""
    place = folder.with_name(f"{folder.name}-hidden")
    write(anonymous(record(folder).recording, key), place)
    return LinuxProbe(place).read()


def outline(inventory: Inventory) -> object:
    """Everything of an inventory but the values and where in the machine they came from."""

    def part(component: Component) -> tuple[object, ...]:
        return component.id, component.reason, component.label, len(component.values)

    system = inventory.os
    return (
        inventory.machine_class,
        [part(component) for component in inventory.components],
        (system.product, system.major, system.patch, system.instance is None),
        [detail.id for detail in inventory.details],
    )


def identities(inventory: Inventory) -> set[str]:
    """Every value that names this machine or a part of it, in pieces as they may be spelled."""
    found = {
        value.lower()
        for component in inventory.components
        if component.id not in MODELS
        for value in component.values
    }
    pieces = {piece for value in found for piece in value.replace(".", " ").split()}
    shown = {
        detail.text.lower()
        for detail in inventory.details
        if detail.id in {"chassis_serial", "hostname"}
    }
    # Models stay; and a byte of a UUID that is spelled out stands anywhere.
    models = {BARE_SERVER.boards[0].product.lower(), BARE_SERVER.memory[0].part.lower(), "x9dbl-3f"}
    named = {piece for piece in pieces | shown if any(map(str.isdigit, piece))} - models
    return {piece for piece in named if len(piece) > _BYTE_DIGITS}


def test_only_values_differ(folder: Path) -> None:
    before, after = LinuxProbe(folder).read(), hidden(folder)
    assert outline(after) == outline(before)
    for was, now in zip(before.components, after.components, strict=True):
        if was.id in MODELS or not was.known:
            assert now.values == was.values
        else:
            assert not {*now.values} & {*was.values}
    assert after.os.instance != before.os.instance


def test_no_file_and_no_name_of_it_holds_what_identifies(folder: Path) -> None:
    before = LinuxProbe(folder).read()
    place = folder.with_name("hidden")
    write(anonymous(record(folder).recording, KEY), place)
    names = [str(path.relative_to(place)).encode() for path in place.rglob("*")]
    written = [*names, *(path.read_bytes() for path in place.rglob("*") if path.is_file())]
    for identity in identities(before):
        spellings = {identity.encode(), identity.replace(":", "").replace("-", "").encode()}
        for part in written:
            assert not [spelling for spelling in spellings if spelling in part.lower()]


def test_the_bytes_of_the_systems_uuid_are_gone(tmp_path: Path) -> None:
    recording = anonymous(record(BARE_SERVER.write(tmp_path)).recording, KEY)
    uuid = bytes.fromhex(BARE_SERVER.uuid.replace("-", ""))
    assert uuid[8:] not in recording.files[TABLE]


CHANGES: dict[str, Callable[[Machine], Machine]] = {
    "none": lambda machine: machine,
    "board": machines.with_other_board,
    "cards": machines.with_other_cards,
    "extra card": machines.with_extra_card,
    "disk": machines.with_other_disk,
    "cpu": machines.with_other_cpu,
    "memory": machines.with_other_memory,
    "system": machines.with_other_system,
    "patch": machines.with_patched_os,
    "upgrade": machines.with_upgraded_os,
    "reinstall": machines.with_reinstalled_os,
    "byte order": lambda machine: replace(machine, uuid_swapped=not machine.uuid_swapped),
    "fields": lambda machine: replace(machine, readable_table=False),
}


@pytest.mark.parametrize("machine", [BARE_SERVER, VIRTUAL_MACHINE], ids=["bare", "vm"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_two_recordings_of_one_key_compare_as_the_machines_did(
    change: Callable[[Machine], Machine], machine: Machine, tmp_path: Path
) -> None:
    was, now = machine.write(tmp_path / "was"), change(machine).write(tmp_path / "now")
    plain = judged(LinuxProbe(was).read(), LinuxProbe(now).read())
    assert judged(hidden(was), hidden(now)) == plain


def test_recordings_of_two_keys_have_nothing_in_common(tmp_path: Path) -> None:
    folder = BARE_SERVER.write(tmp_path / "machine")
    one = hidden(folder)
    other = hidden(BARE_SERVER.write(tmp_path / "again"), b"j" * 32)
    assert not {*identities(one)} & {*identities(other)}


def test_the_table_and_its_fields_say_the_same_after_it(tmp_path: Path) -> None:
    whole = hidden(BARE_SERVER.write(tmp_path / "whole"))
    fields = hidden(replace(BARE_SERVER, readable_table=False).write(tmp_path / "fields"))
    for part in (ComponentId.SYSTEM_UUID, ComponentId.BOARD, ComponentId.SYSTEM_SERIAL):
        assert values(whole, part) == values(fields, part)


def test_what_was_equal_stays_equal(tmp_path: Path) -> None:
    """Chassis and system share the service tag, and the board's serial holds it."""
    after = hidden(BARE_SERVER.write(tmp_path / "machine"))
    (tag,) = values(after, ComponentId.SYSTEM_SERIAL)
    assert tag == NAMES.text(BARE_SERVER.serial)
    assert [detail.text for detail in after.details if detail.id == "chassis_serial"] == [tag]
    assert f".{tag}." in values(after, ComponentId.BOARD)[0]


def test_placeholders_stay_what_they_are(tmp_path: Path) -> None:
    machine = replace(
        BARE_SERVER,
        serial="To be filled by O.E.M.",
        uuid="03000200-0400-0500-0006-000700080009",
        boards=(Board(serial="Default string"),),
        memory=(Module("S0A1B2C3"), Module("00000000")),
    )
    before = read(machine, tmp_path / "machine")
    assert outline(hidden(tmp_path / "machine")) == outline(before)


def test_other_structures_and_strings_are_left_out(tmp_path: Path) -> None:
    """Makers keep tags, keys and addresses in structures of their own."""
    table = b"".join((
        structure(1, b"\1\2\0\3" + bytes(range(16)), "Maker", "Product", "S-1234", "ASSET-77"),
        structure(11, b"\1", "Windows key ABCDE-12345"),
        structure(221, b"\1", "00:11:22:33:44:55"),
        structure(127, b""),
    ))  # fmt: skip
    folder = replace(BARE_SERVER, table=table).write(tmp_path)
    raw = anonymous(record(folder).recording, KEY).files[TABLE]
    for gone in (b"S-1234", b"ASSET-77", b"ABCDE", b"00:11:22"):
        assert gone not in raw
    assert b"Maker" in raw
    assert b"Product" in raw


@given(st.binary(max_size=200))
def test_of_any_table_the_outline_stays(raw: bytes) -> None:
    plain = structure(1, b"\1\2\0\3" + bytes(range(16)), "Maker", "Product", "S-1234") + raw
    recording = Recording({TABLE: plain}, frozenset(), {}, RecordedAnswers())
    was, now = smbios.parse(plain), smbios.parse(anonymous(recording, KEY).files[TABLE])
    assert now.complete is was.complete
    assert now.system is not None
    assert (now.system.manufacturer, now.system.product) == ("Maker", "Product")
    assert (len(now.boards), len(now.memory)) == (len(was.boards), len(was.memory))


def test_one_string_for_product_and_serial_is_hidden() -> None:
    table = structure(1, b"\1\1\0\1" + bytes(range(16)), "7F3KQZ2") + structure(127, b"")
    recording = Recording({TABLE: table}, frozenset(), {}, RecordedAnswers())
    assert b"7F3KQZ2" not in anonymous(recording, KEY).files[TABLE]


def test_a_release_is_known_by_what_was_asked_for(tmp_path: Path) -> None:
    """Image-based systems keep it under names of their own."""
    folder = BARE_SERVER.write(tmp_path / "machine")
    (folder / "etc/os-release").unlink()
    place = "acme/store/0012-etc-os-release.txt"
    (folder / "acme/store").mkdir(parents=True)
    (folder / "usr/lib/os-release").rename(folder / place)
    link(folder, "etc/os-release", place)
    before, after = LinuxProbe(folder).read(), hidden(folder)
    assert (after.os.product, after.os.major) == (before.os.product, before.os.major) != (None,) * 2
    names = [str(path) for path in (tmp_path / "machine-hidden").rglob("*")]
    assert not [name for name in names if "acme" in name or "0012" in name]


def test_a_volume_is_found_by_its_hidden_name(tmp_path: Path) -> None:
    """Of a btrfs on a mapped device nothing but the name leads to the disk."""
    folder = replace(BARE_SERVER, disks=()).write(tmp_path / "machine")
    devices = BlockDevices(folder)
    disk = devices.disk("sda", device__wwid="naa.55cd2e4150a1b2c3", device__model="INTEL SSD")
    devices.btrfs(
        "3f1c9a52-8f6e-4d77-9b0a-5f2a6f0d3c11", devices.layer("dm-0", disk, mapped="acme")
    )
    root = {"device": "0:27", "source": "/dev/mapper/acme"}
    put(folder, ".faragostar/probe.json", json.dumps({"root": root}))
    assert values(LinuxProbe(folder).read(), ComponentId.BOOT_DISK)
    assert len(values(hidden(folder), ComponentId.BOOT_DISK)) == 1


def test_every_file_that_the_probe_reads_is_known(folder: Path) -> None:
    """Each kind of content is hidden by a rule of its own, not by that last resort alone."""
    recording = record(folder).recording
    hidden_one = anonymous(recording, KEY)
    for path, raw in recording.files.items():
        made = hidden_one.files[other_path(NAMES, path)]
        assert raw.count(b"\n") >= made.count(b"\n") or path == TABLE
        assert bool(raw) is bool(made)


def test_consistent_paths(tmp_path: Path) -> None:
    """A card that is named by its address, on a bus that is named by a UUID."""
    bus = "LNXSYSTM:00/VMBUS:00/000d3a12-3456-000d-3a12-3456000d3a12"
    card = Card("enx000d3a123456", "00:0d:3a:12:34:56", bus, "00:0d:3a:12:34:56")
    folder = replace(VIRTUAL_MACHINE, cards=(card,)).write(tmp_path / "machine")
    put(folder, f"sys/devices/{bus}/class_id", "x")
    (address,) = values(hidden(folder), ComponentId.NIC)
    assert address != "00:0d:3a:12:34:56"
    names = LinuxProbe(folder.with_name("machine-hidden"))
    assert names.read().component(ComponentId.NIC)
    (interface,) = (folder.with_name("machine-hidden") / "sys/class/net").iterdir()
    assert interface.name == f"enx{address.replace(':', '')}"
    assert interface.resolve().is_dir()


def test_more_machines_stay_apart(tmp_path: Path) -> None:
    cards = [hidden(root.write(tmp_path / kind)) for kind, root in ROOTS.items()]
    for one, other in pairwise(cards):
        assert one.components != other.components
