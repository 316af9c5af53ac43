"""What holds for every machine that can be imagined, from its files to the verdict."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import UUID

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from agent.fingerprint import Inventory, take_tags
from agent.hardware.linux import LinuxProbe
from protocol.comparison import compare
from protocol.values import Level
from protocol.verdicts import Comparison, OsVerdict, Verdict
from protocol.weights import DEFAULT_POLICY, ComponentId, is_identifiable
from tests import machines
from tests.machine_folders import Card, Disk
from tests.machines import Cpu, Machine
from tests.protocol.fingerprints import MISMATCHES, at
from tests.readings import SALT, changed_parts
from tests.smbios_tables import Board, Module

# Numbered, so that a failing example is soon small; hashed, so that none reads like a placeholder.
SERIALS = st.integers(0, 2**16).map(lambda n: sha256(str(n).encode()).hexdigest()[:12].upper())
UNSET = "To be filled by O.E.M."
ADDRESSES = st.binary(min_size=3, max_size=3).map(lambda raw: f"b0:7b:25:{raw.hex(':')}")


def cards(addresses: list[str]) -> tuple[Card, ...]:
    return tuple(
        Card(f"eno{place}", address, f"pci0000:00/0000:00:{place:02}.0", permanent=address)
        for place, address in enumerate(addresses)
    )


def disks(serials: list[str]) -> tuple[Disk, ...]:
    return tuple(
        Disk(f"nvme{place}n1", {"serial": serial, "device/model": "A DISK"})
        for place, serial in enumerate(serials)
    )


MACHINES = st.builds(
    Machine,
    hypervisor=st.booleans(),
    serial=SERIALS | st.just(UNSET),
    uuid=st.uuids(version=4).map(str) | st.just(str(UUID(int=0))),
    uuid_swapped=st.booleans(),
    boards=st.lists(SERIALS.map(lambda serial: Board(serial=serial)), max_size=2).map(tuple),
    memory=st.lists(SERIALS.map(Module), max_size=4, unique=True).map(tuple),
    disks=st.lists(SERIALS, min_size=1, max_size=2, unique=True).map(disks),
    cards=st.lists(ADDRESSES, max_size=4, unique=True).map(cards),
    machine_id=st.uuids(version=4).map(lambda uuid: uuid.hex),
)
LEVELS = st.sampled_from(Level)
# Each example writes two machines, file by file.
few = settings(max_examples=15, deadline=None)


@contextmanager
def written(machine: Machine) -> Iterator[Path]:
    """Each example has a folder of its own, which a fixture would share among them."""
    with TemporaryDirectory() as folder:
        yield machine.write(Path(folder) / "machine")


def read(machine: Machine) -> Inventory:
    with written(machine) as folder:
        return LinuxProbe(folder).read()


def judged(before: Inventory, now: Inventory, level: Level = Level.STRICT) -> Comparison:
    return compare(take_tags(before, SALT), take_tags(now, SALT), at(level))


def assert_the_same(before: Inventory, now: Inventory) -> None:
    comparison = judged(before, now)
    assert comparison.verdict in {Verdict.MATCH, Verdict.INSUFFICIENT}
    assert (comparison.coverage, changed_parts(comparison)) == (1000, set())
    assert comparison.os is OsVerdict.SAME


@few
@given(MACHINES, st.randoms(use_true_random=False))
def test_order_is_nothing(machine: Machine, random: Random) -> None:
    def shuffled(parts: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(random.sample(parts, len(parts)))

    names = [card.name for card in machine.cards]
    random.shuffle(names)
    renamed = tuple(
        card._replace(name=name) for card, name in zip(machine.cards, names, strict=True)
    )
    other = replace(
        machine,
        cards=shuffled(renamed),
        memory=shuffled(machine.memory),
        disks=shuffled(machine.disks),
    )
    assert_the_same(read(machine), read(other))


@few
@given(MACHINES, st.lists(ADDRESSES, max_size=2), st.lists(SERIALS, max_size=2), SERIALS)
def test_what_is_plugged_in_is_free(
    machine: Machine, addresses: list[str], modules: list[str], disk: str
) -> None:
    plugged = tuple(
        Card(f"ens{place}", address, f"pci0000:17/0000:17:{place:02}.0")
        for place, address in enumerate(addresses)
    )
    more = replace(
        machine,
        cards=(*machine.cards, *plugged),
        memory=(*machine.memory, *map(Module, modules)),
        disks=(*machine.disks, Disk("sdz", {"device/wwid": f"naa.{disk}"})),
    )
    comparison = judged(read(machine), read(more))
    assert comparison.verdict in {Verdict.MATCH, Verdict.INSUFFICIENT}
    assert changed_parts(comparison) == set()


@few
@given(MACHINES)
def test_the_byte_order_of_the_uuid_is_nothing(machine: Machine) -> None:
    flipped = replace(machine, uuid_swapped=not machine.uuid_swapped)
    assert_the_same(read(machine), read(flipped))
    by_text = str(UUID(bytes_le=UUID(machine.uuid).bytes))
    hidden = replace(machine, readable_table=False)
    assert_the_same(read(hidden), read(replace(hidden, uuid=by_text)))


SPELLINGS: list[Callable[[str], str]] = [
    str.lower,
    str.upper,
    str.swapcase,
    "{}   ".format,
    "   {}".format,
    " {}\t".format,
]


def spelled(machine: Machine, spell: Callable[[str], str]) -> Machine:
    return replace(
        machine,
        manufacturer=spell(machine.manufacturer),
        product=spell(machine.product),
        serial=spell(machine.serial),
        boards=tuple(
            Board(spell(made.manufacturer), spell(made.product), spell(made.serial))
            for made in machine.boards
        ),
        memory=tuple(Module(spell(module.serial), spell(module.part)) for module in machine.memory),
        disks=tuple(
            Disk(disk.name, disk.attributes | {"serial": spell(disk.attributes["serial"])})
            for disk in machine.disks
        ),
        cards=tuple(card._replace(address=card.address.upper()) for card in machine.cards),
        cpu=machine.cpu._replace(vendor=spell(machine.cpu.vendor)),
    )


@few
@given(MACHINES, st.sampled_from(SPELLINGS))
def test_case_and_padding_are_nothing(machine: Machine, spell: Callable[[str], str]) -> None:
    for seen in (machine, replace(machine, readable_table=False)):
        assert_the_same(read(seen), read(spelled(seen, spell)))


SOURCES = (
    "sys/firmware",
    "sys/firmware/dmi/tables/DMI",
    "sys/class/dmi",
    "sys/class/net",
    "sys/class/block",
    "sys/dev",
    "sys/devices",
    "proc/cpuinfo",
    "proc",
    "etc/machine-id",
    "etc",
    "usr",
    ".faragostar",
)


@few
@given(MACHINES, st.sampled_from(SOURCES), LEVELS)
def test_no_source_that_fails_is_a_change(machine: Machine, source: str, level: Level) -> None:
    machine = replace(machine, boards=machine.boards[:1])
    with written(machine) as folder:
        before = LinuxProbe(folder).read()
        gone = folder / source
        # A machine without a card has no folder of cards.
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink(missing_ok=True)
        comparison = judged(before, LinuxProbe(folder).read(), level)
    assert comparison.verdict not in MISMATCHES
    assert changed_parts(comparison) == set()
    assert comparison.os in {OsVerdict.SAME, OsVerdict.UNKNOWN}


SWAPS: dict[ComponentId, Callable[[Machine, str], Machine]] = {
    ComponentId.SYSTEM_UUID: lambda machine, serial: replace(
        machine, uuid=str(UUID(bytes=serial.encode()[:10] + bytes(range(6))))
    ),
    ComponentId.BOARD: lambda machine, serial: replace(
        machine, boards=(Board(serial=serial), *machine.boards[1:])
    ),
    ComponentId.SYSTEM_SERIAL: lambda machine, serial: replace(machine, serial=serial),
    ComponentId.BOOT_DISK: lambda machine, serial: replace(machine, disks=disks([serial])),
    ComponentId.NIC: lambda machine, serial: replace(
        machine, cards=cards(["3c:ec:" + serial.encode()[:4].hex(":")])
    ),
    ComponentId.CPU: lambda machine, _serial: replace(machine, cpu=Cpu(model=85)),
    ComponentId.MEMORY: lambda machine, serial: replace(
        machine, memory=(Module(serial), *machine.memory[1:])
    ),
    ComponentId.OS_INSTANCE: lambda machine, serial: replace(
        machine, machine_id=serial.encode()[:10].hex() + "0123456789ab"
    ),
    ComponentId.PLATFORM: lambda machine, _serial: replace(machine, product="PowerEdge R740"),
}


@few
@given(MACHINES, st.sampled_from(ComponentId), SERIALS)
def test_a_swapped_part_is_named_exactly(machine: Machine, part: ComponentId, serial: str) -> None:
    machine = replace(
        machine,
        uuid=machines.BARE_SERVER.uuid,
        serial=machines.BARE_SERVER.serial,
        boards=machine.boards or (Board(),),
        memory=machine.memory or (Module("S0A1B2C3"),),
        cards=machine.cards or cards(["b0:7b:25:aa:10:01"]),
    )
    assume(serial not in {board.serial for board in machine.boards})
    before, now = read(machine), read(SWAPS[part](machine, serial))
    assert changed_parts(judged(before, now)) == {part}


def test_the_imagined_machines_are_worth_it() -> None:
    """Most of them can be told from others; some cannot, and must not drift either."""
    found = {True: 0, False: 0}

    @settings(max_examples=15, deadline=None, database=None)
    @given(MACHINES)
    def look(machine: Machine) -> None:
        found[is_identifiable(take_tags(read(machine), SALT), DEFAULT_POLICY)] += 1

    look()
    assert found[True] > found[False] > 0


def test_every_part_is_swapped() -> None:
    assert {*SWAPS} == {*ComponentId}
