"""Reading as a user without rights, in a test that runs as root."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


def let_everyone_in(folder: Path) -> None:
    """Open the way to a temporary folder: pytest keeps it to its own user."""
    for step in (folder, *folder.parents):
        mode = step.stat().st_mode
        if not mode & 0o001:
            step.chmod(mode | 0o055)


@contextmanager
def as_nobody(folder: Path) -> Iterator[None]:
    """Give up every right of root for a while, over a folder that all may enter."""
    let_everyone_in(folder)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
