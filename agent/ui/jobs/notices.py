"""Declaring a coming change: asked over the network, or written down for the way by file."""

from pathlib import Path

from msgspec import Struct

from agent.moments import moment_of
from agent.notices import Declaration, declared
from agent.ui.jobs import Workplace
from protocol.values import Timestamp
from protocol.views import StatusView
from protocol.windows import Change


class Declare(Struct, frozen=True):
    """Declare what will change, as it was typed; also what the letter is written from."""

    changes: tuple[Change, ...]
    begins: str
    ends: str
    reason: str
    contact: str

    def done(self, at: Workplace) -> StatusView:
        """Do it."""
        return at.agent().notice(self.declaration())

    def declaration(self) -> Declaration:
        """Read what was typed.

        Raises:
            InputInvalid: see `moment_of` and `declared`.
        """
        return declared(
            ",".join(self.changes),
            moment_of(self.begins),
            moment_of(self.ends),
            reason=self.reason,
            contact=self.contact,
        )

    def period(self) -> tuple[Timestamp, Timestamp]:
        """Read from when until when.

        Raises:
            InputInvalid: see `moment_of`.
        """
        return moment_of(self.begins), moment_of(self.ends)


class DeclareByFile(Struct, frozen=True):
    """Write the declaration as a file that is carried to the signing server."""

    path: Path
    declared: Declare

    def done(self, at: Workplace) -> StatusView:
        """Do it."""
        return at.agent().export_notice(self.path, self.declared.declaration())
