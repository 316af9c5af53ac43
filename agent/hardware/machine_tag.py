"""The tag by which a permit names its machine (docs/protocol.md §8). Pure.

The machineid libraries' convention, so a protected application can recompute it in its own
language.
"""

import hmac

_APPLICATION = b"faragostar-man"


def machine_tag(machine_id: str) -> str:
    """The keyed hash of an id that is there."""
    return hmac.new(machine_id.encode(), _APPLICATION, "sha256").hexdigest()
