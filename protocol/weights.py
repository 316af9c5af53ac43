"""What the components of a fingerprint weigh, and when a machine can be told from others.

The table that the signing server signs into a license, and the two questions that enrolment asks
of it. Judging a change is `protocol.comparison`'s. Shares are integers per mille, rounded down:
1000 says "all of it" and nothing less does.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import assert_never

from protocol.values import Fingerprint, Level, MachineClass, OsAxis, Policy, Weight

PER_MILLE = 1000
# Below this share of the class's whole table a machine cannot be told from others.
SUFFICIENT_COVERAGE = 600
SUFFICIENT_GROUPS = 2


class ComponentId(StrEnum):
    """The components that are measured; only these have weights and tags."""

    SYSTEM_UUID = "system_uuid"
    BOARD = "board"
    SYSTEM_SERIAL = "system_serial"
    BOOT_DISK = "boot_disk"
    NIC = "nic"
    CPU = "cpu"
    MEMORY = "memory"
    OS_INSTANCE = "os_instance"
    PLATFORM = "platform"


# A tag of the salt itself: where it differs, tags of the same part differ too and prove nothing.
SALT_MARK = "salt"

ANCHORS: frozenset[str] = frozenset({ComponentId.SYSTEM_UUID, ComponentId.BOARD})
# One group is one witness: most UUIDs embed the serial, processor and memory travel together.
GROUPS: tuple[frozenset[str], ...] = (
    frozenset({ComponentId.SYSTEM_UUID, ComponentId.SYSTEM_SERIAL}),
    frozenset({ComponentId.BOARD}),
    frozenset({ComponentId.BOOT_DISK}),
    frozenset({ComponentId.NIC}),
    frozenset({ComponentId.CPU, ComponentId.MEMORY}),
)

# A processor is a make and no individual: its twin stands in every server of the kind.
IDENTIFYING: frozenset[str] = frozenset().union(*GROUPS) - {ComponentId.CPU}

DEFAULT_POLICY = Policy(
    level=Level.NORMAL,
    weights={
        ComponentId.SYSTEM_UUID.value: Weight(bare=25, vm=45),
        ComponentId.BOARD.value: Weight(bare=25, vm=0),
        ComponentId.SYSTEM_SERIAL.value: Weight(bare=15, vm=0),
        ComponentId.BOOT_DISK.value: Weight(bare=15, vm=15),
        ComponentId.NIC.value: Weight(bare=10, vm=15),
        ComponentId.CPU.value: Weight(bare=5, vm=0),
        ComponentId.MEMORY.value: Weight(bare=5, vm=0),
        ComponentId.OS_INSTANCE.value: Weight(bare=0, vm=15),
        ComponentId.PLATFORM.value: Weight(bare=0, vm=10),
    },
    grace_hours=72,
    os_axis=OsAxis.UPGRADE,
)


def enrolment_coverage(fingerprint: Fingerprint, policy: Policy) -> int:
    """The known share, per mille, of the whole weight table of the machine's class."""
    weights = class_weights(policy, fingerprint.machine_class)
    known = sum(weights.get(component, 0) for component in fingerprint.components)
    return share(known, sum(weights.values()))


def is_identifiable(fingerprint: Fingerprint, policy: Policy) -> bool:
    """Whether a machine enrolled like this could be told from another one at all."""
    weights = class_weights(policy, fingerprint.machine_class)
    usable = {component for component in fingerprint.components if weights.get(component, 0)}
    groups = sum(1 for group in GROUPS if usable & group)
    return (
        groups >= SUFFICIENT_GROUPS
        and enrolment_coverage(fingerprint, policy) >= SUFFICIENT_COVERAGE
    )


def class_weights(policy: Policy, machine_class: MachineClass) -> Mapping[str, int]:
    """The policy's column for one class of machine."""
    match machine_class:
        case MachineClass.BARE:
            return {name: weight.bare for name, weight in policy.weights.items()}
        case MachineClass.VM:
            return {name: weight.vm for name, weight in policy.weights.items()}
        case _:
            assert_never(machine_class)


def share(part: int, whole: int) -> int:
    """A part of the whole per mille; 0 of nothing."""
    return part * PER_MILLE // whole if whole else 0
