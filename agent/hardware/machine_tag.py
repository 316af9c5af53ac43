"""The tag by which a permit names its machine (docs/protocol.md §8). Pure.

The machineid libraries' convention, so a protected application can recompute it in its own
language.
"""

import hmac

_APPLICATION = b"faragostar-man"


def machine_tag(machine_id: str) -> str:
    """The id's keyed hash; empty for a machine without an id."""
    if not machine_id:
        return ""
    return hmac.new(machine_id.encode(), _APPLICATION, "sha256").hexdigest()
