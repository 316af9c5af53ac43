"""How an inventory reads: every part with its values or the reason why there are none.

Pure. Values are masked unless somebody wants them whole; nothing is judged here.
"""

from typing import NamedTuple

from agent.fingerprint import Component, Detail, DetailId, Inventory, OsIdentity, mask, masked
from protocol.values import MachineClass


class PartView(NamedTuple):
    """One component: its values, or the reason why there are none."""

    id: str
    values: tuple[str, ...]
    reason: str | None
    source: str


class DetailView(NamedTuple):
    """One line that is shown and never judged."""

    id: str
    text: str
    source: str


class MachineView(NamedTuple):
    """What a machine is made of, for people."""

    parts: tuple[PartView, ...]
    details: tuple[DetailView, ...]
    system: str | None
    is_virtual: bool


def machine_view(inventory: Inventory, *, reveal: bool = False) -> MachineView:
    """Show a machine; `reveal` shows serials whole."""
    return MachineView(
        parts=tuple(_part(found, reveal=reveal) for found in inventory.components),
        details=tuple(
            DetailView(found.id.value, detail_text(found, reveal=reveal), found.source)
            for found in inventory.details
        ),
        system=_system(inventory.os),
        is_virtual=inventory.machine_class is MachineClass.VM,
    )


def detail_text(detail: Detail, *, reveal: bool) -> str:
    """What is shown of a detail; a chassis serial identifies as well as a board's does."""
    is_secret = detail.id is DetailId.CHASSIS_SERIAL and not reveal
    return mask(detail.text) if is_secret else detail.text


def _part(component: Component, *, reveal: bool) -> PartView:
    return PartView(
        id=component.id.value,
        values=component.values if reveal else masked(component),
        reason=component.reason.value if component.reason else None,
        source=component.source,
    )


def _system(identity: OsIdentity) -> str | None:
    parts = (identity.release, identity.patch)
    return " ".join(part for part in parts if part) if identity.release else None
