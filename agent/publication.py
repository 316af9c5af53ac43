"""The derived copies in the public folder: what the protected application and everyone may read.

They appear in the order roots, license document, permit, and disappear in the reverse order, each
step synced: a permit without its document, or either of them after the tombstone, never stands on
the disk when a proof leaves (docs/protocol.md §8).
"""

from pathlib import Path

from agent.files import (
    EVERYONE_ENTERS,
    EVERYONE_READS,
    make_folder,
    remove_durably,
    translated,
    write_durably,
)
from protocol.exchange import pack_roots, unpack_roots
from protocol.trust import RootSignatures

ROOTS_FILE = "roots.jws"
LICENSE_FILE = "license.jws"
PERMIT_FILE = "permit.jws"
STATUS_FILE = "status.jws"


class PublicFolder:
    """The public folder; `ports.Publication`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def roots(self) -> tuple[RootSignatures, ...]:
        """Read the root chain back, for a store that has to start anew.

        Raises:
            AdminRightsNeeded, StoreUnusable: it cannot be read.
            ProtocolError: it is not a chain of roots.
        """
        path = self.folder / ROOTS_FILE
        with translated(path):
            return unpack_roots(path.read_bytes())

    def publish_roots(self, roots: tuple[RootSignatures, ...]) -> None:
        """Show the root chain; harmless in every standing."""
        self._write(ROOTS_FILE, pack_roots(roots))

    def publish(
        self, roots: tuple[RootSignatures, ...], license_document: bytes, permit: bytes
    ) -> None:
        """Show a usable license; the permit comes last and is renewed by every run.

        Raises:
            AdminRightsNeeded, StoreUnusable: a copy could not be written.
        """
        self.publish_roots(roots)
        self._write(LICENSE_FILE, license_document)
        self._write(PERMIT_FILE, permit)

    def withdraw(self) -> None:
        """Remove permit and license document; return only when their absence is durable.

        Raises:
            AdminRightsNeeded, StoreUnusable: then no proof may leave.
        """
        remove_durably(self.folder / PERMIT_FILE, self.folder / LICENSE_FILE)

    def show(self, copy: bytes) -> None:
        """Show the signed copy of the standing to unprivileged readers."""
        self._write(STATUS_FILE, copy)

    def _write(self, name: str, content: bytes) -> None:
        path = self.folder / name
        make_folder(self.folder, EVERYONE_ENTERS)
        with translated(path):
            stands = path.is_file() and path.read_bytes() == content
        if not stands:
            write_durably(path, content, EVERYONE_READS)
