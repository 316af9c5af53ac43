"""What the kernel says of a machine without a file to read: the root's mount and ioctl answers.

The running system is asked; a recorded machine brings its answers in `.faragostar/probe.json`.
"""

import sys
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, Protocol

import msgspec

from agent.fingerprint import UnknownReason
from agent.hardware.tree import MachineTree

RECORDED_ANSWERS = "/.faragostar/probe.json"
_ETHTOOL_GPERMADDR = 0x20
_SIOCETHTOOL = 0x8946
_MAC_BYTES = 6
_LONGEST_ADDRESS = 32
_INTERFACE_NAME_BYTES = 16
# Image-based systems show an overlay on `/`, and mount the file system beneath it here.
_ROOTS = ("/", "/sysroot")
_DEVICES = "/dev/"


class RootMount(msgspec.Struct, frozen=True, kw_only=True):
    """What the root lies on: `major:minor` and the source as the kernel names it."""

    device: str
    source: str


class Answers(Protocol):
    """The two questions that no file answers."""

    def root_mount(self) -> RootMount | UnknownReason:
        """What is mounted on `/`."""
        ...

    def permanent_address(self, interface: str) -> str | None:
        """The address a card was made with, whatever it uses now; None where it won't say."""
        ...


class RecordedAnswers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A recorded machine's answers; all unknown where none were recorded.

    `unreadable` is why there is no root, `refused` why files and folders could not be read.
    """

    root: RootMount | None = None
    permanent_addresses: dict[str, str] = {}
    unreadable: UnknownReason = UnknownReason.ABSENT
    refused: dict[str, UnknownReason] = {}

    def root_mount(self) -> RootMount | UnknownReason:
        """What was mounted on `/`."""
        return self.root or self.unreadable

    def permanent_address(self, interface: str) -> str | None:
        """The address as it was recorded."""
        return self.permanent_addresses.get(interface)


class LiveAnswers:
    """Asks the running kernel."""

    def __init__(self, tree: MachineTree) -> None:
        self._tree = tree

    def root_mount(self) -> RootMount | UnknownReason:
        """What the first of the roots lies on that has a device; else what is mounted on `/`."""
        mounts = self._tree.text("/proc/self/mountinfo")
        if isinstance(mounts, UnknownReason):
            return mounts
        found: dict[str, RootMount] = {}
        for line in mounts.splitlines():
            mounted, _, described = line.partition(" - ")
            fields, source = mounted.split(), described.split()[1:2]
            # The last mount on a folder hides the ones before it (proc(5), mountinfo).
            if fields[4:5] and fields[4] in _ROOTS and source:
                found[fields[4]] = RootMount(device=fields[2], source=source[0])
        roots = [found[folder] for folder in _ROOTS if folder in found]
        on_a_device = (root for root in roots if root.source.startswith(_DEVICES))
        return next(on_a_device, found.get("/", UnknownReason.ABSENT))

    def permanent_address(self, interface: str) -> str | None:
        """Ask the driver (ethtool's GPERMADDR); needs no rights."""
        # The C half alone: `socket` costs every command 3 ms, and nothing here speaks to a network.
        import _socket
        import array
        import struct

        answer = array.array("B", struct.pack("II", _ETHTOOL_GPERMADDR, _LONGEST_ADDRESS))
        answer.frombytes(bytes(_LONGEST_ADDRESS))
        name = interface.encode()[: _INTERFACE_NAME_BYTES - 1]
        request = struct.pack(f"{_INTERFACE_NAME_BYTES}sP16x", name, answer.buffer_info()[0])
        try:
            door = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
        except OSError:
            return None
        try:
            if sys.platform != "win32":  # Its drivers are not asked this way; no answer is None.
                import fcntl

                fcntl.ioctl(door.fileno(), _SIOCETHTOOL, request)
        except OSError:
            # The name is of another network namespace, or the driver has no such answer.
            return None
        finally:
            door.close()
        size = int.from_bytes(answer[4:8].tobytes(), "little")
        return answer[8 : 8 + size].tobytes().hex(":") if size == _MAC_BYTES else None


class OpenMachine(NamedTuple):
    """One machine's files, and its answers to what no file tells."""

    tree: MachineTree
    answers: Answers


def open_machine(root: Path) -> OpenMachine:
    """The running kernel for `/`, the recorded answers and refusals for every other root."""
    tree = MachineTree(root)
    if tree.is_live:
        return OpenMachine(tree, LiveAnswers(tree))
    recorded = _recorded(tree)
    return OpenMachine(MachineTree(root, MappingProxyType(recorded.refused)), recorded)


def _recorded(tree: MachineTree) -> RecordedAnswers:
    raw = tree.read(RECORDED_ANSWERS)
    if isinstance(raw, UnknownReason):
        return RecordedAnswers(unreadable=raw)
    try:
        return msgspec.json.decode(raw, type=RecordedAnswers)
    except msgspec.DecodeError:
        return RecordedAnswers(unreadable=UnknownReason.DAMAGED)
