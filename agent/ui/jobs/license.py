"""Jobs that change whose the license is, or ask the signing server about it."""

from msgspec import Struct

from agent.ui.jobs import Workplace
from protocol.values import ReleaseReason
from protocol.views import StatusView


class LookAgain(Struct, frozen=True):
    """Look again because somebody asked for it: they see that it is done, and what it came to."""

    def done(self, _at: Workplace) -> None:
        """Do nothing: what is known is looked up after every job."""


class Activate(Struct, frozen=True):
    """Bind a license to this machine."""

    license_key: str
    code: str | None

    def __repr__(self) -> str:
        """Keep both out of every traceback and log."""
        return "Activate()"

    def done(self, at: Workplace) -> StatusView:
        """Do it."""
        return at.agent().activate(self.license_key, self.code)


class Reactivate(Struct, frozen=True):
    """Take the license again."""

    def done(self, at: Workplace) -> StatusView:
        """Do it."""
        return at.agent().reactivate()


class Release(Struct, frozen=True):
    """Give the license back."""

    reason: ReleaseReason
    note: str | None

    def done(self, at: Workplace) -> StatusView:
        """Do it."""
        return at.agent().release(self.reason, self.note)


class Check(Struct, frozen=True):
    """Finish what is pending and hear the truth."""

    def done(self, at: Workplace) -> StatusView:
        """Do it."""
        return at.agent().check()


class Withdraw(Struct, frozen=True):
    """Take back what was asked."""

    def done(self, at: Workplace) -> StatusView:
        """Do it."""
        return at.agent().withdraw()
