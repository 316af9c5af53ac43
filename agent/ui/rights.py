"""Whether this window is an administrator's, and whether its home is, too.

Loads nothing: the window's first picture waits for it.
"""

import os
import stat
import sys

from agent.home import SYSTEMS_HOME, Home

# What an elevated window ends with that was told to open somebody else's home.
FOREIGN_HOME = 125


def is_administrator() -> bool:
    """Whether this process may do what only an administrator may."""
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.shell32.IsUserAnAdmin())
    else:  # noqa: RET505 - or a type checker of Windows finds it unreachable
        return os.geteuid() == 0


def is_administrators(home: Home) -> bool:
    """Whether nobody but an administrator chose what lies there: the asker named the home.

    Windows tells nothing of that in a file's rights: there it is the system's own alone.
    """
    folder = home.folder.absolute()
    if folder == SYSTEMS_HOME:
        return True
    if os.name == "nt" or ".." in folder.parts:
        return False
    above = True
    for part in (*reversed(folder.parents), folder):
        try:
            found = part.lstat()
        except FileNotFoundError:
            return above  # it will be made where nobody else can
        is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == 0
        above = not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if not is_ours or not (above or found.st_mode & stat.S_ISVTX):
            return False
    return above
