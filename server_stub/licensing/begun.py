"""A backup's file while it is written: it has no name of its own before it is whole.

There are keys in it. It is its owner's alone, it never takes another file's place, and what a
killed process left of one is removed by the next.
"""

import errno
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from server_stub.home import sync_folder

_BEGUN = ".faragostar-backup-"


@contextmanager
def begun(path: Path) -> Iterator[BinaryIO]:
    """A file beside that name, which gets the name once the block has ended well.

    Raises:
        FileExistsError: something stands under that name; it was not touched.
        OSError: it cannot be written.
    """
    folder = path.absolute().parent
    _remove_leftovers(folder)
    fresh, descriptor = _fresh(folder)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            # While it is locked: another backup takes an unlocked one for a leftover.
            _give_name(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    sync_folder(folder)


def _fresh(folder: Path) -> tuple[Path, int]:
    """A new file, locked as long as its maker lives."""
    while True:
        # A name that nobody can have made before: there are keys in it.
        descriptor, name = tempfile.mkstemp(prefix=_BEGUN, dir=folder)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # Whoever came between the two took it for a leftover.
        if os.fstat(descriptor).st_nlink:
            return Path(name), descriptor
        os.close(descriptor)


def _remove_leftovers(folder: Path) -> None:
    """Remove what killed backups left, whatever they were to be called: there are keys in it."""
    for file in folder.glob(f"{_BEGUN}*"):
        with suppress(OSError):
            descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                file.unlink()
            finally:
                os.close(descriptor)


def _give_name(begun: Path, path: Path) -> None:
    """Refuse to take the place of another file, as `rename` would not."""
    try:
        os.link(begun, path)
    except PermissionError:
        # A file system without links, as on many a memory stick.
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        begun.rename(path)
