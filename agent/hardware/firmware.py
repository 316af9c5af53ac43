"""Components that the SMBIOS table tells, on every platform. Pure.

`blank` is the reason that an empty field stands for: a table that was read whole has nothing more
to say, while sysfs shows an unprivileged reader the makes and hides the serials.
"""

from collections.abc import Iterator

from agent.fingerprint import Component, Detail, DetailId, UnknownReason, known, unknown
from agent.hardware.normalisation import (
    SHORTEST_IDENTITY,
    clean,
    identity,
    is_placeholder,
    uuid_identity,
)
from agent.hardware.smbios import Board, MemoryModule, System, Table
from protocol.weights import ComponentId

_EMPTY_SYSTEM = System("", "", "", b"")
# Makers of machines that exist only in software; a product of None means all of them.
_VIRTUAL_MAKERS = (
    "QEMU", "VMWARE", "INNOTEK", "XEN", "PARALLELS", "BOCHS", "BHYVE", "NUTANIX", "OPENSTACK",
    "RED HAT", "OVIRT", "APPLE VIRTUALIZATION",
)  # fmt: skip
_VIRTUAL_PRODUCTS = ("VIRTUAL MACHINE", "VIRTUALBOX", "KVM", "GOOGLE COMPUTE ENGINE", "HVM DOMU")
# Clouds rent both kinds under one maker's name; only the product tells them apart.
_CLOUD_MAKERS = ("AMAZON EC2", "ALIBABA CLOUD")
_METAL = "METAL"


def firmware_components(table: Table, source: str, blank: UnknownReason) -> tuple[Component, ...]:
    """Identity of system, boards and memory, and the platform's name."""
    system = table.system or _EMPTY_SYSTEM
    return (
        _system_uuid(system, source, blank),
        _boards(table, source, blank),
        _system_serial(system, source, blank),
        _memory(table, source, blank),
        _platform(system, source, blank),
    )


def firmware_unknown(source: str, reason: UnknownReason) -> tuple[Component, ...]:
    """The same components of a machine without a readable table."""
    ids = (
        ComponentId.SYSTEM_UUID,
        ComponentId.BOARD,
        ComponentId.SYSTEM_SERIAL,
        ComponentId.MEMORY,
        ComponentId.PLATFORM,
    )
    return tuple(unknown(component_id, source, reason) for component_id in ids)


def firmware_details(table: Table, source: str) -> Iterator[Detail]:
    """What people want to see beside it."""
    if table.chassis and (serial := identity(table.chassis.serial)):
        yield Detail(id=DetailId.CHASSIS_SERIAL, source=source, text=serial)
    if table.bios and (text := clean(" ".join(table.bios))):
        yield Detail(id=DetailId.BIOS_VERSION, source=source, text=text)


def names_a_virtual_machine(table: Table) -> bool:
    """Whether maker and product are those of a hypervisor."""
    system = table.system or _EMPTY_SYSTEM
    maker, product = clean(system.manufacturer), clean(system.product)
    if maker.startswith(_CLOUD_MAKERS):
        return _METAL not in product
    return maker.startswith(_VIRTUAL_MAKERS) or product.startswith(_VIRTUAL_PRODUCTS)


def _system_uuid(system: System, source: str, blank: UnknownReason) -> Component:
    if not system.uuid:
        return unknown(ComponentId.SYSTEM_UUID, source, blank)
    if value := uuid_identity(system.uuid):
        return known(ComponentId.SYSTEM_UUID, source, [value])
    return unknown(ComponentId.SYSTEM_UUID, source, UnknownReason.PLACEHOLDER)


def _system_serial(system: System, source: str, blank: UnknownReason) -> Component:
    if value := identity(system.serial):
        return known(ComponentId.SYSTEM_SERIAL, source, [value])
    reason = UnknownReason.PLACEHOLDER if clean(system.serial) else blank
    return unknown(ComponentId.SYSTEM_SERIAL, source, reason)


def _boards(table: Table, source: str, blank: UnknownReason) -> Component:
    """The boards that carry the processors; known only if each has a serial of its own.

    Risers and mezzanines are left out: an anchor must not move with a part that is changed alone.
    The first board always counts, because sysfs shows that one only.
    """
    boards = [board for place, board in enumerate(table.boards) if board.hosting or not place]
    serials = [identity(board.serial) for board in boards]
    if boards and all(serials):
        values = [_board_value(board) for board in boards]
        return known(ComponentId.BOARD, source, values, label=_board_model(boards[0]))
    said = any(clean(board.serial) for board in boards)
    return unknown(ComponentId.BOARD, source, UnknownReason.PLACEHOLDER if said else blank)


def _board_model(board: Board) -> str:
    return clean(f"{board.manufacturer} {board.product}")


def _board_value(board: Board) -> str:
    return f"{_board_model(board)} {clean(board.serial)}"


def _memory(table: Table, source: str, blank: UnknownReason) -> Component:
    """Every module by part number and serial; one without a serial would look removed."""
    if not table.complete:
        return unknown(ComponentId.MEMORY, source, UnknownReason.DAMAGED)
    modules = [module for module in table.memory if module.mebibytes != 0]
    if not modules:
        return unknown(ComponentId.MEMORY, source, blank)
    if any(is_placeholder(clean(module.serial)) for module in modules):
        said = any(clean(module.serial) for module in modules)
        return unknown(ComponentId.MEMORY, source, UnknownReason.PLACEHOLDER if said else blank)
    return known(ComponentId.MEMORY, source, [_module_value(module) for module in modules])


def _module_value(module: MemoryModule) -> str:
    return f"{clean(module.part)} {clean(module.serial)}".strip()


def _platform(system: System, source: str, blank: UnknownReason) -> Component:
    name, product = clean(f"{system.manufacturer} {system.product}"), clean(system.product)
    if not name:
        return unknown(ComponentId.PLATFORM, source, blank)
    # A product may be as short as "KVM"; only an identity needs four letters.
    if is_placeholder(name) or (len(product) >= SHORTEST_IDENTITY and is_placeholder(product)):
        return unknown(ComponentId.PLATFORM, source, UnknownReason.PLACEHOLDER)
    return known(ComponentId.PLATFORM, source, [name])
