"""How often one device or one address may ask: a fixed window of one minute, in memory.

A restart forgets the counts, which harms nobody: the limits keep one runaway agent from starving
the others, they are not a secret's guard.
"""

import threading
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

WINDOW_SECONDS = 60.0
# What one IPv6 customer is given at least (RFC 6177): whoever has it draws addresses at will.
_IPV6_NETWORK_BYTES = 8


class RateLimit:
    """Counts by name."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` counts seconds and never steps back."""
        self._per_minute = per_minute
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}
        self._opened = clock()

    def seconds_to_wait(self, name: str) -> int:
        """Count one request; 0 when it may pass, else how long its sender should wait."""
        with self._lock:
            age = self._clock() - self._opened
            if age >= WINDOW_SECONDS:
                # Dropping every count at once also bounds what strangers can make us remember.
                self._counts.clear()
                self._opened = self._clock()
                age = 0.0
            count = self._counts.get(name, 0) + 1
            self._counts[name] = count
            return 0 if count <= self._per_minute else int(WINDOW_SECONDS - age) + 1


def sender(address: str) -> str:
    """Whom an address counts for: an IPv6 one for its whole /64, an IPv4 one for itself."""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if not isinstance(read, IPv6Address):
        return address
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return f"{read.packed[:_IPV6_NETWORK_BYTES].hex()}/64"
