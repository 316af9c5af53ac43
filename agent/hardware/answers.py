"""What the kernel says of a machine without a file to read: the root's mount and ioctl answers.

The running system is asked; a recorded machine brings its answers in `.faragostar/probe.json`.
"""

import sys
from typing import Protocol

import msgspec

from agent.fingerprint import UnknownReason
from agent.hardware.tree import MachineTree

RECORDED_ANSWERS = "/.faragostar/probe.json"
_ETHTOOL_GPERMADDR = 0x20
_SIOCETHTOOL = 0x8946
_MAC_BYTES = 6
_LONGEST_ADDRESS = 32
_INTERFACE_NAME_BYTES = 16


class RootMount(msgspec.Struct, frozen=True, kw_only=True):
    """What is mounted on `/`: `major:minor` and the source as the kernel names it."""

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
    """A recorded machine's answers; all unknown where none were recorded."""

    root: RootMount | None = None
    permanent_addresses: dict[str, str] = {}
    unreadable: UnknownReason = UnknownReason.ABSENT

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
        """The last mount on `/` hides the ones before it (proc(5), mountinfo)."""
        mounts = self._tree.text("/proc/self/mountinfo")
        if isinstance(mounts, UnknownReason):
            return mounts
        found: RootMount | UnknownReason = UnknownReason.ABSENT
        for line in mounts.splitlines():
            mounted, _, described = line.partition(" - ")
            fields, source = mounted.split(), described.split()[1:2]
            if fields[4:5] == ["/"] and source:
                found = RootMount(device=fields[2], source=source[0])
        return found

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


def answers_of(tree: MachineTree) -> Answers:
    """The running kernel for `/`, the recorded answers for every other root."""
    if tree.is_live:
        return LiveAnswers(tree)
    raw = tree.read(RECORDED_ANSWERS)
    if isinstance(raw, UnknownReason):
        return RecordedAnswers(unreadable=raw)
    try:
        return msgspec.json.decode(raw, type=RecordedAnswers)
    except msgspec.DecodeError:
        return RecordedAnswers(unreadable=UnknownReason.DAMAGED)
