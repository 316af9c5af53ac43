"""How one user of this machine likes to read the window: language and digits.

They stand in the user's own folder, not in the program's home, where only the administrator may
write. Whatever is wrong with them is no obstacle: the window then opens as if there were none.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

import msgspec

from agent.files import OWNER_ONLY_FOLDER, named_file
from agent.texts import Digits


class Preferences(msgspec.Struct, frozen=True):
    """What the user chose; absent means nothing was chosen."""

    language: str | None = None
    digits: Digits = Digits.PERSIAN


def load_preferences() -> Preferences:
    """Read what this user chose the last time."""
    with suppress(OSError, RuntimeError, ValueError, msgspec.MsgspecError):
        return msgspec.json.decode(_file().read_bytes(), type=Preferences)
    return Preferences()


def save_preferences(preferences: Preferences) -> None:
    """Remember it for this user.

    Raises:
        FileUnreadable: with the system's own reason.
    """
    try:
        path = _file()
    except RuntimeError:  # a user without a home: nothing to remember in
        return
    with named_file(path):
        path.parent.mkdir(OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.write_bytes(msgspec.json.encode(preferences))
        fresh.replace(path)


def _file() -> Path:
    """Where users of this system keep such things.

    Raises:
        RuntimeError: this user has no home.
    """
    if sys.platform == "win32":
        roaming = os.environ.get("APPDATA")
        folder = Path(roaming) if roaming else Path.home() / "AppData" / "Roaming"
        return folder / "Faragostar Man" / "window.json"
    chosen = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    # A relative one is to be ignored: the XDG Base Directory Specification.
    folder = chosen if chosen.is_absolute() else Path.home() / ".config"
    return folder / "faragostar-man" / "window.json"
