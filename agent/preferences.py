"""How one user of this machine likes to read the window: language, digits, and what was read.

They stand in the user's own folder, not in the program's home, where only the administrator may
write. Whatever is wrong with them is no obstacle: the window then opens as if there were none. They
are read before the first picture, so little is loaded here.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from agent.texts import LANGUAGES, Digits

# Only a few are told at a time; what is not told any more need not be remembered.
_MOST_DISMISSED = 32


class Preferences(NamedTuple):
    """What the user chose; absent means nothing was chosen.

    `dismissed` names the announcements that were put away, the latest last.
    """

    language: str | None = None
    digits: Digits = Digits.PERSIAN
    dismissed: tuple[str, ...] = ()


def load_preferences() -> Preferences:
    """Read what this user chose the last time."""
    with suppress(OSError, RuntimeError, ValueError, TypeError, LookupError):
        raw = _file().read_bytes()
        import json

        found = json.loads(raw)
        language = found["language"] if found["language"] in LANGUAGES else None
        dismissed = tuple(str(key) for key in found.get("dismissed", ()))
        return Preferences(language, Digits(found["digits"]), dismissed[-_MOST_DISMISSED:])
    return Preferences()


def save_preferences(preferences: Preferences) -> None:
    """Remember it for this user.

    Raises:
        FileUnreadable: with the system's own reason.
    """
    import json

    from agent.files import OWNER_ONLY_FOLDER, named_file

    try:
        path = _file()
    except RuntimeError:  # a user without a home: nothing to remember in
        return
    with named_file(path):
        path.parent.mkdir(OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.write_text(json.dumps(preferences._asdict()), encoding="utf-8")
        fresh.replace(path)


def _file() -> Path:
    """Where users of this system keep such things.

    Raises:
        RuntimeError: this user has no home.
    """
    if sys.platform == "win32":
        roaming = os.environ.get("APPDATA")
        folder = Path(roaming) if roaming else Path.home() / "AppData" / "Roaming"
        folder /= "Faragostar Man"
    else:
        chosen = Path(os.environ.get("XDG_CONFIG_HOME", ""))
        # A relative one is to be ignored: the XDG Base Directory Specification.
        folder = (chosen if chosen.is_absolute() else Path.home() / ".config") / "faragostar-man"
    return folder / "window.json"
