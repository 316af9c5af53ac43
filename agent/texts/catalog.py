"""Looks single messages up in a compiled catalog; most runs of this program need a handful.

Python's own reader takes the whole file apart first. A compiled catalog is sorted by its messages
(GNU gettext, “The Format of GNU MO Files”), so one of them is found by halving.
"""

import struct
from bisect import bisect_left
from pathlib import Path

# Magic, revision, how many, and where the tables of messages and translations begin.
_HEADER = struct.Struct("<5I")
# How long a string is, and where it stands.
_ENTRY = struct.Struct("<2I")


class Catalog:
    """One compiled catalog."""

    def __init__(self, path: Path) -> None:
        self._raw = path.read_bytes()
        numbers: tuple[int, ...] = _HEADER.unpack_from(self._raw)
        _, _, self._count, self._messages, self._translations = numbers

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: int) -> bytes:
        return self._string(self._messages, place)

    def gettext(self, message: str) -> str:
        """Translate a message; an unknown one stays what it is."""
        wanted = message.encode()
        place = bisect_left(self, wanted)
        if place == len(self) or self[place] != wanted:
            return message
        return self._string(self._translations, place).decode()

    def _string(self, table: int, place: int) -> bytes:
        length, begin = _ENTRY.unpack_from(self._raw, table + place * _ENTRY.size)
        return self._raw[begin : begin + length]
