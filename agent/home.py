"""Where the agent lives.

The folder `private` is the administrator's alone; `public` is what the protected application and
unprivileged readers see (docs/protocol.md §8). Loads nothing: the window's first picture waits for
it.
"""

import os
from pathlib import Path
from typing import NamedTuple

HOME_VARIABLE = "FARAGOSTAR_HOME"
SYSTEMS_HOME = (
    Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "Faragostar Man"
    if os.name == "nt"
    else Path("/var/lib/faragostar-man")
)


class Home(NamedTuple):
    """The folder of everything the agent keeps."""

    folder: Path

    @property
    def private(self) -> Path:
        """For the administrator alone."""
        return self.folder / "private"

    @property
    def public(self) -> Path:
        """For every reader of this machine."""
        return self.folder / "public"

    @property
    def store(self) -> Path:
        """The license store."""
        return self.private / "store.sqlite3"

    @property
    def identity(self) -> Path:
        """Device key and salt."""
        return self.private / "identity.json"

    @property
    def settings(self) -> Path:
        """What `setup` and `config` wrote."""
        return self.private / "settings.json"


def default_home() -> Path:
    """Choose the environment's home, or the system's place for program state."""
    if named := os.environ.get(HOME_VARIABLE):
        return Path(named)
    return SYSTEMS_HOME
