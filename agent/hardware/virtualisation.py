"""Whether the machine is one of its own or stands on a hypervisor.

The processor is asked first: it needs no rights, so the answer stays when the rights go. Where it
does not tell (ARM, POWER), the hypervisor's own places, the device tree and the maker's name do.
"""

from agent.fingerprint import UnknownReason
from agent.hardware.firmware import names_a_virtual_machine
from agent.hardware.smbios import Table
from agent.hardware.tree import MachineTree
from protocol.values import MachineClass

_XEN_ROLES = "/proc/xen/capabilities"
_XEN_FEATURES = "/sys/hypervisor/properties/features"
_XEN_CONTROL_DOMAIN = 1 << 11  # XENFEAT_dom0
_DEVICE_TREE = "/proc/device-tree"
# A hypervisor's node; a partition of a POWER machine.
_HYPERVISOR_NODES = ("hypervisor", "ibm,partition-name")
_EMULATOR_NODE = "fw-cfg@"
_EMULATED_BOARD = "linux,dummy-virt"


def machine_class(
    tree: MachineTree, table: Table | None, *, hypervisor_flag: bool | None
) -> MachineClass:
    """Bare or virtual; `hypervisor_flag` is what the processor says of it, if it does."""
    # Xen's control domain sees the flag too, and is the system on the bare machine.
    if _is_xen_control_domain(tree):
        return MachineClass.BARE
    named = table is not None and names_a_virtual_machine(table)
    described = tree.exists("/sys/hypervisor/uuid") or _is_described_as_virtual(tree)
    return MachineClass.VM if hypervisor_flag or named or described else MachineClass.BARE


def _is_xen_control_domain(tree: MachineTree) -> bool:
    roles = tree.text(_XEN_ROLES)
    if isinstance(roles, str) and "control_d" in roles:
        return True
    # The file system that tells roles is not always mounted.
    features = tree.text(_XEN_FEATURES)
    if isinstance(features, UnknownReason):
        return False
    try:
        return bool(int(features, 16) & _XEN_CONTROL_DOMAIN)
    except ValueError:
        return False


def _is_described_as_virtual(tree: MachineTree) -> bool:
    if any(tree.exists(f"{_DEVICE_TREE}/{node}") for node in _HYPERVISOR_NODES):
        return True
    nodes = tree.names(_DEVICE_TREE)
    if isinstance(nodes, tuple) and any(node.startswith(_EMULATOR_NODE) for node in nodes):
        return True
    board = tree.text(f"{_DEVICE_TREE}/compatible")
    return isinstance(board, str) and _EMULATED_BOARD in board.split("\0")
