"""The server's clock, as a value that tests replace."""

import time
from collections.abc import Callable

from protocol.values import Timestamp

Clock = Callable[[], Timestamp]


def system_clock() -> Timestamp:
    """Whole seconds since 1970-01-01 UTC."""
    return Timestamp(int(time.time()))
