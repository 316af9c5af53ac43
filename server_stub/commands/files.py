"""Files that a command line names: what the operating system says of them, in our words."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server_stub.errors import StoreUnreadable, UsageError

# The name is wrong, and not the disk.
_MISNAMED = frozenset(
    {
        *(errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST),
        *(errno.ELOOP, errno.ENAMETOOLONG),
    }
)


@contextmanager
def named_file(path: Path) -> Iterator[None]:
    """Turn what is said of a file that somebody named into our own errors.

    Raises:
        UsageError: nothing can be read or written under that name.
        StoreUnreadable: its disk is full, read-only or failing.
        PermissionError: it is somebody else's; every command says so in the same words.
    """
    try:
        yield
    except PermissionError:
        raise
    except OSError as cause:
        error = UsageError if cause.errno in _MISNAMED else StoreUnreadable
        raise error(str(cause), detail=f"{path}: {cause.strerror or cause}") from cause
