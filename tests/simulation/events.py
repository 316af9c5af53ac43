"""What happens to one machine, as its next reading tells it."""

from collections.abc import Callable, Mapping

from agent.fingerprint import Component, Inventory, UnknownReason, known, unknown
from protocol.weights import ComponentId
from tests.simulation.pool import cards, disk, exchange, processor

Happening = Callable[[Inventory], Inventory]


def _of(inventory: Inventory, part: ComponentId) -> Component:
    found = inventory.component(part)
    return found or unknown(part, "nowhere", UnknownReason.ABSENT)


def _grown(part: ComponentId, value: str) -> Happening:
    def grow(inventory: Inventory) -> Inventory:
        found = _of(inventory, part)
        return exchange(inventory, known(part, found.source, [*found.values, value]))

    return grow


def _hidden(*parts: ComponentId) -> Happening:
    return lambda inventory: exchange(
        inventory, *(unknown(part, "nowhere", UnknownReason.DENIED) for part in parts)
    )


def _other(*parts: Component) -> Happening:
    """Other parts, where there were any: what is not known cannot be seen to change."""

    def swap(inventory: Inventory) -> Inventory:
        return exchange(inventory, *(part for part in parts if _of(inventory, part.id).known))

    return swap


_MODULES = known(ComponentId.MEMORY, "generated", ["M393A4K40DB3-CWE D7E8F901"])
_PLATFORM = known(ComponentId.PLATFORM, "generated", ["ANOTHER HYPERVISOR"])
_TABLE = (
    ComponentId.SYSTEM_UUID,
    ComponentId.BOARD,
    ComponentId.SYSTEM_SERIAL,
    ComponentId.MEMORY,
    ComponentId.PLATFORM,
)

TOLERATED: Mapping[str, Happening] = {
    "nothing": lambda inventory: inventory,
    "extra network card": _grown(ComponentId.NIC, "3c:ec:ef:00:30:01"),
    "extra memory": _grown(ComponentId.MEMORY, "M393A4K40DB3-CWE EXTRA001"),
    "another disk of the mirror": _grown(ComponentId.BOOT_DISK, "EUI.0025388B01C4F2AA"),
    "other memory": _other(_MODULES),
    "other processor": _other(processor("other")),
    "other network cards": _other(cards("other")),
    "other system disk": _other(disk("other")),
    "live migration": _other(processor("other"), _PLATFORM),
}
FAILING: Mapping[str, Happening] = {
    "the table cannot be read": _hidden(*_TABLE),
    "no rights": _hidden(ComponentId.SYSTEM_UUID, ComponentId.BOARD, ComponentId.SYSTEM_SERIAL),
    **{f"no {part.value}": _hidden(part) for part in ComponentId},
}
