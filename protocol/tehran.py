"""The vendor's clock: its hours and its holidays are those of Tehran.

A fixed offset, for Iran has no summer time and not every system knows its zones.
"""

from datetime import timedelta, timezone

TEHRAN = timezone(timedelta(hours=3, minutes=30))
