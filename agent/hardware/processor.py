"""The processor's make and number of sockets, and whether a hypervisor stands beneath it.

Clock, microcode, flags and core count are left out: a firmware update, a BIOS switch or a taken
core changes them under the same silicon.
"""

import re
from typing import NamedTuple

from agent.fingerprint import Component, UnknownReason, known, unknown
from agent.hardware.normalisation import clean
from agent.hardware.tree import MachineTree
from protocol.weights import ComponentId

_SOURCE = "/proc/cpuinfo"
# x86 and ARM name the same four things differently.
_NAMES = (
    ("vendor_id", "cpu family", "model", "stepping"),
    ("CPU implementer", "CPU architecture", "CPU part", "CPU revision"),
)
_PACKAGE = re.compile(r"^physical id\s*:\s*(\d+)", re.MULTILINE)
_HYPERVISOR_FLAG = re.compile(r"^flags\s*:.*\bhypervisor\b", re.MULTILINE)


class Processor(NamedTuple):
    """What /proc/cpuinfo says; `virtual` is None where this kind of processor doesn't tell."""

    component: Component
    virtual: bool | None


def processor(tree: MachineTree) -> Processor:
    """Vendor, family, model, stepping and sockets of the first processor."""
    text = tree.text(_SOURCE)
    if isinstance(text, UnknownReason):
        return Processor(unknown(ComponentId.CPU, _SOURCE, text), None)
    first = text.partition("\n\n")[0]
    fields = {
        name.strip(): value.strip()
        for name, separator, value in (line.partition(":") for line in first.splitlines())
        if separator
    }
    virtual = _HYPERVISOR_FLAG.search(first) is not None if "flags" in fields else None
    label = fields.get("model name", "")
    sockets = len(set(_PACKAGE.findall(text))) or 1
    for names in _NAMES:
        if all(name in fields for name in names):
            value = clean(" ".join([*(fields[name] for name in names), f"sockets {sockets}"]))
            return Processor(known(ComponentId.CPU, _SOURCE, [value], label=label), virtual)
    return Processor(unknown(ComponentId.CPU, _SOURCE, UnknownReason.DAMAGED), virtual)
