"""The network cards of the machine by the address they were made with.

What software makes (bridges, bonds, VLANs, VPNs, containers' pairs) has no device behind it; USB
adapters are pulled and plugged; a virtual function is a slice of a card that is counted already.
"""

from agent.fingerprint import Component, UnknownReason, known, unknown
from agent.hardware.answers import Answers
from agent.hardware.normalisation import mac_identity
from agent.hardware.tree import MachineTree
from protocol.weights import ComponentId

_SOURCE = "/sys/class/net"
_ETHERNET = "1"
_MADE_WITH = "0"  # NET_ADDR_PERM
_RANDOM = "1"  # NET_ADDR_RANDOM


def network_cards(tree: MachineTree, answers: Answers) -> Component:
    """Every card's permanent address; known only if each card's is."""
    names = tree.names(_SOURCE)
    if isinstance(names, UnknownReason):
        return unknown(ComponentId.NIC, _SOURCE, names)
    addresses: list[str] = []
    for name in names:
        if not _is_card(tree, f"{_SOURCE}/{name}"):
            continue
        address = _permanent_address(tree, answers, name)
        if isinstance(address, UnknownReason):
            return unknown(ComponentId.NIC, _SOURCE, address)
        if address is not None:
            addresses.append(address)
    if not addresses:
        # Not "all cards removed": a service in a network namespace of its own sees none either.
        return unknown(ComponentId.NIC, _SOURCE, UnknownReason.ABSENT)
    return known(ComponentId.NIC, _SOURCE, addresses)


def _is_card(tree: MachineTree, interface: str) -> bool:
    device = tree.target(f"{interface}/device")
    if device is None or "/usb" in device or tree.exists(f"{interface}/device/physfn"):
        return False
    return tree.text(f"{interface}/type") == _ETHERNET


def _permanent_address(
    tree: MachineTree, answers: Answers, name: str
) -> str | UnknownReason | None:
    """The address, or None for a card that is given a new one at every start."""
    interface = f"{_SOURCE}/{name}"
    # A card in a bond wears the bond's address; both of these still know its own.
    for reading in (
        answers.permanent_address(name),
        tree.text(f"{interface}/bonding_slave/perm_hwaddr"),
    ):
        if isinstance(reading, str) and (address := mac_identity(reading)):
            return address
    assigned = tree.text(f"{interface}/addr_assign_type")
    if assigned == _RANDOM:
        return None
    if assigned not in {_MADE_WITH, UnknownReason.ABSENT}:
        return assigned if isinstance(assigned, UnknownReason) else UnknownReason.UNREADABLE
    current = tree.text(f"{interface}/address")
    return current if isinstance(current, UnknownReason) else mac_identity(current)
