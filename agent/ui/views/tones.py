"""What the views are made of: tones, rows of facts, codes to read aloud."""

from enum import StrEnum
from typing import NamedTuple

Rows = tuple[tuple[str, str], ...]


class Tone(StrEnum):
    """How a sentence is meant; it is always said in words and by a mark too."""

    GOOD = "good"
    CALM = "calm"
    WAITING = "waiting"
    WARNING = "warning"
    STOPPED = "stopped"


class Code(NamedTuple):
    """Something that is read aloud or typed elsewhere; `copied` is what the clipboard gets."""

    title: str
    groups: str
    copied: str
    hint: str
