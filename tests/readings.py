"""What recorded machines read like, and what comparing two readings says."""

from pathlib import Path

from agent.fingerprint import Inventory, UnknownReason, take_tags
from agent.hardware.linux import LinuxProbe
from protocol.comparison import compare
from protocol.values import ComponentStatus
from protocol.verdicts import Comparison
from protocol.weights import DEFAULT_POLICY, ComponentId
from tests.machines import Machine

SALT = bytes(range(32))


def read(machine: Machine, folder: Path) -> Inventory:
    return LinuxProbe(machine.write(folder)).read()


def judged(before: Inventory, after: Inventory) -> Comparison:
    return compare(take_tags(before, SALT), take_tags(after, SALT), DEFAULT_POLICY)


def changed_parts(comparison: Comparison) -> set[str]:
    return {
        component.id
        for component in comparison.components
        if component.status in {ComponentStatus.CHANGED, ComponentStatus.REMOVED}
    }


def reason(inventory: Inventory, component_id: ComponentId) -> UnknownReason | None:
    found = inventory.component(component_id)
    assert found is not None
    return found.reason


def values(inventory: Inventory, component_id: ComponentId) -> tuple[str, ...]:
    found = inventory.component(component_id)
    assert found is not None
    return found.values
