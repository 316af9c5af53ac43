"""What other processes do takes as long as it takes: tests wait for the thing itself."""

import time
from collections.abc import Callable

# Far more than any machine needs, however busy, and less than a test has (pyproject.toml).
PATIENCE_SECONDS = 240


def until(happened: Callable[[], object]) -> None:
    """Ask again and again whether it happened; fail when all patience is gone."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)
