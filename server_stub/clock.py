"""The server's clock, as a value that tests replace."""

import time
from collections.abc import Callable
from datetime import timedelta, timezone

from protocol.values import Timestamp

Clock = Callable[[], Timestamp]
# The clock and the calendar of the vendor and its customers; Iran has no summer time.
IRAN = timezone(timedelta(hours=3, minutes=30))


def system_clock() -> Timestamp:
    """Whole seconds since 1970-01-01 UTC."""
    return Timestamp(int(time.time()))
