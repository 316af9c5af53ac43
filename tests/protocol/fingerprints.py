"""Fingerprints of two imagined machines, and what happens to them."""

from msgspec.structs import replace

from protocol.comparison import compare
from protocol.values import ComponentStatus, Fingerprint, Level, MachineClass, OsTags, Policy
from protocol.verdicts import Comparison, Verdict
from protocol.weights import DEFAULT_POLICY

MISMATCHES = {Verdict.CHANGED, Verdict.DIFFERENT}
PARTS = {
    MachineClass.BARE: ("system_uuid", "board", "system_serial", "boot_disk", "cpu"),
    MachineClass.VM: ("system_uuid", "boot_disk", "os_instance", "platform"),
}


def machine(machine_class: MachineClass, **parts: tuple[str, ...]) -> Fingerprint:
    components: dict[str, tuple[str, ...]] = {
        part: (f"{part}-tag",) for part in PARTS[machine_class]
    }
    components |= {"nic": ("nic-1", "nic-2"), "memory": ("dimm-1", "dimm-2", "dimm-3", "dimm-4")}
    components |= parts
    return Fingerprint(
        machine_class=machine_class,
        components=components,
        os=OsTags(release="debian-12", patch="12.5", instance="installation"),
    )


BARE = machine(MachineClass.BARE)
VM = machine(MachineClass.VM)


def swapped(fingerprint: Fingerprint, *parts: str) -> Fingerprint:
    return replace(
        fingerprint,
        components=fingerprint.components
        | {part: tuple(f"other-{tag}" for tag in fingerprint.components[part]) for part in parts},
    )


def without(fingerprint: Fingerprint, *parts: str) -> Fingerprint:
    return replace(
        fingerprint,
        components={
            part: tags for part, tags in fingerprint.components.items() if part not in parts
        },
    )


def at(level: Level) -> Policy:
    return replace(DEFAULT_POLICY, level=level)


def judged(enrolled: Fingerprint, now: Fingerprint, level: Level = Level.NORMAL) -> Comparison:
    return compare(enrolled, now, at(level))


def changed_parts(comparison: Comparison) -> set[str]:
    return {
        component.id
        for component in comparison.components
        if component.status in {ComponentStatus.CHANGED, ComponentStatus.REMOVED}
    }
