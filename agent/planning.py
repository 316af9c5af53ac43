"""What a planned change would mean for the license, and what to do before it.

Pure. The tags of everything that the change alters are exchanged for others, and the same
comparison judges them that will judge the real machine: the administrator learns the verdict before
touching the server. Deliberately absent: reading the machine, and any promise about its server.
"""

from enum import StrEnum

import msgspec

from agent.facts import Observation
from agent.fingerprint import Inventory, exchanged, explain, masked, other_tag
from agent.tolerance import Sides
from protocol.documents import WindowSummary
from protocol.values import ComponentStatus, Fingerprint, OsTags, Policy, Timestamp
from protocol.verdicts import Comparison, OsVerdict, Verdict
from protocol.windows import REACH, Change, covers

# What goes with a change for certain. New firmware usually tells the same of the machine; that it
# may not is why a window for it covers more (`protocol.windows.REACH`).
_ALTERS_NOTHING = frozenset({Change.BIOS, Change.DATA_DISK})
# The device key and the store go with the old installation, or stay behind on the old machine.
_LOSES_THE_DEVICE = frozenset({Change.OS_REINSTALL, Change.NEW_HOST})
_UNJUDGED = frozenset({Verdict.INSUFFICIENT, Verdict.DEGRADED})
_STRENGTH = (OsVerdict.PATCH, OsVerdict.UPGRADE, OsVerdict.REINSTALL)


class Advice(StrEnum):
    """What to do first."""

    NOTHING = "nothing"
    DECLARE = "declare"
    RELEASE = "release"


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """What the prediction stands on: the enrolled machine, and the machine as it is now.

    Without a license both are the machine as it is now.
    """

    enrolled: Fingerprint
    baseline: Fingerprint | None
    was: Inventory | None
    now: Fingerprint
    inventory: Inventory
    policy: Policy
    is_licensed: bool

    @classmethod
    def of_an_unlicensed(cls, inventory: Inventory, tags: Fingerprint, policy: Policy) -> "Ground":
        """Judge a machine by itself."""
        return cls(
            enrolled=tags,
            baseline=None,
            was=inventory,
            now=tags,
            inventory=inventory,
            policy=policy,
            is_licensed=False,
        )


class PlannedPart(msgspec.Struct, frozen=True, kw_only=True):
    """One part that will not be as it was at activation: what stands there now, and why.

    `is_exchanged`: by the plan. Otherwise it differs already, or cannot be read.
    """

    id: str
    now: tuple[str, ...]
    is_exchanged: bool
    status: ComponentStatus


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The prediction: what a look would see after the change, and what to do before it."""

    changes: tuple[Change, ...]
    seen: Observation
    parts: tuple[PlannedPart, ...]
    os_now: str | None
    advice: Advice
    is_licensed: bool


def plan(changes: tuple[Change, ...], ground: Ground) -> Plan:
    """Predict the verdict after the changes, all of them together."""
    altered = frozenset[str]().union(*map(_altered, changes))
    system = _system(changes)
    # Another part in the place of each: also of one that cannot be read now, but was enrolled.
    there = {*ground.now.components, *ground.enrolled.components}
    after = exchanged(ground.now, altered & there)
    sides = Sides(
        enrolled=ground.enrolled,
        now=msgspec.structs.replace(after, os=_changed_os(ground.now.os, system)),
        policy=ground.policy,
        baseline=ground.baseline,
    )
    comparison = sides.compared()
    return Plan(
        changes=changes,
        seen=_observation(ground, sides, comparison, altered, system),
        parts=_parts(ground, comparison, altered),
        os_now=ground.inventory.os.release,
        advice=_advice(changes, comparison, ground.policy),
        is_licensed=ground.is_licensed,
    )


def sentences(found: Plan) -> tuple[str, ...]:
    """Name what is to be said of a plan, by the codes of `agent.texts`: first what to do."""
    codes = [f"plan-{found.advice.value}"]
    if not found.is_licensed:
        codes.append("plan-unlicensed")
    if found.seen.comparison.verdict in _UNJUDGED:
        codes.append(f"plan-{found.seen.comparison.verdict.value}")
    if Change.BOOT_DISK in found.changes and found.advice is not Advice.RELEASE:
        codes.append("plan-boot-disk")
    if Change.BIOS in found.changes and found.advice is Advice.NOTHING:
        codes.append("plan-bios")
    return tuple(codes)


def _altered(change: Change) -> frozenset[str]:
    return frozenset() if change in _ALTERS_NOTHING else REACH[change].components


def _system(changes: tuple[Change, ...]) -> OsVerdict:
    """The strongest that the changes do to the operating system."""
    reached = frozenset[OsVerdict]().union(*(REACH[change].os for change in changes))
    return next((v for v in reversed(_STRENGTH) if v in reached), OsVerdict.SAME)


def _changed_os(now: OsTags, system: OsVerdict) -> OsTags:
    other: dict[str, str] = {}
    if system in {OsVerdict.PATCH, OsVerdict.UPGRADE}:
        other["patch"] = other_tag("os_patch")
    if system is OsVerdict.UPGRADE:
        other["release"] = other_tag("os_release")
    if system is OsVerdict.REINSTALL:
        other["instance"] = other_tag("os_instance")
    return msgspec.structs.replace(now, **other)


def _parts(
    ground: Ground, comparison: Comparison, altered: frozenset[str]
) -> tuple[PlannedPart, ...]:
    """Name what counts and will not be the same: it may be more than the plan alone alters."""
    return tuple(
        PlannedPart(
            id=found.id,
            now=masked(stands) if stands else (),
            is_exchanged=found.id in altered,
            status=found.status,
        )
        for found in comparison.components
        if found.enrolled and found.status is not ComponentStatus.SAME
        for stands in (ground.inventory.component(found.id),)
    )


def _observation(
    ground: Ground,
    sides: Sides,
    comparison: Comparison,
    altered: frozenset[str],
    system: OsVerdict,
) -> Observation:
    """Show what is known of the machine afterwards: of an exchanged part nothing but that it is."""
    differences = tuple(
        msgspec.structs.replace(found, now=()) if found.id in altered else found
        for found in explain(comparison, ground.was, ground.inventory)
    )
    now = ground.inventory.os
    unknown = {
        OsVerdict.PATCH: {"patch": None},
        OsVerdict.UPGRADE: {"major": None, "patch": None, "product": None},
    }
    return Observation(
        sides=sides,
        comparison=comparison,
        differences=differences,
        was=ground.was.os if ground.was else None,
        now=msgspec.structs.replace(now, **unknown.get(system, {})),
    )


def _advice(changes: tuple[Change, ...], comparison: Comparison, policy: Policy) -> Advice:
    """Nothing where nothing counts; a window where it covers all of it; else give it back first."""
    if _LOSES_THE_DEVICE & {*changes}:
        return Advice.RELEASE
    if not comparison.counts_as_drift(policy):
        return Advice.NOTHING
    always = Timestamp(0)
    window = WindowSummary(
        window_id=1, scope=changes, starts_at=always, ends_at=always, received_at=always
    )
    return Advice.DECLARE if covers(window, comparison, policy) else Advice.RELEASE
