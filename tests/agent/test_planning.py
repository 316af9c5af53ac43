"""What a planned change would mean: the prediction is what a look says once it has happened."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent.fingerprint import Inventory, take_tags
from agent.hardware.linux import LinuxProbe
from agent.planning import Advice, Ground, plan
from protocol.comparison import compare
from protocol.values import OsAxis, Policy
from protocol.verdicts import OsVerdict, Verdict
from protocol.weights import DEFAULT_POLICY
from protocol.windows import Change
from tests import machines
from tests.agent.worlds import World

SALT = os.urandom(32)


Reads = Callable[[machines.Machine], Inventory]


@pytest.fixture
def read(tmp_path: Path) -> Reads:
    return lambda machine: LinuxProbe(machine.write(tmp_path / "machine")).read()


def ground(inventory: Inventory, policy: Policy = DEFAULT_POLICY) -> Ground:
    return Ground.of_an_unlicensed(inventory, take_tags(inventory, SALT), policy)


DONE: dict[Change, Callable[[machines.Machine], machines.Machine]] = {
    Change.BOARD: machines.with_other_board,
    Change.CPU: machines.with_other_cpu,
    Change.BOOT_DISK: machines.with_other_disk,
    Change.NIC: machines.with_other_cards,
    Change.MEMORY: machines.with_other_memory,
    Change.OS_PATCH: machines.with_patched_os,
    Change.OS_UPGRADE: machines.with_upgraded_os,
    Change.OS_REINSTALL: machines.with_reinstalled_os,
    Change.DATA_DISK: lambda machine: machine,
    Change.BIOS: lambda machine: machine,
}


@pytest.mark.parametrize("change", DONE)
def test_what_is_predicted_is_what_a_look_says_afterwards(read: Reads, change: Change) -> None:
    before = read(machines.BARE_SERVER)
    after = read(DONE[change](machines.BARE_SERVER))
    real = compare(take_tags(before, SALT), take_tags(after, SALT), DEFAULT_POLICY)
    predicted = plan((change,), ground(before)).seen.comparison
    assert (predicted.verdict, predicted.os) == (real.verdict, real.os)


ADVICE = {
    Change.BOARD: ("changed", "declare"),
    Change.CPU: ("tolerated", "nothing"),
    Change.BOOT_DISK: ("tolerated", "nothing"),
    Change.DATA_DISK: ("match", "nothing"),
    Change.NIC: ("tolerated", "nothing"),
    Change.MEMORY: ("tolerated", "nothing"),
    Change.BIOS: ("match", "nothing"),
    Change.OS_PATCH: ("match", "nothing"),
    Change.OS_UPGRADE: ("match", "declare"),
    Change.OS_REINSTALL: ("match", "release"),
    Change.NEW_HOST: ("different", "release"),
}


@pytest.mark.parametrize("change", ADVICE)
def test_every_change_has_its_advice(read: Reads, change: Change) -> None:
    found = plan((change,), ground(read(machines.BARE_SERVER)))
    assert (found.seen.comparison.verdict, found.advice) == ADVICE[change]


def test_a_live_migration_of_a_virtual_machine_is_tolerated(read: Reads) -> None:
    found = plan((Change.LIVE_MIGRATION,), ground(read(machines.VIRTUAL_MACHINE)))
    assert (found.seen.comparison.verdict, found.advice) == (Verdict.TOLERATED, Advice.NOTHING)


def test_small_changes_together_are_judged_together(read: Reads) -> None:
    found = plan((Change.NIC, Change.BOOT_DISK), ground(read(machines.BARE_SERVER)))
    assert (found.seen.comparison.verdict, found.advice) == (Verdict.CHANGED, Advice.DECLARE)


def test_what_a_window_cannot_cover_is_released_first(read: Reads) -> None:
    found = plan((Change.BOARD,), ground(read(machines.VIRTUAL_MACHINE)))
    assert (found.seen.comparison.verdict, found.advice) == (Verdict.DIFFERENT, Advice.RELEASE)


def test_the_license_says_whether_a_patch_counts(read: Reads) -> None:
    strict = replace(DEFAULT_POLICY, os_axis=OsAxis.PATCH)
    found = plan((Change.OS_PATCH,), ground(read(machines.BARE_SERVER), strict))
    assert (found.seen.comparison.os, found.advice) == (OsVerdict.PATCH, Advice.DECLARE)


def test_the_parts_are_named_with_what_stands_there_now(read: Reads) -> None:
    seen = plan((Change.NIC, Change.OS_UPGRADE), ground(read(machines.BARE_SERVER))).seen
    cards = next(found for found in seen.differences if found.id == "nic")
    assert (cards.status, bool(cards.was), cards.now) == ("changed", True, ())
    assert seen.was is not None
    assert (seen.was.release, seen.now.release) == ("debian 12", None)


def test_a_part_that_cannot_be_read_now_changes_all_the_same(read: Reads) -> None:
    before = read(machines.BARE_SERVER)
    blind = read(replace(machines.BARE_SERVER, boards=()))
    hidden = replace(ground(before), now=take_tags(blind, SALT), inventory=blind)
    seen = plan((Change.BOARD,), hidden).seen
    assert seen.comparison.statuses["board"] == "changed"
    assert plan((Change.CPU,), hidden).seen.comparison.statuses["board"] == "unknown"


def test_an_active_license_is_judged_by_its_enrolment(active: World) -> None:
    assert active.agent.plan((Change.BIOS,)).is_licensed
    active.become(machines.with_other_cards(active.hardware))
    found = active.agent.plan((Change.BOOT_DISK,))
    # The cards were never declared, so no window for the disk covers them.
    assert (found.seen.comparison.verdict, found.advice) == (Verdict.CHANGED, Advice.RELEASE)
    assert active.agent.plan((Change.NIC,)).seen.comparison.verdict is Verdict.TOLERATED


def test_without_a_license_the_machine_is_judged_by_itself(world: World) -> None:
    world.become(machines.with_other_cards(world.hardware))
    found = world.agent.plan((Change.BOOT_DISK,))
    assert not found.is_licensed
    assert found.seen.comparison.verdict is Verdict.TOLERATED
