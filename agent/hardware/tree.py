"""One machine's files under a root: the running system's `/`, or a recorded machine's folder.

Every failure becomes a reason, whatever the rights and whatever lies in the folder. A recorded
folder is foreign: a link that leads out of it is absent, a pipe does not block and a file without
an end is cut. What could not be read when the folder was recorded is refused again.
"""

import errno
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from agent.fingerprint import UnknownReason

# /proc/cpuinfo of four hundred threads has 700 KiB; nothing else we read comes near.
_MOST_BYTES = 4 * 1024 * 1024
_CHUNK = 64 * 1024
# The last two: sysfs shows an attribute, and the device turns out to have no such thing (a disk
# without a name of a known kind, a card without ports).
_ABSENT = frozenset({
    errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ENXIO, errno.ELOOP, errno.EINVAL,
    errno.EOPNOTSUPP,
})  # fmt: skip
_DENIED = frozenset({errno.EACCES, errno.EPERM})


class MachineTree:
    """Reads paths that are written as the machine itself writes them (`/etc/machine-id`)."""

    def __init__(
        self, root: Path, refused: Mapping[str, UnknownReason] = MappingProxyType({})
    ) -> None:
        real = os.path.realpath(root)
        self.is_live = real == "/"
        self.root = root
        self.prefix = "" if self.is_live else real
        self.refused = refused

    def read(self, path: str) -> bytes | UnknownReason:
        """The file's bytes, or why there are none."""
        if path in self.refused:
            return self.refused[path]
        located = self._located(path)
        if located is None:
            return UnknownReason.ABSENT
        try:
            descriptor = os.open(located, _reading())
        except OSError as cause:
            return _reason(cause)
        try:
            return _read_to_end(descriptor)
        except OSError as cause:
            return _reason(cause)
        finally:
            os.close(descriptor)

    def text(self, path: str) -> str | UnknownReason:
        """The file as trimmed text. Kernel files end in a newline, device-tree ones in a NUL."""
        raw = self.read(path)
        if isinstance(raw, UnknownReason):
            return raw
        return raw.decode("utf-8", "replace").strip("\0 \t\r\n")

    def names(self, folder: str) -> tuple[str, ...] | UnknownReason:
        """What lies in the folder, sorted: the kernel's order means nothing."""
        if folder in self.refused:
            return self.refused[folder]
        located = self._located(folder)
        if located is None:
            return UnknownReason.ABSENT
        try:
            with os.scandir(located) as entries:
                return tuple(sorted(entry.name for entry in entries))
        except OSError as cause:
            return _reason(cause)

    def exists(self, path: str) -> bool:
        """Whether there is something at the path, readable or not."""
        located = self._located(path)
        return located is not None and os.access(located, os.F_OK)

    def target(self, path: str) -> str | None:
        """Where the links in the path end, as a path of this machine; None where nowhere."""
        located = os.path.realpath(self.prefix + path)
        if not self.is_inside(located) or not os.access(located, os.F_OK):
            return None
        return located[len(self.prefix) :].replace(os.sep, "/")

    def _located(self, path: str) -> str | None:
        located = self.prefix + path
        if self.is_live:
            return located
        # A recorded /etc/os-release -> /usr/lib/os-release must not read this machine's.
        real = os.path.realpath(located)
        return real if self.is_inside(real) else None

    def is_inside(self, real: str) -> bool:
        """Whether a resolved name of this system belongs to the machine."""
        return self.is_live or real == self.prefix or real.startswith(self.prefix + os.sep)


def _reading() -> int:
    flags = os.O_RDONLY
    if sys.platform == "win32":
        # It has no pipes among its files, and rewrites what it takes for text.
        flags |= os.O_BINARY
    else:
        # Opening a pipe without O_NONBLOCK would wait for its writer.
        flags |= os.O_NONBLOCK | os.O_CLOEXEC
    return flags


def _read_to_end(descriptor: int) -> bytes:
    # sysfs hands out a page at a time, so one read may not be all.
    chunks: list[bytes] = []
    size = 0
    while size < _MOST_BYTES and (chunk := os.read(descriptor, _CHUNK)):
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks)


def _reason(cause: OSError) -> UnknownReason:
    if cause.errno in _ABSENT:
        return UnknownReason.ABSENT
    if cause.errno in _DENIED:
        return UnknownReason.DENIED
    return UnknownReason.UNREADABLE
