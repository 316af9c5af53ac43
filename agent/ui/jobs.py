"""What the window asks of the agent, and what it hears back: frozen values, nothing of Qt."""

from enum import Enum
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from agent.ports import HistoryEntry
from agent.presentation import Failure
from protocol.values import ReleaseReason, Timestamp
from protocol.views import MessageView, StatusView


class Look(Struct, frozen=True):
    """Look again, and change nothing."""


class Activate(Struct, frozen=True):
    """Bind a license to this machine."""

    license_key: str
    code: str | None


class Reactivate(Struct, frozen=True):
    """Take the license again."""


class Release(Struct, frozen=True):
    """Give the license back."""

    reason: ReleaseReason
    note: str | None


class Check(Struct, frozen=True):
    """Finish what is pending and hear the truth."""


class Withdraw(Struct, frozen=True):
    """Take back what was asked."""


class KeepPapers(Struct, frozen=True):
    """Write receipt, proof and reactivation code into a folder."""

    folder: Path


Job = Look | Activate | Reactivate | Release | Check | Withdraw | KeepPapers


class Phase(Enum):
    """How far a job is."""

    LOOKING = "looking"
    ASKING = "asking"


class Known(NamedTuple):
    """What is known of the license at one moment; `as_of` where only the signed copy is readable.

    `key_end` is what a release is confirmed by. `trouble` says why nothing could be read.
    """

    view: StatusView | None = None
    as_of: Timestamp | None = None
    is_set_up: bool = True
    trouble: Failure | None = None
    key_end: str = ""
    reactivation_code: str | None = None
    has_papers: bool = False
    warnings: tuple[MessageView, ...] = ()
    history: tuple[HistoryEntry, ...] = ()


class Kept(NamedTuple):
    """Where the papers were written, and whether that is another disk than the license's."""

    folder: Path
    off_this_disk: bool


class Outcome(NamedTuple):
    """What became of a job: what is known now, and what went wrong, if anything did."""

    job: Job
    known: Known
    trouble: Failure | None = None
    kept: Kept | None = None
