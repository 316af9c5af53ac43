"""Files that must be whole or absent, and folders that must remember what was removed.

Every write is: new file beside the old, synced, renamed over it, folder synced. Foreign `OSError`s
become the agent's errors here.
"""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from agent.errors import (
    AdminRightsNeeded,
    FileTaken,
    FileUnreadable,
    StoreFull,
    StoreReadOnly,
    StoreUnusable,
)

OWNER_ONLY = 0o600
OWNER_ONLY_FOLDER = 0o700
EVERYONE_READS = 0o644
EVERYONE_ENTERS = 0o755


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what the operating system says about `path` into the agent's own errors.

    Raises:
        AdminRightsNeeded, StoreFull, StoreReadOnly, StoreUnusable: by errno.
    """
    try:
        yield
    except OSError as cause:
        raise error_of(cause, path) from cause


@contextmanager
def named_file(path: Path) -> Iterator[None]:
    """Turn what the operating system says about a file that the user named into one refusal.

    Raises:
        FileUnreadable: with the system's own reason.
    """
    try:
        yield
    except OSError as cause:
        raise FileUnreadable(path=path, reason=cause.strerror or cause) from cause


def require_folder(path: Path) -> None:
    """Refuse a folder that the user named and that is none, or is not there.

    Raises:
        FileUnreadable: with the system's own reason.
    """
    with named_file(path):
        if not stat.S_ISDIR(path.stat().st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))


def error_of(cause: OSError, path: Path) -> AdminRightsNeeded | StoreUnusable:
    """Name an `OSError` about the agent's own files."""
    match cause.errno:
        case errno.EACCES | errno.EPERM:
            return AdminRightsNeeded(path=path)
        case errno.ENOSPC | errno.EDQUOT:
            return StoreFull(path=path)
        case errno.EROFS:
            return StoreReadOnly(path=path)
        case _:
            return StoreUnusable(path=path, reason=cause.strerror or cause)


def make_folder(path: Path, mode: int) -> None:
    """Make a folder durably, with exactly these rights, whatever the umask; through no link.

    Somebody may have put a link there, so that we open another folder to everybody.
    """
    with translated(path):
        if path.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        path.mkdir(parents=True, exist_ok=True)
        for folder in missing:
            sync_folder(folder.parent)
        if path.stat().st_mode & 0o777 != mode:
            path.chmod(mode)


def write_durably(path: Path, content: bytes, mode: int) -> None:
    """Replace a file of ours by its new content, or leave it as it was."""
    with translated(path):
        _replace(path, content, mode)


def write_over(path: Path, content: bytes, mode: int) -> None:
    """Write a file that the user named, and said may be replaced; or leave it as it was.

    Raises:
        FileUnreadable: with the system's own reason.
    """
    with named_file(path):
        _replace(path, content, mode)


def _replace(path: Path, content: bytes, mode: int) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(_create(fresh, mode), "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise
    sync_folder(path.parent)


def write_new(path: Path, content: bytes, mode: int) -> None:
    """Write a file that the user named and that must not exist yet, whole and durable, or nothing.

    Raises:
        FileTaken: something stands under that name; it was not touched.
        FileUnreadable: with the system's own reason.
    """
    with named_file(path):
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError as cause:
            raise FileTaken(path=path) from cause
        _fill(path, handle, content, mode)


def _fill(path: Path, handle: int, content: bytes, mode: int) -> None:
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if sys.platform != "win32":
            # A memory stick with a FAT file system has no such rights, and refuses them.
            with suppress(PermissionError):
                path.chmod(mode)
        sync_folder(path.parent)
    except OSError:
        with suppress(OSError):
            path.unlink()
        raise


def require_new(path: Path) -> None:
    """Refuse a name under which something stands, before anybody works for what is to stand there.

    Raises:
        FileTaken: it does.
        FileUnreadable: nobody can tell.
    """
    with named_file(path):
        if path.exists():
            raise FileTaken(path=path)


def require_free(path: Path, content: bytes | None) -> None:
    """Refuse a name under which another document stands, or where nothing can be written.

    `content`: what is going to stand there, where that is known already; it may stand there now,
    wholly or as much of it as a crash left.

    Raises:
        FileTaken: another file stands there.
        FileUnreadable: there is no such folder, or it cannot be written.
    """
    with named_file(path):
        there = path.read_bytes() if path.exists() else b""
    if not (content or b"").startswith(there):
        raise FileTaken(path=path)
    folder = path.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        code = errno.EACCES if folder.is_dir() else errno.ENOENT
        raise FileUnreadable(path=folder, reason=os.strerror(code))


def write_once(path: Path, content: bytes, mode: int) -> None:
    """Write a file under a name that is free for it; leave it where it stands already.

    Raises:
        FileTaken, FileUnreadable: as `require_free`.
    """
    require_free(path, content)
    with named_file(path):
        if path.exists():
            if path.read_bytes() == content:
                return
            path.unlink()
    write_new(path, content, mode)


def _create(path: Path, mode: int) -> int:
    """Make a new file with exactly these rights: the umask may take bits away, so set them.

    What stands under that name, left by a crash or put there as a link, is never written to: a
    receipt may be wanted in somebody else's folder.
    """
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    if sys.platform != "win32":
        # A memory stick has no such rights, and refuses them; nobody gets more than `mode` by that.
        with suppress(PermissionError):
            os.fchmod(handle, mode)
    return handle


def remove_durably(*paths: Path) -> None:
    """Unlink files in the order given and return only when their absence is on the disk."""
    for path in paths:
        with translated(path):
            path.unlink(missing_ok=True)
    for folder in {path.parent for path in paths}:
        with translated(folder):
            sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable."""
    if sys.platform != "win32":  # It cannot open a directory for fsync; NTFS journals its names.
        try:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:  # no folder, no names in it
            return
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
