"""The probe on the running kernel, with other hardware and another system laid over this one."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from agent.fingerprint import Inventory, UnknownReason
from protocol.values import MachineClass
from protocol.verdicts import OsVerdict, Verdict
from protocol.weights import ComponentId
from tests import machines
from tests.machines import BARE_SERVER, VIRTUAL_MACHINE, Machine
from tests.namespaces.sandbox import Sandbox, why_not
from tests.readings import changed_parts, judged
from tests.rights import let_everyone_in

NOT_HERE = why_not()
pytestmark = pytest.mark.skipif(bool(NOT_HERE), reason=NOT_HERE)

READ = """
import sys, msgspec
from agent.hardware.linux import LinuxProbe
sys.stdout.buffer.write(msgspec.json.encode(LinuxProbe().read()))
"""
READ_WITHOUT_RIGHTS = (
    """
import os
from agent.hardware.linux import LinuxProbe
LinuxProbe().read()  # loads what is loaded late: nobody else may read this interpreter's folders
os.setuid(65534)
"""
    + READ
)


def inventory(sandbox: Sandbox, code: str = READ, *, veth: bool = False) -> Inventory:
    return msgspec.json.decode(sandbox.python(code, veth=veth), type=Inventory)


def seen(sandbox: Sandbox, machine: Machine) -> Inventory:
    sandbox.install(machine)
    return inventory(sandbox)


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    return Sandbox(tmp_path)


def test_the_running_system_is_seen_as_the_machine_laid_over_it(sandbox: Sandbox) -> None:
    found = seen(sandbox, BARE_SERVER)
    assert found.machine_class is MachineClass.BARE
    assert all(component.known for component in found.components)
    disk = found.component("boot_disk")
    assert disk is not None
    assert disk.label == "DELL ENT NVME P5600 MU"
    assert judged(found, seen(sandbox, BARE_SERVER)).verdict is Verdict.MATCH


@pytest.mark.parametrize(
    ("change", "parts", "verdict"),
    [
        (machines.with_other_board, {"board"}, Verdict.CHANGED),
        (machines.with_other_system, {"system_uuid", "system_serial"}, Verdict.CHANGED),
        (machines.with_other_memory, {"memory"}, Verdict.TOLERATED),
        (machines.with_other_cards, {"nic"}, Verdict.TOLERATED),
        (machines.with_other_disk, {"boot_disk"}, Verdict.TOLERATED),
        (machines.with_other_cpu, {"cpu"}, Verdict.TOLERATED),
        (machines.with_extra_card, set(), Verdict.MATCH),
        (machines.rebooted, set(), Verdict.MATCH),
    ],
)
def test_the_swapped_part_is_named(
    change: Callable[[Machine], Machine], parts: set[str], verdict: Verdict, sandbox: Sandbox
) -> None:
    comparison = judged(seen(sandbox, BARE_SERVER), seen(sandbox, change(BARE_SERVER)))
    assert changed_parts(comparison) == parts
    assert comparison.verdict is verdict
    assert comparison.os is OsVerdict.SAME


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (machines.with_reinstalled_os, OsVerdict.REINSTALL),
        (machines.with_upgraded_os, OsVerdict.UPGRADE),
    ],
)
def test_another_system_is_no_other_hardware(
    change: Callable[[Machine], Machine], verdict: OsVerdict, sandbox: Sandbox
) -> None:
    comparison = judged(seen(sandbox, BARE_SERVER), seen(sandbox, change(BARE_SERVER)))
    assert comparison.os is verdict
    assert comparison.verdict is Verdict.MATCH


def test_a_clone_of_a_virtual_machine_is_another_machine(sandbox: Sandbox) -> None:
    clone = machines.cloned(VIRTUAL_MACHINE)
    comparison = judged(seen(sandbox, VIRTUAL_MACHINE), seen(sandbox, clone))
    assert comparison.verdict is Verdict.DIFFERENT


def test_a_run_without_rights_reads_less_and_nothing_else(sandbox: Sandbox) -> None:
    before = seen(sandbox, BARE_SERVER)
    (sandbox.folder / "machine/sys/firmware/dmi/tables/DMI").chmod(0o400)
    let_everyone_in(sandbox.folder)
    after = inventory(sandbox, READ_WITHOUT_RIGHTS)
    table = after.component(ComponentId.BOARD)
    assert table is not None
    assert table.reason is UnknownReason.DENIED
    comparison = judged(before, after)
    assert comparison.verdict is Verdict.DEGRADED
    assert changed_parts(comparison) == set()


def test_a_service_in_a_network_of_its_own_has_lost_no_card(sandbox: Sandbox) -> None:
    before = seen(sandbox, BARE_SERVER)
    after = inventory(sandbox, veth=True)
    cards = after.component(ComponentId.NIC)
    assert cards is not None
    assert (cards.known, cards.reason) == (False, UnknownReason.ABSENT)
    assert "nic" not in changed_parts(judged(before, after))


def test_a_machine_without_firmware_tables_says_so(sandbox: Sandbox) -> None:
    sandbox.install(replace(VIRTUAL_MACHINE, table=b""))
    found = inventory(sandbox)
    uuid = found.component(ComponentId.SYSTEM_UUID)
    assert uuid is not None
    assert not uuid.known
