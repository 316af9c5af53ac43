"""Instants as programs and as readers of English know them."""

import time

# Zones, as `local` spells them.
IRAN, UTC = "+0330", "+0000"


def utc(instant: int) -> str:
    """Spell an instant for programs: `2026-07-30T12:00:00Z`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(instant))


def local(instant: int) -> str:
    """Spell an instant for readers of English: `2026-07-30 15:30 +0330`."""
    return time.strftime("%Y-%m-%d %H:%M %z", time.localtime(instant))
