"""The recovery file on a disk: written for its owner's eyes only, and read again."""

from pathlib import Path
from typing import TYPE_CHECKING

from agent.files import OWNER_ONLY, named_file, write_new
from agent.recovery import LARGEST_FILE, seal, unseal
from protocol.views import StatusView

if TYPE_CHECKING:
    from agent.use_cases import Agent


def save_recovery(agent: "Agent", path: Path, passphrase: str) -> None:
    """Write what an operating system installed anew would lose, sealed; over no other file.

    Raises:
        FileTaken: something stands under that name.
        FileUnreadable: it cannot be written there.
    """
    sealed = seal(agent.recovery(), passphrase)
    write_new(path, sealed, OWNER_ONLY)
    agent.note_recovery_saved()


def load_recovery(agent: "Agent", path: Path, passphrase: str) -> StatusView:
    """Be the device of a recovery file again.

    Raises:
        FileUnreadable: there is no such file, or it may not be read.
        RecoveryRefused, NotAllowed, AlreadySetUp: see `recovery.unseal` and `restoring.restore`.
    """
    return agent.restore(unseal(read_bounded(path), passphrase))


def read_bounded(path: Path) -> bytes:
    """Read a file; of one that is too large, enough to tell.

    Raises:
        FileUnreadable: with the system's own reason.
    """
    with named_file(path), path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)
