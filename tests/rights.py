"""What this run may do, and reading as a user without rights in one that runs as root."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

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


def _why_no_mount() -> str | None:
    """Say why nothing can be mounted here; a container's root often cannot."""
    if os.geteuid() != 0:
        return "mounting needs root"
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "tmpfs", folder]
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return done.stderr.strip() or "mounting failed"
        subprocess.run(["umount", folder], check=True)
    return None


_no_mount = _why_no_mount()
needs_mount = pytest.mark.skipif(_no_mount is not None, reason=_no_mount or "")
needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can give up its rights and take them"
)
