"""The event table (docs/fingerprint.md), row by row, over recorded machines.

A part is changed in the folder, the probe reads it again, and the comparison says what is promised.
What only a kernel can show (real interfaces, real disks, another user's rights) is done in
namespaces and in an emulated machine.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent.fingerprint import take_tags
from agent.hardware.linux import LinuxProbe
from protocol.comparison import compare
from protocol.values import ComponentStatus, Level
from protocol.verdicts import Comparison, OsVerdict, Verdict
from protocol.weights import DEFAULT_POLICY
from tests import machines
from tests.machine_folders import Card, Disk
from tests.machines import BARE_SERVER, VIRTUAL_MACHINE, Machine
from tests.readings import SALT, changed_parts, read
from tests.smbios_tables import Module

Change = Callable[[Machine], Machine]
Both = pytest.mark.parametrize("machine", [BARE_SERVER, VIRTUAL_MACHINE], ids=["bare", "virtual"])


def after(
    change: Change, machine: Machine, folder: Path, level: Level = Level.NORMAL
) -> Comparison:
    before, now = read(machine, folder / "was"), read(change(machine), folder / "now")
    policy = replace(DEFAULT_POLICY, level=level)
    return compare(take_tags(before, SALT), take_tags(now, SALT), policy)


def with_cards(*cards: Card) -> Change:
    return lambda machine: replace(machine, cards=(*machine.cards, *cards))


def bonded(machine: Machine) -> Machine:
    """All cards wear the first one's address, under a bond, a bridge and a VLAN of that address."""
    address = machine.cards[0].address
    enslaved = tuple(
        card._replace(address=address, permanent=card.address) for card in machine.cards
    )
    above = (
        Card("bond0", address, None),
        Card("br0", address, None),
        Card("bond0.7", address, None),
    )
    return replace(machine, cards=(*enslaved, *above))


NOTHING: Mapping[str, Change] = {
    "reboot": machines.rebooted,
    "order of the network cards": lambda machine: replace(
        machine,
        cards=tuple(
            card._replace(name=f"eth{place}") for place, card in enumerate(machine.cards[::-1])
        ),
    ),
    "VPN": with_cards(Card("tun0", "de:ad:be:ef:00:01", None), Card("wg0", "", None)),
    "docker bridges": with_cards(
        Card("br-4f2a", "02:42:de:ad:00:01", None), Card("veth1", "be:ef:00:00:00:01", None)
    ),
    "USB network card": with_cards(
        Card("usb0", "00:e0:4c:68:00:01", "pci0000:00/0000:00:14.0/usb2/2-1")
    ),
    "virtual function": with_cards(
        Card("eno1v0", "3e:11:22:33:44:55", "pci0000:00/0000:00:1f.9", virtual_function=True)
    ),
    "bond, bridge and VLAN over the same cards": bonded,
    "hostname": lambda machine: replace(machine, hostname="renamed"),
}


@Both
@pytest.mark.parametrize("change", NOTHING.values(), ids=NOTHING.keys())
def test_nothing_happens(change: Change, machine: Machine, tmp_path: Path) -> None:
    comparison = after(change, machine, tmp_path, Level.STRICT)
    assert (comparison.verdict, comparison.os) == (Verdict.MATCH, OsVerdict.SAME)
    assert comparison.score == comparison.coverage == 1000


@Both
def test_ballooning_and_a_new_size_of_the_memory_are_nothing(
    machine: Machine, tmp_path: Path
) -> None:
    before = read(machine, tmp_path)
    (tmp_path / "proc/meminfo").write_text("MemTotal: 1024000 kB\nMemFree: 9 kB\n")
    comparison = compare(
        take_tags(before, SALT), take_tags(LinuxProbe(tmp_path).read(), SALT), DEFAULT_POLICY
    )
    assert comparison.verdict is Verdict.MATCH


@Both
def test_locale_and_users_are_read_by_nothing(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read(machine, tmp_path)
    for name, value in {"LANG": "fa_IR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "USER": "other"}.items():
        monkeypatch.setenv(name, value)
    assert LinuxProbe(tmp_path).read() == before


LOGGED: Mapping[str, tuple[Change, OsVerdict]] = {
    "BIOS update": (lambda machine: replace(machine, bios="2.19.1"), OsVerdict.SAME),
    "byte order flip": (
        lambda machine: replace(machine, uuid_swapped=not machine.uuid_swapped),
        OsVerdict.SAME,
    ),
    "OS patch": (machines.with_patched_os, OsVerdict.PATCH),
    # A detail for people: some systems update it daily, and what a patch is they say themselves.
    "kernel update": (lambda machine: replace(machine, kernel="6.1.0-44-amd64"), OsVerdict.SAME),
}


@Both
@pytest.mark.parametrize(("change", "os"), LOGGED.values(), ids=LOGGED.keys())
def test_only_logged(change: Change, os: OsVerdict, machine: Machine, tmp_path: Path) -> None:
    comparison = after(change, machine, tmp_path, Level.STRICT)
    assert (comparison.verdict, comparison.os) == (Verdict.MATCH, os)
    assert not comparison.counts_as_drift(DEFAULT_POLICY)


ADDED: Mapping[str, Change] = {
    "data disk": lambda machine: machine,  # the probe follows `/` only
    "extra network card": with_cards(Card("ens9", "3c:ec:ef:00:30:01", "pci0000:17/0000:17:00.0")),
    "extra memory": lambda machine: replace(
        machine, memory=(*machine.memory, Module("EXTRA-0001"))
    ),
    "another disk of the mirror": lambda machine: replace(
        machine, disks=(*machine.disks, Disk("sdz", {"device/wwid": "naa.5000c500a1b2c3d4"}))
    ),
}


@pytest.mark.parametrize("change", ADDED.values(), ids=ADDED.keys())
def test_what_is_added_is_free(change: Change, tmp_path: Path) -> None:
    comparison = after(change, BARE_SERVER, tmp_path, Level.STRICT)
    assert comparison.verdict is Verdict.MATCH
    assert changed_parts(comparison) == set()


ALONE: Mapping[str, tuple[Change, str]] = {
    "processor": (machines.with_other_cpu, "cpu"),
    "system disk": (machines.with_other_disk, "boot_disk"),
    "network cards": (machines.with_other_cards, "nic"),
    "memory": (machines.with_other_memory, "memory"),
}


@pytest.mark.parametrize(("change", "part"), ALONE.values(), ids=ALONE.keys())
@pytest.mark.parametrize(
    ("level", "verdict"), [(Level.NORMAL, Verdict.TOLERATED), (Level.STRICT, Verdict.CHANGED)]
)
def test_one_swapped_part_is_named(
    change: Change, part: str, level: Level, verdict: Verdict, tmp_path: Path
) -> None:
    comparison = after(change, BARE_SERVER, tmp_path, level)
    assert changed_parts(comparison) == {part}
    assert comparison.verdict is verdict


@pytest.mark.parametrize(
    "taken_along",
    [
        lambda machine: machine,
        machines.with_other_system,
        machines.with_other_cards,
        lambda machine: machines.with_other_system(machines.with_other_cards(machine)),
    ],
    ids=["alone", "with UUID and serial", "with its cards", "with both"],
)
def test_a_board_swap_is_changed(taken_along: Change, tmp_path: Path) -> None:
    comparison = after(
        lambda machine: taken_along(machines.with_other_board(machine)), BARE_SERVER, tmp_path
    )
    assert comparison.verdict is Verdict.CHANGED
    assert "board" in changed_parts(comparison)


def cloned(machine: Machine) -> Machine:
    """A hypervisor gives the copy another UUID and another card; the disk's content is the same."""
    return machines.with_other_cards(machines.with_other_system(machine))


def moved_into_a_virtual_machine(machine: Machine) -> Machine:
    """The installation is the same, and nothing else."""
    return replace(VIRTUAL_MACHINE, machine_id=machine.machine_id)


@pytest.mark.parametrize(
    ("machine", "change"),
    [
        (VIRTUAL_MACHINE, cloned),
        (VIRTUAL_MACHINE, lambda machine: machines.with_other_disk(cloned(machine))),
        (BARE_SERVER, moved_into_a_virtual_machine),
    ],
    ids=["clone", "clone with another disk", "physical to virtual"],
)
def test_a_clone_and_a_move_are_another_machine(
    machine: Machine, change: Change, tmp_path: Path
) -> None:
    assert after(change, machine, tmp_path).verdict in {Verdict.CHANGED, Verdict.DIFFERENT}


def without_rights(folder: Path) -> None:
    """What an ordinary user sees: the table and every serial in sysfs are root's."""
    for path in (
        "sys/firmware/dmi/tables/DMI",
        *(f"sys/class/dmi/id/{name}_serial" for name in ("product", "board", "chassis")),
        "sys/class/dmi/id/product_uuid",
    ):
        (folder / path).unlink(missing_ok=True)


@Both
def test_a_run_without_rights_reads_as_nothing_worse_than_degraded(
    machine: Machine, tmp_path: Path
) -> None:
    before = read(machine, tmp_path)
    without_rights(tmp_path)
    comparison = compare(
        take_tags(before, SALT), take_tags(LinuxProbe(tmp_path).read(), SALT), DEFAULT_POLICY
    )
    assert comparison.verdict is Verdict.DEGRADED
    assert {*comparison.statuses.values()} <= {ComponentStatus.SAME, ComponentStatus.UNKNOWN}
    assert comparison.score == 1000
    assert comparison.coverage < 1000
