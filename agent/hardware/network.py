"""The network cards of the machine by the address they were made with.

What software makes (bridges, bonds, VLANs, VPNs, containers' pairs) has no device behind it; USB
and Thunderbolt adapters are pulled and plugged; a virtual function, a subfunction and the port that
stands for one in the host are slices of a card that is counted already; and a hypervisor's end of a
guest's cable comes and goes with the guest.
"""

import re

from agent.fingerprint import Component, UnknownReason, known, unknown
from agent.hardware.answers import Answers
from agent.hardware.normalisation import mac_identity
from agent.hardware.tree import MachineTree
from protocol.weights import ComponentId

_SOURCE = "/sys/class/net"
_ETHERNET = "1"
_MADE_WITH = "0"  # NET_ADDR_PERM
_RANDOM = "1"  # NET_ADDR_RANDOM
_PASSING_BUSES = frozenset({"usb", "thunderbolt", "bluetooth", "xen-backend"})
_USB = "/usb"
_SUBFUNCTION = ".sf."
# As drivers name the port that stands for a slice: c1pf0vf3, pf1sf88.
_SLICE_PORT = re.compile(r"(?:c\d+)?pf\d+(?:vf|sf)\d+")


def network_cards(tree: MachineTree, answers: Answers) -> Component:
    """Every card's permanent address; known only if each card's is."""
    names = tree.names(_SOURCE)
    if isinstance(names, UnknownReason):
        return unknown(ComponentId.NIC, _SOURCE, names)
    addresses: list[str] = []
    for name in names:
        is_card = _is_card(tree, f"{_SOURCE}/{name}")
        if isinstance(is_card, UnknownReason):
            return unknown(ComponentId.NIC, _SOURCE, is_card)
        if not is_card:
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


def _is_card(tree: MachineTree, interface: str) -> bool | UnknownReason:
    """Whether it counts; a reason where that cannot be told, for left out it would look removed."""
    device = tree.target(f"{interface}/device")
    if device is None or _passes(tree, device) or tree.exists(f"{interface}/device/physfn"):
        return False
    port = tree.text(f"{interface}/phys_port_name")
    if isinstance(port, str) and _SLICE_PORT.fullmatch(port):
        return False
    kind = tree.text(f"{interface}/type")
    if isinstance(kind, UnknownReason) and kind is not UnknownReason.ABSENT:
        return kind
    return kind == _ETHERNET


def _passes(tree: MachineTree, device: str) -> bool:
    """Whether the device comes and goes by its nature."""
    bus = tree.target(f"{device}/subsystem") or ""
    name = device.rpartition("/")[2]
    return _USB in device or _SUBFUNCTION in name or bus.rpartition("/")[2] in _PASSING_BUSES


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
    if isinstance(current, UnknownReason):
        return current
    # A card that shows no address of its own yet would look removed if it were left out.
    return mac_identity(current) or UnknownReason.PLACEHOLDER
