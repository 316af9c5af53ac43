"""What a planned change would mean for the license, and what to do before it.

Pure. The tags of everything that the change alters are exchanged for others, and the same
comparison judges them that will judge the real machine: the administrator learns the verdict before
touching the server. Deliberately absent: reading the machine, and any promise about its server.
"""

import hashlib
from enum import StrEnum

import msgspec

from agent.facts import Observation
from agent.fingerprint import Inventory, explain
from protocol.comparison import compare
from protocol.documents import WindowSummary
from protocol.encoding import to_base64url
from protocol.values import Fingerprint, OsTags, Policy, Timestamp
from protocol.verdicts import Comparison, OsVerdict
from protocol.windows import REACH, Change, covers

_TAG_BYTES = 16
# What goes with a change for certain. New firmware usually tells the same of the machine; that it
# may not is why a window for it covers more (`protocol.windows.REACH`).
_ALTERS_NOTHING = frozenset({Change.BIOS, Change.DATA_DISK})
# The device key and the store go with the old installation, or stay behind on the old machine.
_LOSES_THE_DEVICE = frozenset({Change.OS_REINSTALL, Change.NEW_HOST})
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


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The prediction: what a look would see after the change, and what to do before it."""

    changes: tuple[Change, ...]
    seen: Observation
    advice: Advice
    is_licensed: bool


def plan(changes: tuple[Change, ...], ground: Ground) -> Plan:
    """Predict the verdict after the changes, all of them together."""
    altered = frozenset[str]().union(*map(_altered, changes))
    system = _system(changes)
    after = msgspec.structs.replace(
        ground.now,
        components=_exchanged(ground, altered),
        os=_changed_os(ground.now.os, system),
    )
    comparison = compare(ground.enrolled, after, ground.policy, ground.baseline)
    return Plan(
        changes=changes,
        seen=_observation(ground, comparison, altered, system),
        advice=_advice(changes, comparison, ground.policy),
        is_licensed=ground.is_licensed,
    )


def _altered(change: Change) -> frozenset[str]:
    return frozenset() if change in _ALTERS_NOTHING else REACH[change].components


def _system(changes: tuple[Change, ...]) -> OsVerdict:
    """The strongest that the changes do to the operating system."""
    reached = frozenset[OsVerdict]().union(*(REACH[change].os for change in changes))
    return next((v for v in reversed(_STRENGTH) if v in reached), OsVerdict.SAME)


def _exchanged(ground: Ground, altered: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Another part in the place of each: also of one that cannot be read now, but was enrolled."""
    there = {*ground.now.components, *ground.enrolled.components}
    fresh = {name: (_other_tag(name),) for name in altered & there}
    return {**ground.now.components, **fresh}


def _changed_os(now: OsTags, system: OsVerdict) -> OsTags:
    other: dict[str, str] = {}
    if system in {OsVerdict.PATCH, OsVerdict.UPGRADE}:
        other["patch"] = _other_tag("os_patch")
    if system is OsVerdict.UPGRADE:
        other["release"] = _other_tag("os_release")
    if system is OsVerdict.REINSTALL:
        other["instance"] = _other_tag("os_instance")
    return msgspec.structs.replace(now, **other)


def _other_tag(name: str) -> str:
    """A tag that no part of any machine has."""
    return to_base64url(hashlib.sha256(f"planned|{name}".encode()).digest()[:_TAG_BYTES])


def _observation(
    ground: Ground, comparison: Comparison, altered: frozenset[str], system: OsVerdict
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
