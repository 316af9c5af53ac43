"""Save the recovery file, and be its device again; what its passphrase costs is paid here."""

from pathlib import Path

from msgspec import Struct

from agent.ui.jobs import Job, Word, Workplace
from agent.ui.jobs.shelves import Saved, saved
from agent.ui.wording import Place
from protocol.views import StatusView


class Errand(Word, frozen=True):
    """A page was gone to from another one, and leads back to it, with what it went on with."""

    back: Place
    about: Job | Word | None = None


class SaveRecovery(Struct, frozen=True):
    """Write the recovery file."""

    path: Path
    passphrase: str
    again: str

    def __repr__(self) -> str:
        """Keep the passphrase out of every traceback and log."""
        return "SaveRecovery(…)"

    def done(self, at: Workplace) -> Saved:
        """Do it."""
        from agent.recovery import require_passphrase
        from agent.recovery_files import save_recovery

        require_passphrase(self.passphrase, self.again)
        save_recovery(at.agent(), self.path, self.passphrase)
        return saved(self.path, at)


class LoadRecovery(Struct, frozen=True):
    """Be the device of a recovery file again."""

    path: Path
    passphrase: str

    def __repr__(self) -> str:
        """Keep the passphrase out of every traceback and log."""
        return "LoadRecovery(…)"

    def done(self, at: Workplace) -> StatusView:
        """Do it."""
        from agent.recovery_files import load_recovery

        return load_recovery(at.agent(), self.path, self.passphrase)
